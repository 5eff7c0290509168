import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog
import Quantities

/// Edges between components, inside of devices and between instances.
extension InfraGraphReader {
  func edges(_ fields: Mapping, _ list: inout DiagnosticList) -> [Edge] {
    var result: [Edge] = []
    for node in fields["edges"]?.sequence("edges", &list) ?? [] {
      guard let own = node.mapping("an edge", &list) else { continue }
      let ends = ["ep1", "ep2"].map { key -> String? in
        guard let end = own[key]?.mapping, let component = end["component"]?.scalar?.text else { return nil }
        let outer = (end["instance"] ?? end["device"])?.scalar?.text ?? ""
        return "\(outer)|\(component)"
      }
      guard let from = ends[0], let to = ends[1], let link = own["link"]?.text("link", &list) else {
        list.error("import.record", "an edge needs 'ep1' and 'ep2' with a 'component', and a 'link'", at: node.range)
        continue
      }
      let scheme = (own["scheme"] ?? own["many2many"])?.scalar?.text ?? "one2one"
      result.append(Edge(from: from, to: to, isMany: scheme == "many2many" || scheme == "true", link: link))
    }
    for node in fields["connections"]?.sequence("connections", &list) ?? [] {
      guard let text = node.text("a connection", &list) else { continue }
      let steps = text.value.split(separator: ".").map(String.init)
      switch steps.count {
      case 5:
        result.append(
          Edge(
            from: "|\(steps[0])[\(steps[1])]", to: "|\(steps[3])[\(steps[4])]", isMany: false,
            link: Located(steps[2], at: text.range)))
      case 9:
        result.append(
          Edge(
            from: "\(steps[0])[\(steps[1])]|\(steps[2])[\(steps[3])]",
            to: "\(steps[5])[\(steps[6])]|\(steps[7])[\(steps[8])]", isMany: false,
            link: Located(steps[4], at: text.range)))
      default:
        list.error("import.record", "a connection has 5 or 9 steps between dots, not \(steps.count)", at: text.range)
      }
    }
    return result
  }

  /// The devices that one end of an edge names.
  private func ends(_ text: String, inside: Instance?) -> [Int]? {
    let halves = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2, let (component, slice) = InfraGraphSlice.reading(halves[1]) else { return nil }
    func chosen(_ instance: Instance) -> [Int]? {
      guard let devices = instance.devices[component], let range = slice.within(devices.count) else { return nil }
      return range.map { devices[$0] }
    }
    if let inside { return chosen(inside) }
    guard let (name, outer) = InfraGraphSlice.reading(halves[0]), let own = instances[name],
      let range = outer.within(own.count)
    else { return nil }
    var result: [Int] = []
    for index in range {
      guard let devices = chosen(own[index]) else { return nil }
      result += devices
    }
    return result
  }

  mutating func connect(
    _ edge: Edge, links: [String: InfraGraphLink], inside: Instance?, _ list: inout DiagnosticList
  ) {
    guard let from = ends(edge.from, inside: inside) else {
      return report(edge.from, edge, &list)
    }
    guard let to = ends(edge.to, inside: inside) else { return report(edge.to, edge, &list) }
    guard let link = links[edge.link.value] else {
      list.unknown(
        "import.unknown", "unknown link '\(edge.link.value.prefix(60))'", edge.link, among: links.keys.sorted())
      return
    }
    var pairs: [(Int, Int)] = []
    if edge.isMany {
      guard from.count.multipliedReportingOverflow(by: to.count).partialValue <= 1_000_000 else {
        list.error("import.too-many", "an edge of more than 1000000 links", at: edge.link.range)
        return
      }
      pairs = from.flatMap { one in to.map { (one, $0) } }
    } else {
      guard from.count == to.count else {
        list.error(
          "import.count",
          "the ends of the edge select \(from.count) and \(to.count) components: one to one needs as many",
          at: edge.link.range)
        return
      }
      pairs = Array(zip(from, to))
    }
    var counts: [[Int]: Int] = [:]
    var order: [[Int]] = []
    for (one, other) in pairs where one != other {
      let key = edge.isMany && from == to ? [min(one, other), max(one, other)] : [one, other]
      if counts[key] == nil { order.append(key) }
      // A full mesh of a row with itself lists each pair twice.
      counts[key, default: 0] += edge.isMany && from == to && one > other ? 0 : 1
    }
    for key in order {
      let kind = link.kind(between: site.devices[key[0]], site.devices[key[1]], &site)
      site.link(key[0], key[1], count: max(1, counts[key] ?? 1), kind, tier: link.tier)
      setRate(of: key, kind)
    }
  }

  private func report(_ end: String, _ edge: Edge, _ list: inout DiagnosticList) {
    let name = end.replacing("|", with: " ").trimming
    list.error("import.unknown", "'\(name.prefix(80))' selects components that are not described", at: edge.link.range)
  }

  /// An adapter carries what its cable does.
  private mutating func setRate(of ends: [Int], _ link: String) {
    guard let nic = ends.first(where: { site.devices[$0].kind == .nic }), site.devices[nic].part.isEmpty,
      ends.contains(where: { site.devices[$0].kind == .networkSwitch }),
      let found = site.parts.catalogWithOwn.link(link)
    else { return }
    site.devices[nic].part = site.parts.nic(found.technology, found.bandwidth.value)
  }
}
