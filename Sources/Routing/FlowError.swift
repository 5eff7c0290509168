public import ClusterModel

/// Why a bound by flows and cuts has no value.
public enum FlowError: Error, Hashable, Sendable {
  /// The ranks cannot be told apart on the fabric.
  case routing(RoutingError)
  /// A rank cannot reach another one.
  case unreachable
  /// A kind of link whose bandwidth is not a positive number.
  case capacity(LinkType)
  /// Capacities whose ratios do not fit 128-bit integers.
  case tooFineCapacities
  /// A rank that is not a vertex of the graph, or stands for several.
  case rank(CellID)
  /// The linear programme did not come to its end; it has more columns than the limit, or its figures lie too far apart.
  case programme(columns: Int)
}
