import ClusterModel
import Diagnostics
import Documents
import Foundation
import HardwareCatalog
import TestSupport
import Testing
import TopologyFiles

@Suite("Limits")
struct LimitTests {
  private func ids(_ files: [String: String], _ name: String = "test.yaml") -> [String] {
    TopologyReader(files: .memory(files)).read(.init(name: name)).diagnostics.map(\.id)
  }

  @Test("A file of 50 MB is refused by its size, without being read")
  func largeFile() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "large-\(UUID().uuidString).yaml")
    #expect(FileManager.default.createFile(atPath: url.path, contents: nil))
    defer { try? FileManager.default.removeItem(at: url) }
    let handle = try FileHandle(forWritingTo: url)
    try handle.truncate(atOffset: 50_000_000)
    try handle.close()
    let reading = TopologyReader().read(.init(name: url.path))
    #expect(reading.diagnostics.map(\.id) == ["file.too-large"])
    #expect(reading.diagnostics.first?.message.contains("at most 4 MiB are read") == true)
  }

  @Test("What is not a file, or not there, is said so")
  func unreadable() {
    let folder = FileManager.default.temporaryDirectory.path
    #expect(TopologyReader().read(.init(name: folder + "/")).diagnostics.map(\.id) == ["file.unreadable"])
    let missing = TopologyReader().read(.init(name: folder + "/no/such/file.yaml"))
    #expect(missing.diagnostics.map(\.id) == ["file.not-found"])
    #expect(missing.isMissing)
    let misspelt = TopologyReader(files: .memory([:])).read(.init(name: "gb200-nlv72"))
    #expect(misspelt.isMissing)
    #expect(misspelt.diagnostics.first?.notes == ["did you mean 'gb200-nvl72'?"])
  }

  @Test("A device without an end is read up to the limit")
  func endless() {
    #expect(TopologyReader().read(.init(name: "/dev/zero")).diagnostics.map(\.id) == ["file.too-large"])
  }

  @Test("Files that import very many others are stopped")
  func imports() {
    var files = ["test.yaml": "isochrone: 1\nimports: [a0.yaml]\ncluster: {racks: 1 × GB200-NVL72}\n"]
    for index in 0..<100 { files["a\(index).yaml"] = "isochrone: 1\nimports: [a\(index + 1).yaml]\n" }
    #expect(ids(files) == ["import.too-many"])
  }

  @Test("A name is found in the folders first, then among the shipped ones, then as a file")
  func search() throws {
    let own = "isochrone: 1\nname: mine\ncluster: {racks: 1 × GB200-NVL72}\n"
    let files = FileAccess.memory(["folder/gb200-nvl72.yaml": own, "plain": own])
    let reader = TopologyReader(files: files, folders: ["empty", "folder"])
    #expect(try reader.read(.init(name: "gb200-nvl72")).get().name == "mine")
    #expect(try reader.read(.init(name: "gb300-nvl72")).get().name == "NVIDIA GB300 NVL72")
    #expect(try reader.read(.init(name: "plain")).get().name == "mine")
  }

  @Test("A million mistakes are counted and a hundred shown")
  func mistakes() {
    let keys = (0..<50_000).map { "k\($0): 1" }.joined(separator: "\n")
    let reading = read("isochrone: 1\n" + keys)
    #expect(reading.diagnostics.count == 101)
    #expect(reading.diagnostics.last?.id == "diagnostics.more")
  }

  @Test("Deep arithmetic, long paths and long names are refused without trouble")
  func longValues() {
    let deep = String(repeating: "(", count: 100_000) + "1" + String(repeating: ")", count: 100_000)
    #expect(
      read("isochrone: 1\ncluster: {racks: \"\(deep) × GB200-NVL72\"}\n").diagnostics.map(\.id) == ["arithmetic.syntax"]
    )
    let path = String(repeating: "rack[0]/", count: 100_000) + "tray"
    let exceptions = "exceptions: [absent: \"\(path)\"]\n"
    #expect(
      read("isochrone: 1\ncluster: {racks: 1 × GB200-NVL72}\n" + exceptions).diagnostics.map(\.id) == [
        "selector.syntax"
      ])
    let name = String(repeating: "a", count: 100_000)
    #expect(read("isochrone: 1\ncluster: {racks: 1 × \(name)}\n").diagnostics.map(\.id) == ["value.counted"])
  }
}

@Suite("Changed files")
struct MutationTests {
  private static let pieces = [
    "8", "0", "-1", "1000000000000000000", "1e400", ".nan", "[", "]", "{", "}", ":", ",", "\n", "  ", "\t", "- ", "&a",
    "*a", "!!x", "'", "\"", "×", "x", "é", "\u{0}", "\u{2028}", "racks", "cluster:", "[0..99]", "/", "null", "~", "",
    "gpu", "GB300-NVL72", "400 Gb/s", "1 / 3", "#", "|", ">", "---\n", "? ", "count: 3", "match: aligned",
  ]

  /// Changes a text in a few places, as a slip of the hand or a broken copy would.
  private func mutated(_ text: String, _ generator: inout SeededGenerator) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0..<Int.random(in: 1...2, using: &generator) where !scalars.isEmpty {
      let start = Int.random(in: 0..<scalars.count, using: &generator)
      let end = min(scalars.count, start + Int.random(in: 0...12, using: &generator))
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: scalars.removeSubrange(start..<end)
      case 1: scalars.insert(contentsOf: scalars[start..<end], at: Int.random(in: 0...scalars.count, using: &generator))
      default:
        let piece = MutationTests.pieces.randomElement(using: &generator) ?? ""
        scalars.replaceSubrange(start..<min(end, start + 2), with: piece.unicodeScalars)
      }
    }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  @Test("However a file is changed, it is read or refused with places inside of it")
  func neverCrashes() throws {
    var generator = SeededGenerator(seed: 1000)
    var accepted = 0
    for fixture in Fixture.entries where fixture.name != "yaml.billion-laughs.yaml" {
      guard let text = try? fixture.text() else { continue }
      for _ in 0..<25 {
        let changed = mutated(text, &generator)
        let reading = TopologyReader(files: .memory([fixture.name: changed])).read(
          .init(name: fixture.name, overrides: fixture.overrides))
        accepted += reading.cluster == nil ? 0 : 1
        let errors = reading.diagnostics.filter { $0.severity == .error }
        #expect((reading.cluster == nil) == !errors.isEmpty)
        for range in reading.diagnostics.compactMap(\.range) {
          guard let source = reading.sources[range.file] else { continue }
          #expect((1...source.lineCount).contains(range.start.line), "\(changed)")
        }
        #expect(reading.rendered.isEmpty == reading.diagnostics.isEmpty)
      }
    }
    #expect(accepted > 0)
  }
}
