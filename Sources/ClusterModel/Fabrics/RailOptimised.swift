/// One leaf per rail and group of racks, with spines and cores that join all rails.
///
/// A rail is the index of a NIC within its tray or box, or its number in the rack modulo `FabricSpec.rails`.
public enum RailOptimised: FabricKind {
  public static let name = "rail-optimised"

  public static func attach(_ sites: [FabricSite], _ spec: FabricSpec) throws(FabricError) -> FabricResult {
    try ClosFabric(sites, spec, rails: .many, upper: .joined).result()
  }
}
