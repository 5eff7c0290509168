import Foundation

/// Why a process could not be measured.
enum ProcessError: Error {
  /// It could not be started; the system's number for the reason.
  case start(String, code: Int32)
  /// It ended with another status than zero.
  case status(String, Int32)
}

extension Measurement {
  /// Runs a program several times, from start to exit, its output thrown away.
  ///
  /// The peak memory is the system's record for the process. On Linux that record also covers the moment before the
  /// program replaces the one that started it, so it is never below the memory of this harness at that time: an upper
  /// bound.
  static func process(_ path: String, _ arguments: [String], runs: Int) throws -> Measurement {
    var times: [Double] = []
    var peak = 0
    let clock = ContinuousClock()
    for run in 0...runs {
      let start = clock.now
      let usage = try spawn([path] + arguments)
      if run > 0 { times.append(start.duration(to: clock.now).seconds) }
      #if os(macOS)
        peak = max(peak, usage.ru_maxrss)
      #else
        peak = max(peak, usage.ru_maxrss * 1024)
      #endif
    }
    return Measurement(times: times, peakBytes: peak)
  }

  private static func spawn(_ words: [String]) throws -> rusage {
    #if os(macOS)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    argv.append(nil)
    defer { for word in argv { free(word) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, words[0], &actions, nil, argv, environ)
    guard code == 0 else { throw ProcessError.start(words[0], code: code) }
    var usage = rusage()
    var status: Int32 = 0
    wait4(pid, &status, 0, &usage)
    guard status == 0 else { throw ProcessError.status(words.joined(separator: " "), status) }
    return usage
  }
}
