import Diagnostics
import Documents
import Interchange
import TestSupport
import Testing

/// Damaged files are read or refused; nothing crashes or hangs.
@Suite("Mutations")
struct MutationTests {
  private static let words = [
    "\"", "<", ">", "&", "]", "[", "\n", "\t", "0", "-1", "99999999999999999999", "GPU0", "NV18", "Switch ", "[1]",
    "\u{FEFF}", "\r\n", "1e400", "nan", "/>", "<!--", "SwitchName=", "{", "}", ",", ":", "- ",
  ]

  private static func mutated(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes.remove(at: place)
      case 1: bytes.insert(UInt8.random(in: 0...127, using: &generator), at: place)
      case 2: bytes[place] ^= 1 << UInt8.random(in: 0..<7, using: &generator)
      case 3: bytes = Array(bytes[..<place])
      case 4: bytes.insert(contentsOf: (words.randomElement(using: &generator) ?? "").utf8, at: place)
      default:
        let end = min(bytes.count, place + Int.random(in: 1...60, using: &generator))
        bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &generator))
      }
    }
    return bytes
  }

  @Test("Thousands of damaged files of every format", arguments: Importers.all.map { $0.name })
  func damaged(_ format: String) throws {
    let importer = try #require(Importers.named(format))
    let seeds = try SampleCase.all.filter { SampleCase.isOwn && $0.kind == format }.map { try $0.bytes }
    var generator = SeededGenerator(seed: format.utf8.reduce(7) { $0 &* 31 &+ Int($1) })
    for _ in 0..<300 {
      guard let seed = seeds.randomElement(using: &generator) else { return }
      var list = DiagnosticList()
      let bytes = Self.mutated(seed, using: &generator)
      guard let text = SourceText.decoding(bytes, name: "damaged", &list) else { continue }
      let site = importer.site(text, ImportOptions(), &list)
      // A refusal says why; what is read can be written.
      #expect(site != nil || list.hasErrors, "\(String(decoding: bytes.prefix(400), as: UTF8.self))")
      if let site { _ = TopologyText(site, origin: "damaged").text }
    }
  }
}
