public import Quantities

/// What changes of a cluster cost or gain a collective.
public struct WhatIfAnswer: Sendable {
  /// A cluster that differs from the one asked about, and its times.
  public struct Scenario: Sendable {
    /// What is different.
    public enum Kind: String, Sendable, Hashable {
      /// One link fails.
      case link
      /// One switch fails.
      case device
      /// What the question names.
      case asked
    }

    /// What is different.
    public var kind: Kind
    /// In words: `1 of 72 nvlink5 links, rack[*]/tray[*]/gpu[*] → rack[*]/nvswitch[*]`.
    public var name: String
    /// How many parts are alike, any of which may be the one; 1 for what is asked.
    public var count: Int
    /// The times by size; nil where there is no answer.
    public var times: [Seconds]?
    /// The times if switches divided traffic by what can be delivered, not evenly; nil where that makes no difference.
    public var weightedTimes: [Seconds]?
    /// The links that decide at the largest size.
    public var bottleneck: Estimate.Bottleneck?
    /// Why there is no answer, as one sentence.
    public var refusal: String?

    /// The time over that of the cluster as it is, at the largest size; nil where there is no answer.
    public func ratio(to base: [Seconds]) -> Double? {
      guard let own = times?.last, let base = base.last, base > .zero else { return nil }
      return own / base
    }
  }

  /// The answer for the cluster as it is, by ascending size.
  public var base: Answer
  /// What was asked, in order; then every failure of a link or switch, the costliest first.
  public var asked: [Scenario]
  /// Every link and switch failed once, the costliest at the largest size first; those without an answer lead.
  public var failures: [Scenario]
  /// By size, the sensitivities, the strongest first.
  public var sensitivities: [[Sensitivity]]
  /// Things worth knowing of how this was computed.
  public var remarks: [String]

  /// The times of the cluster as it is.
  public var baseTimes: [Seconds] { base.estimates.map(\.time) }
}
