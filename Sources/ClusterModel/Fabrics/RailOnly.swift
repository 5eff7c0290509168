/// A network of its own for every rail; traffic between rails passes through the accelerators' scale-up domain.
///
/// Wang, Ghobadi, Shakeri, Zhang, Hasani: "Rail-only: A low-cost high-performance network for training LLMs with
/// trillion parameters" (2023).
public enum RailOnly: FabricKind {
  /// Its name in files.
  public static let name = "rail-only"

  /// Joins rows of racks or boxes; see `FabricKind`.
  public static func attach(_ sites: [FabricSite], _ spec: FabricSpec) throws(FabricError) -> FabricResult {
    try ClosFabric(sites, spec, rails: .many, upper: .separate).result()
  }
}
