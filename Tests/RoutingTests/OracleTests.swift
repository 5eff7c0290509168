import Foundation
import TestSupport
import Testing

@Suite("Reference cases") struct OracleTests {
  @Test("Every case of a kind known here agrees with its figures")
  func cases() throws {
    let own = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Cases")
    let run = try OracleRun(
      own: own,
      runners: [
        "apsp_ecmp": runShortestPaths, "colour_refinement": runColourRefinement,
        "template_fabric": runTemplateFabric, "template_alltoall": runTemplateAllToAll,
        "cut_bounds": runCutBounds, "maxmin": runMaxMin, "whatif_bandwidth": runBandwidthWhatIf,
        "delta_method": runDeltaMethod,
      ])
    #expect(run.failures.isEmpty, "\(run.failures.joined(separator: "\n"))")
    #expect(run.count > 0, "no cases found")
  }
}
