import ClusterModel
import Collectives
import Estimation
import HardwareCatalog
import Quantities
import Testing

/// Every collective on every shipped topology.
@Suite("Breadth") struct BreadthTests {
  /// A topology with enough racks or boxes for the rank counts, where it can have them.
  private static func enlarged(_ name: String) throws -> String {
    let parameters = try Shipped.cluster(name).parameters.keys
    if parameters.contains("racks") { return "\(name):racks=3" }
    if parameters.contains("nodes") { return "\(name):nodes=20" }
    // Tori and dragonflies of full size take seconds a question without optimisation.
    if parameters.contains("z") { return "\(name):x=2,y=4,z=4" }
    return parameters.contains("groups") ? "\(name):groups=2" : name
  }

  @Test(
    "Every collective is answered for numbers of ranks that fill domains wholly and in part",
    arguments: HardwareCatalog().topologyNames)
  func answers(name: String) throws {
    let estimator = try Shipped.estimator(Self.enlarged(name))
    // Each topology takes its turn of the numbers of ranks, so that all of them meet every kind of topology.
    let counts = try LawCases.ranks(of: estimator) + [8]
    let turn = HardwareCatalog().topologyNames.firstIndex(of: name) ?? 0
    let all = try estimator.describe().acceleratorCount
    for ranks in Set([counts[turn % counts.count], counts[(turn + 4) % counts.count], all]) {
      for collective in Collective.allCases {
        let answer = try estimator.answer(Question(collective, sizes: [Bytes(8), Bytes(1 << 30)], ranks: ranks))
        let failures = answer.estimates.flatMap { Soundness.failures(of: $0) }
        #expect(failures.isEmpty, "\(collective), \(ranks) ranks")
        #expect(answer.refusals.allSatisfy { $0.reason.hasSuffix(".") })
      }
    }
  }
}
