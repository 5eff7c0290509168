import Commands
import Foundation
import Testing

@Suite struct ExportCommandTests {
  @Test(
    "Each format begins as it should",
    arguments: [
      ("slurm", "gb200-nvl72:racks=2", "# Written from NVIDIA GB200 NVL72.\nBlockName=block1 Nodes=node[1-18]\n"),
      ("slurm-tree", "dgx-h100:nodes=2", "# Written from NVIDIA DGX H100.\nSwitchName=leaf1 Nodes=node[1-2]\n"),
      ("slurm-yaml", "dgx-h100:nodes=2", "# Written from NVIDIA DGX H100.\n- topology: tree\n"),
      ("nccl-xml", "dgx-h100", "<system version=\"1\">\n"),
      ("astra-sim", "dgx-h100:nodes=2", "# Written from NVIDIA DGX H100"),
      ("infragraph", "dgx-h100:nodes=2", "# Written from NVIDIA DGX H100.\nname: \"NVIDIA DGX H100\"\n"),
      ("graphml", "dgx-h100", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml "),
      ("ibnetdiscover", "dgx-h100:nodes=2", "#\n# Topology file: written from NVIDIA DGX H100\n"),
      ("dot", "dgx-h100", "graph \"NVIDIA DGX H100\" {\n"),
      ("json", "dgx-h100", "{\n  \"isochrone\": {\"format\": 1}"),
    ])
  func formats(_ format: String, _ topology: String, _ start: String) {
    let run = Run("export \(format) \(topology)")
    #expect(run.status == .done && run.complaints.isEmpty, "\(run.complaints)")
    #expect(run.output.hasPrefix(start), "\(run.output.prefix(200))")
  }

  @Test(
    "What cannot be written ends with the contract's status and the reason, and writes nothing",
    arguments: [
      ("export slurn dgx-h100", ExitStatus.usage, "did you mean 'slurm'?"),
      ("export dot dgx-h10", .noInput, "dgx-h100"),
      ("export dot missing.yaml", .noInput, "missing.yaml"),
      ("export dot misspelt.yaml", .badData, "misspelt.yaml:4:3: error"),
      ("export dot multiplane-131072", .badData, "more than 200000 devices"),
      ("export astra-sim mixed-gb200-gb300", .badData, "cannot be written as astra-sim"),
      ("export ibnetdiscover aws-p5", .badData, "no InfiniBand"),
      ("export dot dgx-h100 -o taken.yaml", .usage, "--force overwrites it"),
      ("export dot dgx-h100 -o /nowhere/a.dot", .internalError, "No such file or directory"),
    ])
  func refusals(_ line: String, _ status: ExitStatus, _ message: String) {
    let files = Files.all.merging(["taken.yaml": "mine"]) { $1 }
    let environment = FakeEnvironment(files: files)
    let run = Run(line, in: environment)
    #expect(run.status == status && run.output.isEmpty)
    #expect(run.complaints.contains(message), "\(run.complaints)")
    #expect(environment.contents == files)
  }

  // MARK: There and back

  /// What `describe` says of a topology, apart from names and from the order and direction in which links are listed.
  private struct Facts: Equatable {
    var counts: [String: Double] = [:]
    var tiers: [String]
    var devices: [String: Int]
    var links: [String: Int]

    init(_ line: String, in environment: FakeEnvironment) throws {
      let run = Run("describe \(line) --format json", in: FakeEnvironment(files: environment.contents))
      try #require(run.status == .done, "\(run.complaints)")
      let value = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      func rows(_ key: String) -> [[String: Any]] { value[key] as? [[String: Any]] ?? [] }
      func text(_ row: [String: Any], _ keys: String...) -> String {
        keys.map { "\(row[$0] ?? "")" }.joined(separator: " ")
      }
      let scalars = [
        "acceleratorCount", "vertexCount", "linkCount", "bisectionBandwidth", "diameterSeconds", "diameterHops",
      ]
      for key in scalars { counts[key] = value[key] as? Double }
      tiers = rows("tiers").map {
        text(
          $0, "tier", "groups", "acceleratorsPerGroup", "bandwidthPerAccelerator", "latencySeconds", "switchHops",
          "oversubscription")
      }
      devices = Dictionary(
        rows("devices").map { (text($0, "kind", "part"), $0["count"] as? Int ?? 0) }, uniquingKeysWith: +)
      links = Dictionary(
        rows("links").map { (text($0, "link", "tier", "bandwidth", "latencySeconds"), $0["count"] as? Int ?? 0) },
        uniquingKeysWith: +)
    }
  }

  /// Whole graphs come back whole; the parts of what a format can say are laws of `ExporterTests`.
  @Test(
    "A topology that is written and read again is described alike",
    arguments: ["graphml", "infragraph"], ExportCommandTests.topologies)
  func again(_ format: String, _ topology: String) throws {
    let environment = FakeEnvironment()
    let run = Run("export \(format) \(topology) -o copy.\(format)", in: environment)
    try #require(run.status == .done, "\(run.complaints)")
    let copy = try Facts("copy.\(format) --from \(format)", in: environment)
    #expect(try copy == Facts(topology, in: environment))
  }

  static let topologies = [
    "alps-gh200:nodes=4", "aws-p4d", "aws-p5en:nodes=4", "aws-p6e-gb200:racks=2", "azure-nd-gb300-v6", "dgx-a100:nodes=2",
    "dgx-b200", "dgx-b300:nodes=4", "dgx-h100:nodes=512", "dgx-h100:nodes=64,oversubscription=2",
    "gb200-nvl72:racks=2", "gb300-nvl72", "gcp-a3-mega:nodes=2", "mi300x:nodes=4", "mi355x", "rail-only-h100",
    "rtx-pro-6000-pcie:nodes=2", "helios-mi450",
  ]
}
