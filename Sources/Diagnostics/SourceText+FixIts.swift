extension SourceText {
  /// The text with every unambiguous fix-it applied, and how many were.
  ///
  /// A diagnostic's fix-it is unambiguous when it is the only one. Of fix-its that overlap the first one by place wins.
  /// - Parameter diagnostics: What was found; those of other files are left out.
  public func applyingFixIts(of diagnostics: some Sequence<Diagnostic>) -> (text: String, applied: Int) {
    let fixIts = diagnostics.filter { $0.fixIts.count == 1 }.flatMap(\.fixIts).filter { $0.range.file == name }
    var chosen: [(range: Range<String.Index>, replacement: String)] = []
    for fixIt in fixIts.sorted(by: { $0.range.start < $1.range.start }) {
      guard let range = indices(of: fixIt.range), chosen.last.map({ $0.range.upperBound <= range.lowerBound }) ?? true
      else { continue }
      chosen.append((range, fixIt.replacement))
    }
    var result = text
    for change in chosen.reversed() { result.replaceSubrange(change.range, with: change.replacement) }
    return (result, chosen.count)
  }

  private func indices(of range: SourceRange) -> Range<String.Index>? {
    guard let start = index(of: range.start), let line = line(range.start.line), start <= line.endIndex,
      let end = text.unicodeScalars.index(start, offsetBy: range.length, limitedBy: line.endIndex)
    else { return nil }
    return start..<end
  }
}
