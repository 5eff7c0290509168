/// An answer in every form that people and programs take.
///
/// Reports only translate: they format the values of an answer and compute nothing of their own.
public protocol Report: Sendable {
  /// The answer as a person reads it, in lines that end with a line break.
  /// - Parameter width: How many characters a line of a table may have; nil: any number.
  func text(width: Int?) -> String

  /// The answer as a program reads it; the first member names the form.
  var json: JSON { get }

  /// The rows of the answer; nil where rows are not the answer.
  var csv: CSV? { get }
}

extension Report {
  /// No rows.
  public var csv: CSV? { nil }
}

/// The forms of an answer.
public enum ReportFormat: String, Sendable, Hashable, CaseIterable { case text, json, csv }

extension Report {
  /// The answer in one form; nil where the answer has no such form.
  public func rendered(as format: ReportFormat, width: Int? = nil) -> String? {
    switch format {
    case .text: text(width: width)
    case .json: json.encoded()
    case .csv: csv?.encoded()
    }
  }
}
