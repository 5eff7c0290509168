import ClusterModel
import Diagnostics
import Documents
import Quantities
import Testing

@testable import HardwareCatalog

@Suite("Parts of one's own")
struct OwnPartsTests {
  private let shipped = HardwareCatalog()

  /// The catalogue with the `parts` of a text on top, and what was found wrong.
  private func adding(_ text: String) throws -> (catalog: HardwareCatalog, diagnostics: [Diagnostic]) {
    var list = DiagnosticList()
    let document = try #require(SourceText(name: "mine.yaml", text: text).document(&list)?.mapping)
    let parts = try #require(document["parts"]?.mapping)
    let catalog = shipped.adding(parts: parts, sources: document["sources"]?.mapping, &list)
    return (catalog, list.diagnostics)
  }

  private func place(_ diagnostic: Diagnostic?) -> String? {
    diagnostic?.range.map { "\($0.file):\($0.start.line):\($0.start.column)" }
  }

  @Test("A part like another takes over all it does not state itself")
  func like() throws {
    let (catalog, diagnostics) = try adding(
      """
      sources:
        sheet: {title: Data sheet, url: "https://example.org", date: 2026-01-01}
      parts:
        accelerators:
          Mine: {like: GB200, about: half of one, figures: {memory: {value: 96 GB, source: sheet}, links: 9}}
      """)
    #expect(diagnostics.isEmpty)
    let mine = try #require(catalog.accelerator("mine"))
    let base = try #require(shipped.accelerator("GB200"))
    #expect(mine.about == "half of one")
    #expect(mine.memory?.value == Bytes(96_000_000_000))
    #expect(mine.memory?.source?.title == "Data sheet")
    #expect(mine.links?.value == 9)
    #expect(mine.memoryBandwidth == base.memoryBandwidth)
    #expect(mine.generation == base.generation && mine.vendor == base.vendor && mine.link == base.link)
    #expect(catalog.names(of: .accelerators) == shipped.names(of: .accelerators) + ["Mine"])
    #expect(catalog.accelerator("GB200")?.record == base.record)
  }

  @Test("A part with a known name corrects single figures of the known one, without regard to case")
  func correction() throws {
    let (catalog, diagnostics) = try adding(
      """
      parts:
        accelerators:
          gb200: {figures: {memory: 192 GB}}
      """)
    #expect(diagnostics.isEmpty)
    let base = try #require(shipped.accelerator("GB200"))
    let mine = try #require(catalog.accelerator("GB200"))
    #expect(mine.name == "GB200" && mine.about == base.about)
    #expect(mine.memory?.value == Bytes(192_000_000_000))
    #expect(mine.power == base.power)
    #expect(mine.record.figures.map(\.name) == base.record.figures.map(\.name))
    #expect(catalog.names(of: .accelerators) == shipped.names(of: .accelerators))
    #expect(
      catalog.unsourcedFigures() == [.init(family: .accelerators, part: "GB200", figure: "memory")])
  }

  @Test("Parts may take over one another in any order, and figures that are not known are kept")
  func rows() throws {
    let (catalog, diagnostics) = try adding(
      """
      parts:
        nics:
          Third: {like: Second}
          Second: {like: First, figures: {queues: "16 per port"}}
          First: {like: ConnectX-7, link: Cable}
        links:
          Cable: {technology: roce, figures: {bandwidth: 100 Gb/s, latency: 1 us}}
      """)
    #expect(diagnostics.isEmpty)
    let third = try #require(catalog.nic("Third"))
    #expect(third.link == "Cable")
    #expect(third.record.figure("queues")?.value == "16 per port")
    let link = try #require(catalog.portLink(of: third))
    #expect(link.technology == .roce)
    #expect(link.name == "cable")
    #expect(link.latency == .nanoseconds(1000))
    #expect(link.bandwidth == .gigabitsPerSecond(400))
  }

  @Test(
    "A mistake is reported where it stands",
    arguments: [
      ("nics: {Mine: {like: ¦ConectX-7}}", "part.unknown"),
      ("nics: {Mine: {like: ¦Mine}}", "part.unknown"),
      ("nics: {¦Mine: {transport: roce}}", "part.incomplete"),
      ("nics: {Mine: {like: ConnectX-7, figures: {port-bandwidth: ¦400}}}", "quantity.missing-unit"),
      ("nics: {Mine: {like: ConnectX-7, figures: {port-bandwidth: ¦0 Gb/s}}}", "quantity.zero"),
      ("nics: {Mine: {like: ConnectX-7, figures: {port-bandwidth: ¦-1 Gb/s}}}", "quantity.negative"),
      ("nics: {Mine: {like: ConnectX-7, figures: {ports: ¦99999999}}}", "number.range"),
      ("nics: {Mine: {like: ConnectX-7, figures: {¦port-bandwith: 1 Gb/s}}}", "figure.unknown"),
      ("nics: {Mine: {like: ConnectX-7, link: ¦NDR}}", "part.unknown"),
      ("nics: {Mine: {like: ConnectX-7, transport: ¦infinband}}", "value.unknown"),
      ("nics: {Mine: {like: ConnectX-7, figures: {ports: {value: 2, source: ¦sheet}}}}", "source.unknown"),
      ("nics: {Mine: {like: ConnectX-7, figures: {¦ports: {value: 2, assumed: true}}}}", "figure.no-reason"),
      ("nics: {Mine: {like: ConnectX-7, ¦wings: 2}}", "key.unknown"),
      ("nics: {Mine: ¦7}", "value.shape"),
      ("¦wings: {Mine: {like: ConnectX-7}}", "key.unknown"),
      ("nics: {Mine: {like: ConnectX-7}, ¦MINE: {like: ConnectX-7}}", "part.twice"),
      ("nics: {A: {like: B}, B: {like: ¦A}}", "part.circle"),
    ])
  func mistakes(marked: String, id: String) throws {
    let parts = marked.split(separator: "¦", omittingEmptySubsequences: false)
    let diagnostics = try adding("parts:\n  {\(parts.joined())}\n").diagnostics
    let found = diagnostics.first { $0.id == id }
    #expect(found?.severity == .error)
    #expect(place(found) == "mine.yaml:2:\(parts[0].count + 4)")
  }

  @Test("A row of parts that is too long is refused, one that is not is taken")
  func longRows() throws {
    func row(_ length: Int) -> String {
      (0..<length).map { "    N\($0): {like: \($0 == 0 ? "ConnectX-7" : "N\($0 - 1)")}" }.joined(separator: "\n")
    }
    #expect(try adding("parts:\n  nics:\n" + row(16)).diagnostics.isEmpty)
    let long = try adding("parts:\n  nics:\n" + row(2000))
    #expect(long.diagnostics.map(\.id) == ["part.circle"])
    #expect(long.catalog.nic("N15") != nil && long.catalog.nic("N16") == nil)
  }

  @Test("A name that is not known is not found, and the shipped parts stay as they are")
  func unknown() throws {
    #expect(shipped.accelerator("GB999") == nil)
    #expect(shipped.nic("GB200") == nil)
    #expect(shipped.accelerator("") == nil)
    _ = try adding("parts:\n  accelerators: {GB200: {figures: {memory: 1 GB}}}")
    #expect(HardwareCatalog().accelerator("GB200")?.record == shipped.accelerator("GB200")?.record)
  }
}
