import ClusterModel
import Diagnostics
import Documents
import Interchange
import Quantities
import Testing

/// What each importer finds, and how it refuses.
@Suite("Importers")
struct ImporterTests {
  private func rates(_ site: Site) -> [String: Int] {
    Dictionary(site.devices.filter { $0.kind == .nic }.map { ($0.part, 1) }, uniquingKeysWith: +)
  }

  @Test("Every importer has a name of its own and tells its own cases from all others")
  func recognition() throws {
    #expect(Set(Importers.all.map { $0.name }).count == Importers.all.count)
    for sample in SampleCase.all where SampleCase.isOwn {
      var list = DiagnosticList()
      guard let text = SourceText.decoding(try sample.bytes, name: sample.id, &list) else { continue }
      #expect(Importers.recognising(text)?.name == sample.kind, "\(sample.id)")
    }
  }

  @Test("An NCCL dump gives GPUs, links to each switch, adapters with their speed and processors")
  func ncclXML() throws {
    let site = try site("nccl-xml", try own("nccl-xml/eight-gpus-four-switches.xml"))
    #expect(site.indices(of: .accelerator).count == 8 && site.indices(of: .scaleUpSwitch).count == 4)
    let gpu = site.indices(of: .accelerator)[0]
    let counts = site.links.filter { $0.from == gpu && site.devices[$0.to].kind == .scaleUpSwitch }.map(\.count)
    #expect(counts.sorted() == [4, 4, 5, 5])
    #expect(site.devices[gpu].part == "H100" && rates(site) == ["ConnectX-7": 8])
    #expect(site.indices(of: .cpu).map { site.devices[$0].part } == ["Xeon-Sapphire-Rapids", "Xeon-Sapphire-Rapids"])
    #expect(site.inSwitchReduction)
  }

  @Test("GPUs that a cloud's file leaves out are noted as such")
  func hidden() throws {
    let site = try site("nccl-xml", try own("nccl-xml/hidden-gpus.xml"))
    #expect(site.indices(of: .accelerator).count == 2 && rates(site) == ["ConnectX-6": 1])
    #expect(site.notes.contains { $0.kind == .unsaid && $0.text.contains("GPUs") })
  }

  @Test("A fabric's aggregation nodes are no hosts, and its slow cables are degraded")
  func ibnetdiscover() throws {
    let site = try site("ibnetdiscover", try own("ibnetdiscover/two-leaves.out"))
    #expect(site.hosts.map(\.name) == ["gpu-1", "gpu-2", "gpu-3", "gpu-4"])
    #expect(site.indices(of: .networkSwitch).map { site.devices[$0].name } == ["leaf-a", "leaf-b", "spine-a"])
    #expect(rates(site) == ["ConnectX-6": 4])
    let degraded = site.links.filter { $0.degradedTo != nil }
    #expect(degraded.map(\.count) == [1] && degraded[0].degradedTo?.gigabitsPerSecond == 100)
    #expect(site.notes.contains { $0.text.contains("SHARP") })
    let text = TopologyText(site, origin: "test").text
    #expect(text.contains("- degraded: {") && text.contains("bandwidth: 100 Gb/s"))
  }

  @Test("A matrix with switches gives each GPU its links once, not once for each peer")
  func matrix() throws {
    let site = try site("nvidia-smi-topo", try own("nvidia-smi-topo/four-gpus.txt"))
    #expect(site.indices(of: .scaleUpSwitch).count == 1 && site.indices(of: .pcieSwitch).count == 2)
    #expect(site.links.filter { site.devices[$0.to].kind == .scaleUpSwitch }.map(\.count) == [12, 12, 12, 12])
  }

  @Test(
    "Of a part of a matrix no GPU gets more links than it has, and what it does not place is dealt to two processors")
  func partialMatrix() throws {
    let names = (0..<16).map { "GPU\($0)" } + (0..<4).map { "mlx5_\($0)" }
    let rows = (0..<4).map { row in
      "GPU\(row) " + (0..<16).map { $0 == row ? "X" : "NV6" }.joined(separator: " ") + " PIX NODE SYS SYS 0-23"
    }
    let text = (["\t" + names.joined(separator: "\t") + "\tCPU Affinity"] + rows).joined(separator: "\n")
    let site = try site("nvidia-smi-topo", text)
    let hub = try #require(site.indices(of: .scaleUpSwitch).first)
    #expect(site.links.filter { $0.to == hub }.map(\.count) == [Int](repeating: 6, count: 16))
    #expect(site.indices(of: .cpu).count == 2)
    let processors = site.indices(of: .nic).suffix(2).map { nic in site.links.first { $0.from == nic }?.to }
    #expect(processors == [site.indices(of: .cpu)[1], site.indices(of: .cpu)[1]])
  }

  @Test("GPUs whose memory is a NUMA node stand beside Grace processors")
  func grace() throws {
    let rows = (0..<4).map { row in
      "GPU\(row)\t" + (0..<4).map { $0 == row ? "X" : "NV18" }.joined(separator: "\t")
        + "\tNODE\t\(row / 2 * 72)-\(row / 2 * 72 + 71)\t\(row / 2),3-9\t\(2 + 8 * row)"
    }
    let header = "\tGPU0\tGPU1\tGPU2\tGPU3\tNIC0\tCPU Affinity\tNUMA Affinity\tGPU NUMA ID"
    let site = try site("nvidia-smi-topo", ([header] + rows).joined(separator: "\n"))
    #expect(site.indices(of: .accelerator).allSatisfy { site.devices[$0].part == "GB200" })
    #expect(site.indices(of: .cpu).allSatisfy { site.devices[$0].part == "Grace" })
  }

  @Test("Names of Slurm are hosts in order, blocks are NVLink domains")
  func slurm() throws {
    let tree = try site("slurm", try own("slurm/tree.conf"))
    #expect(tree.hosts.map(\.name) == (1...8).map { "gpu0\($0)" })
    #expect(tree.indices(of: .networkSwitch).count == 3)
    let both = try site("slurm", try own("slurm/both.yaml"))
    #expect(both.hosts.count == 36 && both.indices(of: .scaleUpSwitch).count == 2)
    let boxes = try site("slurm", try own("slurm/tree.conf"), system: "DGX-H100")
    #expect(boxes.indices(of: .accelerator).count == 64)
  }

  @Test("Instance types of AWS are the shipped systems")
  func aws() throws {
    let site = try site("aws-instance-topology", try own("aws-instance-topology/two-leaves.json"))
    #expect(site.hosts.map(\.name) == ["i-one", "i-two", "i-three"])
    #expect(site.indices(of: .accelerator).count == 24 && site.indices(of: .networkSwitch).count == 5)
  }

  @Test("ASTRA-sim's GB/s are units of 2^30 bytes")
  func astraSim() throws {
    let site = try site("astra-sim", try own("astra-sim/two-dimensions.yml"))
    #expect(site.indices(of: .accelerator).count == 32)
    let rates = Set(site.links.compactMap { site.parts.bandwidth(of: $0.kind)?.bytesPerSecond.rounded() })
    #expect(rates.sorted() == [50.0 * 1_073_741_824, 400.0 * 1_073_741_824])
  }

  @Test("A map's fibres are as long as the great circle between their ends")
  func graphml() throws {
    let site = try site("graphml", try own("graphml/triangle.graphml"))
    // Paris to Berlin is 878 km.
    #expect(site.links.contains { $0.kind == "Fibre-100-Gb-s-878km" })
    #expect(site.notes.contains { $0.kind == .unsaid && $0.text.contains("Rome") })
  }

  @Test("hwloc's matrix of rates gives the number of NVLinks")
  func hwloc() throws {
    let site = try site("hwloc", try own("hwloc/two-gpus.xml"))
    #expect(site.devices.filter { $0.kind == .accelerator }.map(\.part) == ["H100", "H100"])
    #expect(site.links.first { $0.kind == "NVLink-4" }?.count == 18)
    #expect(site.hosts[0].name == "bench" && site.hosts[0].identities == ["200b00000000001"])
  }

  @Test(
    "What is wrong is refused at its line",
    arguments: [
      ("nccl-xml", "<system version=\"1\">\n<cpu numaid=\"0\">\n", "2: the file ends inside of <cpu>"),
      ("nccl-xml", "<system>\n<cpu numaid=\"0\"/>\n</system>", "1: there is no GPU in it"),
      ("nccl-xml", "<system>\n</sistem>", "2: </sistem> does not close what is open"),
      ("nccl-xml", "<!DOCTYPE a [<!ENTITY b SYSTEM \"/etc/passwd\">]>\n<system/>", "1: declarations inside"),
      ("nccl-xml", "<system>\n<cpu numaid=\"&other;\"/></system>", "2: the entity '&other;' is not read"),
      ("nccl-xml", "<system>\n<cpu><pci class=\"0x03\"><gpu dev=\"0\" sm=\"many\"/></pci></cpu></system>", "2: 'sm'"),
      ("nccl-graph", "<graphs>\n<graph nchannels=\"3\"/>\n</graphs>", "2: nchannels is 3"),
      ("nvidia-smi-topo", "\tGPU0\tGPU1\nGPU0\t X \tNV?\n", "2: 'NV?' is no relation"),
      ("nvidia-smi-topo", "\tGPU0\tGPU1\nGPU0\t X \n", "2: the row of GPU0 has 1 of 2"),
      ("ibnetdiscover", "Switch 2 \"S-1\" # \"a\"\n[1] \"H-1\n", "2: port 1: the name of its peer"),
      ("ibnetdiscover", "[1] \"H-1\"[1]\n", "1: a port before"),
      ("slurm", "SwitchName=a Switches=a\n", "1: the switch 'a' is below itself"),
      ("slurm", "SwitchName=a Nodes=n[2-1]\n", "1: '2-1' is no range"),
      ("slurm", "SwitchName=a Switches=b\n", "1: the switch 'b' is not described"),
      ("slurm", "SwitchName=a Nodes=n[1-99999999]\n", "1: the list stands for too many"),
      ("aws-instance-topology", "{\"Instances\": [{\"InstanceId\": \"i\"}]}", "1: i has no 'NetworkNodes'"),
      ("astra-sim", "topology: [Ring]\nnpus_count: [999999999999]\nbandwidth: [1]\nlatency: [1]\n", "2: npus_count"),
      ("astra-sim", "topology: [Torus]\nnpus_count: [4]\nbandwidth: [1]\nlatency: [1]\n", "1: unknown dimension"),
      ("infragraph", "devices: []\ninstances:\n  - {name: a, device: b}\n", "3: unknown device 'b'"),
      ("hwloc", "<topology>\n<object type=\"Machine\"/>\n</topology>", "2: there is no GPU"),
      ("astra-sim", "Nodes 8\nTiers 2\n", "1: this is a topology of htsim"),
      ("graphml", "<graphml><graph>\n<node/></graph></graphml>", "2: a node needs an 'id'"),
      ("topograph", "switches: {}\nblocks: []\n", "2: there is no host"),
    ])
  func refusals(_ format: String, _ text: String, _ expected: String) {
    let found = mistakes(format, text)
    #expect(found.contains { $0.hasPrefix(expected) }, "\(found)")
  }

  @Test("XML that is too deep or has too many attributes is refused with the limit")
  func limits() {
    let deep = String(repeating: "<a>", count: 300)
    #expect(mistakes("nccl-xml", deep).contains { $0.contains("at most 200 levels") })
    let wide = "<a " + (0..<100).map { "b\($0)=\"\"" }.joined(separator: " ") + "/>"
    #expect(mistakes("nccl-xml", wide).contains { $0.contains("at most 64") })
  }
}
