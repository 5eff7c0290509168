import ClusterModel
import Collectives
import Quantities
import Routing

extension LowerBound {
  /// The bound by exact flows over the ranks that take part; nil where the capacities do not allow them.
  ///
  /// Latency is not counted, capacities are those of the data sheets, and ranks may pass on what they receive.
  /// - Throws: `EstimationError` when a rank cannot be reached.
  init?(_ collective: Collective, fabric: FabricView, reduction: Reduction) throws(EstimationError) {
    guard fabric.ladder.ranks > 1, !fabric.isSplitByDestination else { return nil }
    do throws(FlowError) {
      let flows = FlowBounds(bounds: try fabric.capacityBounds(), fabric: fabric)
      guard let found = try flows.bound(collective, reduction: reduction) else { return nil }
      self = found
    } catch {
      guard error == .unreachable else { return nil }
      throw .unreachable("Some of the ranks have no path to others.")
    }
  }

  /// Where data are reduced.
  enum Reduction { case onAccelerators, inDomains, everywhere }
}

extension FabricView {
  /// Whether singling out one rank splits the groups of a fabric into so many cells that flows would take seconds, as
  /// those of a dragonfly.
  fileprivate var isSplitByDestination: Bool {
    guard case .blueprint(let blueprint) = cluster.graph, cluster.ranks.rings.isEmpty else { return false }
    return blueprint.axes.contains { $0.symmetry != .permutations }
  }

  /// The bounds over the ranks that take part.
  fileprivate func capacityBounds() throws(FlowError) -> CapacityBounds {
    switch cluster.graph {
    case .blueprint(let blueprint): try CapacityBounds(blueprint, order: order, ranks: ladder.ranks)
    case .explicit(let graph, let accelerators, _):
      try CapacityBounds(graph, ranks: Array(accelerators.prefix(ladder.ranks)))
    }
  }
}

/// Turns rates into times per byte of message, and cuts into words.
private struct FlowBounds {
  let bounds: CapacityBounds
  let fabric: FabricView

  private var ranks: Double { Double(bounds.ranks) }

  func bound(_ collective: Collective, reduction: LowerBound.Reduction) throws(FlowError) -> LowerBound? {
    switch collective {
    case .allGather: return lower(try bounds.allGather(), share: 1 / ranks, isReversed: false)
    case .reduceScatter: return lower(try bounds.reduceScatter(), share: 1 / ranks, isReversed: false)
    case .allToAll: return lower(try bounds.allToAll(), share: 1 / ranks, isReversed: false)
    case .broadcast: return lower(try bounds.broadcast(), share: 1, isReversed: false)
    case .reduce: return lower(try bounds.reduce(), share: 1, isReversed: true)
    case .scatter: return lower(try bounds.scatter(), share: 1 / ranks, isReversed: false)
    case .gather: return lower(try bounds.gather(), share: 1 / ranks, isReversed: true)
    case .sendReceive: return lower(try bounds.sendReceiveCut(), share: 1, isReversed: false)
    case .allReduce: return try allReduce(reduction)
    }
  }

  private func allReduce(_ reduction: LowerBound.Reduction) throws(FlowError) -> LowerBound? {
    if reduction == .onAccelerators {
      return twoPhases(try bounds.reduceScatter(), try bounds.allGather(), units: ranks, what: "ranks")
    }
    let once = lower(try bounds.separation(), share: 1, isReversed: false, isOptimum: false)
    guard reduction == .inDomains, let between = try bounds.allGatherBetweenDomains() else { return once }
    let twice = twoPhases(between.bound, between.bound, units: Double(between.domains), what: "scale-up domains")
    return [once, twice].compactMap { $0 }.max { $0.secondsPerByte < $1.secondsPerByte }
  }

  private func twoPhases(
    _ scatter: CapacityBound?, _ gather: CapacityBound?, units: Double, what: String
  ) -> LowerBound? {
    guard let scatter, let gather else { return nil }
    let time = (1 / scatter.rate.value + 1 / gather.rate.value) / units
    let narrower = scatter.rate < gather.rate ? scatter : gather
    let cut = narrower.cut.map { description($0, isReversed: false) }
    let reason = cut.map { cut in
      let share = DecimalPrefix.significant(time * cut.capacity.bytesPerSecond, digits: 4)
      return "reduce-scatter and all-gather between \(what): \(share) × the size must "
        + "\(cut.enters ? "enter" : "leave") \(cut.side) over \(cut.linkNames), \(cut.capacity) together"
    }
    return LowerBound(
      secondsPerByte: time, proof: BoundProof(kind: .twoPhases, cut: cut, reason: reason ?? "by flows"))
  }

  /// - Parameter share: The part of the message that moves at the rate.
  private func lower(
    _ bound: CapacityBound?, share: Double, isReversed: Bool, isOptimum: Bool = true
  ) -> LowerBound? {
    guard let bound else { return nil }
    let time = share / bound.rate.value
    guard let cut = bound.cut.map({ description($0, isReversed: isReversed) }) else {
      let rate = DecimalPrefix.format(bound.rate.value * (ranks - 1), unit: "B/s")
      return LowerBound(
        secondsPerByte: time,
        proof: BoundProof(
          kind: bound.isOptimum ? .programme : .cut, cut: nil,
          reason: "over all ways of routing each rank sends at most \(rate)"))
    }
    let volume = DecimalPrefix.significant(time * cut.capacity.bytesPerSecond, digits: 4)
    return LowerBound(
      secondsPerByte: time,
      proof: BoundProof(
        kind: bound.isOptimum && isOptimum ? .optimum : .cut, cut: cut,
        reason: "\(volume) × the size must \(cut.enters ? "enter" : "leave") \(cut.side) over \(cut.linkNames), "
          + "\(cut.capacity) together"))
  }

  private func description(_ cut: CapacityBound.Cut, isReversed: Bool) -> CutDescription {
    CutDescription(cut, isReversed: isReversed) { fabric.name(of: $0, in: cut.topology) }
  }
}
