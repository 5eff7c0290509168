public import ClusterModel

/// A way to carry out collectives.
///
/// To add one: a file with a type that conforms, and its line in `CollectiveAlgorithms.all`.
public protocol CollectiveAlgorithm: Sendable {
  /// Its name in commands and answers: `ring`.
  static var name: String { get }
  /// The collectives it can carry out.
  static var collectives: [Collective] { get }

  /// Whether on a torus all ranks send alike, to every other rank or to their neighbours, so that the loads of links
  /// follow from one rank's; false if it does not say so.
  static var isAlikeOnTori: Bool { get }

  /// Whether the message is dealt over channels that leave groups from different ranks, so that all ranks of a group
  /// share what leaves it; the expansion then lists the messages of one channel. False if it does not say so.
  static var isDealtOverChannels: Bool { get }

  /// What it does for a collective on the groups of a topology; a schedule without phases for a single rank.
  /// - Throws: `AlgorithmError.notApplicable` with the reason.
  static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule

  /// Its messages one by one, for a collective and ladder that `schedule` accepts.
  /// - Throws: `AlgorithmError` when the algorithm does not apply.
  static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion

  /// Its messages without steps that differ from others only in which chunks they carry, for as many ranks as one
  /// likes; nil, if it does not say so, where all have to be listed.
  /// - Throws: `AlgorithmError` when the algorithm does not apply.
  static func distinctSteps(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> DistinctSteps?
}

extension CollectiveAlgorithm {
  /// Most algorithms choose partners by rank numbers, which a torus cannot turn round.
  public static var isAlikeOnTori: Bool { false }

  /// Most algorithms send other volumes, or to others, in every step.
  public static func distinctSteps(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> DistinctSteps? { nil }

  /// Most algorithms list all their messages.
  public static var isDealtOverChannels: Bool { false }
}

/// Why there is no schedule.
public enum AlgorithmError: Error, Hashable, Sendable {
  /// The algorithm cannot carry out this collective on these groups; the reason as one sentence.
  case notApplicable(reason: String)
  /// Too many ranks to list every message.
  case tooManyRanks(Int, limit: Int)
}

extension AlgorithmError: CustomStringConvertible {
  /// The reason as one sentence.
  public var description: String {
    switch self {
    case .notApplicable(let reason): reason
    case .tooManyRanks(let ranks, let limit): "Messages are listed for at most \(limit) ranks, not \(ranks)."
    }
  }
}

/// What the fabric can do beyond carrying bytes.
public struct FabricCapabilities: Sendable, Hashable {
  /// Whether the switches of a scale-up domain reduce and multicast.
  public var inSwitchReduction: Bool
  /// Whether the switches of the network between domains reduce and multicast.
  public var networkReduction: Bool

  /// The abilities of a fabric.
  public init(inSwitchReduction: Bool = false, networkReduction: Bool = false) {
    self.inSwitchReduction = inSwitchReduction
    self.networkReduction = networkReduction
  }
}
