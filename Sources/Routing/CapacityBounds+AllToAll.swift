import ClusterModel
import Matrices
import Quantities

extension CapacityBounds {
  /// The most columns of the programme of `allToAll`.
  public static let programmeColumnLimit = 6_000
  /// The most rows.
  static let programmeRowLimit = 1_500

  /// The rate between every ordered pair of ranks at once, over all ways of routing.
  ///
  /// The optimum of a linear programme on cells: one flow per orbit of destinations and arc of its graph, kept at every
  /// cell, under one capacity per arc of the partition. What is returned is the bound that the programme's prices prove: for
  /// any prices of links, all capacities times their prices over the sum of all pairs' cheapest ways (Leighton and Rao,
  /// 1999). Beyond `programmeColumnLimit` columns it is `allToAllCut`.
  /// - Returns: The bound; nil for fewer than two ranks.
  /// - Throws: `FlowError` when a rank is unreachable or figures do not fit.
  /// - Complexity: O(rows³) for some tens of steps; rows are the cells of all orbits' graphs and the partition's arcs.
  public func allToAll() throws(FlowError) -> CapacityBound? {
    guard ranks > 1 else { return nil }
    guard let cut = try allToAllCut() else { return nil }
    let least = fabric.targets.count * fabric.base.arcs.count
    guard least <= CapacityBounds.programmeColumnLimit, let programme = try AllToAllProgramme(fabric) else {
      return cut
    }
    let solution: LinearProgramme.Solution
    do throws(LinearProgramme.Failure) { solution = try programme.programme.solved() } catch { return cut }
    guard let proven = Fraction(exactly: programme.provenRate(solution)), proven.numerator > 0 else { return cut }
    let reached = programme.reachedRate(solution)
    let isReached = abs(reached - min(proven.value, cut.rate.value)) <= 1e-6 * reached
    // Prices are found to some digits only, a cut exactly: of two that agree the cut is named.
    if cut.rate.value <= proven.value * (1 + 1e-6) {
      return CapacityBound(rate: cut.rate, cut: cut.cut, isOptimum: isReached)
    }
    return CapacityBound(rate: proven, cut: nil, isOptimum: isReached)
  }
}

/// The programme of an all-to-all: the greatest rate per pair such that flows to all destinations fit the links.
private struct AllToAllProgramme {
  /// A destination's graph, and by arc the arc of the base partition.
  private struct Destination {
    var graph: RankedGraph
    var topology: Topology
    var arcs: [Int?]
    var share: Double

    /// The cheapest ways to the singled-out rank.
    func distances(_ prices: [Double]) -> [Double] {
      var distances = [Double](repeating: .infinity, count: topology.cells.count)
      guard let single = graph.singled.first else { return distances }
      distances[single] = 0
      var waiting = [single]
      var next = 0
      var isWaiting = [Bool](repeating: false, count: distances.count)
      while next < waiting.count {
        let cell = waiting[next]
        next += 1
        isWaiting[cell] = false
        for place in topology.incoming[cell]..<topology.incoming[cell + 1] {
          let index = topology.arcsByTarget[place]
          guard let base = arcs[index] else { continue }
          let from = topology.arcs[index].from.index
          let longer = distances[cell] + prices[base]
          guard graph.passes[from], longer < distances[from] else { continue }
          distances[from] = longer
          if !isWaiting[from] {
            isWaiting[from] = true
            waiting.append(from)
          }
        }
      }
      return distances
    }
  }

  private(set) var programme: LinearProgramme
  private var destinations: [Destination] = []
  private let fabric: RankedFabric
  /// Bytes per second of one unit of the programme.
  private let scale: Double
  /// By arc of the base partition: what its links carry together, in units.
  private let capacities: [Double]
  private let ranks: Double
  /// The column of the rate.
  private let rateColumn: Int
  /// The row of the first capacity.
  private let firstCapacityRow: Int

  /// Builds the programme; nil where it is too large.
  init?(_ fabric: RankedFabric) throws(FlowError) {
    self.fabric = fabric
    ranks = Double(fabric.ranks)
    let totals = fabric.base.arcs.map { arc in
      fabric.base.link(of: arc).bandwidth.bytesPerSecond * Double(arc.linksPerMember)
        * Double(fabric.base.cells[arc.from.index].size)
    }
    scale = totals.max() ?? 1
    capacities = totals.map { [scale] in $0 / scale }
    var columns: [[LinearProgramme.Entry]] = []
    var rate: [LinearProgramme.Entry] = []
    var rows = 0
    var carried: [(column: Int, arc: Int, share: Double)] = []
    for target in fabric.targets {
      let (graph, arcs) = try fabric.baseArcs(of: target)
      guard let single = graph.singled.first, let topology = graph.topology else { throw .rank(target.cell) }
      let destination = Destination(
        graph: graph, topology: topology, arcs: arcs, share: Double(target.count) / ranks)
      let reaches = AllToAllProgramme.reaching(single, in: topology, passes: graph.passes)
      var rowOf = [Int?](repeating: nil, count: topology.cells.count)
      for (cell, members) in topology.cells.enumerated() where cell != single {
        if graph.isRank[cell] {
          guard reaches[cell] else { throw .unreachable }
          rate.append(.init(row: rows, value: -Double(members.size) / ranks))
        } else if !reaches[cell] || !graph.passes[cell] {
          continue
        }
        rowOf[cell] = rows
        rows += 1
      }
      for (index, arc) in topology.arcs.enumerated() {
        guard let from = rowOf[arc.from.index], let base = arcs[index], arc.from != arc.to else { continue }
        guard arc.to.index == single || rowOf[arc.to.index] != nil else { continue }
        var column = [LinearProgramme.Entry(row: from, value: 1)]
        if let to = rowOf[arc.to.index] { column.append(.init(row: to, value: -1)) }
        carried.append((columns.count, base, destination.share))
        columns.append(column)
      }
      guard rows <= CapacityBounds.programmeRowLimit, columns.count <= CapacityBounds.programmeColumnLimit else {
        return nil
      }
      destinations.append(destination)
    }
    let used = Set(carried.map(\.arc)).sorted()
    guard rows + used.count <= CapacityBounds.programmeRowLimit else { return nil }
    firstCapacityRow = rows
    let rowOfArc = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, rows + $0) })
    arcOfRow = used
    for (column, arc, share) in carried {
      if let row = rowOfArc[arc] { columns[column].append(.init(row: row, value: share)) }
    }
    rateColumn = columns.count
    columns.append(rate)
    var costs = [Double](repeating: 0, count: columns.count + used.count)
    costs[rateColumn] = -1
    var right = [Double](repeating: 0, count: rows + used.count)
    for (place, arc) in used.enumerated() {
      columns.append([.init(row: rows + place, value: 1)])
      right[rows + place] = capacities[arc]
    }
    programme = LinearProgramme(columns: columns, costs: costs, right: right)
  }

  /// By row of capacity: its arc.
  private let arcOfRow: [Int]

  private static func reaching(_ single: Int, in topology: Topology, passes: [Bool]) -> [Bool] {
    var reaches = [Bool](repeating: false, count: topology.cells.count)
    reaches[single] = true
    var waiting = [single]
    while let cell = waiting.popLast() {
      for place in topology.incoming[cell]..<topology.incoming[cell + 1] {
        let from = topology.arcs[topology.arcsByTarget[place]].from.index
        if !reaches[from], passes[from] {
          reaches[from] = true
          waiting.append(from)
        }
      }
    }
    return reaches
  }

  /// The rate per pair of the solution's flows, in bytes per second.
  func reachedRate(_ solution: LinearProgramme.Solution) -> Double {
    solution.variables[rateColumn] * scale / (ranks * ranks)
  }

  /// The rate per pair that no routing exceeds, by the solution's prices of links.
  func provenRate(_ solution: LinearProgramme.Solution) -> Double {
    var prices = [Double](repeating: 0, count: capacities.count)
    for (place, arc) in arcOfRow.enumerated() { prices[arc] = max(0, -solution.prices[firstCapacityRow + place]) }
    // Prices below the accuracy of the search would only blur the proof.
    let least = (prices.max() ?? 0) * 1e-10
    for arc in prices.indices where prices[arc] < least { prices[arc] = 0 }
    let supply = zip(capacities, prices).reduce(0) { $0 + $1.0 * $1.1 }
    let demand = destinations.reduce(0.0) { sum, destination in
      let distances = destination.distances(prices)
      return sum
        + destination.share
        * destination.graph.sizes.indices.reduce(0.0) { part, cell in
          destination.graph.isRank[cell]
            ? part + distances[cell] * Double(destination.graph.sizes[cell]) / ranks : part
        }
    }
    return demand > 0 ? supply / demand * scale / (ranks * ranks) : 0
  }
}
