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
      ("export slurn dgx-h100", Commands.ExitStatus.usage, "did you mean 'slurm'?"),
      ("export dot dgx-h10", .noInput, "dgx-h100"),
      ("export dot missing.yaml", .noInput, "missing.yaml"),
      ("export dot misspelt.yaml", .badData, "misspelt.yaml:4:3: error"),
      ("export dot multiplane-131072", .badData, "more than 200000 devices"),
      ("export astra-sim mixed-gb200-gb300", .badData, "cannot be written as astra-sim"),
      ("export ibnetdiscover aws-p5", .badData, "no InfiniBand"),
      ("export dot dgx-h100 -o taken.yaml", .usage, "--force overwrites it"),
      ("export dot dgx-h100 -o /nowhere/a.dot", .noInput, "No such file or directory"),
    ])
  func refusals(_ line: String, _ status: Commands.ExitStatus, _ message: String) {
    let files = Files.all.merging(["taken.yaml": "mine"]) { $1 }
    let environment = FakeEnvironment(files: files)
    let run = Run(line, in: environment)
    #expect(run.status == status && run.output.isEmpty)
    #expect(run.complaints.contains(message), "\(run.complaints)")
    #expect(environment.contents == files)
  }

  // MARK: There and back

  /// Whole graphs come back whole; the parts of what other formats can say are laws of `ExporterTests`.
  @Test("A topology that is written as GraphML and read again is described alike", arguments: topologies + special)
  func graphML(_ topology: String) throws { try compare(topology, through: "graphml") }

  @Test("So is one in InfraGraph", arguments: topologies + special)
  func infraGraph(_ topology: String) throws { try compare(topology, through: "infragraph") }

  private func compare(_ topology: String, through format: String) throws {
    let environment = FakeEnvironment()
    let run = Run("export \(format) \(topology) -o copy.\(format)", in: environment)
    try #require(run.status == .done, "\(run.complaints)")
    let copy = try DescribedFacts("copy.\(format) --from \(format)", in: environment)
    #expect(try copy == DescribedFacts(topology, in: environment), "\(topology)")
  }

  private static let topologies = [
    "alps-gh200:nodes=4", "aws-p4d", "aws-p6e-gb200:racks=2", "dgx-a100:nodes=2", "dgx-b300:nodes=4",
    "dgx-h100:nodes=40,oversubscription=2", "gb200-nvl72:racks=2", "gcp-a3-mega:nodes=2", "mi355x", "helios-mi450",
  ]
  /// GPUs that pass on traffic of others, PCIe as the links of a board, leaves that serve a part of a rack, boxes of no
  /// rows, racks of two kinds, a torus, and a last leaf of one box.
  private static let special = [
    "rail-only-h100:nodes=4", "rtx-pro-6000-pcie:nodes=2", "oci-gb300:racks=2", "aws-p3dn:nodes=2", "dgx2",
    "mixed-gb200-gb300", "multiplane-131072:nodes=4", "tpu-v5p-torus:x=4,y=4,z=3", "dgx-h100:nodes=33",
  ]
}
