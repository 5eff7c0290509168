public import Diagnostics

extension DiagnosticList {
  /// Adds an error for a word that is not known, with the words it may have been meant to be.
  ///
  /// A single suggestion becomes a fix-it.
  /// - Parameters:
  ///   - word: The word and its place.
  ///   - known: The words that are known.
  ///   - otherwise: A note for a word that is like none of them.
  public mutating func unknown(
    _ id: String, _ message: String, _ word: Located<String>, among known: some Sequence<String>,
    otherwise: String? = nil
  ) {
    unknown(id, message, word.value, at: word.range, among: known, otherwise: otherwise)
  }

  /// Adds an error for a word that is not known and that may have no place in a file.
  public mutating func unknown(
    _ id: String, _ message: String, _ word: String, at range: SourceRange?, among known: some Sequence<String>,
    otherwise: String? = nil
  ) {
    let suggestions = isFull ? [] : Suggestions.nearest(to: word, among: known)
    var fixIts: [Diagnostic.FixIt] = []
    if let range, let only = suggestions.first, suggestions.count == 1, range.length == word.unicodeScalars.count {
      fixIts = [.init(message: "write '\(only)'", range: range, replacement: only)]
    }
    let note = Suggestions.note(suggestions) ?? otherwise
    error(id, message, at: range, notes: fixIts.isEmpty ? note.map { [$0] } ?? [] : [], fixIts: fixIts)
  }
}
