import Diagnostics
import Measurements
import TopologyFiles

/// Reads logs of benchmarks.
struct LogLoader {
  private let environment: any Environment

  init(_ environment: any Environment) { self.environment = environment }

  /// The log in a file, which may be of any length.
  /// - Throws: `Failure` when there is no such file or it holds no row of a benchmark.
  func log(_ path: String) throws(Failure) -> BenchmarkLog {
    var reader = BenchmarkLogReader()
    do throws(FileAccess.Failure) {
      var pieces = try environment.files.open(path)
      while let piece = try pieces.next() { reader.read(piece[...]) }
    } catch {
      throw Failure(error, path: path)
    }
    let log = reader.finished()
    guard !log.tables.isEmpty else {
      throw Failure(
        "log.no-rows", "'\(path)' holds no row of nccl-tests or rccl-tests",
        notes: ["a row is a size, a count, an element type and times: '1024 256 float sum -1 30.1 0.03 0.06 0'"],
        status: .badData)
    }
    return log
  }
}

extension Failure {
  /// A file of data that cannot be read.
  init(_ error: FileAccess.Failure, path: String) {
    switch error {
    case .notFound: self.init("file.not-found", "no such file: '\(path)'", status: .noInput)
    case .isFolder: self.init("file.unreadable", "'\(path)' is a folder", status: .noInput)
    case .tooLarge: self.init("file.too-large", "'\(path)' is too large", status: .badData)
    case .unreadable(let reason):
      self.init("file.unreadable", "'\(path)' cannot be read: \(reason)", status: .noInput)
    }
  }
}
