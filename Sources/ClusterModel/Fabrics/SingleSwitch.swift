/// One switch with as many ports as there are NIC links.
public enum SingleSwitch: FabricKind {
  public static let name = "single-switch"

  public static func attach(_ sites: [FabricSite], _ spec: FabricSpec) throws(FabricError) -> FabricResult {
    try ClosFabric(sites, spec, rails: .one, upper: .none).result()
  }
}
