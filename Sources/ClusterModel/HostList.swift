/// Names of hosts as Slurm and other tools write them: `srv[1101-1108,1201],login`.
public enum HostList {
  /// Why a list of hosts cannot be read.
  public enum Mistake: Error, Hashable, Sendable {
    /// A bracket that is not closed or not open; where, counted in characters.
    case bracket(offset: Int)
    /// Something else than numbers and ranges between brackets.
    case range(String, offset: Int)
    /// More names than are read.
    case tooMany(limit: Int)
  }

  /// The most names that one list may stand for.
  public static let mostNames = 1_000_000

  /// The names that a list stands for, in order.
  public static func expanded(_ text: some StringProtocol) throws(Mistake) -> [String] {
    var names: [String] = []
    var offset = 0
    for item in try items(text) {
      let own = try expanded(item: item, offset: offset)
      guard names.count + own.count <= mostNames else { throw .tooMany(limit: mostNames) }
      names += own
      offset += item.count + 1
    }
    return names
  }

  /// The comma-separated items, commas inside of brackets left alone.
  private static func items(_ text: some StringProtocol) throws(Mistake) -> [String] {
    var items: [String] = []
    var current = ""
    var depth = 0
    for (offset, character) in text.enumerated() {
      switch character {
      case "[": depth += 1
      case "]": depth -= 1
      default: break
      }
      guard depth == 0 || depth == 1 else { throw .bracket(offset: offset) }
      if character == ",", depth == 0 {
        items.append(current)
        current = ""
      } else {
        current.append(character)
      }
    }
    guard depth == 0 else { throw .bracket(offset: text.count) }
    items.append(current)
    return items.map { String($0.trimming) }.filter { !$0.isEmpty }
  }

  private static func expanded(item: String, offset: Int) throws(Mistake) -> [String] {
    guard let open = item.firstIndex(of: "[") else { return [item] }
    guard let close = item[open...].firstIndex(of: "]") else { throw .bracket(offset: offset) }
    let head = String(item[..<open])
    let tails = try expanded(item: String(item[item.index(after: close)...]), offset: offset)
    var names: [String] = []
    for piece in item[item.index(after: open)..<close].split(separator: ",", omittingEmptySubsequences: false) {
      let ends = piece.split(separator: "-", omittingEmptySubsequences: false).map { $0.trimming }
      guard ends.count <= 2, let first = ends.first, let last = ends.last, let low = number(first),
        let high = number(last), low <= high
      else { throw .range(String(piece), offset: offset) }
      guard (high - low + 1).multipliedReportingOverflow(by: tails.count).partialValue <= mostNames - names.count,
        high - low < mostNames
      else { throw .tooMany(limit: mostNames) }
      for value in low...high {
        let digits = String(value)
        let padded = String(repeating: "0", count: max(0, first.count - digits.count)) + digits
        for tail in tails { names.append(head + padded + tail) }
      }
    }
    return names
  }

  private static func number(_ text: Substring) -> Int? {
    text.isEmpty || !text.allSatisfy { $0.isASCII && $0.isNumber } || text.count > 15 ? nil : Int(text)
  }

  /// Names as short lists: runs that count up stand in one bracket.
  public static func compressed(_ names: [String]) -> [String] {
    var result: [String] = []
    var head = ""
    var width = 0
    var run: (first: Int, last: Int)?
    func close() {
      guard let (first, last) = run else { return }
      func padded(_ value: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
      }
      result.append(first == last ? head + padded(first) : "\(head)[\(padded(first))-\(padded(last))]")
      run = nil
    }
    for name in names {
      let digits = String(name.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
      guard !digits.isEmpty, digits.count <= 15, let value = Int(digits) else {
        close()
        result.append(name)
        continue
      }
      let own = String(name.dropLast(digits.count))
      let isPadded = digits.count > 1 && digits.hasPrefix("0")
      if let (first, last) = run, own == head, value == last + 1,
        width == digits.count
          || !isPadded && width <= digits.count && !String(last).hasPrefix("0")
            && String(first).count == width
      {
        run = (first, value)
      } else {
        close()
        head = own
        width = digits.count
        run = (value, value)
      }
    }
    close()
    return result
  }
}

extension StringProtocol {
  /// The text without white space at its ends.
  package var trimming: Substring {
    var text = Substring(self)
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }
}
