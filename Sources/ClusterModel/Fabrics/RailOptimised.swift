/// One leaf per rail and group of racks, with spines and cores that join all rails.
///
/// A rail is the index of a NIC within its tray or box, or its number in the rack modulo `FabricSpec.rails`.
public enum RailOptimised: FabricKind {
  /// Its name in files.
  public static let name = "rail-optimised"

  /// Joins rows of racks or boxes; see `FabricKind`.
  public static func attach(_ sites: [FabricSite], _ spec: FabricSpec) throws(FabricError) -> FabricResult {
    try ClosFabric(sites, spec, rails: .many, upper: .joined).result()
  }
}
