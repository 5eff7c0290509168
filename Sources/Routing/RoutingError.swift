public import ClusterModel

/// Why traffic between ranks cannot be routed as asked.
public enum RoutingError: Error, Hashable, Sendable {
  /// The blueprint does not describe a fabric.
  case blueprint(BlueprintError)
  /// More ranks than there are accelerators in use, or fewer than one.
  case ranks(asked: Int, available: Int)
  /// A segment (its place in the rank order) whose template repeats or does not exist, whose digits are not the
  /// template's axes, each once and after its parent, or that uses fewer than one index of an axis.
  case segment(Int)
  /// A level (its place in the rank order) without a number of leading digits for every segment, or out of order.
  case level(Int)
  /// A class of traffic between ranks of a level that the rank order lacks.
  case trafficClass(TrafficClass)
  /// So many kinds of ranks, told apart by exceptions, that routing to each of them would take too long.
  case tooManyOrbits(Int)
}
