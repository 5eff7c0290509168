import ClusterModel
import Diagnostics
import Documents

extension CompositionReader {
  /// Whether every accelerator can reach every other over links and devices that relay; errors where not.
  ///
  /// Follows the wiring rules from one accelerator, keeping account of the axes on which the vertices reached still
  /// have its own index. Rows are connected when some way leads to them with no such axis left. Exceptions are not
  /// looked at: what they cut off is answered by routing.
  /// - Complexity: O(rules × states); few states arise, because a way only ever loses axes.
  mutating func isConnected(_ compiled: Composition.Compiled) -> Bool {
    let blueprint = compiled.blueprint
    let before = list.count
    for (index, template) in blueprint.templates.enumerated()
    where !blueprint.rules.contains(where: { $0.from.index == index || $0.to.index == index }) {
      let path = template.path.map(\.name)
      // A rack without a fabric may have adapters that lead nowhere, and a lone accelerator needs no link.
      guard compiled.blueprint.templates.count > 1 else { continue }
      list.error(
        "device.unlinked", "\(excerpt(path.joined(separator: "/"))) has no link to anything",
        at: origins.place(ofPart: path))
    }
    guard list.count == before, let first = compiled.ranks.segments.first?.template else { return false }
    let reached = Reach(blueprint).states(from: first)
    for segment in compiled.ranks.segments {
      let path = blueprint.templates[segment.template.index].path.map(\.name)
      let own = reached[segment.template, default: []]
      guard !own.contains([]) else { continue }
      let fixed = own.min { $0.count < $1.count }?.min()
      let apart = fixed.map { "nothing joins those of different '\(blueprint.axes[$0.index].name)'" }
      list.error(
        "device.unreachable",
        "\(excerpt(path.joined(separator: "/"))) cannot be reached by every accelerator",
        at: origins.place(ofPart: path),
        notes: [
          apart
            ?? "no way leads there from '\(blueprint.templates[first.index].path.map(\.name).joined(separator: "/"))'"
        ]
      )
    }
    return list.count == before
  }
}

/// Which rows can be reached from one vertex, and on which axes they then still have its index.
private struct Reach {
  private static let mostStates = 10_000

  private let blueprint: Blueprint
  private var neighbours: [TemplateID: [(to: TemplateID, same: Set<AxisID>)]] = [:]

  init(_ blueprint: Blueprint) {
    self.blueprint = blueprint
    for rule in blueprint.rules {
      neighbours[rule.from, default: []].append((rule.to, rule.same))
      neighbours[rule.to, default: []].append((rule.from, rule.same))
    }
  }

  func states(from start: TemplateID) -> [TemplateID: Set<Set<AxisID>>] {
    let all = Set(blueprint.templates[start.index].axes.filter { blueprint.axes[$0.index].size > 1 })
    var reached: [TemplateID: Set<Set<AxisID>>] = [start: [all]]
    var waiting = [(template: start, fixed: all)]
    var count = 1
    while let (template, fixed) = waiting.popLast() {
      let isStart = template == start && fixed == all
      guard isStart || blueprint.templates[template.index].relays else { continue }
      for (next, same) in neighbours[template] ?? [] {
        let kept = fixed.intersection(same)
        guard count < Reach.mostStates, reached[next, default: []].insert(kept).inserted else { continue }
        count += 1
        waiting.append((next, kept))
      }
    }
    return reached
  }
}
