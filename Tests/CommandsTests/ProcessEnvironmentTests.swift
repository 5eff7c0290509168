import Foundation
import Testing

@testable import Commands

@Suite struct ProcessEnvironmentTests {
  private let environment = ProcessEnvironment()

  /// Runs something in a folder of its own.
  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "isochrone-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func text(_ url: URL) throws -> String { String(decoding: try Data(contentsOf: url), as: UTF8.self) }

  @Test("A file is made or replaced, keeps its mode, and nothing is left beside it")
  func write() throws {
    try inFolder { folder in
      let file = folder.appending(path: "a.yaml")
      try environment.write("one", to: file.path)
      #expect(try text(file) == "one")
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path)
      try environment.write("two", to: file.path)
      #expect(try text(file) == "two")
      let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
      #expect(mode == 0o640)
      #expect(environment.names(inFolder: folder.path) == ["a.yaml"])
    }
  }

  @Test("A symbolic link stays one; the file that it leads to is replaced")
  func link() throws {
    try inFolder { folder in
      let file = folder.appending(path: "a.yaml")
      let link = folder.appending(path: "link.yaml")
      try environment.write("one", to: file.path)
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
      try environment.write("two", to: link.path)
      #expect(try text(file) == "two")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == file.path)
    }
  }

  @Test("What is no regular file is not replaced, and a folder that is not there is an error")
  func refuses() throws {
    try inFolder { folder in
      #expect(throws: WriteError.self) { try environment.write("x", to: folder.path) }
      #expect(throws: WriteError.self) { try environment.write("x", to: folder.path + "/none/a.yaml") }
      #expect(environment.names(inFolder: folder.path).isEmpty)
    }
  }
}
