/// A kind of traffic between ranks whose link loads are the same for every rank: a column of the load operator.
///
/// Unit of each class: every rank sends one byte in all, spread evenly over its peers of that class (a rank without
/// such peers sends none). Where two peers have different numbers of peers, both send the smaller of the two even
/// shares, so that no rank receives more than one byte: what a large group sends to a small one is what comes back.
public enum TrafficClass: Hashable, Sendable {
  /// To the ranks whose smallest common group with the sender is of this level (an index into `RankOrder.levels`).
  /// Aligned: only to those on the same rail.
  case peers(level: Int, aligned: Bool)
  /// To the switches of the rank's scale-up domain, which reduce or multicast, and back: one byte each way.
  case inSwitch
  /// To the next rank round a ring of a torus, or the one before: ring 0 is that of the rank's fastest-running digit.
  case neighbours(ring: Int, forward: Bool)
}
