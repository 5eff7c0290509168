import Collectives
import Diagnostics
import Documents
import Estimation
import HardwareCatalog
import Interchange
import Measurements
import Serving
import TopologyFiles

/// A reader of bytes that nobody has looked at before.
struct FuzzedReader: Sendable {
  /// Its name: that of the format.
  let name: String
  /// Reads an input; whatever it holds, this comes to an end.
  let read: @Sendable ([UInt8]) -> Void

  /// All of them.
  static let all: [FuzzedReader] =
    Importers.all.map { importer in FuzzedReader(name: importer.name) { imports($0, importer) } }
    + [
      FuzzedReader(name: "topology", read: topology), FuzzedReader(name: "estate", read: estate),
      FuzzedReader(name: "log", read: log), FuzzedReader(name: "hosts", read: hosts),
      FuzzedReader(name: "profile", read: profile), FuzzedReader(name: "matrix", read: matrix),
    ]

  /// The one that this process tries; set once before anything is read.
  nonisolated(unsafe) static var current: FuzzedReader?

  private static func text(_ bytes: [UInt8]) -> SourceText? {
    var list = DiagnosticList()
    let text = SourceText.decoding(bytes, name: "input", &list)
    precondition(text != nil || list.hasErrors, "refused without a reason")
    return text
  }

  /// What is imported can be written, and what is written can be read, or the refusal has a reason.
  private static func imports(_ bytes: [UInt8], _ importer: any Importer) {
    guard let text = text(bytes) else { return }
    _ = Importers.recognising(text)
    var list = DiagnosticList()
    guard let site = importer.site(text, ImportOptions(), &list) else {
      precondition(list.hasErrors, "refused without a reason")
      return
    }
    guard !list.hasErrors else { return }
    let own = TopologyText(site, origin: importer.name).text
    let reading = TopologyReader().read(SourceText(name: "own", text: own))
    let isRefused = reading.diagnostics.contains { $0.severity == .error }
    precondition((reading.cluster == nil) == isRefused, "neither read nor refused")
    // What an importer writes may be no topology, but it is a file in our language.
    let ids = reading.diagnostics.filter { $0.severity == .error }.map(\.id)
    precondition(!ids.contains { $0.hasPrefix("yaml.") || $0.hasPrefix("key.") }, "\(ids): \(own)")
  }

  private static func topology(_ bytes: [UInt8]) {
    guard let text = text(bytes) else { return }
    let reading = TopologyReader(files: .memory(["input": text.text])).read(text)
    _ = reading.rendered
    guard let cluster = reading.cluster, case .blueprint(let blueprint) = cluster.graph else { return }
    _ = try? blueprint.topology()
  }

  private static func estate(_ bytes: [UInt8]) {
    guard let text = text(bytes), var reader = EstateReader() else { return }
    var list = DiagnosticList()
    let estate = reader.read(text, asking: nil, &list)
    precondition(estate != nil || list.hasErrors, "refused without a reason")
  }

  private static func log(_ bytes: [UInt8]) {
    var reader = BenchmarkLogReader()
    for piece in stride(from: 0, to: bytes.count, by: 1000) {
      reader.read(bytes[piece..<min(piece + 1000, bytes.count)])
    }
    _ = reader.finished()
  }

  /// Two leaves, the last one with one box: what host files are read for.
  private static let cluster: ExportedCluster? = {
    let text = """
      isochrone: 1
      hosts: ["n[01-33]"]
      cluster: {boxes: 33 × DGX-H100, fabric: {kind: rail-optimised, switch: Quantum-2}}
      """
    return TopologyReader().read(SourceText(name: "cluster", text: text)).cluster.flatMap { try? ExportedCluster($0) }
  }()

  private static func hosts(_ bytes: [UInt8]) {
    guard let text = text(bytes), let cluster else { return }
    var list = DiagnosticList()
    let places = HostFile(text).places(in: cluster, &list)
    precondition(!places.isEmpty || list.hasErrors, "refused without a reason")
    guard !list.hasErrors else { return }
    let placement = Placement(places, of: cluster)
    precondition(placement.ranks <= cluster.acceleratorCount && !placement.remark.isEmpty)
    if !placement.isAlike { precondition(placement.placed.accelerators.count == 1) }
  }

  private static func profile(_ bytes: [UInt8]) {
    guard let text = text(bytes) else { return }
    var list = DiagnosticList()
    let profile = SiteProfile.profile(text, &list)
    precondition(profile != nil || list.hasErrors, "refused without a reason")
  }

  private static func matrix(_ bytes: [UInt8]) {
    guard let text = text(bytes) else { return }
    for isYAML in [false, true] {
      var list = DiagnosticList()
      let table = isYAML ? AmountTable(yaml: text, &list) : AmountTable(csv: text, &list)
      table.checkSides(in: text, &list)
      guard !list.hasErrors else { continue }
      do {
        _ = try UnequalAllToAll(bytes: table.values, ranks: table.values.count)
      } catch {
        _ = table.place(of: error)
      }
    }
  }
}
