public import ClusterModel
public import Collectives
public import Quantities

/// The answer for one size: a time that explains itself.
public struct Estimate: Sendable, Hashable {
  /// The links that decide the bandwidth term.
  public struct Bottleneck: Sendable, Hashable {
    /// The name of the kind of link: `nvlink5`.
    public var link: String
    /// The tier the links belong to.
    public var tier: Tier
    /// Between what, as paths: `rack[*]/tray[*]/gpu[*] → rack[*]/nvswitch[*]`.
    public var between: String
    /// Bytes over each such link, one direction.
    public var bytesPerLink: Double
    /// What one such link carries in one direction, by its data sheet.
    public var bandwidth: Bandwidth
    /// The share of the data-sheet rate that the library's messages reach on it.
    public var efficiency: Double
    /// Time of the runner-up link over time of this one, at most 1, which is a tie.
    public var runnerUpShare: Double
    /// The runner-up: its kind of link and tier; nil where there is no other.
    public var runnerUp: String?

    /// A bottleneck of its parts.
    public init(
      link: String, tier: Tier, between: String, bytesPerLink: Double, bandwidth: Bandwidth, efficiency: Double,
      runnerUpShare: Double, runnerUp: String?
    ) {
      self.link = link
      self.tier = tier
      self.between = between
      self.bytesPerLink = bytesPerLink
      self.bandwidth = bandwidth
      self.efficiency = efficiency
      self.runnerUpShare = runnerUpShare
      self.runnerUp = runnerUp
    }
  }

  /// How long the links of one kind take.
  public struct LinkUse: Sendable, Hashable {
    /// The name of the kind of link: `nvlink5`.
    public var link: String
    /// The tier the links belong to.
    public var tier: Tier
    /// How long the busiest of them carries bytes.
    public var time: Seconds

    /// A use of its parts.
    public init(link: String, tier: Tier, time: Seconds) {
      self.link = link
      self.tier = tier
      self.time = time
    }
  }

  /// One addend of the time.
  public struct Term: Sendable, Hashable {
    /// What it is: `ring hops inside the domain`.
    public var name: String
    /// Where it arises; nil where it belongs to no tier.
    public var tier: Tier?
    /// Its time.
    public var time: Seconds
    /// How it was computed, with numbers: `142 × 1.23 µs`.
    public var formula: String
    /// Where its constants come from.
    public var source: String

    /// A term of its parts.
    public init(name: String, tier: Tier?, time: Seconds, formula: String, source: String) {
      self.name = name
      self.tier = tier
      self.time = time
      self.formula = formula
      self.source = source
    }
  }

  /// An algorithm and protocol with its time.
  public struct Candidate: Sendable, Hashable {
    /// The algorithm's name.
    public var algorithm: String
    /// The protocol.
    public var messageProtocol: MessageProtocol
    /// Its time.
    public var time: Seconds

    /// A candidate of its parts.
    public init(algorithm: String, messageProtocol: MessageProtocol, time: Seconds) {
      self.algorithm = algorithm
      self.messageProtocol = messageProtocol
      self.time = time
    }
  }

  /// How well the figures behind the answer are known.
  public enum Basis: String, Sendable, Hashable {
    /// Fitted on measurements of such hardware at such a scale.
    case calibrated
    /// Fitted, but on less or smaller hardware than this.
    case extrapolated
    /// Not fitted.
    case uncalibrated
  }

  /// The asked size.
  public var bytes: Bytes
  /// The time from the start of the collective to its end.
  public var time: Seconds
  /// The chosen algorithm.
  public var algorithm: String
  /// The chosen protocol.
  public var messageProtocol: MessageProtocol
  /// The part of the time that does not grow with the size.
  public var latencyTime: Seconds
  /// The part of the time that grows with the size.
  public var bandwidthTime: Seconds
  /// No algorithm can be faster; nil where the question left the bound out.
  public var lowerBound: Seconds?
  /// In words, what the bound rests on; nil where the question left it out.
  public var lowerBoundReason: String?
  /// Holds about nine in ten healthy clusters.
  public var interval: ClosedRange<Seconds>
  /// How well the figures are known.
  public var basis: Basis
  /// The links that decide the bandwidth term; nil where nothing crosses a link.
  public var bottleneck: Bottleneck?
  /// Every kind of link that carries something, the busiest first.
  public var links: [LinkUse]
  /// The addends of the time; they sum to it.
  public var terms: [Term]
  /// Every candidate of the library, fastest first; the first is the chosen one.
  public var candidates: [Candidate]
  /// Algorithms that the library would not run, priced all the same, fastest first.
  public var alternatives: [Candidate]

  /// An estimate of its parts.
  public init(
    bytes: Bytes, time: Seconds, algorithm: String, messageProtocol: MessageProtocol, latencyTime: Seconds,
    bandwidthTime: Seconds, lowerBound: Seconds?, lowerBoundReason: String?, interval: ClosedRange<Seconds>,
    basis: Basis, bottleneck: Bottleneck?, links: [LinkUse] = [], terms: [Term], candidates: [Candidate],
    alternatives: [Candidate]
  ) {
    self.bytes = bytes
    self.time = time
    self.algorithm = algorithm
    self.messageProtocol = messageProtocol
    self.latencyTime = latencyTime
    self.bandwidthTime = bandwidthTime
    self.lowerBound = lowerBound
    self.lowerBoundReason = lowerBoundReason
    self.interval = interval
    self.basis = basis
    self.bottleneck = bottleneck
    self.links = links
    self.terms = terms
    self.candidates = candidates
    self.alternatives = alternatives
  }

  /// Size over time.
  public var algorithmBandwidth: Bandwidth { bytes / time }
}
