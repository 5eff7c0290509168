/// A fabric worked out: blocks with their switches, what is missing of full groups, and what to tell of it.
public struct FabricResult: Sendable {
  /// The outermost block; its count is 1.
  public var root: Composition.Block
  /// Parts of partly filled groups that do not exist.
  public var changes: [Composition.Change]
  /// What a reader should know: unused ports, partly filled groups, rules that did not apply.
  public var remarks: [String]
  /// The switch tiers from the leaf upwards.
  public var summary: [FabricSummary]

  /// A result of its parts.
  public init(
    root: Composition.Block, changes: [Composition.Change] = [], remarks: [String] = [], summary: [FabricSummary] = []
  ) {
    self.root = root
    self.changes = changes
    self.remarks = remarks
    self.summary = summary
  }
}
