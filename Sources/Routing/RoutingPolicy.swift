/// How traffic is divided among the paths to its destination.
public enum RoutingPolicy: String, Sendable, Hashable, CaseIterable {
  /// Everything takes the first next hop in the order of the arcs, over its parallel links evenly: static routing.
  case singlePath = "single-path"
  /// Every next hop's links get the same (equal-cost multipath), whatever they can carry on.
  case equalSplit = "equal-split"
  /// Every next hop's links get in proportion to what they can deliver to the destination (weighted multipath; Zhou et
  /// al., WCMP, 2014): behind a failed link less is sent to where it is missing.
  case weightedSplit = "weighted-split"
  /// What ranks of one scale-up domain have for a rank of another goes first to those of them that are on the receiver's
  /// rail, evenly, and from there over the network, so that it never changes rails there (NCCL's PXN). Ranks whose domain
  /// has none in use on that rail send across. Switches split evenly at every hop.
  case railAligned = "rail-aligned"

  /// Whether switches give every next hop's links the same.
  public var splitsEvenly: Bool { self == .equalSplit || self == .railAligned }
}
