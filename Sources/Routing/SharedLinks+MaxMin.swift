extension SharedLinks {
  /// Max-min fair rates, with the link that holds each flow back.
  public struct Rates: Sendable, Hashable {
    /// By flow: its rate.
    public var rates: [Double]
    /// By flow: a full link on which no flow has a larger rate over its weight; the certificate of fairness.
    public var bottlenecks: [Int]
  }

  /// Flows that are done at the same time.
  public struct Completion: Sendable, Hashable {
    /// When.
    public var time: Double
    /// Which, in ascending order.
    public var flows: [Int]
  }

  /// Levels this near to each other count as one, so that alike links fill together.
  private static let tolerance = 1e-12

  /// The max-min fair rates: no flow's rate over its weight can grow but at the cost of one that has no more.
  ///
  /// Progressive filling from full link to full link (Bertsekas and Gallager, Data Networks, 1992): the next link is the one
  /// that fills at the lowest level, from a heap in which outdated levels stay until they surface.
  /// - Parameter weights: By flow; nil: all alike.
  /// - Throws: `Failure` when there is not a positive weight for each flow.
  /// - Complexity: O(uses · log uses).
  public func maxMinRates(weights: [Double]? = nil) throws(Failure) -> Rates {
    let weights = weights ?? flows.map { _ in 1 }
    try check(weights, isPositive: true)
    return filled(weights, active: flows.map { _ in true })
  }

  /// When flows of given sizes are done if the rates are max-min fair at every moment: what a flow that is done leaves
  /// free goes to the others.
  /// - Parameters:
  ///   - sizes: By flow.
  ///   - weights: By flow; nil: all alike.
  /// - Throws: `Failure` when there is not a size and a positive weight for each flow.
  /// - Complexity: One filling per completion.
  public func completions(sizes: [Double], weights: [Double]? = nil) throws(Failure) -> [Completion] {
    let weights = weights ?? flows.map { _ in 1 }
    try check(sizes, isPositive: false)
    try check(weights, isPositive: true)
    var rest = sizes
    var active = sizes.map { $0 > 0 }
    var time = 0.0
    var completions: [Completion] = []
    let none = active.indices.filter { !active[$0] }
    if !none.isEmpty { completions.append(Completion(time: 0, flows: none)) }
    while active.contains(true) {
      let rates = filled(weights, active: active).rates
      let running = active.indices.filter { active[$0] }
      let step = running.reduce(Double.infinity) { min($0, rest[$1] / rates[$1]) }
      guard step.isFinite else { break }
      time += step
      var done: [Int] = []
      for flow in running {
        rest[flow] -= step * rates[flow]
        if rest[flow] <= sizes[flow] * SharedLinks.tolerance {
          active[flow] = false
          done.append(flow)
        }
      }
      completions.append(Completion(time: time, flows: done))
    }
    return completions
  }

  private func filled(_ weights: [Double], active: [Bool]) -> Rates {
    var filling = Filling(self, weights: weights, active: active)
    return filling.run()
  }

  /// The state of one filling: links with what frozen flows take of them and the weight that still grows.
  private struct Filling {
    private let shared: SharedLinks
    private let weights: [Double]
    private var isGrowing: [Bool]
    private var frozen: [Double]
    private var growing: [Double]
    private var growingFlows: [Int]
    private var rates: [Double]
    private var bottlenecks: [Int]
    private var heap: MinimumHeap<Double>

    init(_ shared: SharedLinks, weights: [Double], active: [Bool]) {
      self.shared = shared
      self.weights = weights
      isGrowing = active
      frozen = shared.capacities.map { _ in 0 }
      growing = shared.users.map { users in
        users.reduce(0) { active[$1.link] ? $0 + $1.amount * weights[$1.link] : $0 }
      }
      growingFlows = shared.users.map { users in users.count { active[$0.link] } }
      rates = shared.flows.map { _ in 0 }
      bottlenecks = shared.flows.map { $0[0].link }
      heap = MinimumHeap<Double>()
      for link in growing.indices where growingFlows[link] > 0 { heap.push(level(of: link), link) }
    }

    /// The common rate over weight at which a link is full.
    private func level(of link: Int) -> Double { max(0, shared.capacities[link] - frozen[link]) / growing[link] }

    mutating func run() -> Rates {
      while let (level, link) = heap.pop() {
        guard growingFlows[link] > 0 else { continue }
        let own = self.level(of: link)
        // A level that has risen since it was noted goes back.
        guard own <= level * (1 + SharedLinks.tolerance) else {
          heap.push(own, link)
          continue
        }
        freeze(at: level, first: link)
      }
      return Rates(rates: rates, bottlenecks: bottlenecks)
    }

    /// Freezes the flows of all links that are full at a level, the lowest links first.
    private mutating func freeze(at level: Double, first: Int) {
      var full = [first]
      while let (next, link) = heap.peek(), next <= level * (1 + SharedLinks.tolerance) {
        _ = heap.pop()
        guard growingFlows[link] > 0 else { continue }
        let own = self.level(of: link)
        if own <= level * (1 + SharedLinks.tolerance) { full.append(link) } else { heap.push(own, link) }
      }
      for link in full.sorted() {
        for user in shared.users[link] where isGrowing[user.link] {
          let flow = user.link
          isGrowing[flow] = false
          rates[flow] = level * weights[flow]
          bottlenecks[flow] = link
          for use in shared.flows[flow] {
            frozen[use.link] += use.amount * rates[flow]
            growing[use.link] -= use.amount * weights[flow]
            growingFlows[use.link] -= 1
          }
        }
      }
    }
  }
}
