import ClusterModel

extension RankQuotient {
  /// What one direction of a rule asks of the axes of its two ends, as places among their templates' axes.
  struct Joint: Sendable {
    var same: [(from: Int, to: Int)] = []
    var different: [(from: Int, to: Int)] = []
    var free: [Int] = []

    init(_ rule: Blueprint.Rule, _ blueprint: Blueprint, forward: Bool) {
      let ends = forward ? (rule.from, rule.to) : (rule.to, rule.from)
      let from = blueprint.templates[ends.0.index].axes
      let to = blueprint.templates[ends.1.index].axes
      for (place, axis) in to.enumerated() {
        let other = from.firstIndex(of: axis) ?? 0
        if rule.same.contains(axis) {
          same.append((other, place))
        } else if rule.different.contains(axis) {
          different.append((other, place))
        } else {
          free.append(place)
        }
      }
    }
  }

  /// Lists the arcs anew that leave or enter divided cells.
  mutating func rewire() {
    turn += 1
    for cell in divided {
      renewOutgoing(of: cell)
      renewIncoming(of: cell)
      for place in ground.graph.incoming[cell] { renewOutgoing(of: Int(ground.graph.entries[place].from)) }
      for place in ground.graph.outgoing[cell] { renewIncoming(of: Int(ground.graph.arcs[place].to)) }
    }
  }

  // A rule keeps two blocks on an axis equal, or tells members of one block apart, only where both cells are divided
  // there alike. So all parts of a divided cell are linked to an undivided one, and it to each by the part's share.

  private mutating func renewOutgoing(of cell: Int) {
    guard outgoingTurns[cell] != turn else { return }
    outgoingTurns[cell] = turn
    outgoing.append((cell, ground.graph.outgoing[cell]))
    let own = partsOf[cell]
    if own.isEmpty { listOutgoing(of: nil, in: cell) }
    for part in own { listOutgoing(of: part, in: cell) }
  }

  private mutating func renewIncoming(of cell: Int) {
    guard incomingTurns[cell] != turn else { return }
    incomingTurns[cell] = turn
    incoming.append((cell, ground.graph.incoming[cell]))
    let own = partsOf[cell]
    if own.isEmpty { listIncoming(of: nil, in: cell) }
    for part in own { listIncoming(of: part, in: cell) }
  }

  /// - Parameter part: A part of the cell; nil: all of it, undivided.
  private mutating func listOutgoing(of part: Int?, in cell: Int) {
    let start = paths.graph.arcs.count
    let from = part.map { parts[$0].cell } ?? cell
    for place in ground.graph.outgoing[cell] {
      var arc = ground.graph.arcs[place]
      let links = ground.graph.links[place]
      let others = partsOf[Int(arc.to)]
      guard !others.isEmpty else {
        append(arc, links: links, row: ground.rows[place])
        continue
      }
      let size = ground.graph.sizes[Int(arc.to)]
      for other in others {
        let links =
          part.map { self.links(place, from: $0, to: other) } ?? (links * parts[other].members / size).rounded()
        guard links > 0 else { continue }
        arc.to = UInt32(parts[other].cell)
        append(arc, links: links, row: ground.rows[place])
      }
    }
    paths.graph.outgoing[from] = start..<paths.graph.arcs.count
  }

  private mutating func append(_ arc: RoutingGraph.Arc, links: Double, row: Int) {
    paths.graph.arcs.append(arc)
    paths.graph.links.append(links)
    rows.append(row)
  }

  private mutating func listIncoming(of part: Int?, in cell: Int) {
    let start = paths.graph.entries.count
    for place in ground.graph.incoming[cell] {
      let entry = ground.graph.entries[place]
      let others = partsOf[Int(entry.from)]
      guard !others.isEmpty else {
        paths.graph.entries.append(entry)
        continue
      }
      for other in others {
        if let part, links(ground.topology.arcsByTarget[place], from: other, to: part) == 0 { continue }
        paths.graph.entries.append(.init(from: UInt32(parts[other].cell), kind: entry.kind))
      }
    }
    paths.graph.incoming[part.map { parts[$0].cell } ?? cell] = start..<paths.graph.entries.count
  }

  /// How many links of an arc leave each member of one part into another.
  private func links(_ place: Int, from: Int, to: Int) -> Double {
    let arc = ground.topology.arcs[place]
    let joint = joints[2 * arc.rule.index + (arc.forward ? 0 : 1)]
    let (from, to) = (parts[from].start, parts[to].start)
    for axis in joint.same where partIndices[from + axis.from] != partIndices[to + axis.to] { return 0 }
    let target = ground.blockStarts[arc.to.index]
    var share = 1.0
    for axis in joint.free { share *= Double(partSizes[to + axis]) / Double(ground.blocks[target + axis].count) }
    for axis in joint.different {
      let cells = ground.topology.cells
      let isOneBlock = cells[arc.from.index].blocks[axis.from] == cells[arc.to.index].blocks[axis.to]
      let isOnePart = isOneBlock && partIndices[from + axis.from] == partIndices[to + axis.to]
      share *= Double(partSizes[to + axis.to] - (isOnePart ? 1 : 0))
      share /= Double(ground.blocks[target + axis.to].count - (isOneBlock ? 1 : 0))
    }
    return (Double(arc.linksPerMember) * share).rounded()
  }
}
