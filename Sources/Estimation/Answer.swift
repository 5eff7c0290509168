public import ClusterModel
public import Collectives
import Quantities

/// What a question was asked of: the topology's name and its parameters' values.
public struct Subject: Sendable, Hashable {
  /// The name or path as asked, without parameters.
  public var topology: String
  /// The title in the file.
  public var title: String
  /// The parameters' values, also those left at their defaults.
  public var parameters: [String: String]

  /// A subject of its parts.
  public init(topology: String, title: String, parameters: [String: String]) {
    self.topology = topology
    self.title = title
    self.parameters = parameters
  }
}

/// The answer to a question: an estimate per size, and what they all rest on.
public struct Answer: Sendable {
  /// An algorithm that cannot run here, and why.
  public struct Refusal: Sendable, Hashable {
    /// The algorithm's name.
    public var algorithm: String
    /// Why, in one sentence.
    public var reason: String

    /// A refusal of its parts.
    public init(algorithm: String, reason: String) {
      self.algorithm = algorithm
      self.reason = reason
    }
  }

  /// What groups of ranks do that form the same tiers.
  public struct GroupPlans: Sendable {
    /// The ranks of each of these groups.
    public var groups: [[Int]]
    /// The schedules of the chosen algorithms, by name.
    public var plans: [String: Schedule]

    /// Groups with their schedules.
    public init(groups: [[Int]], plans: [String: Schedule]) {
      self.groups = groups
      self.plans = plans
    }
  }

  /// What was asked about.
  public var subject: Subject
  /// What was asked.
  public var question: Question
  /// How many ranks take part, in all groups.
  public var ranks: Int
  /// The groups that run the collective side by side; nil: all ranks are one group.
  public var groups: RankGroups?
  /// The library profile's name.
  public var library: String
  /// One per asked size, in the asked order.
  public var estimates: [Estimate]
  /// Algorithms that cannot run here.
  public var refusals: [Refusal]
  /// The figures that the answer rests on.
  public var assumptions: [Cluster.Assumption]
  /// Things worth knowing: unused ports, approximations, extrapolation.
  public var remarks: [String]
  /// The schedules of the chosen algorithms, by name, as lines of text.
  public var schedules: [String: [String]] { plans.mapValues(\.explanation) }
  /// The schedules of the chosen algorithms, by name.
  public var plans: [String: Schedule]
  /// The same by kind of group, where groups of ranks lie across boxes or racks in different ways; else empty.
  public var plansByKind: [GroupPlans]
  /// Why no algorithm is faster than the estimates' bounds.
  public var proof: BoundProof?

  /// An answer of its parts.
  public init(
    subject: Subject, question: Question, ranks: Int, groups: RankGroups? = nil, library: String,
    estimates: [Estimate], refusals: [Refusal], assumptions: [Cluster.Assumption], remarks: [String],
    plans: [String: Schedule] = [:], plansByKind: [GroupPlans] = [], proof: BoundProof? = nil
  ) {
    self.subject = subject
    self.question = question
    self.ranks = ranks
    self.groups = groups
    self.library = library
    self.estimates = estimates
    self.refusals = refusals
    self.assumptions = assumptions
    self.remarks = remarks
    self.plans = plans
    self.plansByKind = plansByKind
    self.proof = proof
  }

  /// How many ranks each collective joins: those of a group.
  public var ranksPerCollective: Int { groups?.size ?? ranks }

  /// Bus bandwidth of one of its estimates in bytes per second, by the convention of nccl-tests; of a matrix of amounts
  /// what the rank with most to send sends.
  public func busBandwidth(of estimate: Estimate) -> Double {
    let factor = question.collective.busBandwidthFactor(ranks: ranksPerCollective)
    if case .matrix = question.amounts { return estimate.algorithmBandwidth.bytesPerSecond }
    return estimate.algorithmBandwidth.bytesPerSecond * factor
  }
}

/// The same questions put to several clusters.
public struct Comparison: Sendable {
  /// One question's times, one per subject.
  public struct Row: Sendable {
    /// The collective.
    public var collective: Collective
    /// The estimates, one per subject in order.
    public var estimates: [Estimate]

    /// A row of its parts.
    public init(collective: Collective, estimates: [Estimate]) {
      self.collective = collective
      self.estimates = estimates
    }

    /// Each time over the first subject's time.
    public var ratiosToFirst: [Double] { estimates.map { $0.time / (estimates.first?.time ?? $0.time) } }
  }

  /// What is compared, with how many ranks each.
  public var subjects: [Subject]
  /// Ranks of each subject.
  public var ranks: [Int]
  /// One per collective and size, in the asked order.
  public var rows: [Row]
  /// The answers that the rows come from: for each collective, one per subject.
  public var answers: [[Answer]]

  /// Sets answers side by side.
  /// - Parameter answers: For each question, the answers of all subjects, with the same sizes.
  public init(_ answers: [[Answer]]) {
    self.answers = answers
    subjects = answers.first?.map(\.subject) ?? []
    ranks = answers.first?.map(\.ranks) ?? []
    rows = answers.flatMap { perSubject in
      (0..<(perSubject.map(\.estimates.count).min() ?? 0)).map { size in
        Row(
          collective: perSubject[0].question.collective, estimates: perSubject.map { $0.estimates[size] })
      }
    }
  }
}
