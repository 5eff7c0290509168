/// Sources in the order they are first named, so that tables can point at them by number.
struct SourceList {
  private var numbers: [String: Int] = [:]
  private var sources: [String] = []

  /// The mark of a source: `[2]`.
  mutating func mark(_ source: String) -> String {
    let number = numbers[source] ?? sources.count + 1
    if number > sources.count {
      numbers[source] = number
      sources.append(source)
    }
    return "[\(number)]"
  }

  /// The sources with their marks, a line each.
  var lines: [String] { sources.enumerated().map { "[\($0.offset + 1)] \(printable($0.element))" } }
}
