/// All indices of an axis moved on together, the last ones to the start, in every instance of its scope.
///
/// Where the axis's indices may be permuted and no exception names them, the fabric stays as it is.
public struct AxisTurn: Sendable, Hashable {
  /// The axis.
  public let axis: AxisID
  /// How far each index moves.
  public let by: Int
  /// How many indices the axis has.
  let size: Int

  /// Where an index comes from.
  package func origin(of index: Int) -> Int { (index + size - by) % size }

  /// The vertices that a selection's become.
  package func turned(_ selection: Blueprint.Selection) -> Blueprint.Selection {
    guard let ranges = selection.ranges[axis] else { return selection }
    var turned = selection
    let moved = ranges.map { $0.lowerBound + by..<$0.upperBound + by }
    turned.ranges[axis] = moved.flatMap { range in
      [
        range.clamped(to: 0..<size),
        range.clamped(to: size..<2 * size),
      ].filter { !$0.isEmpty }.map { $0.lowerBound % size..<$0.lowerBound % size + $0.count }
    }.sorted { $0.lowerBound < $1.lowerBound }
    return turned
  }
}

extension RankOrder {
  /// The turn that takes the first ranks to later ones.
  /// - Parameters:
  ///   - first: The rank that rank 0 becomes.
  ///   - count: How many ranks follow each other from there.
  ///   - blueprint: The fabric.
  /// - Returns: nil where no turn of one axis does it, or it would change the fabric.
  public func turn(to first: Int, count: Int, in blueprint: Blueprint) -> AxisTurn? {
    guard first > 0, segments.count == 1, rings.isEmpty else { return nil }
    let excepted = Set(blueprint.exceptions.flatMap(\.selections).flatMap { $0.ranges.keys })
    let sizes = presentSizes(in: blueprint)
    guard let ladder = try? TierLadder(self, in: blueprint, count: nil), ladder.ranks == sizes.reduce(1, *) else {
      return nil
    }
    var inner = ladder.ranks
    for (digit, axis) in segments[0].digits.enumerated() {
      let outer = inner
      inner /= sizes[digit]
      guard first % inner == 0, first >= inner else { continue }
      guard blueprint.axes[axis.index].symmetry == .permutations, !excepted.contains(axis), first + count <= outer
      else {
        return nil
      }
      return AxisTurn(axis: axis, by: first / inner, size: sizes[digit])
    }
    return nil
  }
}
