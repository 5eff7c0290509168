/// A schedule rank by rank: every message by sender, receiver and what it carries.
public struct ScheduleExpansion: Sendable, Hashable {
  /// How many chunks there are, numbered from 0.
  ///
  /// All-reduce: every rank has all chunks at both ends. All-gather and reduce-scatter: the chunks are dealt to the
  /// ranks in equal runs, and rank r begins (ends) with run r. All-to-all: the chunks are dealt to the pairs in equal
  /// runs, and run `a * n + b` is what rank a has for rank b. Broadcast and reduce: rank 0 begins (ends) with all
  /// chunks. Gather and scatter: run r is what rank 0 receives from (sends to) rank r. Send-receive: chunk r is what
  /// rank r sends.
  public var chunkCount: Int
  /// The size of one chunk per byte of S.
  public var chunkShare: Double
  /// What happens, in order; the messages of one step read what was there before it.
  public var steps: [Step]

  /// An expansion of its parts.
  public init(chunkCount: Int, chunkShare: Double, steps: [Step]) {
    self.chunkCount = chunkCount
    self.chunkShare = chunkShare
    self.steps = steps
  }

  /// Messages that are on their way at once.
  public struct Step: Sendable, Hashable {
    /// The messages.
    public var transfers: [Transfer]
    /// The place of the schedule's phase that it is a part of; nil where the steps follow the phases in order, as many
    /// as each repeats.
    public var phase: Int?

    /// A step of its messages.
    public init(_ transfers: [Transfer] = [], phase: Int? = nil) {
      self.transfers = transfers
      self.phase = phase
    }
  }

  /// One message.
  public struct Transfer: Sendable, Hashable {
    /// Who sends.
    public var from: Endpoint
    /// Who receives.
    public var to: Endpoint
    /// What it carries.
    public var chunks: ChunkRun
    /// What the receiver does with it.
    public var effect: Effect

    /// A message of its parts.
    public init(from: Endpoint, to: Endpoint, chunks: ChunkRun, effect: Effect) {
      self.from = from
      self.to = to
      self.chunks = chunks
      self.effect = effect
    }
  }

  /// One end of a message.
  public enum Endpoint: Sendable, Hashable {
    case rank(Int)
    /// The switches of the scale-up domain with this index, as one.
    case domainSwitch(Int)
    /// The switches of the network between domains, as one.
    case networkSwitches
  }

  /// What a receiver does with a message.
  public enum Effect: String, Sendable, Hashable {
    /// It takes the place of what was there.
    case copy
    /// It is added to what was there.
    case reduce
  }

  /// Evenly spaced chunks.
  public struct ChunkRun: Sendable, Hashable, Sequence {
    /// The first one.
    public var first: Int
    /// How many.
    public var count: Int
    /// From one to the next; at least 1.
    public var stride: Int

    /// Evenly spaced chunks.
    public init(first: Int, count: Int = 1, stride: Int = 1) {
      self.first = first
      self.count = count
      self.stride = stride
    }

    /// The chunks' numbers in order.
    public func makeIterator() -> LazyMapSequence<Range<Int>, Int>.Iterator {
      (0..<count).lazy.map { [first, stride] in first + $0 * stride }.makeIterator()
    }
  }
}
