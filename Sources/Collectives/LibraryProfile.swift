public import Quantities

/// What a communication library adds to the graph: start-up, message hops, protocols, efficiencies.
///
/// Profiles are catalogue data (`library-*.yaml`), each figure with its source; this type holds one, read and checked.
public struct LibraryProfile: Sendable {
  /// Where the latency of a message hop comes from.
  public enum LatencyModel: String, Sendable, CaseIterable {
    /// Tables of the library by link and protocol.
    case messageHops = "message-hops"
    /// The path's latency in the graph.
    case graph
  }

  /// A figure with its provenance.
  public struct Figure: Sendable, Hashable {
    /// The value: seconds for times, bytes per second for rates, else a plain number.
    public var value: Double
    /// The value with its unit, as written.
    public var text: String
    /// The interval of the fit, as written; empty where there is none.
    public var interval: String
    /// What was believed before the fit, and by what factor that may be off (one standard deviation of its natural
    /// logarithm); nil for a figure that is not fitted.
    public var prior: Prior?
    /// Title, address and date, or `assumed`.
    public var source: String
    /// What else is to be known; empty where there is nothing.
    public var note: String

    /// What was believed of a figure before the fit.
    public struct Prior: Sendable, Hashable {
      /// The value, in the figure's unit.
      public var value: Double
      /// The standard deviation of its natural logarithm.
      public var spread: Double

      /// A belief of its parts.
      public init(value: Double, spread: Double) {
        self.value = value
        self.spread = spread
      }
    }

    /// A figure of its parts.
    public init(
      value: Double, text: String, interval: String = "", prior: Prior? = nil, source: String, note: String = ""
    ) {
      self.value = value
      self.text = text
      self.interval = interval
      self.prior = prior
      self.source = source
      self.note = note
    }
  }

  /// Its name: `nccl`.
  public var name: String
  /// One sentence.
  public var about: String
  /// Vendors of accelerators whose usual library it is.
  public var usualFor: [String]
  /// Where hop latencies come from.
  public var latencyModel: LatencyModel
  /// Whether a figure that is not listed has its neutral value (no time, full efficiency).
  public var isNeutral: Bool
  /// The algorithms it has for each collective, with their protocols, in file order.
  public var offers: [Collective: [Offer]]
  /// Algorithms that it has but is not run with over some transports, by the transport's name.
  public var avoids: [String: [String]]
  /// What its fitted figures were fitted on: names of `generations`, `transports` and `collectives` with a table.
  public var fittedOn: [String: [String]]
  /// Its figures by name.
  public var figures: [String: Figure]
  /// How well the fitted figures are known together; nil where that is not stated.
  public var covariance: FigureCovariance?
  /// The profile of what the library itself reckons with when it picks an algorithm; nil where that is not known.
  public var tuner: String?
  /// What trees reach of their bandwidth, by protocol, for messages of 64 B, 128 B, and so on; none where that does not
  /// depend on the size.
  public var treeCorrection: [MessageProtocol: [Double]] = [:]
  /// The releases that it tells apart; nil where it tells none.
  public var releases: Releases?
  /// Algorithms and protocols that it does not have, by generation of accelerators, or for `all`.
  public var lacks: [String: [String]] = [:]

  /// An algorithm and the protocols it runs with.
  public struct Offer: Sendable, Hashable {
    /// The algorithm's name.
    public var algorithm: String
    /// The protocols.
    public var protocols: [MessageProtocol]

    /// An offer of its parts.
    public init(algorithm: String, protocols: [MessageProtocol]) {
      self.algorithm = algorithm
      self.protocols = protocols
    }
  }

  /// A profile of its parts.
  public init(
    name: String, about: String, usualFor: [String], latencyModel: LatencyModel, isNeutral: Bool,
    offers: [Collective: [Offer]], avoids: [String: [String]] = [:],
    fittedOn: [String: [String]] = [:], figures: [String: Figure], covariance: FigureCovariance? = nil
  ) {
    self.name = name
    self.about = about
    self.usualFor = usualFor
    self.latencyModel = latencyModel
    self.isNeutral = isNeutral
    self.offers = offers
    self.avoids = avoids
    self.fittedOn = fittedOn
    self.figures = figures
    self.covariance = covariance
  }

  /// A time of the profile; none where it is not listed.
  func time(_ name: String) -> Seconds { Seconds(figures[name]?.value ?? 0) }

  /// A factor, share or efficiency of the profile; 1 where it is not listed.
  public func factor(_ name: String) -> Double { figures[name]?.value ?? 1 }

  /// The spread of healthy clusters about an estimate whose figures are known: one standard deviation of the time's
  /// logarithm.
  /// - Parameter isExtrapolated: Whether of a kind of hardware, or a scale, that no table of the fit has.
  public func errorSpread(_ regime: MessageRegime, isExtrapolated: Bool) -> Double {
    figures["error-spread.\(isExtrapolated ? "extrapolated." : "")\(regime.rawValue)"]?.value ?? 1
  }

  /// Where figures come from, in words: each source once.
  public func sources(of names: [String]) -> String {
    var seen: Set<String> = []
    return names.compactMap { figures[$0]?.source }.filter { seen.insert($0).inserted }.joined(separator: "; ")
  }

  /// Every figure that the cost model may ask for, so that a profile that lacks one is refused when it is read.
  static let requiredFigures: [String] = {
    let protocols = MessageProtocol.allCases.map(\.rawValue)
    let generations = Generation.allCases.map(\.rawValue)
    let transports = Transport.allCases.map(\.rawValue)
    var names = [
      "base.point-to-point", "launch.nvidia", "launch.amd", "launch.torch", "launch.point-to-point-factor",
    ]
    names += protocols.flatMap { ["base.\($0)", "hop-factor.\($0)", "share.\($0)"] }
    for link in HopLink.allCases {
      for family in HopFamily.allCases { names += protocols.map { "hop.\(link.rawValue).\(family.rawValue).\($0)" } }
    }
    names += generations.flatMap { ["hop-factor.\($0)", "bulk-hop-factor.\($0)", "ll-ring-share.\($0)"] }
    names += ["hop-factor.multi-tray", "bulk-hop-factor.multi-tray", "hop-factor.one-pass", "hop-factor.network"]
    names += ["in-switch.base", "in-switch.per-rank", "in-switch.tree-hop"]
    names += ["nvlink", "xgmi", "pcie", "host-path", "tree", "in-switch.rack-factor", "all-to-all"].map {
      "efficiency.\($0)"
    }
    names += ["hopper", "blackwell"].map { "efficiency.in-switch.\($0)" }
    names += [
      "ll-network-rate.ring", "ll-network-rate.tree", "ramp.factor", "ramp.in-switch-factor", "ramp.saturation",
      "peer.inside", "peer.outside",
    ]
    for transport in transports {
      names += ["hop-factor", "latency", "message", "efficiency"].map { "transport.\(transport).\($0)" }
    }
    names += ["fitted-up-to.ranks", "fitted-up-to.domains"]
    names += MessageRegime.allCases.flatMap {
      ["error-spread.\($0.rawValue)", "error-spread.extrapolated.\($0.rawValue)"]
    }
    return names
  }()
}

/// What carries a message hop, as NCCL's tables tell them apart.
enum HopLink: String, CaseIterable { case nvlink, pcie, network }

/// The family of an algorithm, as NCCL's hop tables tell them apart.
enum HopFamily: String, CaseIterable { case ring, tree }

/// A generation of accelerators that profiles tell apart.
enum Generation: String, CaseIterable { case volta, ampere, hopper, blackwell, cdna, pcie }

/// A transport between domains that profiles tell apart.
enum Transport: String, CaseIterable { case rdma, slingshot, efa1, efa2, efa3, efa4, tcpxo, tcpx }

/// Message sizes as error statements divide them.
public enum MessageRegime: String, Sendable, CaseIterable {
  /// Up to 64 KiB.
  case small
  /// In between.
  case medium
  /// From 64 MiB.
  case large

  /// The regime of a size.
  public init(_ size: Bytes) {
    self = size.count <= 65_536 ? .small : size.count < 67_108_864 ? .medium : .large
  }
}
