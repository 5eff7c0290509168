/// Steps of a schedule without those that differ from others only in which chunks they carry.
public struct DistinctSteps: Sendable, Hashable {
  /// The size of one chunk per byte of S.
  public var chunkShare: Double
  /// The steps and how often each occurs.
  public var steps: [Repeated]

  /// A step that stands for others.
  public struct Repeated: Sendable, Hashable {
    /// One of the steps.
    public var step: ScheduleExpansion.Step
    /// How many there are.
    public var count: Int

    /// A step that stands for others.
    public init(_ step: ScheduleExpansion.Step, count: Int) {
      self.step = step
      self.count = count
    }
  }

  /// Distinct steps of their parts.
  public init(chunkShare: Double, steps: [Repeated]) {
    self.chunkShare = chunkShare
    self.steps = steps
  }
}
