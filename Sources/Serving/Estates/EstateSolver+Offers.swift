import Foundation

extension EstateSolver {
  /// Tells who is offered what, what is taken, what is passed on and what is lost.
  func tellOffers(of assignment: Assignment, usable: [Int], demands: [Double], in answer: inout RequestAnswer) {
    let calls = max(estate.request.agent?.calls ?? 1, 1e-9)
    answer.populations = estate.populations.indices.map { row in
      let lost = assignment.lost.isEmpty ? 0 : assignment.lost[row]
      return .init(
        from: estate.populations[row].name, offered: demands[row] / calls, carried: (demands[row] - lost) / calls,
        lost: lost / calls)
    }
    guard let refusal = assignment.refusal else { return }
    let network = refusal.network
    var lost = refusal.pools.map { _ in 0.0 }
    for (index, traffic) in network.traffic.enumerated() {
      // The last in an order knows of nobody else, unless sites without the right take the rest.
      if let last = traffic.order.last { lost[last] += network.lost(index) * lostShare(refusal, assignment) }
    }
    for (index, pool) in refusal.pools.enumerated() {
      let result = network.answers[index]
      answer.pools.append(
        .init(
          provider: pool.provider, sites: pool.columns.map { sites[usable[$0]].site.name },
          places: network.pools[index].servers, holdingTime: 1 / network.pools[index].serviceRate,
          peakedness: result.peakedness,
          offers: refusal.offers.filter { $0.pool == index }.map {
            (estate.populations[$0.row].name, $0.offered, $0.carried)
          },
          carried: result.carried, passedOn: max(0, result.overflow - lost[index]),
          lost: min(lost[index], result.overflow), method: result.method))
    }
    let matched = answer.pools.filter { !$0.method.isExact }
    answer.remarks.append(
      matched.isEmpty
        ? "with first refusal, what is offered, carried, passed on and lost is exact for exponential holding times"
        : "with first refusal, streams meet at \(matched.map(\.provider).uniqued.joined(separator: ", ")), where what is "
          + "refused is approximated, to within \(Int(OverflowNetwork.matchedError * 100)) % of what is offered")
  }

  /// The share of what all pools refuse that nobody else serves.
  private func lostShare(_ refusal: FirstRefusal, _ assignment: Assignment) -> Double {
    let left = refusal.left.reduce(0, +)
    return left > 0 ? assignment.lost.reduce(0, +) / left : 0
  }
}

extension [String] {
  /// Each once, where it came first.
  fileprivate var uniqued: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
