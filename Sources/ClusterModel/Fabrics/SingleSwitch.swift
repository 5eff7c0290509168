/// One switch with as many ports as there are NIC links.
public enum SingleSwitch: FabricKind {
  /// Its name in files.
  public static let name = "single-switch"

  /// Joins rows of racks or boxes; see `FabricKind`.
  public static func attach(_ sites: [FabricSite], _ spec: FabricSpec) throws(FabricError) -> FabricResult {
    try ClosFabric(sites, spec, rails: .one, upper: .none).result()
  }
}
