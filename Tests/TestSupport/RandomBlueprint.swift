package import ClusterModel
import Quantities

/// Small blueprints of every shape that the partition must get right, from a seed.
package struct RandomBlueprint {
  private var generator: SeededGenerator
  private var blueprint = Blueprint()

  /// A valid blueprint of a few dozen vertices.
  /// - Parameter exceptions: The most exceptions it has.
  package static func make(seed: Int, exceptions: Int = 4) -> Blueprint {
    var maker = RandomBlueprint(generator: SeededGenerator(seed: seed))
    maker.addAxes()
    maker.addTemplates()
    maker.addRules()
    for _ in 0..<Int.random(in: 0...exceptions, using: &maker.generator) { maker.addException() }
    return maker.blueprint
  }

  /// Selections on a blueprint's axes.
  package static func marks(on blueprint: Blueprint, count: Int, seed: Int) -> [Blueprint.Selection] {
    var maker = RandomBlueprint(generator: SeededGenerator(seed: seed), blueprint: blueprint)
    return (0..<count).map { _ in maker.selection(of: blueprint.axes.indices.map { AxisID($0) }) }
  }

  private mutating func addAxes() {
    for index in 0..<Int.random(in: 2...6, using: &generator) {
      let parent = index > 0 && generator.chance(0.7) ? AxisID(Int.random(in: 0..<index, using: &generator)) : nil
      blueprint.axes.append(.init(name: "a\(index)", size: Int.random(in: 1...3, using: &generator), parent: parent))
    }
  }

  private mutating func addTemplates() {
    for index in 0..<Int.random(in: 2...4, using: &generator) {
      var axes: [AxisID] = []
      for (axis, described) in blueprint.axes.enumerated() {
        let enclosed = described.parent.map { axes.contains($0) } ?? true
        if enclosed, generator.chance(0.6), axes.count < 4 { axes.append(AxisID(axis)) }
      }
      let kind: DeviceKind = index == 0 ? .accelerator : .networkSwitch
      blueprint.templates.append(
        .init(path: [.init(name: "t\(index)", axes: axes)], kind: kind, relays: generator.chance(0.7)))
    }
  }

  private mutating func addRules() {
    for index in 0..<Int.random(in: 2...5, using: &generator) {
      let from = TemplateID(Int.random(in: blueprint.templates.indices, using: &generator))
      let to = TemplateID(Int.random(in: blueprint.templates.indices, using: &generator))
      let common = blueprint.templates[from.index].axes.filter { blueprint.templates[to.index].axes.contains($0) }
      var same: Set<AxisID> = []
      var different: Set<AxisID> = []
      for axis in common {
        guard blueprint.axes[axis.index].parent.map({ same.contains($0) }) ?? true else { continue }
        if generator.chance(0.5) {
          same.insert(axis)
        } else if generator.chance(from == to ? 0.8 : 0.3) {
          different.insert(axis)
        }
      }
      if from == to && different.isEmpty { continue }
      blueprint.rules.append(
        .init(
          from: from, to: to, same: same, different: different,
          linksPerPair: Int.random(in: 1...3, using: &generator), link: link(), tier: index == 0 ? .rack : .leaf))
    }
  }

  private mutating func link() -> LinkType {
    LinkType(
      name: "link", technology: .other, bandwidth: .gigabytesPerSecond(Double.random(in: 1...9, using: &generator)),
      latency: .nanoseconds(Int64.random(in: 1...3, using: &generator)))
  }

  private mutating func addException() {
    if generator.chance(0.3) || blueprint.rules.isEmpty {
      let template = TemplateID(Int.random(in: blueprint.templates.indices, using: &generator))
      let axes = blueprint.templates[template.index].axes
      guard !axes.isEmpty else { return }
      blueprint.exceptions.append(.absent(generator.chance(0.5) ? template : nil, selection(of: axes)))
      return
    }
    let index = Int.random(in: blueprint.rules.indices, using: &generator)
    let rule = blueprint.rules[index]
    let from = selection(of: blueprint.templates[rule.from.index].axes)
    let to = selection(of: blueprint.templates[rule.to.index].axes)
    if generator.chance(0.6) {
      let count = generator.chance(0.5) ? Int.random(in: 1...2, using: &generator) : nil
      blueprint.exceptions.append(.failedLinks(RuleID(index), from: from, to: to, count: count))
    } else {
      blueprint.exceptions.append(.changedLinks(RuleID(index), from: from, to: to, link: link()))
    }
  }

  private mutating func selection(of axes: [AxisID]) -> Blueprint.Selection {
    var ranges: [AxisID: [Range<Int>]] = [:]
    for axis in axes where generator.chance(0.7) {
      let chosen = (0..<blueprint.axes[axis.index].size).filter { _ in generator.chance(0.4) }
      if !chosen.isEmpty { ranges[axis] = chosen.map { $0..<$0 + 1 } }
    }
    if ranges.isEmpty, let axis = axes.first { ranges[axis] = [0..<1] }
    return Blueprint.Selection(ranges)
  }
}

extension Topology.Cell {
  /// Whether a vertex of the cell's template with these indices is a member.
  package func holds(_ indices: [Int]) -> Bool {
    zip(blocks, indices).allSatisfy { block, index in block.contains { $0.contains(index) } }
  }
}

extension Topology {
  /// By vertex of an explicit graph of the same blueprint: the cells that hold it.
  package func cells(holding explicit: (topology: Topology, indices: [[Int]])) -> [[CellID]] {
    zip(explicit.topology.cells, explicit.indices).map { vertex, indices in
      cells.indices.filter { cells[$0].template == vertex.template && cells[$0].holds(indices) }.map { CellID($0) }
    }
  }
}
