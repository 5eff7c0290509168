/// An answer in every form that people and programs take.
///
/// Reports only translate: they format the values of an answer and compute nothing of their own.
public protocol Report: Sendable {
  /// The answer as a person reads it, before it takes a form.
  var page: Page { get }

  /// The answer as a program reads it; the first member names the form.
  var json: JSON { get }

  /// The rows of the answer; nil where rows are not the answer.
  var csv: CSV? { get }
}

extension Report {
  /// No rows.
  public var csv: CSV? { nil }

  /// The answer in lines that end with a line break.
  /// - Parameter width: How many characters a line of a table may have; nil: any number.
  public func text(width: Int?) -> String { page.text(TextStyle(width: width)) }

  /// The answer as one self-contained HTML file, without a script and without a request to anywhere.
  /// - Parameter command: The command line that makes it again; nil where there was none.
  public func html(reproducedBy command: String? = nil) -> String { page.html(reproducedBy: command) }
}

/// The forms of an answer.
public enum ReportFormat: String, Sendable, Hashable, CaseIterable { case text, json, csv, markdown }

extension Report {
  /// The answer in one form; nil where the answer has no such form.
  /// - Parameters:
  ///   - format: The form.
  ///   - style: What the terminal or file takes.
  ///   - command: The command line that makes it again; nil where there was none.
  public func rendered(
    as format: ReportFormat, style: TextStyle = .plain, reproducedBy command: String? = nil
  ) -> String? {
    switch format {
    case .text: page.text(style)
    case .json: json.encoded()
    case .csv: csv?.encoded()
    case .markdown: page.markdown(reproducedBy: command)
    }
  }
}
