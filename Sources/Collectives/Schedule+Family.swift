extension Schedule {
  /// What decides the library's cost of a message hop and the rate that its messages reach.
  enum Family: Sendable {
    case ring, tree, inSwitch, pointToPoint
  }

  var family: Family {
    if usesInSwitchReduction { return .inSwitch }
    switch collective {
    case .allToAll, .sendReceive, .gather, .scatter: return .pointToPoint
    default: return hopFamily == .tree ? .tree : .ring
    }
  }

  /// Whose figures its message hops take: a tree's hop carries a message up and another down.
  var hopFamily: HopFamily { algorithm == "tree" ? .tree : .ring }
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
