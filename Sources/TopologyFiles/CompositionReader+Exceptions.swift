import ClusterModel
import Diagnostics
import Documents
import Quantities

extension CompositionReader {
  /// Reads `exceptions` into changes of a composition that is otherwise complete.
  mutating func exceptions(_ nodes: [Node], in draft: inout Draft) {
    let index = CompositionIndex(draft.composition.root)
    for node in nodes {
      guard let fields = Fields(node, Language.exception, &list) else { continue }
      let known = Set(Language.exception.keys.map(\.name))
      guard let entry = fields.mapping.entries.first(where: { known.contains($0.key.value) }),
        fields.mapping.entries.count == 1
      else {
        if fields.mapping.entries.count != 1 {
          list.error(
            "exception.shape", "each exception is one of absent, failed, degraded and replaced", at: node.range)
        }
        continue
      }
      let changes = exception(entry, in: &draft, index)
      for change in changes {
        draft.composition.changes.append(change)
        origins.note(changeAt: node.range)
      }
    }
  }

  private mutating func exception(
    _ entry: Mapping.Entry, in draft: inout Draft, _ index: CompositionIndex
  ) -> [Composition.Change] {
    switch (entry.key.value, entry.value.content) {
    case ("absent", _), ("failed", .scalar):
      guard let path = selector(entry.value, entry.key.value) else { return [] }
      return [.absent(path.value)]
    case ("failed", _):
      guard let fault = fault(entry.value, index) else { return [] }
      if let place = fault.fields.place(of: "bandwidth") ?? fault.fields.place(of: "share") {
        list.error("exception.shape", "a link that carries less is written as 'degraded'", at: place)
        return []
      }
      let number = count(fault.fields, "count", standard: nil)
      guard fault.fields["count"] == nil || number != nil else { return [] }
      return [.failedLinks(fault.from, fault.to, count: number)]
    case ("degraded", _):
      return fault(entry.value, index).map { degraded($0) } ?? []
    default:
      guard let fields = Fields(entry.value, Language.replacement, &list) else { return [] }
      return replaced(fields, in: &draft, index)
    }
  }

  private struct Fault {
    var fields: Fields
    var from: [Composition.SelectorStep]
    var to: [Composition.SelectorStep]
    var links: [LinkType]
  }

  private mutating func fault(_ node: Node, _ index: CompositionIndex) -> Fault? {
    guard let fields = Fields(node, Language.linkFault, &list) else { return nil }
    let from = fields["from"].flatMap { selector($0, "from") }
    let to = fields["to"].flatMap { selector($0, "to") }
    guard let from, let to else { return nil }
    var links: [LinkType] = []
    for wire in index.wires(from: from.value.map(\.name), to: to.value.map(\.name))
    where !links.contains(wire.wiring.link) { links.append(wire.wiring.link) }
    return Fault(fields: fields, from: from.value, to: to.value, links: links)
  }

  private mutating func degraded(_ fault: Fault) -> [Composition.Change] {
    if let place = fault.fields.place(of: "count") {
      list.error("exception.shape", "'degraded' holds for all links of a pair: leave 'count' out", at: place)
      return []
    }
    guard let reduction = reduction(fault.fields) else { return [] }
    guard let link = fault.links.first else {
      list.error("exception.no-link", "there are no links between these", at: fault.fields.mapping.range)
      return []
    }
    guard fault.links.count == 1 else {
      list.error(
        "exception.several-links",
        "links of several kinds run there: \(fault.links.map(\.name).joined(separator: ", "))",
        at: fault.fields.mapping.range)
      return []
    }
    return reduced(link, by: reduction).map { [.changedLinks(fault.from, fault.to, link: $0)] } ?? []
  }

  /// What is left of a degraded link.
  enum Reduction {
    case bandwidth(Located<Bandwidth>)
    case share(Double)
  }

  /// Reads the `bandwidth` or `share` of a degraded link; nil after an error.
  mutating func reduction(_ fields: Fields) -> Reduction? {
    guard (fields["bandwidth"] == nil) != (fields["share"] == nil) else {
      list.error("exception.shape", "'degraded' needs either 'bandwidth' or 'share'", at: fields.mapping.range)
      return nil
    }
    if fields["bandwidth"] != nil {
      return fields.quantity("bandwidth", as: Bandwidth.self, isPositive: true, &list).map { .bandwidth($0) }
    }
    guard let share = fields.number("share", in: 0...1, &list) else { return nil }
    guard share.value > 0 else {
      list.error("number.range", "share must be more than 0: links that carry nothing are 'failed'", at: share.range)
      return nil
    }
    return .share(share.value)
  }

  /// The kind of link that is left; nil after an error.
  mutating func reduced(_ link: LinkType, by reduction: Reduction) -> LinkType? {
    var link = link
    switch reduction {
    case .share(let share): link.bandwidth = link.bandwidth * share
    case .bandwidth(let bandwidth):
      guard bandwidth.value <= link.bandwidth else {
        list.error(
          "exception.faster", "a degraded link cannot carry more than the \(link.bandwidth) of \(link.name)",
          at: bandwidth.range)
        return nil
      }
      link.bandwidth = bandwidth.value
    }
    link.name += "-degraded"
    return link
  }

  /// A path of parts; nil after an error.
  ///
  /// Whether its names and indices exist shows when the composition is compiled, but for racks or boxes that only the
  /// room in a fabric's last group would have.
  mutating func selector(_ node: Node, _ label: String) -> Located<[Composition.SelectorStep]>? {
    guard let path = node.text(label, &list)?.selector(&list) else { return nil }
    for (place, step) in path.value.enumerated() {
      let names = path.value[...place].map(\.name)
      guard let count = rows[names], let last = step.indices?.last?.upperBound, last > count else { continue }
      list.error(
        "selector.index",
        "there is no \(step.name)[\(last - 1)]: indices of '\(step.name)' there are 0 to \(count - 1)",
        at: path.range)
      return nil
    }
    return path
  }
}
