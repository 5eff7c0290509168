import Diagnostics
import Documents
import Foundation
import Testing
import TopologyFiles

/// A file of `Fixtures/` with what it says of itself in comments.
///
/// `# expect: LINE:COLUMN ID` names a diagnostic (`-` for one without a place, `FILE:LINE:COLUMN` for one in another
/// file), `# with: NAME=VALUE` a parameter. A file without expectations is a good one.
struct Fixture: Sendable, CustomStringConvertible {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

  var name: String
  var expected: [String]
  var overrides: [TopologyReference.Override]

  var description: String { name }

  static let all: [Fixture] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.sorted().map(Fixture.init)
  }()

  /// Fixtures that are read on their own, not just imported by others.
  static let entries = all.filter { !$0.name.hasPrefix("part-of-") }

  init(name: String) {
    self.name = name
    let bytes = (try? Data(contentsOf: Fixture.folder.appending(path: name))) ?? Data()
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    func values(_ key: String) -> [String] {
      lines.compactMap { $0.hasPrefix("# \(key): ") ? String($0.dropFirst(key.count + 4)) : nil }
    }
    expected = values("expect").sorted()
    overrides = values("with").map { text in
      let sides = text.split(separator: "=").map(String.init)
      return .init(name: sides[0], value: sides[1])
    }
  }

  /// The file as it is.
  func text() throws -> String { try String(contentsOf: Fixture.folder.appending(path: name), encoding: .utf8) }

  /// Reads the file as a user would, with the folder in front of its name taken away again.
  func read() -> TopologyReading {
    let access = FileAccess { path throws(FileAccess.Failure) in
      try FileAccess.disk.read(Fixture.folder.appending(path: path).path)
    }
    return TopologyReader(files: access).read(TopologyReference(name: name, overrides: overrides))
  }

  /// What was found, in the form of the expectations.
  func found(_ reading: TopologyReading) -> [String] {
    reading.diagnostics.map { diagnostic in
      guard let range = diagnostic.range else { return "- \(diagnostic.id)" }
      let file = range.file == name ? "" : "\(range.file):"
      return "\(file)\(range.start.line):\(range.start.column) \(diagnostic.id)"
    }.sorted()
  }
}

@Suite("Fixtures")
struct FixtureTests {
  @Test("A file gives exactly the diagnostics that it expects", arguments: Fixture.entries)
  func expectations(fixture: Fixture) {
    let reading = fixture.read()
    #expect(fixture.found(reading) == fixture.expected, "\(reading.rendered)")
    #expect((reading.cluster != nil) == fixture.expected.isEmpty)
  }

  @Test("Every diagnostic of the sources has a fixture or a test of its own")
  func coverage() throws {
    // These need more than a file of reasonable size can say; each has a test.
    let elsewhere: Set<String> = [
      "file.too-large", "file.unreadable", "yaml.too-many-values", "reference.parameter", "diagnostics.more",
      "import.too-many",
    ]
    // These are the last line of defence behind checks that come first.
    let guards: Set<String> = ["composition.invalid", "composition.too-large", "exception.too-many"]
    let covered = Set(Fixture.all.flatMap(\.expected).compactMap { $0.split(separator: " ").last.map(String.init) })
    let sources = Fixture.folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources")
    var ids: Set<String> = []
    for target in ["Diagnostics", "Documents", "TopologyFiles"] {
      let folder = sources.appending(path: target)
      for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".swift") {
        let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        for line in text.split(separator: "\n") where !line.trimmingPrefix(while: \.isWhitespace).hasPrefix("///") {
          for match in line.matches(of: /"([a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*)"/) { ids.insert(String(match.1)) }
        }
      }
    }
    #expect(ids.count > 80)
    #expect(ids.subtracting(covered).subtracting(elsewhere).subtracting(guards).sorted() == [])
  }

  @Test("Mistakes and their places do not depend on the kind of line break")
  func lineBreaks() throws {
    for fixture in Fixture.entries where fixture.overrides.isEmpty {
      let data = try Data(contentsOf: Fixture.folder.appending(path: fixture.name))
      guard let text = String(data: data, encoding: .utf8), !text.contains("\r"), !text.contains("imports") else {
        continue
      }
      let windows = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
      let reading = TopologyReader(files: .memory([fixture.name: windows])).read(TopologyReference(name: fixture.name))
      #expect(fixture.found(reading) == fixture.expected, "\(fixture.name)")
    }
  }

  @Test("After its unambiguous fix-its, a file has no diagnostic with such a fix-it left")
  func fixes() throws {
    var total = 0
    for fixture in Fixture.entries {
      let reading = fixture.read()
      guard let fixed = reading.fixed(fixture.name), fixed.applied > 0 else { continue }
      total += fixed.applied
      let again = TopologyReader(files: .memory([fixture.name: fixed.text])).read(TopologyReference(name: fixture.name))
      let left = again.diagnostics.filter { $0.fixIts.count == 1 }.map(\.message)
      #expect(left.filter { message in reading.diagnostics.contains { $0.message == message } } == [])
    }
    #expect(total > 5)
  }
}
