/// What commands see of the machine: files, variables and where answers go.
///
/// Nothing else in the package reads or writes; tests put their own in its place.
public protocol Environment: Sendable {
  /// Whether standard output is a terminal.
  var isTerminal: Bool { get }
  /// How many characters a line of the terminal has; nil where there is none.
  var terminalWidth: Int? { get }

  /// The value of an environment variable; nil where it is not set.
  func variable(_ name: String) -> String?

  /// The bytes of a file.
  /// - Parameter limit: More bytes than this are not read, but make an error.
  /// - Throws: `FileError` when there is no such file or it cannot be read.
  func read(_ path: String, limit: Int) throws(FileError) -> [UInt8]

  /// Puts a text in the place of a file, at once: readers see the old content or the new, never a part.
  /// - Throws: `FileError` when the file cannot be written; the old content then remains.
  func write(_ text: String, to path: String) throws(FileError)

  /// The names of the files in a folder, sorted; none where it cannot be read.
  func names(inFolder path: String) -> [String]

  /// Adds a text to standard output.
  /// - Throws: `FileError` when it cannot be written.
  func print(_ text: String) throws(FileError)

  /// Adds a text to standard error.
  func complain(_ text: String)
}

/// Why a file could not be read or written.
public enum FileError: Error, Sendable, Hashable {
  /// There is none of that name.
  case notFound(String)
  /// It is there, but the system refuses; the reason in its words.
  case unreadable(String, reason: String)
  /// It is larger than a stated limit in bytes.
  case tooLarge(String, limit: Int)
  /// It could not be written; the reason in the system's words.
  case unwritable(String, reason: String)
}

extension FileError {
  /// What to tell the user, in one sentence.
  var message: String {
    switch self {
    case .notFound(let path): "there is no file '\(path)'"
    case .unreadable(let path, let reason): "the file '\(path)' cannot be read: \(reason)"
    case .tooLarge(let path, let limit): "the file '\(path)' is larger than \(limit / 1_048_576) MiB"
    case .unwritable(let path, let reason): "'\(path)' cannot be written: \(reason)"
    }
  }

  /// The status that a command ends with.
  var status: ExitStatus {
    switch self {
    case .notFound, .unreadable: .noInput
    case .tooLarge: .badData
    case .unwritable: .internalError
    }
  }
}
