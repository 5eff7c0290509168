import ClusterModel
import Foundation
import Interchange
import Testing
import TopologyFiles

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What is written is read back as the same.
@Suite("Exporters")
struct ExporterTests {
  /// What a cluster is, apart from names.
  private struct Content: Equatable {
    var accelerators: Int
    var devices: [String: Int]
    var links: [String: Int]

    init(_ site: Site) {
      accelerators = site.indices(of: .accelerator).count
      devices = Dictionary(site.devices.map { ("\($0.kind.rawValue) \($0.part)", 1) }, uniquingKeysWith: +)
      links = Dictionary(site.links.map { ($0.kind, $0.count) }, uniquingKeysWith: +)
    }
  }

  /// What a text of another tool describes, once as read and once through a topology file of ours.
  private static func content(_ format: String, _ text: String) throws -> Content { Content(try site(format, text)) }

  @Test("Every exporter has a name of its own; formats that are read and written share it")
  func names() {
    let names = Exporters.all.map { $0.name }
    #expect(Set(names).count == names.count)
    #expect(Set(["slurm", "nccl-xml", "astra-sim", "infragraph", "graphml", "dot", "json"]).isSubset(of: names))
  }

  @Test(
    "GraphML and InfraGraph keep every device and link",
    arguments: ["graphml", "infragraph"],
    ["dgx-h100", "dgx-a100:nodes=2", "mi300x:nodes=2", "gb200-nvl72:trays=18", "rail-only-h100", "dgx2"])
  func whole(_ format: String, _ name: String) throws {
    let graph = try exported("graphml", name)
    let expected = try Self.content("graphml", graph)
    let found = try Self.content(format, try exported(format, name))
    #expect(found == expected)
    let cluster = try shipped(name).get()
    #expect(expected.accelerators == (try ExportedCluster(cluster)).acceleratorCount)
  }

  @Test("A topology file of what was written holds the same again", arguments: ["dgx-h100:nodes=4", "gb200-nvl72"])
  func again(_ name: String) throws {
    let first = try exported("graphml", name)
    let own = TopologyText(try site("graphml", first), origin: "test")
    #expect(own.isBlueprint)
    let reading = reading(own.text)
    let second = try GraphMLExporter().text(of: ExportedCluster(try reading.get(), catalog: reading.catalog))
    #expect(try Self.content("graphml", first) == Self.content("graphml", second))
  }

  @Test(
    "NCCL XML of a node is read back with its GPUs, links, adapters and processors",
    arguments: ["dgx-h100", "dgx-b200", "mi300x", "alps-gh200"])
  func node(_ name: String) throws {
    let text = try exported("nccl-xml", name)
    let back = try site("nccl-xml", text)
    let whole = try site("graphml", try exported("graphml", name))
    let host = try #require(whole.devices.first { $0.kind == .accelerator }?.host)
    for kind in [DeviceKind.accelerator, .cpu, .nic, .scaleUpSwitch, .pcieSwitch] {
      #expect(back.indices(of: kind).count == whole.devices.count { $0.kind == kind && $0.host == host }, "\(kind)")
    }
  }

  @Test("A fabric is read back from the text of ibnetdiscover")
  func fabric() throws {
    let text = try exported("ibnetdiscover", "dgx-h100:nodes=64")
    let back = try site("ibnetdiscover", text)
    let whole = try site("graphml", try exported("graphml", "dgx-h100:nodes=64"))
    #expect(back.hosts.count == 64)
    #expect(back.indices(of: .networkSwitch).count == whole.indices(of: .networkSwitch).count)
    #expect(
      back.links.filter { $0.kind == "NDR-400G" }.reduce(0) { $0 + $1.count }
        == whole.links.filter { $0.kind == "NDR-400G" }.reduce(0) { $0 + $1.count })
  }

  @Test("Slurm's files keep hosts, blocks and the tree")
  func slurm() throws {
    let blocks = try site("slurm", try exported("slurm", "gb200-nvl72:racks=3"))
    #expect(blocks.hosts.count == 54 && blocks.indices(of: .scaleUpSwitch).count == 3)
    let tree = try site("slurm", try exported("slurm-tree", "dgx-h100:nodes=64"))
    #expect(tree.hosts.count == 64)
    let yaml = try site("slurm", try exported("slurm-yaml", "gb200-nvl72:racks=3"))
    #expect(yaml.hosts.count == 54 && yaml.indices(of: .scaleUpSwitch).count == 3)
  }

  @Test("ASTRA-sim's file has the rates and latencies of the cluster, in its units")
  func astraSim() throws {
    let text = try exported("astra-sim", "dgx-h100:nodes=4")
    #expect(text.contains("npus_count: [ 8, 4 ]") && text.contains("topology: [ Switch, Switch ]"))
    #expect(text.contains("bandwidth: [ \(450e9 / 1_073_741_824), \(50e9 / 1_073_741_824) ]"))
    let back = try site("astra-sim", text)
    #expect(back.indices(of: .accelerator).count == 32)
  }

  @Test(
    "What ASTRA-sim's dimensions cannot say is refused with the reason",
    arguments: [
      ("dgx-h100:nodes=256,oversubscription=4", "oversubscribed"), ("dgx2", "tiers"),
      ("mixed-gb200-gb300", "same rate"),
    ])
  func refusals(_ name: String, _ reason: String) throws {
    do {
      let text = try exported("astra-sim", name)
      #expect(reason.isEmpty, "\(text)")
    } catch let refusal as ExportRefusal {
      #expect(reason.isEmpty || refusal.reason.contains(reason), "\(refusal.reason)")
    }
  }

  @Test("JSON is JSON")
  func json() throws {
    let text = try exported("json", "dgx-h100")
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    #expect((value?["devices"] as? [Any])?.count == 31)
  }

  @Test("XML that is written is read by another parser", arguments: ["nccl-xml", "graphml"])
  func otherParser(_ format: String) throws {
    let text = try exported(format, "dgx-a100")
    let parser = XMLParser(data: Data(text.utf8))
    #expect(parser.parse(), "line \(parser.lineNumber): \(String(describing: parser.parserError))")
  }
}
