/// How the time of the slowest link answers to every capacity at once, from the two slowest alone.
public struct BandwidthSensitivity: Sendable {
  /// By link: its load.
  public let loads: [Double]
  /// By link: its capacity.
  public let capacities: [Double]
  /// The time of the slowest link.
  public let time: Double
  /// The slowest link, the first where several tie.
  public let bottleneck: Int
  /// The time of the slowest of the other links.
  public let runnerUp: Double

  /// Sensitivities to the capacities of links with loads; nil without links, or where a capacity is not positive.
  /// - Complexity: O(links).
  public init?(loads: [Double], capacities: [Double]) {
    let areSound =
      loads.allSatisfy { $0 >= 0 && $0.isFinite } && capacities.allSatisfy { $0 > 0 && $0.isFinite }
    guard loads.count == capacities.count, !loads.isEmpty, areSound else { return nil }
    var (first, second, place) = (-1.0, 0.0, 0)
    for (link, (load, capacity)) in zip(loads, capacities).enumerated() {
      let time = load / capacity
      if time > first {
        (first, second, place) = (time, max(first, 0), link)
      } else {
        second = max(second, time)
      }
    }
    self.loads = loads
    self.capacities = capacities
    time = first
    bottleneck = place
    runnerUp = second
  }

  /// By link: what the time changes by per unit of capacity added; 0 for all where several links tie, since then no link
  /// alone makes it shorter.
  public var gradient: [Double] { derivatives(isShrinking: false) }

  /// By link: the same per unit of capacity for capacity that is taken away.
  public var gradientDownwards: [Double] { derivatives(isShrinking: true) }

  private func derivatives(isShrinking: Bool) -> [Double] {
    loads.indices.map { link in
      let isSlowest = loads[link] / capacities[link] == time
      let decides = isShrinking ? isSlowest : isSlowest && runnerUp < time
      return decides ? -loads[link] / (capacities[link] * capacities[link]) : 0
    }
  }

  /// The time after one capacity has become another, exactly.
  public func time(with capacity: Double, of link: Int) -> Double {
    max(loads[link] / capacity, link == bottleneck ? runnerUp : time)
  }

  /// The factor by which a link's capacity may grow or shrink before another link decides: for the slowest link up to this
  /// factor it decides, for any other it comes to decide below this factor; nil where that never happens.
  public func turningFactor(of link: Int) -> Double? {
    let other = link == bottleneck ? runnerUp : time
    let own = loads[link] / capacities[link]
    return other > 0 && own > 0 ? own / other : nil
  }
}
