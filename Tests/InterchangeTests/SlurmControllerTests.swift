import ClusterModel
import Foundation
import Interchange
import Testing
import TopologyFiles

/// What is written for Slurm is what Slurm then knows.
@Suite("Slurm's controller", .serialized)
struct SlurmControllerTests {
  private static let areInstalled = Tool.has("slurmctld", "scontrol")

  /// The version of the controller as (year, month); blocks came with 23.11.
  private static let version: (Int, Int) = {
    guard let tool = Tool("slurmctld") else { return (0, 0) }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: tool.path)
    process.arguments = ["-V"]
    process.standardOutput = pipe
    guard (try? process.run()) != nil else { return (0, 0) }
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard let match = text.firstMatch(of: /(\d+)\.(\d+)/) else { return (0, 0) }
    return (Int(match.1) ?? 0, Int(match.2) ?? 0)
  }()

  @Test(
    "scontrol shows the tree of topology.conf",
    .enabled(if: areInstalled, Tool.missing("slurmctld", "scontrol")),
    arguments: ["dgx-h100:nodes=64", "gb200-nvl72:racks=4", "dgx-a100:nodes=2"])
  func tree(_ name: String) async throws {
    let text = try exported("slurm-tree", name)
    let shown = try await Self.shown(text, plugin: "tree", hosts: try Self.hosts(name))
    let written = try Self.records(text, named: "SwitchName")
    #expect(Set(shown.keys) == Set(written.keys) && !written.isEmpty)
    for (name, record) in written {
      let own = try #require(shown[name])
      if let hosts = record["Nodes"] { #expect(try Self.names(own["Nodes"]) == Self.names(hosts), "\(name)") }
      if let below = record["Switches"] { #expect(try Self.names(own["Switches"]) == Self.names(below), "\(name)") }
    }
    // The top switch has all hosts below it.
    let most = try shown.values.map { try Self.names($0["Nodes"]).count }.max()
    #expect(most == (try Self.hosts(name)).count)
  }

  @Test(
    "scontrol shows the blocks of topology.conf",
    .enabled(if: areInstalled, Tool.missing("slurmctld", "scontrol")),
    .enabled(if: version >= (23, 11), "Slurm \(version.0).\(version.1) is too old: blocks came with 23.11"),
    arguments: ["gb200-nvl72:racks=4"])
  func blocks(_ name: String) async throws {
    let text = try exported("slurm-block", name)
    let shown = try await Self.shown(text, plugin: "block", hosts: try Self.hosts(name))
    let written = try Self.records(text, named: "BlockName")
    #expect(written.count == 4)
    for (name, record) in written {
      #expect(try Self.names(shown[name]?["Nodes"]) == Self.names(record["Nodes"]), "\(name)")
    }
  }

  private static func hosts(_ name: String) throws -> [String] {
    try ExportedCluster(try shipped(name).get()).hostNames
  }

  private static func names(_ text: String?) throws -> Set<String> { Set(try HostList.expanded(text ?? "")) }

  /// The lines of a text that begin with a name, by that name, each with its other keys.
  private static func records(_ text: String, named key: String) throws -> [String: [String: String]] {
    var result: [String: [String: String]] = [:]
    for line in text.split(separator: "\n") where line.hasPrefix(key + "=") {
      let values = Dictionary(
        line.split(separator: " ").map { word in
          let sides = word.split(separator: "=", maxSplits: 1)
          return (String(sides[0]), sides.count > 1 ? String(sides[1]) : "")
        }, uniquingKeysWith: { first, _ in first })
      result[try #require(values[key])] = values
    }
    return result
  }

  /// What a controller of a cluster with these hosts says of its topology.
  private static func shown(
    _ topology: String, plugin: String, hosts: [String]
  ) async throws -> [String: [String: String]] {
    let (controller, client) = (try #require(Tool("slurmctld")), try #require(Tool("scontrol")))
    return try await Tool.inFolder { folder in
      let path = folder.path
      let port = Int.random(in: 20_000..<60_000)
      let configuration = """
        ClusterName=test
        SlurmctldHost=localhost(127.0.0.1)
        SlurmctldPort=\(port)
        SlurmdPort=\(port + 1)
        CommunicationParameters=NoCtldInAddrAny
        SlurmUser=\(NSUserName())
        AuthType=auth/none
        CredType=cred/none
        MpiDefault=none
        ProctrackType=proctrack/pgid
        SwitchType=switch/none
        SelectType=select/\(plugin == "block" ? "cons_tres" : "linear")
        TopologyPlugin=topology/\(plugin)
        SlurmctldPidFile=\(path)/controller.pid
        SlurmctldLogFile=\(path)/controller.log
        StateSaveLocation=\(path)/state
        NodeName=\(HostList.compressed(hosts).joined(separator: ",")) NodeAddr=127.0.0.1
        PartitionName=all Nodes=ALL Default=YES

        """
      try FileManager.default.createDirectory(at: folder.appending(path: "state"), withIntermediateDirectories: true)
      try configuration.write(to: folder.appending(path: "slurm.conf"), atomically: true, encoding: .utf8)
      try topology.write(to: folder.appending(path: "topology.conf"), atomically: true, encoding: .utf8)
      let variables = ["SLURM_CONF": "\(path)/slurm.conf"]
      let service = try controller.start(
        ["-D", "-f", "\(path)/slurm.conf"], in: folder, variables: variables, as: "controller")
      defer { service.end() }
      var answer = ""
      let log = { (try? String(contentsOf: folder.appending(path: "controller.log"), encoding: .utf8)) ?? "" }
      // A client that comes too early waits long before it asks again.
      let hasAnswered = try await Tool.waits(seconds: 20) {
        guard log().contains("Running as primary controller"),
          let run = try? await client.run(["show", "topology"], in: folder, variables: variables, seconds: 3)
        else { return false }
        answer = run.output
        return run.status == 0 && answer.contains("=")
      }
      try #require(hasAnswered, "\(log())")
      return try records(answer, named: plugin == "block" ? "BlockName" : "SwitchName")
    }
  }
}
