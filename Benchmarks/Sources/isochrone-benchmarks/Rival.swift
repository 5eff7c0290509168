import Foundation

/// A graph library of others in a process of its own, which is asked for one run after another.
///
/// It times itself, from the graph in memory to the result in memory, so that neither its start nor the pipe counts.
final class Rival {
  /// Why a rival could not be asked.
  enum Failure: Error {
    /// It ended, or said something else than a time.
    case answer(String)
  }

  /// The interpreter with the libraries of `requirements.txt`; nil where the script that installs them did not say.
  static var python: String? { ProcessInfo.processInfo.environment["ISOCHRONE_BENCHMARK_PYTHON"] }

  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "rivals.py").path

  private let process = Process()
  private let questions = Pipe()
  private let answers = Pipe()
  private var unread = Data()

  /// Starts a library and hands it a graph.
  init(_ library: String, _ task: String, graph: SampleGraph, threads: Int = 1) throws {
    process.executableURL = URL(fileURLWithPath: Rival.python ?? "/usr/bin/env")
    process.arguments =
      (Rival.python == nil ? ["python3"] : []) + [Rival.script, library, task, try graph.file(), "\(threads)"]
    process.standardInput = questions
    process.standardOutput = answers
    try process.run()
    guard try line() == "ready" else { throw Failure.answer(library) }
  }

  /// One run.
  func run() throws -> Run {
    try questions.fileHandleForWriting.write(contentsOf: Data("\n".utf8))
    let answer = try line()
    guard let seconds = answer.split(separator: " ").first.flatMap({ Double($0) }) else { throw Failure.answer(answer) }
    return Run(seconds: seconds)
  }

  /// Ends the library.
  func stop() {
    try? questions.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  private func line() throws -> String {
    let end = UInt8(ascii: "\n")
    while true {
      if let place = unread.firstIndex(of: end) {
        let line = String(decoding: unread[..<place], as: UTF8.self)
        unread = Data(unread[(place + 1)...])
        return line
      }
      let more = answers.fileHandleForReading.availableData
      guard !more.isEmpty else { throw Failure.answer("no answer") }
      unread += more
    }
  }
}
