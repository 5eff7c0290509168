public import Collectives
public import Quantities

/// Something that may be wrong with a cluster, as changes of the model.
///
/// Causes are catalogue data (`causes.yaml`); this type holds one, read and checked.
public struct Cause: Sendable, Hashable {
  /// Which links a grade changes.
  public enum Links: String, Sendable, Hashable, CaseIterable {
    /// Those between hosts and the first network switch.
    case network
    /// Those between network switches.
    case uplinks
    /// Those inside scale-up domains.
    case scaleUp = "scale-up"
  }

  /// What remains of a link's rate.
  public enum Share: Sendable, Hashable {
    /// A fixed share.
    case fixed(Double)
    /// All but one of a host's network ports.
    case oneLess
    /// The rate and the kind of a GPU's link to its host.
    case asHostLink
  }

  /// A change of figures of the library's profile; a `*` in the name stands for any one part of it.
  public struct FigureChange: Sendable, Hashable {
    /// The name of the figures.
    public var figure: String
    /// What is added, or what they are multiplied by.
    public var amount: Double
  }

  /// One severity of the cause.
  public struct Grade: Sendable, Hashable {
    /// The links that are slower, and what remains of their rate.
    public var links: Links?
    /// What remains of those links' rate.
    public var share: Share?
    /// Times added to figures.
    public var added: [FigureChange] = []
    /// Factors on figures.
    public var multiplied: [FigureChange] = []
    /// Time added to every collective.
    public var delay = Seconds.zero
    /// Whether switches do not reduce.
    public var withoutInSwitch = false
    /// The only algorithms that run; empty: all.
    public var onlyAlgorithms: [String] = []
    /// Protocols that do not run.
    public var withoutProtocols: [MessageProtocol] = []
  }

  /// Where the shortfall arises.
  public enum Place: String, Sendable, Hashable, CaseIterable {
    case network, uplinks
    case scaleUp = "scale-up"
    /// In no tier: the processor or the library.
    case none
  }

  /// Its name: `nic-missing`.
  public var id: String
  /// What is wrong, as a clause.
  public var says: String
  /// Where to look, as a list in words.
  public var lookAt: String
  /// Where the shortfall arises.
  public var place: Place
  /// The network that the library's messages name when this is the cause; nil where they do not tell.
  public var network: String?
  /// Its severities, at least one.
  public var grades: [Grade]
}

/// The causes that diagnoses know, and what a healthy log may stray by.
public struct CauseCatalog: Sendable {
  /// The causes in the order of the file.
  public var causes: [Cause]
  /// The standard deviation of a healthy row's logarithm of time around the cluster's own mean.
  public var noise: Double
  /// The standard deviation of the model's error over a range of sizes, by regime.
  public var misfit: [MessageRegime: Double]
  /// By how much the logarithm of the likelihood must rise for a cause to be named.
  public var leastGain: Double
}
