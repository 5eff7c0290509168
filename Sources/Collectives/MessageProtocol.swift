/// How a library moves a message over a link.
public enum MessageProtocol: String, Sendable, Hashable, CaseIterable {
  /// Flags beside every four bytes: the lowest latency, half the bandwidth.
  case ll = "LL"
  /// Flags beside every 120 bytes.
  case ll128 = "LL128"
  /// Whole buffers with a fence: the full bandwidth, the highest latency.
  case simple
}
