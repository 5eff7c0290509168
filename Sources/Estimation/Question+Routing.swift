import Routing

extension Question {
  /// What an answer says of how traffic is divided; nil where it is as usual.
  func routingRemark(hasRails: Bool) -> String? {
    switch routing {
    case .equalSplit: nil
    case .singlePath:
      "Traffic takes the first of its shortest paths, as static routing does; alike links share what that is for any of "
        + "them."
    case .weightedSplit: "Every next hop gets traffic in proportion to what it can deliver."
    case .railAligned:
      hasRails
        ? "What changes rails does so inside the scale-up domain, before the network; latency is that of the direct path."
        : "There is no scale-up domain in which traffic could change rails: it is split equally."
    }
  }
}
