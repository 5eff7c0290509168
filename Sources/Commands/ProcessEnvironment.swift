import Foundation

/// The machine that this process runs on.
struct ProcessEnvironment: Environment {
  private static let chunk = 1 << 16

  var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  var terminalWidth: Int? {
    var size = winsize()
    guard isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      var content: [UInt8] = []
      // In chunks, because a device or a pipe has no size to ask for and may never end.
      while let part = try file.read(upToCount: ProcessEnvironment.chunk), !part.isEmpty {
        content += part
        if content.count > limit { throw FileError.tooLarge(path, limit: limit) }
      }
      return content
    } catch let error as FileError {
      throw error
    } catch CocoaError.fileReadNoSuchFile, CocoaError.fileNoSuchFile {
      throw .notFound(path)
    } catch {
      throw .unreadable(path, reason: ProcessEnvironment.reason(error))
    }
  }

  func write(_ text: String, to path: String) throws(FileError) {
    // The file that a symbolic link leads to is replaced, not the link.
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    let temporary = target.deletingLastPathComponent()
      .appending(path: ".\(target.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).tmp")
    let old = try? FileManager.default.attributesOfItem(atPath: target.path)
    if let kind = old?[.type] as? FileAttributeType, kind != .typeRegular {
      throw .unwritable(path, reason: "it is not a regular file")
    }
    do {
      try Data(text.utf8).write(to: temporary, options: .withoutOverwriting)
      if let mode = old?[.posixPermissions] {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: temporary.path)
      }
      let file = try FileHandle(forWritingTo: temporary)
      try file.synchronize()
      try file.close()
      guard rename(temporary.path, target.path) == 0 else {
        throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
      }
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw .unwritable(path, reason: ProcessEnvironment.reason(error))
    }
  }

  func names(inFolder path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  func print(_ text: String) throws(FileError) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      throw .unwritable("standard output", reason: ProcessEnvironment.reason(error))
    }
  }

  func complain(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

  /// What the system said, without the framework's wrapping.
  private static func reason(_ error: any Error) -> String {
    let inner = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error ?? error
    if let inner = inner as? POSIXError { return String(cString: strerror(inner.code.rawValue)) }
    return inner.localizedDescription
  }
}
