/// Paths of parts in the grammar `rack[3]/tray[*]/gpu[0..2]`: indices count from zero, `[*]` and `[2..5]` select, and a
/// step without brackets selects all.
public enum DevicePath {
  /// Why a text is not a path, with the place of the mistake counted in characters.
  public enum ParsingError: Error, Hashable, Sendable {
    /// A step without a name.
    case missingName(offset: Int)
    /// A name with a character that names cannot have.
    case name(String, offset: Int)
    /// A bracket that is not closed, or text behind it.
    case bracket(offset: Int)
    /// Something else than a number, `*` or a range `2..5` between brackets.
    case index(String, offset: Int)
  }

  /// Reads a path.
  public static func parse(_ text: some StringProtocol) throws(ParsingError) -> [Composition.SelectorStep] {
    var steps: [Composition.SelectorStep] = []
    var offset = 0
    for part in text.split(separator: "/", omittingEmptySubsequences: false) {
      steps.append(try step(String(part), offset: offset))
      offset += part.count + 1
    }
    return steps
  }

  private static func step(_ text: String, offset: Int) throws(ParsingError) -> Composition.SelectorStep {
    let name = String(text.prefix { $0 != "[" })
    guard !name.isEmpty else { throw .missingName(offset: offset) }
    guard name.allSatisfy({ $0.isLetter || $0.isNumber || "._+-".contains($0) }) else {
      throw .name(name, offset: offset)
    }
    let brackets = text.dropFirst(name.count)
    if brackets.isEmpty { return Composition.SelectorStep(name: name, indices: nil) }
    guard brackets.last == "]" else { throw .bracket(offset: offset + name.count) }
    let inside = String(brackets.dropFirst().dropLast())
    guard !inside.contains("["), !inside.contains("]") else { throw .bracket(offset: offset + name.count) }
    if inside == "*" { return Composition.SelectorStep(name: name, indices: nil) }
    var ranges: [Range<Int>] = []
    for piece in inside.split(separator: ",", omittingEmptySubsequences: false) {
      ranges.append(try range(String(piece), offset: offset + name.count + 1))
    }
    return Composition.SelectorStep(name: name, indices: merged(ranges))
  }

  private static func range(_ text: String, offset: Int) throws(ParsingError) -> Range<Int> {
    let trimmed = text.filter { $0 != " " }
    let dots = trimmed.components(separatedBy: "..")
    let ends = dots.compactMap { end in end.allSatisfy { $0.isASCII && $0.isNumber } ? Int(end) : nil }
    guard ends.count == dots.count, ends.count == 1 || ends.count == 2, let low = ends.first, let high = ends.last,
      low <= high, high < Int.max
    else { throw .index(text, offset: offset) }
    return low..<high + 1
  }

  private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, range.lowerBound <= last.upperBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }

  /// A path as text.
  public static func format(_ steps: [Composition.SelectorStep]) -> String {
    steps.map { step in
      guard let indices = step.indices else { return "\(step.name)[*]" }
      return "\(step.name)[\(list(indices))]"
    }.joined(separator: "/")
  }

  /// The members of a cell as a path: a step's index is written where it has one and the cell does not hold all.
  /// - Parameters:
  ///   - cell: A cell of a partition of the blueprint.
  ///   - blueprint: The blueprint.
  public static func name(of cell: Topology.Cell, in blueprint: Blueprint) -> String {
    let template = blueprint.templates[cell.template.index]
    let blocks = Dictionary(zip(template.axes, cell.blocks)) { first, _ in first }
    return template.path.map { step in
      guard !step.axes.isEmpty else { return step.name }
      let parts = step.axes.map { (block: blocks[$0] ?? [], size: blueprint.axes[$0.index].size) }
      if parts.allSatisfy({ $0.block == [0..<$0.size] }) { return "\(step.name)[*]" }
      guard parts.count > 1 else { return "\(step.name)[\(list(parts[0].block))]" }
      // Flat indices of a few single members; otherwise only that it is a part of the row.
      let flat = parts.reduce([0]) { indices, part in
        indices.count > 8
          ? indices : indices.flatMap { index in part.block.flatMap { $0 }.prefix(9).map { index * part.size + $0 } }
      }
      return flat.count <= 8 ? "\(step.name)[\(list(merged(flat.map { $0..<$0 + 1 })))]" : "\(step.name)[…]"
    }.joined(separator: "/")
  }

  private static func list(_ ranges: [Range<Int>]) -> String {
    ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)..\($0.upperBound - 1)" }.joined(separator: ",")
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }
}
