/// Finds what a misspelt word may have been meant to be.
public enum Suggestions {
  private static let longestWord = 64

  /// The candidates nearest to a word, nearest first.
  ///
  /// A candidate counts when its distance (insertions, deletions, replacements and swaps of neighbours, without regard
  /// to case) is at most a third of the longer length; words that differ only in case or punctuation always count.
  /// - Parameters:
  ///   - word: The word as written.
  ///   - candidates: The words that are known.
  ///   - limit: How many to return at most.
  /// - Complexity: O(candidates · length²).
  public static func nearest(to word: String, among candidates: some Sequence<String>, limit: Int = 3) -> [String] {
    let written = Array(word.lowercased())
    guard !written.isEmpty, written.count <= longestWord else { return [] }
    var found: [(distance: Int, name: String)] = []
    for candidate in candidates {
      let known = Array(candidate.lowercased())
      guard known.count <= longestWord else { continue }
      if letters(known) == letters(written) {
        found.append((0, candidate))
        continue
      }
      let most = max(written.count, known.count) / 3
      guard abs(written.count - known.count) <= most else { continue }
      let distance = distance(written, known)
      if distance <= most { found.append((distance, candidate)) }
    }
    guard let best = found.map(\.distance).min() else { return [] }
    // A single slip has one meaning; only of worse spellings are near misses offered as well.
    let most = best > 1 ? best + 1 : best
    return found.filter { $0.distance <= most }.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
      .prefix(limit).map(\.name)
  }

  /// A sentence that names suggestions: `did you mean 'racks'?`; nil without any.
  public static func note(_ suggestions: [String]) -> String? {
    guard let last = suggestions.last else { return nil }
    let first = suggestions.dropLast().map { "'\($0)'" }.joined(separator: ", ")
    return first.isEmpty ? "did you mean '\(last)'?" : "did you mean \(first) or '\(last)'?"
  }

  private static func letters(_ word: [Character]) -> [Character] { word.filter { $0.isLetter || $0.isNumber } }

  /// The optimal string alignment distance of two words.
  static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      for column in 0..<right.count {
        let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
        var best = min(replaced, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
