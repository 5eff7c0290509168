/// A partition of ranks into groups that run the same collective side by side, as training does: the rank number is
/// written with one digit per axis, and the ranks of a group differ in one digit only.
public struct RankGrouping: Sendable, Hashable {
  /// One digit of the rank number.
  public struct Axis: Sendable, Hashable {
    /// Its name: `tensor`.
    public var name: String
    /// How many values it has; nil: as many as the other axes leave.
    public var size: Int?

    /// An axis by its name.
    public init(name: String, size: Int?) {
      self.name = name
      self.size = size
    }
  }

  /// The axes, the fastest-running one first: neighbouring ranks differ in it.
  public var axes: [Axis]
  /// The name of the axis along which the collective runs; nil: the first one.
  public var along: String?

  /// A grouping of its parts.
  public init(_ axes: [Axis], along: String? = nil) {
    self.axes = axes
    self.along = along
  }
}

/// Why a grouping does not fit a number of ranks; axes are named by their place in the list.
public enum RankGroupingError: Error, Sendable, Hashable {
  /// There are no axes.
  case noAxes
  /// An axis with fewer than one value.
  case size(axis: Int)
  /// An axis of the same name as an earlier one.
  case repeatedName(axis: Int)
  /// A second axis that takes what the others leave.
  case secondRemainder(axis: Int)
  /// The sizes of the axes multiply to more or fewer than there are ranks; nil: to more than can be counted.
  case product(Int?, ranks: Int)
  /// The axis that takes what the others leave finds ranks that their product does not divide.
  case remainder(axis: Int, others: Int, ranks: Int)
  /// The collective cannot run along an axis that there is not; those there are.
  case unknownAxis(String, known: [String])
}

/// A grouping of a number of ranks: every axis has its size.
public struct RankGroups: Sendable, Hashable {
  /// The names of the axes, the fastest-running one first.
  public let names: [String]
  /// Their sizes; they multiply to the number of ranks.
  public let sizes: [Int]
  /// The axis along which the collective runs.
  public let along: Int

  /// Fits a grouping to a number of ranks.
  /// - Throws: `RankGroupingError` when it does not fit.
  public init(_ grouping: RankGrouping, ranks: Int) throws(RankGroupingError) {
    let axes = grouping.axes
    guard !axes.isEmpty else { throw .noAxes }
    var remainder: Int?
    var product = 1
    for (place, axis) in axes.enumerated() {
      if axes[..<place].contains(where: { $0.name == axis.name }) { throw .repeatedName(axis: place) }
      if let size = axis.size {
        guard size >= 1 else { throw .size(axis: place) }
        let (next, overflowed) = product.multipliedReportingOverflow(by: size)
        guard !overflowed else { throw .product(nil, ranks: ranks) }
        product = next
      } else {
        guard remainder == nil else { throw .secondRemainder(axis: place) }
        remainder = place
      }
    }
    if let remainder {
      guard ranks >= product, ranks % product == 0 else {
        throw .remainder(axis: remainder, others: product, ranks: ranks)
      }
    } else if product != ranks {
      throw .product(product, ranks: ranks)
    }
    guard let along = grouping.along.map({ name in axes.firstIndex { $0.name == name } }) ?? 0 else {
      throw .unknownAxis(grouping.along ?? "", known: axes.map(\.name))
    }
    names = axes.map(\.name)
    sizes = axes.map { $0.size ?? ranks / product }
    self.along = along
  }

  /// How many ranks each group has.
  public var size: Int { sizes[along] }
  /// The distance between neighbouring ranks of a group.
  public var stride: Int { sizes[..<along].reduce(1, *) }
  /// How many groups there are.
  public var count: Int { ranks / size }
  /// How many ranks there are in all.
  public var ranks: Int { sizes.reduce(1, *) }

  /// The ranks of a group, in order.
  public func members(of group: Int) -> StrideTo<Int> {
    let first = group / stride * stride * size + group % stride
    return Swift.stride(from: first, to: first + stride * size, by: stride)
  }
}
