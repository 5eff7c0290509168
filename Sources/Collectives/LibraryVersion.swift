/// A release of a library: `2.20.5`, or `2.20` for the first of that number.
public struct LibraryVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  private let numbers: [Int]

  /// Reads one to four numbers with dots between them; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in
      part.utf8.allSatisfy { (48...57).contains($0) } ? Int(part) : nil
    }
    guard (1...4).contains(parts.count), numbers.count == parts.count else { return nil }
    self.numbers = numbers
  }

  /// The numbers with dots.
  public var description: String { numbers.map(String.init).joined(separator: ".") }

  /// Compares number by number; of two that begin alike the shorter is the earlier.
  public static func < (left: LibraryVersion, right: LibraryVersion) -> Bool {
    left.numbers.lexicographicallyPrecedes(right.numbers)
  }

}
