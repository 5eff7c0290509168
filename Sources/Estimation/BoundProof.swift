import Quantities

/// Why no algorithm is faster than a bound.
public struct BoundProof: Sendable, Hashable {
  /// What kind of argument it is.
  public enum Kind: String, Sendable, Hashable {
    /// A cut, and schedules exist that reach it, latency aside.
    case optimum
    /// A cut; whether a schedule reaches it is not known.
    case cut
    /// The prices of links in the linear programme over all ways of routing; schedules exist that reach it.
    case programme
    /// The optimum of a reduce-scatter and of an all-gather behind it: a bound for algorithms made of these two, as all
    /// are that reduce on accelerators in equal parts.
    case twoPhases = "two-phases"
    /// What must cross the border of a rank or a group, from the tiers' capacities.
    case tiers
  }

  /// What kind of argument it is.
  public var kind: Kind
  /// The cut that decides; nil where there is none.
  public var cut: CutDescription?
  /// The whole argument in one sentence without a full stop.
  public var reason: String
}
