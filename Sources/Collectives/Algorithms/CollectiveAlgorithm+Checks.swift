import ClusterModel

extension CollectiveAlgorithm {
  /// Refuses collectives that the algorithm does not know and ladders that do not add up.
  static func check(_ collective: Collective, on ladder: TierLadder) throws(AlgorithmError) {
    guard collectives.contains(collective) else {
      let known = collectives.map(\.rawValue).joined(separator: ", ")
      throw .notApplicable(reason: "The algorithm '\(name)' carries out \(known), not \(collective).")
    }
    try ladder.validate()
  }
}
