public import ClusterModel
public import Collectives
public import Quantities
public import Routing

/// A question about one cluster: how long a collective takes at some sizes.
public struct Question: Sendable, Hashable {
  /// Whether switches reduce and multicast.
  public enum InSwitch: String, Sendable, Hashable, CaseIterable {
    /// Inside a scale-up domain where the hardware has it; between switches off.
    case auto
    /// Wherever the hardware has it.
    case on
    /// Nowhere.
    case off
  }

  /// Which of the algorithms that a library has is taken.
  public enum Selection: String, Sendable, Hashable, CaseIterable {
    /// The fastest, so that no time falls when the size grows.
    case fastest
    /// The one that the library picks by its own reckoning.
    case library
  }

  /// What runs the collective, as far as it changes the time.
  public struct Harness: Sendable, Hashable {
    /// The program that issues collectives.
    public enum Launcher: String, Sendable, Hashable, CaseIterable { case ncclTests = "nccl-tests", torch }

    /// GPUs driven by one process; at least 1.
    public var gpusPerProcess: Int
    /// Whether launches are replayed from a graph, so that the processor takes no part.
    public var graphLaunch: Bool
    /// The program that issues collectives.
    public var launcher: Launcher

    /// A harness; the defaults are those of nccl-tests with one GPU per process.
    public init(gpusPerProcess: Int = 1, graphLaunch: Bool = false, launcher: Launcher = .ncclTests) {
      self.gpusPerProcess = gpusPerProcess
      self.graphLaunch = graphLaunch
      self.launcher = launcher
    }
  }

  /// What pairs of ranks exchange in an all-to-all of unequal parts.
  public enum Amounts: Sendable, Hashable {
    /// So many bytes for each pair; the size follows from them.
    case matrix(UnequalAllToAll)
    /// The first rank receives so many times what it would of equal parts, and the others share the rest evenly.
    case skew(Double)
  }

  /// The collective.
  public var collective: Collective
  /// Message sizes as nccl-tests counts them.
  public var sizes: [Bytes]
  /// The first so many ranks take part; nil: all accelerators in use.
  public var ranks: Int?
  /// Groups of these ranks that run the collective side by side; nil: all ranks are one group.
  public var grouping: RankGrouping?
  /// Unequal parts of an all-to-all; nil: equal ones.
  public var amounts: Amounts?
  /// Only this algorithm; nil: the fastest of those the library has.
  public var algorithm: String?
  /// Only this protocol; nil: the fastest.
  public var messageProtocol: MessageProtocol?
  /// The communication library's profile; nil: the one usual for the accelerators.
  public var library: String?
  /// What runs the collective.
  public var harness: Harness
  /// Whether switches reduce.
  public var inSwitch: InSwitch
  /// Which of the algorithms that the library has is taken.
  public var selection = Selection.fastest
  /// Whether the time that no algorithm can beat is worked out too, below which no time is told.
  public var includesBound = true
  /// How traffic is divided among paths.
  public var routing = RoutingPolicy.equalSplit

  /// The sizes that answers are for: those asked, or the one that a matrix of amounts has.
  var askedSizes: [Bytes] {
    if case .matrix(let matrix) = amounts { return [matrix.size] }
    return sizes
  }

  /// A question with its options.
  public init(
    _ collective: Collective, sizes: [Bytes], ranks: Int? = nil, grouping: RankGrouping? = nil, amounts: Amounts? = nil,
    algorithm: String? = nil,
    messageProtocol: MessageProtocol? = nil, library: String? = nil, harness: Harness = Harness(),
    inSwitch: InSwitch = .auto
  ) {
    self.collective = collective
    self.sizes = sizes
    self.ranks = ranks
    self.grouping = grouping
    self.amounts = amounts
    self.algorithm = algorithm
    self.messageProtocol = messageProtocol
    self.library = library
    self.harness = harness
    self.inSwitch = inSwitch
  }
}
