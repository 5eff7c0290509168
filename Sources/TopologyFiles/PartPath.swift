public import ClusterModel
public import Diagnostics
import Documents

/// A path that selects parts: `rack[3]/tray[2]/gpu[1]`, `leaf[0]`, `rack[*]/nic[2..5]`, `gpu[0,4..7]`.
///
/// Indices count from zero; both ends of a range are included; a step without brackets selects all.
public struct PartPath: Sendable, Hashable {
  private static let mostSteps = 16
  private static let mostRanges = 1000

  /// The steps from the outermost block named.
  public var steps: [Composition.SelectorStep]

  /// A path of its steps.
  public init(steps: [Composition.SelectorStep]) { self.steps = steps }

  /// Reads a path.
  /// - Throws: `DiagnosticsError` without a place when the text is not a path.
  public init(parsing text: String) throws(DiagnosticsError) {
    var list = DiagnosticList()
    let range = SourceRange(file: "", start: SourceLocation(line: 1, column: 1))
    guard let path = PartPath(Located(text, at: range), &list) else {
      throw DiagnosticsError(
        list.diagnostics.map { diagnostic in
          var diagnostic = diagnostic
          diagnostic.range = nil
          return diagnostic
        })
    }
    self = path
  }

  /// Reads a path with its place; nil after an error.
  init?(_ text: Located<String>, _ list: inout DiagnosticList) {
    let parts = text.value.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= PartPath.mostSteps else {
      list.error("selector.syntax", "a path has at most \(PartPath.mostSteps) steps", at: text.range)
      return nil
    }
    steps = []
    for part in parts {
      do {
        steps.append(try PartPath.step(part))
      } catch {
        list.error(
          "selector.syntax", "\(excerpt(text.value)) is not a path of parts: \(error.message)", at: text.range,
          notes: ["a path is written 'rack[3]/tray[2..5]/gpu[*]', indices from zero"])
        return nil
      }
    }
  }

  private struct SyntaxError: Error {
    var message: String
  }

  private static func step(_ text: Substring) throws(SyntaxError) -> Composition.SelectorStep {
    let name = text.prefix { $0 != "[" }
    guard Node.isName(String(name)) else { throw SyntaxError(message: "\(excerpt(name)) is not a name") }
    let bracket = text[name.endIndex...]
    guard !bracket.isEmpty else { return Composition.SelectorStep(name: String(name), indices: nil) }
    guard bracket.last == "]" else { throw SyntaxError(message: "']' is missing in \(excerpt(text))") }
    let inside = bracket.dropFirst().dropLast()
    if inside == "*" { return Composition.SelectorStep(name: String(name), indices: nil) }
    var ranges: [Range<Int>] = []
    for part in inside.split(separator: ",", omittingEmptySubsequences: false) {
      guard ranges.count < mostRanges else { throw SyntaxError(message: "too many indices") }
      ranges.append(try indices(part))
    }
    return Composition.SelectorStep(name: String(name), indices: merged(ranges))
  }

  private static func indices(_ text: Substring) throws(SyntaxError) -> Range<Int> {
    let ends = text.split(separator: "..", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = ends.map { end in
      end.allSatisfy { $0.isASCII && $0.isNumber } ? Int(end) : nil
    }
    guard let low = numbers[0], let high = numbers.count == 2 ? numbers[1] : low, low <= high, high < .max else {
      throw SyntaxError(message: "\(excerpt(text)) is not an index or a range of them")
    }
    return low..<(high + 1)
  }

  /// Sorted, disjoint ranges.
  private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, last.upperBound >= range.lowerBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }
}

extension PartPath: CustomStringConvertible {
  /// The path as it is written.
  public var description: String {
    steps.map { step in
      guard let indices = step.indices else { return step.name }
      let ranges = indices.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)..\($0.upperBound - 1)" }
      return "\(step.name)[\(ranges.joined(separator: ","))]"
    }.joined(separator: "/")
  }
}
