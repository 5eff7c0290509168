import Diagnostics
import Quantities

/// Message sizes as the command line writes them: `8B,64KiB,1GB`, or ranges such as `8B..16GiB` and `8B..16GiB*4`.
struct SizeList {
  /// How many sizes a list may have.
  static let limit = 1000

  private static let defaultFactor: Int64 = 2

  /// The sizes in the order they were written.
  private(set) var sizes: [Bytes] = []

  /// Reads a list; a mistake is added at its place, and there is no list then.
  /// - Complexity: O(length + sizes).
  init?(_ source: SourceText, _ list: inout DiagnosticList) {
    let before = list.count
    for item in Piece(source).split(at: ",") where !list.isFull {
      read(item, &list)
      guard sizes.count <= SizeList.limit else {
        list.error("usage.too-many-sizes", "more than \(SizeList.limit) sizes", at: item.range)
        return nil
      }
    }
    if list.count > before { return nil }
  }

  private mutating func read(_ item: Piece, _ list: inout DiagnosticList) {
    let ends = item.split(at: "..")
    guard ends.count == 2 else {
      if ends.count > 2 {
        list.error("usage.size-range", "a range has two ends, such as '8B..16GiB'", at: item.range)
      } else if let size = SizeList.size(item, &list) {
        sizes.append(size)
      }
      return
    }
    let upperAndFactor = ends[1].split(at: "*")
    guard upperAndFactor.count <= 2 else {
      list.error("usage.size-range", "a range has one factor, such as '8B..16GiB*4'", at: item.range)
      return
    }
    let lower = SizeList.size(ends[0], &list)
    let upper = SizeList.size(upperAndFactor[0], &list)
    let factor = upperAndFactor.count == 2 ? SizeList.factor(upperAndFactor[1], &list) : SizeList.defaultFactor
    guard let lower, let upper, let factor else { return }
    guard lower <= upper else {
      list.error("usage.size-range", "the range ends below its beginning", at: item.range)
      return
    }
    append(from: lower, through: upper, factor: factor)
  }

  private mutating func append(from lower: Bytes, through upper: Bytes, factor: Int64) {
    var count = lower.count
    while count <= upper.count {
      sizes.append(Bytes(count))
      let (next, overflow) = count.multipliedReportingOverflow(by: factor)
      if overflow { return }
      count = next
    }
  }

  private static func factor(_ piece: Piece, _ list: inout DiagnosticList) -> Int64? {
    if let factor = Int64(piece.text), factor >= 2 { return factor }
    list.error("usage.size-factor", "the factor of a range is a whole number from 2", at: piece.range)
    return nil
  }

  /// One size of at least a byte; nil after a mistake.
  static func size(_ piece: Piece, _ list: inout DiagnosticList) -> Bytes? {
    do {
      let size = try Bytes(parsing: piece.text)
      if size.count > 0 { return size }
      list.error("usage.size-zero", "a size of zero bytes has no time", at: piece.range)
    } catch {
      let (message, notes) = explanation(error, piece.text)
      list.error("usage.size", message, at: piece.range, notes: notes)
    }
    return nil
  }

  private static func explanation(_ error: QuantityError, _ text: String) -> (message: String, notes: [String]) {
    switch error {
    case .notANumber: (text.isEmpty ? "a size is missing" : "'\(text)' is not a size", ["such as '8B' or '1MiB'"])
    case .missingUnit(let suggestions):
      (
        "'\(text)' needs a unit",
        ["write \(suggestions.map { "'\($0.filter { $0 != " " })'" }.joined(separator: ", "))"]
      )
    case .unknownUnit(let unit, let known): ("unknown unit '\(unit)'", Failure.help(for: unit, among: known))
    case .negative: ("a size below zero", [])
    case .outOfRange: ("'\(text)' is out of range", ["at most 8 EiB"])
    case .notWhole: ("'\(text)' is not a whole number of bytes", [])
    }
  }
}
