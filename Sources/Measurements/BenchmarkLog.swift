public import Collectives
public import Quantities

/// What a benchmark of collectives printed: the tables of nccl-tests or rccl-tests, with what the log says of the runs.
public struct BenchmarkLog: Sendable, Hashable {
  /// One run of one collective over several sizes.
  public struct Table: Sendable, Hashable {
    /// The program or operation as the log names it: `all_reduce_perf`; nil where it does not.
    public var name: String?
    /// The collective; nil where the log does not tell it or it is none of ours.
    public var collective: Collective?
    /// How many ranks took part; nil where the log does not tell.
    public var ranks: Int?
    /// The names of the GPUs, each once, in order of appearance.
    public var gpus: [String]
    /// On how many hosts the ranks ran; nil where the log does not tell.
    public var hosts: Int?
    /// GPUs that one process drove; nil where the log does not tell.
    public var gpusPerProcess: Int?
    /// Whether launches were replayed from a graph; nil where the log does not tell.
    public var graphLaunch: Bool?
    /// Whether the times are those of the processor, not of the collective.
    public var reportsProcessorTime: Bool
    /// Bus bandwidth over algorithm bandwidth, as printed; nil where no row is large enough to tell.
    public var busFactor: Double?
    /// One row a size, in the order of sizes.
    public var rows: [Row]
    /// What was chosen where the rows were not plain: repeated or unsorted sizes.
    public var remarks: [String]

    /// A table of its parts.
    public init(
      name: String? = nil, collective: Collective? = nil, ranks: Int? = nil, gpus: [String] = [], hosts: Int? = nil,
      gpusPerProcess: Int? = nil, graphLaunch: Bool? = nil, reportsProcessorTime: Bool = false,
      busFactor: Double? = nil, rows: [Row] = [], remarks: [String] = []
    ) {
      self.name = name
      self.collective = collective
      self.ranks = ranks
      self.gpus = gpus
      self.hosts = hosts
      self.gpusPerProcess = gpusPerProcess
      self.graphLaunch = graphLaunch
      self.reportsProcessorTime = reportsProcessorTime
      self.busFactor = busFactor
      self.rows = rows
      self.remarks = remarks
    }
  }

  /// The times of one size.
  public struct Row: Sendable, Hashable {
    /// The size in the convention of nccl-tests.
    public var bytes: Bytes
    /// The time with separate buffers; nil where there is none that can be used.
    public var outOfPlace: Seconds?
    /// The time with one buffer; nil where there is none that can be used.
    public var inPlace: Seconds?
    /// Why the row cannot be used; nil where it can.
    public var fault: Fault?

    /// A row of its parts.
    public init(bytes: Bytes, outOfPlace: Seconds?, inPlace: Seconds?, fault: Fault? = nil) {
      self.bytes = bytes
      self.outOfPlace = outOfPlace
      self.inPlace = inPlace
      self.fault = fault
    }

    /// The mean of the times in place and out of place; nil for a row that cannot be used.
    public var time: Seconds? {
      let times = [outOfPlace, inPlace].compactMap { $0 }
      guard fault == nil, !times.isEmpty else { return nil }
      return times.reduce(.zero, +) * (1 / Double(times.count))
    }
  }

  /// Why a row cannot be used.
  public enum Fault: String, Sendable, Hashable, CaseIterable {
    /// A size of nothing has no bandwidth to compare.
    case noBytes = "the size is zero"
    /// Zero or less.
    case notPositive = "the time is zero or below"
    /// `nan`, `inf` or no number at all.
    case notANumber = "the time is not a number"
    /// The check of the data failed, so that the time is that of something else.
    case wrongResults = "the results were wrong"
    /// Size over time is not the bandwidth beside it.
    case inconsistent = "size, time and bandwidth of the row contradict each other"
    /// The line ends before the first time's bandwidth.
    case cut = "the line is cut off"
  }

  /// The tables in the order of the log.
  public var tables: [Table]
  /// What the library said of the network it uses, each once: `IB`, `Socket`.
  public var networks: [String]
  /// The fewest network adapters that the library said of a host that it uses; nil where it does not say.
  public var networkAdapters: Int?
  /// How many rows were left out because there were more than are kept.
  public var rowsLeftOut: Int

  /// A log of its parts.
  public init(tables: [Table], networks: [String] = [], networkAdapters: Int? = nil, rowsLeftOut: Int = 0) {
    self.tables = tables
    self.networks = networks
    self.networkAdapters = networkAdapters
    self.rowsLeftOut = rowsLeftOut
  }
}
