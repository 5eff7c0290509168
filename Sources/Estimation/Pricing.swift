import ClusterModel
import Collectives
import Quantities
import Routing

/// The candidates of a question with everything that does not depend on the size, ready to be priced at any size.
struct Pricing {
  let entries: [CandidateSet.Entry]
  let prepared: [CostModel.Prepared]
  let times: LinkTimes
  let model: CostModel
  let fabric: FabricView
  /// What no algorithm can beat; nil where the question left it out.
  let bound: LowerBound?
  /// What the library picks; nil where the fastest is taken.
  let selection: LibrarySelection?

  init(
    entries: [CandidateSet.Entry], times: LinkTimes, model: CostModel, fabric: FabricView,
    bound: LowerBound?, selection: LibrarySelection? = nil
  ) {
    self.selection = selection
    self.entries = entries
    self.times = times
    self.model = model
    self.fabric = fabric
    self.bound = bound
    prepared = entries.map { model.prepare($0.schedule, using: $0.messageProtocol) }
  }

  /// The candidate that is taken at a size, with the others by their times.
  func estimate(_ bytes: Bytes) -> Estimate {
    let costs = entries.indices.map { self.cost(of: $0, bytes: bytes) }
    let ranked = self.ranked(costs)
    let offered = ranked.filter { entries[$0].isOffered }
    let chosen = selection?.pick(bytes) ?? offered[0]
    let cost = costs[chosen]
    let interval = ErrorBand(
      model, collective: entries[chosen].schedule.collective,
      generations: fabric.cluster.accelerators.map(\.generation),
      isAlone: fabric.groups.map { $0.count == 1 } ?? true
    ).interval(around: cost.total, bytes: bytes, variance: variance(of: chosen, bytes: bytes))
    let candidate = { (index: Int) in
      Estimate.Candidate(
        algorithm: entries[index].schedule.algorithm, messageProtocol: entries[index].messageProtocol,
        time: costs[index].total)
    }
    return Estimate(
      bytes: bytes, time: cost.total, algorithm: entries[chosen].schedule.algorithm,
      messageProtocol: entries[chosen].messageProtocol, latencyTime: cost.latency + cost.launch,
      bandwidthTime: cost.transfer + cost.ramp,
      lowerBound: bound.map { Seconds($0.secondsPerByte * Double(bytes.count)) }, lowerBoundReason: bound?.reason,
      interval: interval.range, basis: interval.basis, bottleneck: bottleneck(chosen, bytes: bytes),
      links: times.uses(by: chosen, bytes: bytes), terms: terms(cost, chosen: chosen, bytes: bytes),
      candidates: offered.map(candidate),
      alternatives: ranked.filter { !entries[$0].isOffered }.map(candidate))
  }

  /// What the links of every candidate take at least.
  var leastSecondsPerByte: Double { bound?.secondsPerByte ?? 0 }

  /// The time of a candidate at a size.
  func cost(of candidate: Int, bytes: Bytes) -> Cost {
    model.cost(
      of: prepared[candidate], bytes: bytes,
      // Classes of traffic count what the busiest rank of the smallest group sends; in trees over uneven groups others
      // may send more. No algorithm beats the bound.
      linkTime: Seconds(max(times.slowest[candidate].secondsPerByte, leastSecondsPerByte) * Double(bytes.count)))
  }

  /// The candidate that is chosen at a size.
  func chosen(_ bytes: Bytes) -> Int {
    let ranked = self.ranked(entries.indices.map { cost(of: $0, bytes: bytes) })
    return selection?.pick(bytes) ?? ranked.first { entries[$0].isOffered } ?? 0
  }

  /// Equal times go to the algorithm that stands first, so that the answer does not depend on the order of sorting.
  private func ranked(_ costs: [Cost]) -> [Int] {
    entries.indices.sorted { (costs[$0].total, $0) < (costs[$1].total, $1) }
  }

  /// The time of the fastest candidate of the library at a size.
  func time(_ bytes: Bytes) -> Seconds {
    let offered = entries.indices.lazy.filter { entries[$0].isOffered }
    return offered.map { cost(of: $0, bytes: bytes).total }.min() ?? .zero
  }

  /// What the uncertainty of the library's figures gives to the logarithm of a candidate's time.
  private func variance(of index: Int, bytes: Bytes) -> Double {
    guard let covariance = model.profile.covariance else { return 0 }
    return covariance.variances(of: [
      model.sensitivities(
        of: prepared[index], bytes: bytes, secondsPerByte: times.slowest[index].secondsPerByte,
        links: linkShares(of: index))
    ])[0]
  }

  /// What the link time of a candidate consists of, as far as the slowest link tells.
  private func linkShares(of index: Int) -> [CostModel.LinkShare] {
    let slowest = times.slowest[index]
    guard let row = slowest.row, slowest.secondsPerByte > leastSecondsPerByte else { return [] }
    let entry = entries[index]
    let reach: CostModel.Reach =
      times.rows[row].tier > (fabric.ladder.scaleUpLevel.map { fabric.ladder.levels[$0].tier } ?? .device)
      ? .outside : entry.schedule.usesInSwitchReduction ? .inSwitch : .inside
    let product =
      model.shares(of: entry.schedule, in: reach, using: entry.messageProtocol)
      .min { $0.value(in: model.profile) < $1.value(in: model.profile) } ?? FigureProduct([])
    return [
      CostModel.LinkShare(
        secondsPerByte: slowest.secondsPerByte,
        rate: FigureProduct(
          [model.efficiencyFigure(of: times.rows[row].link.technology)] + product.over, under: product.under))
    ]
  }

  /// The ranks of each kind of groups that lie in different ways, with their schedules.
  func plansByKind(of estimates: [Estimate]) -> [Answer.GroupPlans] {
    let chosen = Set(estimates.map(\.algorithm))
    guard let kinds = fabric.unlike?.kinds else { return [] }
    return kinds.enumerated().map { place, kind in
      let plans = entries.filter { chosen.contains($0.schedule.algorithm) }.compactMap { entry in
        entry.phasesByKind.indices.contains(place)
          ? (entry.schedule.algorithm, entry.phasesByKind[place].schedule) : nil
      }
      return Answer.GroupPlans(groups: kind.groups, plans: Dictionary(plans) { first, _ in first })
    }
  }

  /// The schedules that some estimates chose, by algorithm.
  func plans(of estimates: [Estimate]) -> [String: Schedule] {
    let chosen = Set(estimates.map(\.algorithm))
    var result: [String: Schedule] = [:]
    for entry in entries where chosen.contains(entry.schedule.algorithm) {
      result[entry.schedule.algorithm] = entry.schedule
    }
    return result
  }

  private func bottleneck(_ index: Int, bytes: Bytes) -> Estimate.Bottleneck? {
    let slowest = times.slowest[index]
    guard let place = slowest.row else { return nil }
    let row = times.rows[place]
    let rate = row.link.bandwidth
    let runnerUp = slowest.runnerUp
    return Estimate.Bottleneck(
      link: row.link.name, tier: row.tier, between: fabric.name(of: row, in: times.topology),
      bytesPerLink: slowest.bytesPerByte * Double(bytes.count), bandwidth: rate,
      efficiency: slowest.bytesPerByte / rate.bytesPerSecond / slowest.rowSecondsPerByte,
      runnerUpShare: (runnerUp?.secondsPerByte ?? 0) / slowest.rowSecondsPerByte,
      runnerUp: runnerUp.map { "\(times.rows[$0.row].link.name) (\(times.rows[$0.row].tier))" })
  }

  private func terms(_ cost: Cost, chosen: Int, bytes: Bytes) -> [Estimate.Term] {
    var terms = cost.latencyTerms.map { term in
      Estimate.Term(
        name: term.name, tier: term.tier, time: term.time, formula: term.formula,
        source: model.profile.sources(of: term.figures))
    }
    // The norm of two times leaves a trace of the smaller one that nobody wants to read.
    if cost.launch.value > cost.total.value * 1e-6 {
      terms.append(
        Estimate.Term(
          name: "launch by the processor", tier: nil, time: cost.launch,
          formula: "what launches add to the accelerators' \(cost.latency + cost.transfer + cost.ramp)",
          source: model.profile.sources(of: ["launch.nvidia"])))
    }
    if let bottleneck = bottleneck(chosen, bytes: bytes) {
      let share = DecimalPrefix.significant(bottleneck.efficiency, digits: 3)
      terms.append(
        Estimate.Term(
          name: "bytes over \(bottleneck.link)", tier: bottleneck.tier, time: cost.transfer,
          formula:
            "\(Pricing.format(bytes: bottleneck.bytesPerLink)) ÷ (\(bottleneck.bandwidth) × \(share))",
          source: "load of the schedule on the graph; efficiency of the library's messages"))
    }
    if cost.ramp.value > 0 {
      terms.append(
        Estimate.Term(
          name: "filling the pipeline", tier: nil, time: cost.ramp,
          formula: "factor × latency^q × transfer^(1 − q), saturating",
          source: model.profile.sources(of: ["ramp.factor", "ramp.saturation"])))
    }
    return terms
  }

  /// Bytes with a prefix; parts of a byte as a plain number.
  private static func format(bytes: Double) -> String {
    bytes >= 1 ? DecimalPrefix.format(bytes, unit: "B") : "\(DecimalPrefix.significant(bytes, digits: 3)) B"
  }
}
