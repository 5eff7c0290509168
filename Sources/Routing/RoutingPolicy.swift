/// How switches divide traffic among the shortest paths to its destination.
///
/// Keeping to one rail is no policy of switches but of those who send: see `TrafficClass.peers` with `aligned`.
public enum RoutingPolicy: String, Sendable, Hashable, CaseIterable {
  /// Everything takes the first next hop in the order of the arcs, over its parallel links evenly: static routing.
  case singlePath = "single-path"
  /// Every next hop's links get the same (equal-cost multipath), whatever they can carry on.
  case equalSplit = "equal-split"
  /// Every next hop's links get in proportion to what they can deliver to the destination (weighted multipath; Zhou et
  /// al., WCMP, 2014): behind a failed link less is sent to where it is missing.
  case weightedSplit = "weighted-split"
}
