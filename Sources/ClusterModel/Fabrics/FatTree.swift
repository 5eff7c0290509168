/// Leaves that take whole racks or boxes, with spines and cores above them.
///
/// All NICs of a rack or box end in the same leaf where its ports allow it, else they are dealt evenly to several.
public enum FatTree: FabricKind {
  /// Its name in files.
  public static let name = "fat-tree"

  /// Joins rows of racks or boxes; see `FabricKind`.
  public static func attach(_ sites: [FabricSite], _ spec: FabricSpec) throws(FabricError) -> FabricResult {
    try ClosFabric(sites, spec, rails: .one, upper: .joined).result()
  }
}
