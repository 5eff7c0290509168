import ClusterModel
public import Diagnostics
import Documents
import HardwareCatalog
import Quantities

/// Network files of ASTRA-sim's analytical model: a product of rings, full meshes and switches.
public struct AstraSimImporter: Importer {
  /// The name in commands.
  public let name = "astra-sim"
  /// What it is.
  public let about = "an analytical network file of ASTRA-sim"

  private static let mostAccelerators = 16_384

  /// An importer.
  public init() {}

  /// Whether the keys of such a file are there.
  public func recognises(_ text: SourceText) -> Bool {
    let keys = text.outermostKeys
    return keys.contains("npus_count") && keys.contains("topology")
  }

  /// One dimension of the product.
  struct Dimension {
    enum Shape: String, CaseIterable { case ring, fullyconnected, `switch` }

    var shape: Shape
    var count: Int
    var rate: Bandwidth
    var nanoseconds: Double
  }

  /// Reads a file.
  public func site(_ text: SourceText, _ options: ImportOptions, _ list: inout DiagnosticList) -> Site? {
    if text.text.prefix(200).firstMatch(of: /^\s*Nodes\s+\d/) != nil {
      list.error(
        "import.format", "this is a topology of htsim; of ASTRA-sim's files those of its analytical network are read",
        at: text.range(line: 1, column: 1, length: 5))
      return nil
    }
    guard let root = text.document(&list)?.mapping("the file", &list) else { return nil }
    guard let dimensions = dimensions(root, &list) else { return nil }
    let total = dimensions.reduce(1) { $0 * $1.count }
    var site = Site(name: "ASTRA-sim network", parts: OwnParts(catalog: options.catalog))
    site.note(.found, "bandwidths written in GB/s, which ASTRA-sim counts in units of 2^30 bytes")
    site.note(.unsaid, "what the NPUs are")
    let links = dimensions.enumerated().map { number, dimension in
      link(dimension, number: number, isScaleUp: number == 0 && dimension.shape != .ring, &site)
    }
    let isHosted = dimensions[0].shape == .switch
    let relays = dimensions.count > 1 || dimensions[0].shape == .ring ? true : nil
    for number in 0..<total {
      let host = isHosted ? number / dimensions[0].count : nil
      if let host, host == site.hosts.count { _ = site.add(Site.Host(name: "host\(host)")) }
      _ = site.add(.init(name: "npu\(number)", kind: .accelerator, host: host, relays: relays))
    }
    var stride = 1
    for (level, dimension) in dimensions.enumerated() {
      let isScaleUp = level == 0 && dimension.shape != .ring
      for first in 0..<total where first / stride % dimension.count == 0 {
        let members = (0..<dimension.count).map { first + $0 * stride }
        join(members, dimension, links[level], isScaleUp: isScaleUp, level: level, &site)
      }
      stride *= dimension.count
    }
    if relays == true { site.note(.found, "NPUs pass on what is for others, from one dimension to the next") }
    return site
  }

  private func join(
    _ members: [Int], _ dimension: Dimension, _ link: String, isScaleUp: Bool, level: Int, _ site: inout Site
  ) {
    guard members.count > 1 else { return }
    switch dimension.shape {
    case .switch:
      let hub = site.add(
        .init(
          name: "switch\(level)-\(members[0])", kind: isScaleUp ? .scaleUpSwitch : .networkSwitch,
          host: isScaleUp ? site.devices[members[0]].host : nil))
      for member in members { site.link(member, hub, link) }
    case .ring:
      for (index, member) in members.enumerated() {
        // Two members have one link between them, not two.
        if members.count == 2, index == 1 { break }
        site.link(member, members[(index + 1) % members.count], link)
      }
    case .fullyconnected:
      for (index, one) in members.enumerated() {
        for other in members[(index + 1)...] { site.link(one, other, link) }
      }
    }
  }

  private func link(_ dimension: Dimension, number: Int, isScaleUp: Bool, _ site: inout Site) -> String {
    let picoseconds = Int((dimension.nanoseconds * 1000).rounded())
    let note = "as the source says"
    return site.parts.add(
      "dimension-\(number + 1)", to: .links,
      "{technology: \(isScaleUp ? "nvlink" : "other"), figures: {bandwidth: {value: "
        + "\(Int(dimension.rate.bytesPerSecond.rounded())) B/s, assumed: true, note: \(note)}, "
        + "latency: {value: \(picoseconds) ps, assumed: true, note: \(note)}}}")
  }

  private func dimensions(_ root: Mapping, _ list: inout DiagnosticList) -> [Dimension]? {
    let before = list.count
    func values(_ key: String) -> [Node] {
      guard let node = root[key] else {
        list.error("key.missing", "'\(key)' is missing", at: root.range)
        return []
      }
      return node.sequence(key, &list) ?? []
    }
    let shapes = values("topology")
    let counts = values("npus_count")
    let rates = values("bandwidth")
    let latencies = values("latency")
    guard list.count == before else { return nil }
    for (key, members) in [("npus_count", counts), ("bandwidth", rates), ("latency", latencies)]
    where members.count != shapes.count {
      list.error(
        "import.count", "'\(key)' has \(members.count) entries, 'topology' \(shapes.count)",
        at: root[key]?.range ?? root.range)
    }
    guard list.count == before, !shapes.isEmpty else {
      if list.count == before { list.error("import.empty", "'topology' names no dimension", at: root.range) }
      return nil
    }
    var result: [Dimension] = []
    var total = 1
    for index in shapes.indices {
      let word = shapes[index].text("topology", &list)
      let count = counts[index].integer("npus_count", in: 1...1_000_000, &list)
      let rate = rates[index].number("bandwidth", in: 1e-6...1e9, &list)
      let latency = latencies[index].number("latency", in: 0...1e12, &list)
      guard let word, let count, let rate, let latency else { continue }
      guard let shape = Dimension.Shape(rawValue: word.value.lowercased()) else {
        list.unknown(
          "import.unknown", "unknown dimension \(word.value.prefix(40))", word,
          among: ["Ring", "FullyConnected", "Switch"], otherwise: "known: Ring, FullyConnected, Switch")
        continue
      }
      let product = total.multipliedReportingOverflow(by: count.value)
      guard !product.overflow, product.partialValue <= AstraSimImporter.mostAccelerators else {
        list.error(
          "import.too-many", "too many NPUs: at most \(AstraSimImporter.mostAccelerators) are read", at: count.range)
        return nil
      }
      total = product.partialValue
      if shape == .fullyconnected, count.value > 1024 {
        list.error("import.too-many", "a full mesh of at most 1024 is read", at: count.range)
        continue
      }
      result.append(
        .init(
          shape: shape, count: count.value, rate: Bandwidth(bytesPerSecond: rate.value * 1_073_741_824),
          nanoseconds: latency.value))
    }
    return list.count == before ? result : nil
  }
}
