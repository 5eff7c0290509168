/// How a command ended, as the number that the process returns.
public enum ExitStatus: Int32, Sendable, Hashable {
  /// Done.
  case done = 0
  /// A check that was asked for failed.
  case checkFailed = 1
  /// The command line is wrong.
  case usage = 64
  /// A file holds bad data.
  case badData = 65
  /// There is no such file, or it cannot be read.
  case noInput = 66
  /// A mistake of the program's own, or output that could not be written.
  case internalError = 70
}
