import ClusterModel
import Diagnostics
import Documents
import Quantities
import Testing

@testable import HardwareCatalog

@Suite("The shipped parts")
struct ShippedPartsTests {
  let catalog = HardwareCatalog()

  @Test("Every data file reads without a single remark", arguments: Family.allCases)
  func readsCleanly(family: Family) throws {
    var list = DiagnosticList()
    let table = ShippedData.read(family, &list)
    #expect(list.diagnostics.isEmpty)
    #expect(!table.names.isEmpty)
    #expect(Set(table.names.map { $0.lowercased() }).count == table.names.count)
  }

  @Test("Every figure has a source or is assumed with a reason")
  func figuresAreAccountedFor() {
    #expect(catalog.unsourcedFigures().isEmpty)
    let figures = Family.allCases.flatMap { family in
      catalog.names(of: family).flatMap { catalog.record($0, of: family)?.figures ?? [] }
    }
    #expect(figures.count > 100)
    for entry in figures where entry.figure.isAssumed { #expect(entry.figure.note?.isEmpty == false) }
  }

  @Test("Every source has a title, a date, and an address unless none is recorded")
  func sourcesAreComplete() {
    for family in Family.allCases {
      for name in catalog.names(of: family) {
        for source in (catalog.record(name, of: family)?.figures ?? []).compactMap(\.figure.source) {
          #expect(!source.title.isEmpty)
          #expect(source.date?.isEmpty == false)
          #expect(source.url?.hasPrefix("http") ?? source.title.hasSuffix("address not recorded"))
        }
      }
    }
  }

  @Test("Every part says what it is, who makes it and what its family needs")
  func partsAreComplete() {
    for family in Family.allCases {
      for name in catalog.names(of: family) {
        let part: (any Part)? =
          switch family {
          case .accelerators: catalog.accelerator(name)
          case .cpus: catalog.cpu(name)
          case .nics: catalog.nic(name)
          case .switches: catalog.networkSwitch(name)
          case .links: catalog.link(name)
          }
        #expect(part?.name == name)
        #expect(part?.about.isEmpty == false, "\(name)")
        #expect(part?.vendor.isEmpty == false, "\(name)")
        #expect(part?.record.attributes["state"] != nil, "\(name)")
      }
    }
  }

  @Test("Links that parts name exist and have the rate of the port")
  func portsFitTheirLinks() {
    for nic in catalog.names(of: .nics).compactMap(catalog.nic) {
      #expect(catalog.link(nic.link)?.bandwidth.value == nic.portBandwidth.value, "\(nic.name)")
      #expect(catalog.link(nic.link)?.technology == nic.transport, "\(nic.name)")
      #expect(catalog.portLink(of: nic)?.bandwidth == nic.portBandwidth.value)
    }
    for part in catalog.names(of: .switches).compactMap(catalog.networkSwitch) {
      #expect(catalog.link(part.link)?.bandwidth.value == part.portBandwidth.value, "\(part.name)")
      #expect(catalog.portLink(of: part)?.bandwidth == part.portBandwidth.value)
    }
  }

  @Test("An accelerator's links add up to its scale-up bandwidth")
  func linksAddUp() throws {
    for accelerator in catalog.names(of: .accelerators).compactMap(catalog.accelerator) {
      #expect((accelerator.links == nil) == (accelerator.link == nil), "\(accelerator.name)")
      if let links = accelerator.links?.value {
        let link = try #require(accelerator.link.flatMap(catalog.link))
        #expect(accelerator.scaleUpBandwidth?.value == link.bandwidth.value * Double(links), "\(accelerator.name)")
      }
      guard accelerator.state == .shipping else { continue }
      #expect(accelerator.memory != nil && accelerator.memoryBandwidth != nil && accelerator.power != nil)
    }
  }

  @Test("The catalogue holds the accelerators that people run and those that are announced")
  func accelerators() {
    let names = Set(catalog.names(of: .accelerators))
    let shipping: Set = [
      "V100", "A100", "A100-40GB", "H100", "H200", "B200", "B300", "GB200", "GB300", "GH200", "MI300X", "MI355X",
      "RTX-PRO-6000", "RTX-6000D",
    ]
    let announced: Set = ["MI455X", "TPU-v5p", "TPU7x", "Trainium2", "Trainium3", "Broadcom-XPU"]
    #expect(names.isSuperset(of: shipping.union(announced)))
    #expect(Set(names.filter { catalog.accelerator($0)?.state == .announced }) == announced)
  }

  @Test(
    "PCI Express carries what its lanes and encoding leave",
    arguments: [
      ("PCIe-3-x16", 8, 128.0 / 130), ("PCIe-4-x16", 16, 128.0 / 130), ("PCIe-5-x16", 32, 128.0 / 130),
      ("PCIe-6-x16", 64, 242.0 / 256),
    ] as [(String, Double, Double)])
  func pciExpress(name: String, transfers: Double, encoding: Double) throws {
    let rate = try #require(catalog.link(name)).bandwidth.value.gigabytesPerSecond
    #expect(abs(rate - transfers * 16 * encoding / 8) < 0.1)
  }

  @Test("GB300 differs from GB200 where the hardware does, and nowhere in its NVLink")
  func generationsDiffer() throws {
    let gb200 = try #require(catalog.accelerator("GB200"))
    let gb300 = try #require(catalog.accelerator("gb300"))
    #expect(gb200.scaleUpBandwidth?.value == gb300.scaleUpBandwidth?.value)
    #expect(gb200.scaleUpBandwidth?.value == .gigabytesPerSecond(900))
    #expect(try #require(gb200.memory).value < #require(gb300.memory).value)
    #expect(try #require(gb200.peakFP4).value < #require(gb300.peakFP4).value)
    #expect(catalog.nic("ConnectX-7")?.portBandwidth.value == .gigabitsPerSecond(400))
    #expect(catalog.nic("ConnectX-8")?.portBandwidth.value == .gigabitsPerSecond(800))
  }

  @Test("A fibre's delay grows with its length and never wraps")
  func fibreLength() throws {
    let fibre = try #require(catalog.link("Fibre"))
    let delay = try #require(fibre.delayPerKilometre).value
    #expect(fibre.linkType(kilometres: 1000).latency.picoseconds == 1000 * delay.picoseconds)
    #expect(fibre.linkType(kilometres: 0) == fibre.linkType)
    #expect(fibre.linkType(kilometres: -5) == fibre.linkType)
    #expect(fibre.linkType(kilometres: .nan) == fibre.linkType)
    #expect(fibre.linkType(kilometres: .infinity).latency.picoseconds == .max)
    let nvlink = try #require(catalog.link("NVLink-5"))
    #expect(nvlink.linkType(kilometres: 7) == nvlink.linkType)
  }
}
