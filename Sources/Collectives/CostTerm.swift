public import ClusterModel
public import Quantities

/// One addend of a cost, with the names of the profile's figures that it rests on.
public struct CostTerm: Sendable, Hashable {
  /// A summand of what is counted.
  public struct Part: Sendable, Hashable {
    /// Its time.
    public var time: Seconds
    /// The figures whose product it is; none for what comes from the graph.
    public var figures: [String]
  }

  /// What it is.
  public var name: String
  /// Where it arises; nil where it belongs to no tier.
  public var tier: Tier?
  /// How often it counts.
  public var count: Double
  /// What is counted, as summands.
  public var parts: [Part]

  /// Its time.
  public var time: Seconds { each * count }

  /// How it was computed, with numbers.
  public var formula: String { count == 1 ? "\(each)" : "\(CostTerm.format(count)) × \(each)" }

  /// The profile's figures that it rests on, by name.
  public var figures: [String] { parts.flatMap(\.figures) }

  private var each: Seconds { parts.reduce(.zero) { $0 + $1.time } }

  private static func format(_ count: Double) -> String {
    count == count.rounded() && abs(count) < 1e15 ? "\(Int64(count))" : DecimalPrefix.significant(count, digits: 4)
  }
}
