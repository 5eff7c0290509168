import Foundation
import Testing

/// A program of others that tests hand what is written to; `Scripts/install-dependencies --test-tools` installs them.
struct Tool: Sendable {
  /// What a program has said, and how it ended.
  struct Run {
    var status: Int32
    var output: String
    var complaints: String
  }

  struct TimedOut: Error { var command: String }

  let path: String

  /// A program by its name, where it is installed.
  init?(_ name: String) {
    let own = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let folders = own.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/bin", "/sbin"]
    guard let path = folders.map({ "\($0)/\(name)" }).first(where: FileManager.default.isExecutableFile) else {
      return nil
    }
    self.path = path
  }

  init(path: String) { self.path = path }

  /// Whether all programs of a list are installed.
  static func has(_ names: String...) -> Bool { names.allSatisfy { Tool($0) != nil } }

  /// A Python that has a module; nil where there is none.
  static func python(importing module: String) -> Tool? {
    let known = [Tool("python3"), Tool(path: "/usr/bin/python3")].compactMap(\.self)
    return known.first { tool in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: tool.path)
      process.arguments = ["-c", "import \(module)"]
      process.standardError = FileHandle.nullDevice
      guard (try? process.run()) != nil else { return false }
      process.waitUntilExit()
      return process.terminationStatus == 0
    }
  }

  /// What a test says that is skipped for want of programs.
  static func missing(_ names: String...) -> Comment {
    let missing = names.filter { Tool($0) == nil }.joined(separator: ", ")
    return "not installed: \(missing) (Scripts/install-dependencies --test-tools installs it)"
  }

  /// A program that runs until it is ended.
  struct Service {
    fileprivate let process: Process
    fileprivate let input: Pipe

    /// Ends it.
    func end() { try? input.fileHandleForWriting.close() }
  }

  /// Starts the program as a service, with what it says in files of a folder.
  func start(
    _ arguments: [String], in folder: URL, variables: [String: String] = [:], as name: String
  ) throws -> Service {
    // Services close files that they have not opened, by which Foundation knows that a process is running, and inherit
    // blocked signals: a shell around them waits until its input ends, which it also does with the tests.
    let script = "\"$0\" \"$@\" </dev/null & child=$!; read -r _; kill -9 $child"
    let input = Pipe()
    let process = try Tool(path: "/bin/sh")
      .process(["-c", script, path] + arguments, input: input, in: folder, variables: variables, as: name)
    return Service(process: process, input: input)
  }

  private func process(
    _ arguments: [String], input: Pipe?, in folder: URL, variables: [String: String], as name: String
  ) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    process.standardInput = input ?? FileHandle.nullDevice
    process.standardOutput = try FileHandle.writing(folder.appending(path: "\(name).out"))
    process.standardError = try FileHandle.writing(folder.appending(path: "\(name).err"))
    try process.run()
    return process
  }

  /// Runs the program to its end.
  /// - Throws: `TimedOut` where it has none within so many seconds.
  func run(
    _ arguments: [String], in folder: URL, variables: [String: String] = [:], seconds: Double = 30
  ) async throws -> Run {
    let name = "run-\(UUID().uuidString)"
    let process = try process(arguments, input: nil, in: folder, variables: variables, as: name)
    guard try await Tool.waits(seconds: seconds, until: { !process.isRunning }) else {
      kill(process.processIdentifier, SIGKILL)
      throw TimedOut(command: "\(path) \(arguments.joined(separator: " "))")
    }
    return Run(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: folder.appending(path: "\(name).out")), as: UTF8.self),
      complaints: String(decoding: try Data(contentsOf: folder.appending(path: "\(name).err")), as: UTF8.self))
  }

  /// Waits until something is so; false where it is not within so many seconds.
  static func waits(seconds: Double, until isSo: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      if try await isSo() { return true }
      try await Task.sleep(for: .milliseconds(20))
    }
    return try await isSo()
  }

  /// Does something in a folder of its own, which is then removed.
  static func inFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "isochrone-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
  }
}

extension FileHandle {
  fileprivate static func writing(_ file: URL) throws -> FileHandle {
    try Data().write(to: file)
    return try FileHandle(forWritingTo: file)
  }
}
