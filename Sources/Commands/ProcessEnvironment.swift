import Foundation
import Interchange
import TopologyFiles

/// The machine that this process runs on.
struct ProcessEnvironment: Environment {
  var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  var terminalWidth: Int? {
    var size = winsize()
    guard isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  var showsComplaints: Bool { isatty(STDERR_FILENO) == 1 && variable("TERM") != "dumb" }

  var seconds: Double { ProcessInfo.processInfo.systemUptime }

  var commandLine: String? {
    (["isochrone"] + CommandLine.arguments.dropFirst()).map(ProcessEnvironment.quoted).joined(separator: " ")
  }

  var files: FileAccess { .disk }

  var largeFiles: FileAccess { .disk(limit: Importers.largestFile) }

  func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  func write(_ text: String, to path: String) throws(WriteError) {
    // The file that a symbolic link leads to is replaced, not the link.
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    let temporary = target.deletingLastPathComponent()
      .appending(path: ".\(target.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).tmp")
    let old = try? FileManager.default.attributesOfItem(atPath: target.path)
    if let kind = old?[.type] as? FileAttributeType, kind != .typeRegular {
      throw WriteError(path, reason: "it is not a regular file")
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
      throw WriteError(path, reason: ProcessEnvironment.reason(error))
    }
  }

  func names(inFolder path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  func print(_ text: String) throws(WriteError) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      throw WriteError(nil, reason: ProcessEnvironment.reason(error))
    }
  }

  func complain(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

  /// A word as a shell takes it.
  private static func quoted(_ word: String) -> String {
    let plain = word.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          || "-_.,:=/@%+".unicodeScalars.contains(scalar))
    }
    return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }

  /// What the system said, without the framework's wrapping.
  private static func reason(_ error: any Error) -> String {
    let inner = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error ?? error
    if let inner = inner as? POSIXError { return String(cString: strerror(inner.code.rawValue)) }
    return inner.localizedDescription
  }
}
