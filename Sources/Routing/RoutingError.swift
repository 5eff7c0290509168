public import ClusterModel

/// Why traffic between ranks cannot be routed as asked.
public enum RoutingError: Error, Hashable, Sendable {
  /// The blueprint does not describe a fabric.
  case blueprint(BlueprintError)
  /// More ranks than there are accelerators in use, or fewer than one.
  case ranks(asked: Int, available: Int)
  /// A segment (its place in the rank order) whose template repeats or does not exist, whose digits are not the
  /// template's axes, each once and after its parent, or that uses fewer than one index of an axis.
  case segment(Int)
  /// A level (its place in the rank order) without a number of leading digits for every segment, or out of order.
  case level(Int)
  /// A class of traffic between ranks of a level that the rank order lacks.
  case trafficClass(TrafficClass)
  /// So many kinds of ranks, told apart by exceptions, that routing to each of them would take too long.
  case tooManyOrbits(Int)
  /// Sets of ranks whose partitions of one fabric have no common refinement by their marks.
  case partitionsDiffer
}

extension RoutingError: CustomStringConvertible {
  /// The cause as words that follow a colon.
  public var description: String {
    switch self {
    case .blueprint(.tooManyCells(let limit)): "it has more than \(limit) kinds of devices, told apart by what fails"
    case .blueprint(.tooManyArcs(let limit)): "it has more than \(limit) kinds of links, told apart by what fails"
    case .blueprint(let error): "its description does not hold together (\(error))"
    case .ranks(let asked, let available): "\(asked) ranks are asked for, and \(available) are there"
    case .segment(let place): "the accelerators of place \(place) in the order of ranks cannot be numbered"
    case .level(let place): "level \(place) of the order of ranks does not fit the others"
    case .trafficClass: "the order of ranks lacks a level that messages cross"
    case .tooManyOrbits(let count):
      "what fails leaves \(count) kinds of accelerators, and routing to each of them would take too long"
    case .partitionsDiffer: "sets of ranks divide it in ways that do not fit each other"
    }
  }
}
