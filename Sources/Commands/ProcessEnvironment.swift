import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The machine that this process runs on.
struct ProcessEnvironment: Environment {
  private static let chunk = 1 << 16

  var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  var terminalWidth: Int? {
    guard isTerminal else { return nil }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR
        ? .notFound(path) : .unreadable(path, reason: ProcessEnvironment.lastError)
    }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: ProcessEnvironment.chunk)
    while content.count <= limit {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { return content }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw .unreadable(path, reason: ProcessEnvironment.lastError)
      }
      content += buffer[..<count]
    }
    throw .tooLarge(path, limit: limit)
  }

  func names(inFolder path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  private static var lastError: String { String(cString: strerror(errno)) }
}
