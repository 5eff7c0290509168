import Commands
import Synchronization
import TopologyFiles

/// A machine in memory.
final class FakeEnvironment: Environment {
  private struct State {
    var files: [String: String] = [:]
    var output = ""
    var complaints = ""
    var seconds = 0.0
  }

  let isTerminal: Bool
  let terminalWidth: Int?
  let commandLine: String? = "isochrone"
  let showsComplaints: Bool
  private let variables: [String: String]
  private let state: Mutex<State>

  init(
    files: [String: String] = [:], variables: [String: String] = ["TERM": "dumb"], terminalWidth: Int? = nil,
    showsComplaints: Bool = false
  ) {
    self.showsComplaints = showsComplaints
    state = Mutex(State(files: files))
    self.variables = variables
    self.terminalWidth = terminalWidth
    isTerminal = terminalWidth != nil
  }

  var output: String { state.withLock { $0.output } }
  var complaints: String { state.withLock { $0.complaints } }
  var contents: [String: String] { state.withLock { $0.files } }

  /// A clock on which every look takes a second.
  var seconds: Double {
    state.withLock {
      $0.seconds += 1
      return $0.seconds
    }
  }

  /// Reads what is there at the time of reading.
  var files: FileAccess {
    FileAccess { path throws(FileAccess.Failure) in try FileAccess.memory(self.contents).read(path) }
  }

  func variable(_ name: String) -> String? { variables[name] }

  func write(_ text: String, to path: String) throws(WriteError) {
    guard !path.hasPrefix("/nowhere/") else { throw WriteError(path, reason: "No such file or directory") }
    state.withLock { $0.files[path] = text }
  }

  func names(inFolder path: String) -> [String] {
    contents.keys.filter { $0.hasPrefix(path + "/") }.map { String($0.dropFirst(path.count + 1)) }.sorted()
  }

  func print(_ text: String) throws(WriteError) { state.withLock { $0.output += text } }

  func complain(_ text: String) { state.withLock { $0.complaints += text } }
}

/// What a command line gives.
struct Run {
  let status: ExitStatus
  let output: String
  let complaints: String

  /// Runs the words of a command line; none of them holds a space.
  init(_ line: String, in environment: FakeEnvironment = FakeEnvironment()) {
    status = Isochrone.run(line.split(separator: " ").map(String.init), in: environment)
    output = environment.output
    complaints = environment.complaints
  }
}
