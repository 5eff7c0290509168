import Foundation

/// Why a process could not be measured.
enum ChildError: Error {
  /// It could not be started; the system's number for the reason.
  case start(String, code: Int32)
  /// It ended with another status than zero.
  case status(String, Int32)
}

/// A program that is run from start to exit, its output thrown away.
///
/// The peak memory is the system's record for the process (`wait4`). On Linux that record also covers the moment before
/// the program replaces the one that started it, so it is never below the memory of this harness at that time: an
/// upper bound, and the reason why benchmarks of processes come first.
struct Child {
  var path: String
  var arguments: [String] = []
  /// Whether its complaints are thrown away as well.
  var isQuiet = false

  func run() throws -> Run {
    var usage = rusage()
    let timed = try Run.timing { usage = try spawn() }
    #if os(macOS)
      return Run(seconds: timed.seconds, peakBytes: usage.ru_maxrss)
    #else
      return Run(seconds: timed.seconds, peakBytes: usage.ru_maxrss * 1024)
    #endif
  }

  private func spawn() throws -> rusage {
    #if os(macOS)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    if isQuiet { posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) }
    var argv: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
    argv.append(nil)
    defer { for word in argv { free(word) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, path, &actions, nil, argv, environ)
    guard code == 0 else { throw ChildError.start(path, code: code) }
    var usage = rusage()
    var status: Int32 = 0
    wait4(pid, &status, 0, &usage)
    guard status == 0 else { throw ChildError.status(([path] + arguments).joined(separator: " "), status) }
    return usage
  }
}
