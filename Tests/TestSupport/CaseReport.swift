import Foundation

/// The outcome of reference cases, for scripts that sum over test targets: one line per case, appended to the file that
/// the environment names.
public struct CaseReport: Sendable {
  private var lines: [String] = []

  /// A report without cases.
  public init() {}

  /// How many cases it has.
  public var count: Int { lines.count }

  /// Adds a case.
  /// - Parameter outcome: `passed`, `failed` or `unsupported`.
  public mutating func add(_ outcome: String, id: String, kind: String) { lines.append("\(outcome) \(id) \(kind)\n") }

  /// Appends the lines to the file that `ISOCHRONE_CASE_REPORT` names, if it is set.
  public func write() {
    guard let path = ProcessInfo.processInfo.environment["ISOCHRONE_CASE_REPORT"],
      let file = FileHandle(forUpdatingAtPath: path)
    else { return }
    file.seekToEndOfFile()
    file.write(Data(lines.joined().utf8))
    try? file.close()
  }
}
