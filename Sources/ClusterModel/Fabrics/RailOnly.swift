/// A network of its own for every rail; traffic between rails passes through the accelerators' scale-up domain.
///
/// Wang, Ghobadi, Shakeri, Zhang, Hasani: "Rail-only: A low-cost high-performance network for training LLMs with
/// trillion parameters" (2023).
public enum RailOnly: FabricKind {
  public static let name = "rail-only"

  public static func attach(_ sites: [FabricSite], _ spec: FabricSpec) throws(FabricError) -> FabricResult {
    try ClosFabric(sites, spec, rails: .many, upper: .separate).result()
  }
}
