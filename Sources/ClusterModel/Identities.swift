/// Identity of an axis of a blueprint: an index into `Blueprint.axes`.
public struct AxisID: Hashable, Sendable, Comparable {
  /// The index.
  public var index: Int
  /// Wraps an index.
  public init(_ index: Int) { self.index = index }
  /// Orders by index.
  public static func < (left: AxisID, right: AxisID) -> Bool { left.index < right.index }
}

/// Identity of a vertex template: an index into `Blueprint.templates`.
public struct TemplateID: Hashable, Sendable, Comparable {
  /// The index.
  public var index: Int
  /// Wraps an index.
  public init(_ index: Int) { self.index = index }
  /// Orders by index.
  public static func < (left: TemplateID, right: TemplateID) -> Bool { left.index < right.index }
}

/// Identity of a wiring rule: an index into `Blueprint.rules`.
public struct RuleID: Hashable, Sendable, Comparable {
  /// The index.
  public var index: Int
  /// Wraps an index.
  public init(_ index: Int) { self.index = index }
  /// Orders by index.
  public static func < (left: RuleID, right: RuleID) -> Bool { left.index < right.index }
}

/// Identity of a cell: an index into `Topology.cells`.
public struct CellID: Hashable, Sendable, Comparable {
  /// The index.
  public var index: Int
  /// Wraps an index.
  public init(_ index: Int) { self.index = index }
  /// Orders by index.
  public static func < (left: CellID, right: CellID) -> Bool { left.index < right.index }
}
