extension HardwareCatalog {
  /// A figure of a part that neither names a source nor is marked assumed with a reason.
  public struct UnsourcedFigure: Sendable, Hashable {
    /// The family of the part.
    public var family: Family
    /// The name of the part.
    public var part: String
    /// The name of the figure.
    public var figure: String
  }

  /// All figures that cannot be traced, by family and part.
  /// - Complexity: O(figures of the catalogue); reads every family.
  public func unsourcedFigures() -> [UnsourcedFigure] {
    Family.allCases.flatMap { family in
      names(of: family).flatMap { name in
        (record(name, of: family)?.figures ?? [])
          .filter { !$0.figure.isAccountedFor }
          .map { UnsourcedFigure(family: family, part: name, figure: $0.name) }
      }
    }
  }
}
