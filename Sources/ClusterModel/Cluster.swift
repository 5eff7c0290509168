/// A described cluster, ready to be asked: the graph's blueprint or explicit graph, the order of ranks, and what the
/// description said of the parts.
public struct Cluster: Sendable {
  /// The fabric as a blueprint, or, for an irregular one, as a graph of single vertices.
  public enum Graph: Sendable {
    case blueprint(Blueprint)
    /// A graph whose cells all have size 1, the accelerators' cells in rank order, and the vertices' names.
    case explicit(Topology, accelerators: [CellID], names: [String])
  }

  /// A figure that an answer rests on, with where it comes from.
  public struct Assumption: Sendable, Hashable {
    /// What: `NIC bandwidth of aws-p6e-gb300`.
    public var name: String
    /// The value with its unit.
    public var value: String
    /// The source: a title, address and date, or `assumed`.
    public var source: String

    /// A figure with its source.
    public init(name: String, value: String, source: String) {
      self.name = name
      self.value = value
      self.source = source
    }
  }

  /// A host by its name.
  public struct Host: Sendable, Hashable {
    /// Its name, as schedulers know it.
    public var name: String
    /// How many accelerators it has; they have consecutive ranks.
    public var accelerators: Int

    /// A host of its parts.
    public init(name: String, accelerators: Int) {
      self.name = name
      self.accelerators = accelerators
    }
  }

  /// A row of devices of an explicit graph.
  public struct Row: Sendable, Hashable {
    /// Its name in paths.
    public var name: String
    /// Its part's name; empty where it has none.
    public var part: String

    /// A row of its parts.
    public init(name: String, part: String) {
      self.name = name
      self.part = part
    }
  }

  /// What the accelerators of one kind of rack or box are, beyond the graph.
  public struct Accelerator: Sendable, Hashable {
    /// The part's name: `GB200`.
    public var part: String
    /// Its generation as communication libraries tell them apart: `hopper`, `blackwell` or `cdna3`.
    public var generation: String
    /// The name of its vendor: `nvidia`.
    public var vendor: String
    /// The processor that launches work: `x86-intel`, `x86-amd`, `grace`, …; empty where unknown.
    public var hostCPU: String

    /// An accelerator's facts.
    public init(part: String, generation: String, vendor: String, hostCPU: String) {
      self.part = part
      self.generation = generation
      self.vendor = vendor
      self.hostCPU = hostCPU
    }
  }

  /// The name of the topology: its `name`, else its file's.
  public var name: String
  /// The values of the parameters that are numbers.
  public var parameters: [String: Double]
  /// The values of the parameters that are words.
  public var words: [String: String]
  /// The graph.
  public var graph: Graph
  /// The order of ranks; for an explicit graph, one segment without digits.
  public var ranks: RankOrder
  /// The accelerators, one entry per segment of the rank order.
  public var accelerators: [Accelerator]
  /// The hosts in rank order, where the description names them; together they hold every rank.
  public var hosts: [Host] = []
  /// The rows of an explicit graph by the templates of its cells; empty for a blueprint.
  public var rows: [Row] = []
  /// The sizes of an explicit graph's groups in rank order, by level of the rank order but the outermost, which holds all
  /// ranks; empty for a blueprint.
  public var groupSizes: [[Int]] = []
  /// Whether the switches of the scale-up domain reduce and multicast (NVLink SHARP).
  public var inSwitchReduction: Bool
  /// Whether the switches of the network between domains reduce and multicast (SHARP).
  public var networkReduction: Bool
  /// The family of the scale-out transport; nil where there is none.
  public var transport: LinkTechnology?
  /// The version of the transport (`efa1`, `efa2`, …) where a library tells them apart.
  public var transportVersion: String
  /// Things worth knowing: unused ports, uneven groups, assumed figures.
  public var remarks: [String]
  /// The figures the answer rests on.
  public var assumptions: [Assumption]

  /// A cluster of its parts.
  public init(
    name: String, parameters: [String: Double] = [:], words: [String: String] = [:], graph: Graph, ranks: RankOrder,
    accelerators: [Accelerator],
    inSwitchReduction: Bool, networkReduction: Bool = false, transport: LinkTechnology?, transportVersion: String = "",
    remarks: [String] = [],
    assumptions: [Assumption] = []
  ) {
    self.name = name
    self.parameters = parameters
    self.words = words
    self.graph = graph
    self.ranks = ranks
    self.accelerators = accelerators
    self.inSwitchReduction = inSwitchReduction
    self.networkReduction = networkReduction
    self.transport = transport
    self.transportVersion = transportVersion
    self.remarks = remarks
    self.assumptions = assumptions
  }
}
