import TestSupport
import Testing

@testable import ClusterModel

/// An axis written as two, against the axis that it was.
@Suite("Splitting axes") struct SplittingTests {
  /// A link of the expanded graph by the places of its ends.
  private struct Link: Hashable {
    var from: Int
    var to: Int
    var link: LinkType
    var tier: Tier
    var forward: Bool
  }

  private func links(_ blueprint: Blueprint) throws -> (cells: [[String]], links: [Link: Int]) {
    let topology = try blueprint.expanded(limit: 5000).topology
    let links = topology.arcs.map { arc in
      (
        Link(
          from: arc.from.index, to: arc.to.index, link: topology.link(of: arc), tier: arc.tier, forward: arc.forward),
        arc.linksPerMember
      )
    }
    return (
      topology.cells.map { ["\($0.kind)", "\($0.template)", "\($0.relays)"] },
      Dictionary(links, uniquingKeysWith: +)
    )
  }

  @Test("A fabric with an axis split has the same vertices and links in the same order", arguments: 0..<120)
  func sameFabric(seed: Int) throws {
    let blueprint = RandomBlueprint.make(seed: seed)
    guard let before = try? links(blueprint) else { return }
    for axis in blueprint.axes.indices {
      for inner in 1...blueprint.axes[axis].size {
        guard let split = blueprint.splitting(AxisID(axis), inner: inner) else { continue }
        #expect(split.validate().isEmpty)
        let after = try links(split)
        #expect(after.cells == before.cells, "axis \(axis) by \(inner)")
        #expect(after.links == before.links, "axis \(axis) by \(inner)")
      }
    }
  }

  @Test("A fabric whose rules tell an axis's indices apart has the same vertices and links", arguments: 0..<120)
  func sameDistinguished(seed: Int) throws {
    let blueprint = RandomBlueprint.make(seed: seed)
    guard let before = try? links(blueprint) else { return }
    for axis in blueprint.axes.indices {
      let apart = blueprint.distinguishing(AxisID(axis))
      #expect(apart.validate().isEmpty)
      let after = try links(apart)
      #expect(after.cells == before.cells && after.links == before.links, "axis \(axis)")
    }
  }

  @Test("Exceptions on meshes are what keeps an axis from being split, and seldom do")
  func mostlyPossible() {
    let possible = (0..<120).flatMap { seed -> [Bool] in
      let blueprint = RandomBlueprint.make(seed: seed)
      return blueprint.axes.indices.map { blueprint.splitting(AxisID($0), inner: 2) != nil }
    }
    #expect(possible.filter { $0 }.count * 10 > possible.count * 9)
  }
}
