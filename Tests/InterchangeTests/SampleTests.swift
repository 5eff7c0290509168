import ClusterModel
import Diagnostics
import Documents
import Interchange
import TestSupport
import Testing
import TopologyFiles

/// Every file of the samples is read, or refused with the line that is wrong.
@Suite("Samples", .serialized)
struct SampleTests {
  private static func text(_ bytes: [UInt8], _ sample: SampleCase) -> (SourceText?, DiagnosticList) {
    var list = DiagnosticList()
    let text = SourceText.decoding(bytes, name: sample.id, limit: Importers.largestFile, &list)
    return (text, list)
  }

  private static func importer(_ sample: SampleCase, _ text: SourceText) -> (any Importer)? {
    // A folder holds what its name says, or a format that has a name of its own.
    Importers.recognising(text) ?? Importers.named(sample.kind)
  }

  /// What is wrong with how a file is read; nil where nothing is.
  private static func fault(_ sample: SampleCase) throws -> String? {
    var (text, list) = Self.text(try sample.bytes, sample)
    guard let text else { return list.hasErrors ? nil : "no text and no error" }
    guard let importer = importer(sample, text) else { return "no importer for \(sample.kind)" }
    guard let site = importer.site(text, ImportOptions(), &list) else {
      let errors = list.diagnostics.filter { $0.severity == .error }
      let isLocated = errors.contains { ($0.range?.start.line ?? 0) >= 1 && $0.range?.file == sample.id }
      return isLocated ? nil : "refused without a line: \(errors)"
    }
    guard !list.hasErrors else { return "read in spite of errors" }
    let expected = SampleCounts(kind: importer.name, text.text)
    let found = expected.found(in: site)
    guard expected == found else { return "expected \(expected), found \(found)" }
    let own = TopologyText(site, origin: sample.id).text
    let reading = TopologyReader().read(SourceText(name: "imported.yaml", text: own))
    guard let cluster = reading.cluster else { return "not a topology: \(reading.rendered)" }
    let accelerators = site.indices(of: .accelerator).count
    let graph = try ExportedCluster(cluster, catalog: reading.catalog)
    return graph.acceleratorCount == accelerators
      ? nil : "\(accelerators) accelerators in the site, \(graph.acceleratorCount) in the topology"
  }

  @Test("Every file is read with all that is in it, or refused with the line that is wrong")
  func all() throws {
    var report = CaseReport()
    for sample in SampleCase.all {
      let fault = try Self.fault(sample)
      report.add(fault == nil ? "passed" : "failed", id: sample.id, kind: sample.kind)
      if let fault { Issue.record("\(sample.id): \(fault)") }
    }
    report.write()
    #expect(report.count > 0)
  }

  @Test("The project has a case of its own for every format", .enabled(if: SampleCase.isOwn))
  func everyFormat() {
    #expect(Set(SampleCase.all.map(\.kind)).isSuperset(of: Importers.all.map { $0.name }))
  }
}
