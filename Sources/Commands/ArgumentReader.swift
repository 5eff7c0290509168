import Diagnostics
import Quantities

/// Reads the values of arguments and collects every mistake in them, each at its place in the argument.
struct ArgumentReader {
  private var list = DiagnosticList()
  private var sources: [String: SourceText] = [:]

  /// The value of an argument that is one of several words; nil after a mistake.
  ///
  /// Case does not matter.
  /// - Parameter name: The argument's name in messages: `--format`.
  mutating func choice<Value: RawRepresentable & CaseIterable>(
    _ text: String, _ name: String
  ) -> Value? where Value.RawValue == String {
    if let value = Value.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) { return value }
    let known = Value.allCases.map(\.rawValue)
    let source = source(name, text)
    list.error(
      "usage.choice", "unknown value '\(text)'", at: source.whole,
      notes: Failure.help(for: text, among: known))
    return nil
  }

  /// The sizes of a size list; nil after a mistake.
  mutating func sizes(_ text: String, _ name: String) -> [Bytes]? {
    let source = source(name, text)
    return SizeList(source, &list)?.sizes
  }

  /// Groups of ranks; nil after a mistake, and where none are asked for.
  mutating func groups(_ text: String?, _ name: String, along: String?, _ alongName: String) -> GroupList? {
    guard let text else {
      if let along {
        let source = source(alongName, along)
        list.error("usage.along", "an axis of groups is named, but there are no groups", at: source.whole)
      }
      return nil
    }
    let source = source(name, text)
    return GroupList(source, along: along.map { self.source(alongName, $0) }, &list)
  }

  /// A job; nil after a mistake.
  /// - Parameter number: Its place among the jobs, from 1.
  mutating func job(_ text: String, number: Int) -> JobText? {
    JobText(source("JOB", text), number: number, &list)
  }

  /// A number of at least one; nil after a mistake.
  mutating func positive(_ value: Int, _ name: String) -> Int? {
    if value >= 1 { return value }
    let source = source(name, String(value))
    list.error("usage.count", "at least 1 is needed", at: source.whole)
    return nil
  }

  /// Ends with every mistake that was found, if one was.
  /// - Throws: `Failure` with the status for wrong usage.
  func check() throws(Failure) {
    if list.hasErrors { throw Failure(list.diagnostics, in: sources, status: .usage) }
  }

  private mutating func source(_ name: String, _ text: String) -> SourceText {
    // An option that is given several times needs a name for each of its values.
    let earlier = sources.keys.filter { $0 == name || $0.hasPrefix("\(name) (") }.count
    let source = SourceText(name: earlier == 0 ? name : "\(name) (\(earlier + 1))", text: text)
    sources[source.name] = source
    return source
  }
}

extension SourceText {
  /// All of a text of one line.
  var whole: SourceRange { range(line: 1, column: 1, length: text.unicodeScalars.count) }
}
