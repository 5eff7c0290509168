import ClusterModel
import Collectives
import Estimation
import HardwareCatalog
import Quantities
import Testing
import TopologyFiles

/// Every shipped topology: what operators publish of it, and that it can be asked about.
@Suite("The shipped topologies")
struct ShippedTopologyTests {
  /// What is published of one rack, box or unit of a topology.
  struct Published: Sendable, CustomTestStringConvertible {
    var name: String
    var accelerators: Int
    /// Network rate of one accelerator in Gb/s.
    var rate: Double
    /// Where the rate is from, or why it is what it is.
    var source: String

    init(_ name: String, _ accelerators: Int, _ rate: Double, _ source: String) {
      self.name = name
      self.accelerators = accelerators
      self.rate = rate
      self.source = source
    }

    var testDescription: String { name }
  }

  static let published = [
    Published("gb200-nvl72", 72, 400, "DGX GB200: one ConnectX-7 a GPU"),
    Published("gb300-nvl72", 72, 800, "NVL72 AI Factory reference architecture"),
    Published("aws-p6e-gb200", 72, 400, "AWS P6: 28.8 Tb/s for 72"),
    Published("aws-p6e-gb300", 72, 800, "assumed: AWS publishes no rate"),
    Published("azure-nd-gb200-v6", 72, 400, "Azure: 28.8 Tb/s for 72"),
    Published("azure-nd-gb300-v6", 72, 800, "Azure: 4 × 800 Gb/s for four"),
    Published("gcp-a4x", 72, 400, "Google: 2,000 Gb/s for four, 400 of them for the host"),
    Published("gcp-a4x-max", 72, 800, "Google: 3,600 Gb/s for four, 400 of them for the host"),
    Published("oci-gb200", 72, 400, "OCI: 4 × 400 Gb/s for four"),
    Published("oci-gb200-v3", 72, 800, "OCI: eight interfaces of ConnectX-8 for four"),
    Published("oci-gb300", 72, 800, "OCI: 8 × 400 Gb/s for four"),
    Published("coreweave-gb200", 72, 400, "as NVIDIA's design"),
    Published("coreweave-gb300", 72, 800, "CoreWeave: 16 × 200 Gb/s for four"),
    Published("aws-p3dn", 8, 12.5, "100 Gb/s for eight"),
    Published("dgx2", 16, 50, "eight adapters of 100 Gb/s for sixteen"),
    Published("dgx-a100", 8, 200, "eight adapters of 200 Gb/s"),
    Published("aws-p4d", 8, 50, "AWS P4: 400 Gb/s for eight"),
    Published("aws-p4de", 8, 50, "AWS P4: 400 Gb/s for eight"),
    Published("azure-ndv4", 8, 200, "8 × 200 Gb/s"),
    Published("oci-a100", 8, 200, "16 × 100 Gb/s for eight"),
    Published("dgx-h100", 8, 400, "field guide"),
    Published("aws-p5", 8, 400, "AWS P5: 3,200 Gb/s for eight"),
    Published("azure-ndv5", 8, 400, "8 × 400 Gb/s"),
    Published("gcp-a3-high", 8, 100, "Google: 1,000 Gb/s for eight, 200 of them for the host"),
    Published("gcp-a3-mega", 8, 200, "Google: 1,800 Gb/s for eight, 200 of them for the host"),
    Published("oci-h100", 8, 400, "OCI: 8 × 2 × 200 Gb/s"),
    Published("dgx-h200", 8, 400, "field guide"),
    Published("aws-p5en", 8, 400, "AWS P5: 3,200 Gb/s for eight"),
    Published("gcp-a3-ultra", 8, 400, "Google: 3,600 Gb/s for eight, 400 of them for the host"),
    Published("dgx-b200", 8, 400, "field guide"),
    Published("aws-p6-b200", 8, 400, "AWS P6: 3,200 Gb/s for eight"),
    Published("gcp-a4", 8, 400, "Google: 3,600 Gb/s for eight, 400 of them for the host"),
    Published("dgx-b300", 8, 800, "field guide"),
    Published("oci-b300", 8, 800, "OCI: 8 × 2 × 400 Gb/s"),
    Published("alps-gh200", 4, 200, "one Slingshot 11 adapter a GPU"),
    Published("mi300x", 8, 400, "field guide"),
    Published("oci-mi300x", 8, 400, "OCI: 8 × 400 Gb/s"),
    Published("mi355x", 8, 400, "field guide"),
    Published("oci-mi355x", 8, 400, "OCI: 8 × 400 Gb/s"),
    Published("rtx-pro-6000-pcie", 8, 100, "assumed: two adapters of 400 Gb/s"),
    Published("rtx-6000d", 8, 400, "assumed: four adapters of 2 × 400 Gb/s"),
    Published("dgx-superpod-gb200", 576, 400, "DGX SuperPOD GB200: eight racks"),
    Published("dgx-superpod-gb300", 576, 800, "DGX SuperPOD GB300: eight racks"),
    Published("helios-mi450", 72, 2400, "field guide: three adapters of 800 Gb/s a GPU"),
    Published("multiplane-131072", 131_072, 800, "its name"),
    Published("rail-only-h100", 256, 400, "field guide"),
    Published("tpu-v5p-torus", 8960, 0, "Google: a pod of 8,960 chips, which need no network"),
    Published("slingshot-dragonfly", 100_352, 200, "one Slingshot 11 adapter a GPU"),
    Published("mixed-gb200-gb300", 144, 600, "the mean of 400 and 800 Gb/s"),
  ]

  @Test("Each has as many accelerators and as much network for each as is published", arguments: published)
  func publishedFigures(_ published: Published) throws {
    let description = try Shipped.estimator(published.name).describe()
    #expect(description.acceleratorCount == published.accelerators)
    let access = description.tiers.first { $0.tier == .leaf }
    #expect(abs((access?.bandwidthPerAccelerator.gigabitsPerSecond ?? 0) - published.rate) < 1e-9)
    #expect(description.tiers.allSatisfy { $0.latency != nil && $0.bandwidthPerAccelerator > .zero })
    #expect(description.bisection > .zero)
  }

  @Test("The table holds every shipped topology once")
  func tableIsWhole() {
    #expect(Self.published.map(\.name).sorted() == HardwareCatalog().topologyNames.sorted())
  }

  @Test("Each is read without a remark of any kind, and its graph is sound", arguments: published)
  func readsCleanly(_ published: Published) throws {
    let reading = TopologyReader(files: .memory([:])).read(try TopologyReference(parsing: published.name))
    #expect(reading.diagnostics.isEmpty)
    guard case .blueprint(let blueprint) = try reading.get().graph else {
      Issue.record("described by a list of devices")
      return
    }
    #expect(blueprint.validate().isEmpty)
  }

  @Test(
    "Every accelerator uses its scale-up links, no more, and no switch has more links than ports", arguments: published)
  func links(_ published: Published) throws {
    let cluster = try Shipped.cluster(published.name)
    guard case .blueprint(let blueprint) = cluster.graph else { return }
    let topology = try blueprint.topology()
    let catalog = HardwareCatalog()
    for (index, cell) in topology.cells.enumerated() {
      let arcs = topology.arcs[topology.outgoing[index]..<topology.outgoing[index + 1]]
      let part = blueprint.templates[cell.template.index].part
      switch cell.kind {
      case .accelerator:
        let accelerator = try #require(catalog.accelerator(part))
        let own = accelerator.link.flatMap { catalog.link($0)?.linkType }
        let used = arcs.filter { topology.link(of: $0) == own }.reduce(0) { $0 + $1.linksPerMember }
        #expect(used == accelerator.links?.value ?? 0)
      case .scaleUpSwitch:
        let chip = try #require(catalog.networkSwitch(part))
        #expect(arcs.reduce(0) { $0 + $1.linksPerMember } <= chip.ports.value)
      case .networkSwitch:
        // A port may be split between slower links.
        let chip = try #require(catalog.networkSwitch(part))
        let rate = arcs.reduce(Bandwidth.zero) { $0 + topology.link(of: $1).bandwidth * Double($1.linksPerMember) }
        #expect(rate <= chip.portBandwidth.value * Double(chip.ports.value))
      default: break
      }
    }
  }

  /// Two racks or boxes of a topology; those that are clusters by themselves as they are.
  static func pair(_ published: Published) throws -> String {
    let single = [
      "dgx-superpod-gb200", "dgx-superpod-gb300", "rail-only-h100", "mixed-gb200-gb300", "multiplane-131072",
      "tpu-v5p-torus",
    ]
    if published.name == "slingshot-dragonfly" { return "\(published.name):groups=9" }
    guard !single.contains(published.name) else { return published.name }
    return "\(published.name):\(published.accelerators == 72 ? "racks" : "nodes")=2"
  }

  @Test(
    "An all-reduce is estimated for 2, 3, 7, 8 and all ranks, and takes longer for more bytes", arguments: published)
  func estimates(_ published: Published) throws {
    let estimator = try Shipped.estimator(try Self.pair(published))
    for ranks in [2, 3, 7, 8, nil] {
      let sizes = [Bytes(1024), Bytes(1 << 20), Bytes(1 << 30)]
      let answer = try estimator.answer(Question(.allReduce, sizes: sizes, ranks: ranks))
      let times = answer.estimates.map(\.time.value)
      #expect(times.count == 3 && times.allSatisfy { $0 > 0 && $0.isFinite })
      #expect(times == times.sorted())
      for estimate in answer.estimates { #expect(estimate.time >= estimate.leastTime) }
    }
  }

  @Test("The adapters of each carry a transport that NCCL's profile has figures of")
  func transports() throws {
    let profile = try #require(try LibraryProfiles.shipped(named: "nccl"))
    let catalog = HardwareCatalog()
    let versions = Set(catalog.names(of: .nics).compactMap { catalog.nic($0)?.transportVersion }).subtracting([""])
    #expect(versions == ["efa1", "efa2", "efa3", "efa4", "tcpx", "tcpxo", "slingshot"])
    for version in versions {
      for figure in ["latency", "message", "efficiency"] {
        #expect(profile.figures["transport.\(version).\(figure)"] != nil, "\(version)")
      }
    }
  }

  @Test("One and two roots differ in the paths between the halves of a PCIe box", arguments: [1, 2])
  func roots(count: Int) throws {
    let description = try Shipped.estimator("rtx-pro-6000-pcie:roots=\(count)").describe()
    #expect(description.devices.first { $0.name == "root" }?.count == count)
    // Over one root: GPU, switch, root, switch, GPU; over two there are a root and the processor besides.
    #expect(description.tiers.first?.latency == .nanoseconds(count == 1 ? 1000 : 1500))
  }
}
