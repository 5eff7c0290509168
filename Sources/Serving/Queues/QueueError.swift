/// Why a queue has no answer.
public enum QueueError: Error, Sendable, Hashable {
  /// More is offered than can be served: the load over the capacity, and how many servers would do.
  case overloaded(utilisation: Double, serversNeeded: Int)
  /// A rate, probability or count that cannot be; in one sentence without a full stop.
  case invalid(String)
}

extension QueueError: CustomStringConvertible {
  /// The reason in one sentence.
  public var description: String {
    switch self {
    case .overloaded(let utilisation, let needed):
      let load = (utilisation * 100).rounded() / 100
      return "no steady state: offered \(load) of capacity; would need \(needed) servers"
    case .invalid(let reason): return reason
    }
  }
}

extension Double {
  /// The whole number above, as a count; at most 10¹⁵ where it is larger or not a number.
  var countAbove: Int { self < 1e15 ? Int(max(0, rounded(.up))) : 1_000_000_000_000_000 }
}
