public import TopologyFiles

/// What commands see of the machine: files, variables and where answers go.
///
/// Nothing else in the package reads or writes; tests put their own in its place.
public protocol Environment: Sendable {
  /// Whether standard output is a terminal.
  var isTerminal: Bool { get }
  /// How many characters a line of the terminal has; nil where there is none.
  var terminalWidth: Int? { get }

  /// Whether standard error is a terminal that can write a line again.
  var showsComplaints: Bool { get }
  /// Seconds since some moment in the past, by a clock that never goes back.
  var seconds: Double { get }

  /// The words that the program was called with, as a person would type them again; nil where there was no call.
  var commandLine: String? { get }

  /// How files are read.
  var files: FileAccess { get }
  /// How files of other tools are read, which may be larger.
  var largeFiles: FileAccess { get }

  /// The value of an environment variable; nil where it is not set.
  func variable(_ name: String) -> String?

  /// Puts a text in the place of a file, at once: readers see the old content or the new, never a part.
  /// - Throws: `WriteError`; the old content then remains.
  func write(_ text: String, to path: String) throws(WriteError)

  /// The names of the files in a folder, sorted; none where it cannot be read.
  func names(inFolder path: String) -> [String]

  /// Adds a text to standard output.
  /// - Throws: `WriteError` when it cannot be written.
  func print(_ text: String) throws(WriteError)

  /// Adds a text to standard error.
  func complain(_ text: String)
}

extension Environment {
  /// Nobody watches.
  public var showsComplaints: Bool { false }

  /// A clock that stands still.
  public var seconds: Double { 0 }

  /// The same as other files.
  public var largeFiles: FileAccess { files }
}

/// Why something could not be written.
public struct WriteError: Error, Sendable, Hashable {
  /// The file; nil for standard output.
  public var target: String?
  /// The reason in the system's words.
  public var reason: String

  /// An error of its parts.
  public init(_ target: String?, reason: String) {
    self.target = target
    self.reason = reason
  }
}
