import Documents
import Foundation
import HardwareCatalog
import Testing
import TopologyFiles

/// Pages of the documentation that repeat what the sources say.
///
/// With `ISOCHRONE_RECORD_DOCUMENTATION=1` the file reference is written anew from the schemas.
@Suite("Documentation")
struct DocumentationTests {
  private static let isRecording = ProcessInfo.processInfo.environment["ISOCHRONE_RECORD_DOCUMENTATION"] == "1"
  private static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let sources = checkout.appending(path: "Sources")
  private static let pages = sources.appending(path: "Estimation/Documentation.docc")

  private static func page(_ name: String) throws -> String {
    try String(contentsOf: pages.appending(path: name), encoding: .utf8)
  }

  @Test("The file reference is the description that the reader checks against")
  func fileReference() throws {
    let marker = "<!-- From here on printed from the schemas. -->\n"
    let name = "DescribingACluster.md"
    let parts = try Self.page(name).components(separatedBy: marker)
    try #require(parts.count == 2, "the page has the marker once")
    let reference = "\n" + Language.reference
    if Self.isRecording {
      try (parts[0] + marker + reference).write(
        to: Self.pages.appending(path: name), atomically: true, encoding: .utf8)
    } else {
      #expect(parts[1] == reference, "\(name) is stale; ISOCHRONE_RECORD_DOCUMENTATION=1 writes it anew")
    }
  }

  @Test("Every link inside the file reference leads to a section of it")
  func fileReferenceLinks() throws {
    let page = try Self.page("DescribingACluster.md")
    let sections = Set(
      page.matches(of: /(?m)^#+ (.+)$/).map { $0.1.lowercased().replacingOccurrences(of: " ", with: "-") })
    let targets = Set(page.matches(of: /\]\(#([^)]+)\)/).map { String($0.1).lowercased() })
    #expect(targets.count > 10)
    #expect(targets.subtracting(sections).sorted() == [])
  }

  @Test("The page on diagnostics lists every id of the sources, each once, and no other")
  func diagnostics() throws {
    // Ids of the command's options are put together from the option's name.
    let composed: Set<String> = ["usage.library"]
    var ids = composed
    // An attribute of GraphML looks like one.
    let others: Set<String> = ["attr.name"]
    let folders = [
      "Diagnostics", "Documents", "HardwareCatalog", "TopologyFiles", "Interchange", "Collectives", "Measurements",
      "Serving", "Estimation/Diagnosis", "Estimation/Calibration", "Estimation/Requests", "Commands",
    ]
    for folder in folders {
      let files = try FileManager.default.subpathsOfDirectory(atPath: Self.sources.appending(path: folder).path)
      // In Collectives, what looks like an id may be the name of a figure; only its reader of files has diagnostics.
      let suffix = folder == "Collectives" ? "+Reading.swift" : ".swift"
      for file in files where file.hasSuffix(suffix) {
        let text = try String(contentsOf: Self.sources.appending(path: "\(folder)/\(file)"), encoding: .utf8)
        for line in text.split(separator: "\n") where !line.trimmingPrefix(while: \.isWhitespace).hasPrefix("///") {
          for match in line.matches(of: /"([a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*)"/) { ids.insert(String(match.1)) }
        }
      }
    }
    ids.subtract(others)
    let listed = try Self.page("Diagnostics.md").matches(of: /(?m)^\| `([a-z.-]+)` \|/).map { String($0.1) }
    #expect(ids.count > 120)
    #expect(Set(listed).count == listed.count)
    #expect(ids.subtracting(listed).sorted() == [], "these are not explained")
    #expect(Set(listed).subtracting(ids).sorted() == [], "these do not exist")
  }

  @Test("Every example of a file is read without a complaint; a part of one is added to eight racks")
  func examples() throws {
    let racks = """
      isochrone: 1
      cluster:
        racks: 8 × GB200-NVL72
        fabric: {kind: rail-optimised, switch: Quantum-2}

      """
    var read = 0
    for name in ["DescribingACluster.md", "GettingStarted.md"] {
      for block in try Self.page(name).matches(of: /(?ms)^```yaml\n(.*?)^```$/).map({ String($0.1) }) {
        let text = block.hasPrefix("isochrone:") ? block : racks + block
        let reading = TopologyReader(files: .memory(["example.yaml": text])).read(
          TopologyReference(name: "example.yaml"))
        #expect(reading.diagnostics.isEmpty, "\(name): \(reading.rendered)")
        #expect(reading.cluster != nil)
        read += 1
      }
    }
    #expect(read >= 6)
  }

  @Test("Every page is reached from the landing page")
  func landingPage() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.pages.path)
      .filter { $0.hasSuffix(".md") && $0 != "Isochrone.md" }
    let landing = try Self.page("Isochrone.md")
    #expect(names.count >= 8)
    #expect(names.filter { !landing.contains("<doc:\($0.dropLast(3))>") } == [])
  }
}
