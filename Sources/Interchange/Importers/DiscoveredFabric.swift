import ClusterModel
import Diagnostics
import HardwareCatalog
import Quantities

/// Turns the records of `ibnetdiscover` into hosts, switches and cables.
struct DiscoveredFabric {
  let nodes: [FabricDiscoveryReader.Node]
  let source: SourceText
  let system: String?
  var site: Site
  private var numberOf: [String: Int] = [:]
  /// The device of each node; of an adapter with several ports, of its first one.
  var deviceOf: [Int: Int] = [:]
  var cables: [Cable] = []
  /// The rates of the cables of each node.
  var rates: [Int: [SignallingRate]] = [:]
  private var linkNames: [SignallingRate: String] = [:]

  struct Cable {
    var from: Int
    var to: Int
    var rate: SignallingRate?
  }

  private struct End: Hashable, Comparable {
    var node: Int
    var port: Int

    static func < (left: End, right: End) -> Bool { (left.node, left.port) < (right.node, right.port) }
  }

  init(
    _ nodes: [FabricDiscoveryReader.Node], _ source: SourceText, _ options: ImportOptions, _ list: inout DiagnosticList
  ) {
    self.nodes = nodes
    self.source = source
    system = options.system
    site = Site(name: "InfiniBand fabric", parts: OwnParts(catalog: options.catalog))
    for (index, node) in nodes.enumerated() { numberOf[node.identity] = index }
  }

  mutating func build(_ list: inout DiagnosticList) -> Bool {
    guard !nodes.isEmpty else {
      list.error("import.empty", "there is no switch and no adapter in it", at: source.range(line: 1, column: 1))
      return false
    }
    let before = list.count
    findCables(&list)
    guard list.count == before else { return false }
    guard !cables.isEmpty else {
      list.error(
        "import.truncated", "the file ends before the first cable of \(nodes.last?.identity ?? "")",
        at: source.range(line: source.lastInkLine, column: 1))
      return false
    }
    addSwitches()
    addHosts(&list)
    guard list.count == before else { return false }
    addCables()
    return true
  }

  func isAggregation(_ node: Int) -> Bool {
    nodes[node].description.contains("Aggregation Node")
  }

  /// Every cable once, though both of its ends list it.
  private mutating func findCables(_ list: inout DiagnosticList) {
    var seen: [End: End] = [:]
    var hasReduction = false
    var unknown = 0
    for (index, node) in nodes.enumerated() {
      for cable in node.cables {
        guard let peer = numberOf[cable.peer] else {
          unknown += 1
          continue
        }
        if isAggregation(index) || isAggregation(peer) {
          hasReduction = true
          continue
        }
        let ends = [End(node: index, port: cable.port), End(node: peer, port: cable.peerPort)]
        if let other = seen[ends[0]], other != ends[1] {
          list.error(
            "import.port", "port \(cable.port) of \(node.identity) is cabled to two ports",
            at: source.range(line: cable.line, column: 1))
          continue
        }
        if seen[ends[0]] != nil { continue }
        if let other = seen[ends[1]], other != ends[0] {
          list.error(
            "import.port", "port \(cable.peerPort) of \(cable.peer) is cabled to two ports",
            at: source.range(line: cable.line, column: 1))
          continue
        }
        seen[ends[0]] = ends[1]
        seen[ends[1]] = ends[0]
        cables.append(Cable(from: index, to: peer, rate: SignallingRate(cable.rate)))
      }
    }
    if hasReduction { site.note(.found, "aggregation nodes: the switches reduce (SHARP); they are no hosts") }
    let implied = nodes.count(where: \.isImplied)
    if implied > 0 {
      site.note(
        .found,
        "\(implied) device\(implied == 1 ? "" : "s") that only their peers describe: the file, which ends at line "
          + "\(source.lastInkLine), is a part of one")
    }
    if unknown > 0 {
      site.note(.leftOut, "\(unknown) cable\(unknown == 1 ? "" : "s") to devices that the file does not describe")
    }
  }

  /// The rate that most cables of a set have; of equally frequent ones the higher.
  static func usual(_ rates: [SignallingRate]) -> SignallingRate? {
    Dictionary(rates.map { ($0, 1) }, uniquingKeysWith: +)
      .max { ($0.value, $0.key.gigabits) < ($1.value, $1.key.gigabits) }?.key
  }

  private mutating func linkName(_ rate: SignallingRate) -> String {
    if let known = linkNames[rate] { return known }
    let name = site.parts.networkLink(
      .infiniband, .gigabitsPerSecond(rate.gigabits), label: "\(rate.lanes)x\(rate.speed)")
    linkNames[rate] = name
    return name
  }

  private mutating func addSwitches() {
    for cable in cables {
      guard let rate = cable.rate else { continue }
      rates[cable.from, default: []].append(rate)
      rates[cable.to, default: []].append(rate)
    }
    for (index, node) in nodes.enumerated() where node.kind != .adapter {
      if node.kind == .router { site.note(.found, "routers, which join the fabric to others") }
      let link = DiscoveredFabric.usual(rates[index] ?? []).map { linkName($0) } ?? ""
      let part = node.kind == .router ? "" : site.parts.networkSwitch(portsOf: link)
      deviceOf[index] = site.add(
        .init(
          name: switchName(node), kind: node.kind == .router ? .gateway : .networkSwitch, part: part))
    }
  }

  /// `MF0;leaf-1:MQM9700/U1` is called leaf-1; chips of one box keep their units apart.
  private func switchName(_ node: FabricDiscoveryReader.Node) -> String {
    guard let start = node.description.firstIndex(of: ";") else {
      return node.description.isEmpty || node.description.contains("Mellanox") ? node.identity : node.description
    }
    let parts = node.description[node.description.index(after: start)...].split(separator: ":", maxSplits: 1)
    let unit = parts.dropFirst().first?.split(separator: "/").dropFirst().joined(separator: "-") ?? ""
    let name = parts.first.map(String.init) ?? node.identity
    return unit.isEmpty || unit == "U1" ? name : "\(name)-\(unit)"
  }

  // MARK: Cables

  private struct Class: Hashable {
    var node: Int
    var isToHost: Bool
  }

  private struct Bundle: Hashable {
    var from: Int
    var to: Int
    var rate: SignallingRate
  }

  /// Cables slower than most of their kind at the same switch are degraded.
  private mutating func addCables() {
    func classes(_ cable: Cable) -> [Class] {
      let isToHost = nodes[cable.from].kind == .adapter || nodes[cable.to].kind == .adapter
      return [cable.from, cable.to].filter { nodes[$0].kind != .adapter }.map { Class(node: $0, isToHost: isToHost) }
    }
    var rates: [Class: [SignallingRate]] = [:]
    for cable in cables {
      guard let rate = cable.rate else { continue }
      for kind in classes(cable) { rates[kind, default: []].append(rate) }
    }
    let all = DiscoveredFabric.usual(cables.compactMap(\.rate))
    if cables.contains(where: { $0.rate == nil }) {
      site.note(.unsaid, "the rate of some cables, which are taken as the others")
    }
    let usual = rates.compactMapValues(DiscoveredFabric.usual)
    var bundles: [Bundle: (count: Int, nominal: SignallingRate, order: Int)] = [:]
    for cable in cables {
      guard let from = deviceOf[cable.from], let to = deviceOf[cable.to],
        let nominal = classes(cable).compactMap({ usual[$0] }).max(by: { $0.gigabits < $1.gigabits })
          ?? cable.rate ?? all ?? SignallingRate("4xEDR")
      else { continue }
      let rate = cable.rate ?? nominal
      // Adapters come first, so that both ends of a tree are written in one direction.
      let isDown = nodes[cable.from].kind != .adapter && nodes[cable.to].kind == .adapter
      let bundle = Bundle(from: isDown ? to : from, to: isDown ? from : to, rate: rate)
      let other = Bundle(from: bundle.to, to: bundle.from, rate: rate)
      let key = bundles[other] == nil ? bundle : other
      let order = bundles.count
      bundles[key, default: (0, rate.gigabits < nominal.gigabits ? nominal : rate, order)].count += 1
    }
    for (bundle, value) in bundles.sorted(by: { $0.value.order < $1.value.order }) {
      let isDegraded = bundle.rate.gigabits < value.nominal.gigabits
      site.link(
        bundle.from, bundle.to, count: value.count, linkName(value.nominal),
        degradedTo: isDegraded ? .gigabitsPerSecond(bundle.rate.gigabits) : nil)
    }
    let degraded = bundles.reduce(0) { $0 + ($1.key.rate.gigabits < $1.value.nominal.gigabits ? $1.value.count : 0) }
    if degraded > 0 { site.note(.found, "\(degraded) degraded cable\(degraded == 1 ? "" : "s")") }
  }
}

extension SourceText {
  /// The last line that holds more than white space; 1 in an empty text.
  var lastInkLine: Int {
    var line = lineCount
    while line > 1, self.line(line)?.allSatisfy(\.isWhitespace) ?? true { line -= 1 }
    return line
  }
}
