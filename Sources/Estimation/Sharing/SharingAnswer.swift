public import ClusterModel
public import Quantities

/// How several collectives get on that run at the same time.
public struct SharingAnswer: Sendable {
  /// A kind of link that holds a job back.
  public struct Holder: Sendable, Hashable {
    /// The name of the kind of link: `nvlink5`.
    public var link: String
    /// The tier the links belong to.
    public var tier: Tier
    /// Between what, as paths.
    public var between: String
    /// The jobs (their places) that use it while it holds the job back.
    public var jobs: [Int]
  }

  /// One job's part.
  public struct Part: Sendable {
    /// The job.
    public var job: Job
    /// How many ranks it has, all groups together.
    public var ranks: Int
    /// What it would take alone.
    public var alone: Estimate
    /// When it ends.
    public var end: Seconds
    /// What holds it back for longest; nil where nothing does.
    public var holder: Holder?

    /// How long it takes beside the others.
    public var time: Seconds { end - job.start }
    /// That over what it takes alone; 1 where the others do not touch it.
    public var slowdown: Double { alone.time > .zero ? time / alone.time : 1 }
  }

  /// A stretch of time in which no job and no phase of one begins or ends.
  public struct Period: Sendable, Hashable {
    /// When it begins.
    public var start: Seconds
    /// When it ends.
    public var end: Seconds
    /// By job: its speed as a share of that alone; nil while it does not run.
    public var rates: [Double?]
  }

  /// What is asked about.
  public var subject: Subject
  /// The jobs, in the asked order.
  public var parts: [Part]
  /// What happens when.
  public var periods: [Period]
  /// No division of the links has all jobs done sooner: the busiest link's work, and each job alone.
  public var lowerBound: Seconds
  /// The figures that the answer rests on.
  public var assumptions: [Cluster.Assumption]
  /// Things worth knowing.
  public var remarks: [String]

  /// When all jobs are done.
  public var end: Seconds { parts.map(\.end).max() ?? .zero }
  /// When all would be done if each waited for the one before it.
  public var oneAfterAnother: Seconds {
    parts.sorted { $0.job.start < $1.job.start }.reduce(Seconds.zero) { max($0, $1.job.start) + $1.alone.time }
  }
}
