extension Schedule {
  /// What decides a library's cost of a message hop and the rate that its messages reach.
  public enum Family: String, Sendable, Hashable, CaseIterable {
    /// Messages in turn: rings, chains, exchanges.
    case ring
    /// Trees that carry a message up and another down with each hop.
    case tree
    /// Switches of the scale-up domain reduce or multicast.
    case inSwitch
    /// Each message is a transfer of its own between two ranks.
    case pointToPoint
  }

  /// Whether switches of the scale-up domain reduce or multicast.
  public var usesInSwitchReduction: Bool { family == .inSwitch }

  /// Whose figures its message hops take.
  var hopFamily: HopFamily { family == .tree ? .tree : .ring }
}

extension Collective {
  /// Whether it passes over the ranks once, without a reduction that is then handed back.
  var isOnePass: Bool {
    switch self {
    case .allGather, .reduceScatter, .broadcast, .reduce: true
    case .allReduce, .allToAll, .gather, .scatter, .sendReceive: false
    }
  }
}
