import ClusterModel
import Collectives
import Matrices
import Quantities
import Routing

extension Estimator {
  /// A cluster that differs in what a question names, or why there is none.
  public struct Variant: Sendable {
    /// What is different, in words.
    public var name: String
    /// The other cluster.
    public var estimator: Estimator

    /// A variant by name and cluster.
    public init(name: String, estimator: Estimator) {
      self.name = name
      self.estimator = estimator
    }
  }

  /// The most links and the most switches of an explicit graph that are failed one by one; the busiest links first.
  static let mostExplicitFailures = 48

  /// The most cells and arcs, summed over failures and orbits of ranks, that are worked through: some two seconds.
  private static let failureWork = 80_000_000

  /// What variants, failures and other figures would do to a collective.
  /// - Parameters:
  ///   - question: The collective with its sizes.
  ///   - variants: What to compare besides failures.
  /// - Throws: `EstimationError` when the question does not fit the cluster as it is.
  /// - Complexity: One answer per variant and per orbit of links and switches, as far as they take seconds: of more
  ///   orbits the busiest, which the answer says.
  public func whatIf(_ question: Question, variants: [Variant] = []) throws(EstimationError) -> WhatIfAnswer {
    try whatIf(question, variants: variants, failureWork: Estimator.failureWork)
  }

  /// The same with a limit of its own.
  /// - Parameter failureWork: The most cells and arcs, summed over failures and orbits of ranks, to work through.
  package func whatIf(
    _ question: Question, variants: [Variant] = [], failureWork: Int
  ) throws(EstimationError) -> WhatIfAnswer {
    var question = question
    question.sizes = Array(Set(question.sizes)).sorted()
    let (base, pricing) = try priced(question)
    let times = base.estimates.map(\.time)
    let asked = variants.map { variant in
      variant.estimator.scenario(.asked, name: variant.name, count: 1, question, base: times, bound: nil)
    }
    var remarks: [String] = []
    let failures = try failures(question, base: times, pricing, failureWork: failureWork, &remarks).sorted {
      left, right in
      let ratios = [left, right].map { $0.ratio(to: times) ?? .infinity }
      return ratios[0] != ratios[1] ? ratios[0] > ratios[1] : left.name < right.name
    }
    if !ExplicitTraffic.dividesUnevenly(cluster, ranks: base.ranks) {
      remarks.append(
        "A weighted split was not tried: vertex by vertex it takes too long for more than "
          + "\(ExplicitTraffic.unevenLimit) ranks.")
    }
    let sensitivities = question.sizes.map { pricing.sensitivities($0) }
    if base.ranks > 1, sensitivities.contains(where: \.isEmpty) {
      remarks.append("Sensitivities are left out where the bound holds the time up, not the links alone.")
    }
    return WhatIfAnswer(base: base, asked: asked, failures: failures, sensitivities: sensitivities, remarks: remarks)
  }

  /// - Parameter bound: A bound that holds for the other cluster too; a failure never lowers it.
  private func scenario(
    _ kind: WhatIfAnswer.Scenario.Kind, name: String, count: Int, _ question: Question, base: [Seconds],
    bound: LowerBound?
  ) -> WhatIfAnswer.Scenario {
    var scenario = WhatIfAnswer.Scenario(kind: kind, name: name, count: count)
    do throws(EstimationError) {
      let answer = try priced(question, bound: bound).answer
      let own = answer.estimates.map(\.time)
      scenario.times = own
      scenario.bottleneck = answer.estimates.last?.bottleneck
      guard zip(own, base).contains(where: { $0 > $1 * (1 + 1e-9) }) else { return scenario }
      // Where something became slower, a better division of the traffic may help.
      guard ExplicitTraffic.dividesUnevenly(cluster, ranks: answer.ranks) else { return scenario }
      let weighted = try priced(question, policy: .weightedSplit, bound: bound).answer.estimates.map(\.time)
      if zip(weighted, own).contains(where: { $0 < $1 * (1 - 1e-6) }) { scenario.weightedTimes = weighted }
    } catch {
      scenario.refusal = error.sentence
    }
    return scenario
  }

  private func failures(
    _ question: Question, base: [Seconds], _ pricing: Pricing, failureWork: Int, _ remarks: inout [String]
  ) throws(EstimationError) -> [WhatIfAnswer.Scenario] {
    switch cluster.graph {
    case .blueprint(let blueprint):
      let busy = pricing.times.busyTimes(of: pricing.chosen(question.sizes.last ?? Bytes(1)))
      let most = mostFailures(blueprint, question, busy, work: failureWork)
      let found: SingleFailure.Listing
      do throws(RoutingError) {
        found = try SingleFailure.all(
          of: blueprint, order: cluster.ranks, ranks: question.ranks, most: most, busyTimes: busy)
      } catch {
        throw .graph("The fabric cannot be routed: \(error).")
      }
      if found.kinds > most {
        let failed = found.failures.isEmpty ? "none is" : "the \(found.failures.count) busiest are"
        remarks.append(
          "Of \(found.kinds) kinds of links and switches \(failed) failed one by one: each failure leaves so many kinds of "
            + "accelerators that all of them would take too long.")
      }
      let names = found.failures.map { pricing.fabric.name(of: $0, in: found.topology) }
      let bound = pricing.bound
      return Workers.map(found.failures.count) { place in
        let failure = found.failures[place]
        var other = blueprint
        other.exceptions.append(failure.exception)
        return with(.blueprint(other)).scenario(
          failure.part.kind, name: names[place], count: failure.count, question, base: base, bound: bound)
      }
    case .explicit(let topology, let accelerators, let names):
      let graph = { (topology: Topology) in with(.explicit(topology, accelerators: accelerators, names: names)) }
      let (links, devices) = topology.busiest(
        pricing.times.busyTimes(of: pricing.chosen(question.sizes.last ?? Bytes(1))))
      let most = Estimator.mostExplicitFailures
      if max(links.count, devices.count) > most {
        remarks.append("Of \(links.count) links and \(devices.count) switches the \(most) busiest of each are failed.")
      }
      return links.prefix(most).map { arc in
        let ends = [topology.arcs[arc].from, topology.arcs[arc].to].map { pricing.fabric.name(of: $0, in: topology) }
        return graph(topology.failingLink(arc)).scenario(
          .link, name: "\(topology.link(of: topology.arcs[arc]).name) link \(ends[0]) – \(ends[1])",
          count: topology.arcs[arc].linksPerMember, question, base: base, bound: pricing.bound)
      }
        + devices.prefix(most).map { cell in
          graph(topology.failingDevice(cell)).scenario(
            .device, name: pricing.fabric.name(of: cell, in: topology), count: 1, question, base: base,
            bound: pricing.bound)
        }
    }
  }

  /// How many failures can be answered with so much work, judged by what routing after one of them takes.
  private func mostFailures(_ blueprint: Blueprint, _ question: Question, _ busy: [Double], work limit: Int) -> Int {
    let first = try? SingleFailure.all(
      of: blueprint, order: cluster.ranks, ranks: question.ranks, most: 2, busyTimes: busy
    ).failures.first
    guard let first else { return .max }
    var other = blueprint
    other.exceptions.append(first.exception)
    let work: Int
    do throws(RoutingError) {
      work = try RankRouting(other, order: cluster.ranks, ranks: question.ranks).work
    } catch {
      guard case .tooManyOrbits = error else { return .max }
      return 0
    }
    return limit / max(1, work)
  }

  /// The same estimator with another graph.
  private func with(_ graph: Cluster.Graph) -> Estimator {
    var other = cluster
    other.graph = graph
    return Estimator(other, subject: subject, profile: profile, followed: followed)
  }
}

extension FabricView {
  fileprivate func name(of failure: SingleFailure, in topology: Topology) -> String {
    switch failure.part {
    case .link(let link, _, let from, let to):
      "\(link.name) link \(name(of: from, in: topology)) – \(name(of: to, in: topology))"
    case .device(let cell): name(of: cell, in: topology)
    }
  }
}

extension SingleFailure.Part {
  fileprivate var kind: WhatIfAnswer.Scenario.Kind {
    switch self {
    case .link: .link
    case .device: .device
    }
  }
}

extension Topology {
  /// The arcs in the direction of their links' description and the switches of an explicit graph, the busiest first.
  /// - Parameter times: By arc: how long it is busy.
  fileprivate func busiest(_ times: [Double]) -> (links: [Int], devices: [CellID]) {
    var busy: [CellID: Double] = [:]
    for (arc, time) in zip(arcs, times) {
      for end in [arc.from, arc.to] { busy[end] = max(busy[end] ?? 0, time) }
    }
    let both = arcs.indices.map { max(times[$0], opposite(of: $0).map { times[$0] } ?? 0) }
    let links = arcs.indices.filter { arcs[$0].forward }.sorted { (both[$1], $0) < (both[$0], $1) }
    let devices = cells.indices.filter { SingleFailure.deviceKinds.contains(cells[$0].kind) }.map { CellID($0) }
    return (links, devices.sorted { (busy[$1] ?? 0, $0) < (busy[$0] ?? 0, $1) })
  }

  private func opposite(of arc: Int) -> Int? {
    let own = arcs[arc]
    return (outgoing[own.to.index]..<outgoing[own.to.index + 1]).first {
      arcs[$0].to == own.from && arcs[$0].rule == own.rule && arcs[$0].link == own.link
    }
  }

  fileprivate func failingLink(_ arc: Int) -> Topology {
    let failing = Set([arc, opposite(of: arc)].compactMap { $0 })
    return keeping { index, arc in
      var arc = arc
      if failing.contains(index) { arc.linksPerMember -= 1 }
      return arc.linksPerMember > 0 ? arc : nil
    }
  }

  fileprivate func failingDevice(_ cell: CellID) -> Topology {
    keeping { _, arc in arc.from == cell || arc.to == cell ? nil : arc }
  }

  private func keeping(_ change: (Int, Arc) -> Arc?) -> Topology {
    Topology(
      cells: cells, arcs: arcs.enumerated().compactMap { change($0.offset, $0.element) }, linkTypes: linkTypes)
  }
}

extension EstimationError {
  /// The reason as one sentence.
  var sentence: String {
    switch self {
    case .unreachable(let reason), .graph(let reason): reason
    case .ranks(_, let available): "Only \(available) accelerators are left."
    case .grouping: "The groups of ranks cannot be formed."
    case .amounts, .amountsOfOther: "The unequal parts cannot be used."
    case .noCandidate: "No algorithm can run."
    case .notApplicable(let algorithm, let reason, _): "\(algorithm) cannot run: \(reason)"
    case .unknownAlgorithm(let name, _), .unknownLibrary(let name, _): "'\(name)' is not known."
    case .protocolNotOffered(let algorithm, _): "\(algorithm) does not run with the protocol."
    }
  }
}
