import ClusterModel
import Foundation
import Interchange
import Testing
import TopologyFiles

/// What is written is taken by the tools that it is written for.
@Suite("Other tools")
struct OtherToolsTests {
  // MARK: Graphviz

  @Test(
    "Graphviz draws the DOT with every device and link",
    .enabled(if: Tool.has("dot"), Tool.missing("dot")),
    arguments: ["dgx-h100:nodes=2", "mi300x", "gb200-nvl72:trays=4"])
  func graphviz(_ name: String) async throws {
    let dot = try #require(Tool("dot"))
    try await Tool.inFolder { folder in
      try exported("dot", name).write(to: folder.appending(path: "it.dot"), atomically: true, encoding: .utf8)
      let plain = try await dot.run(["-Tplain", "it.dot"], in: folder)
      #expect(plain.status == 0 && plain.complaints.isEmpty, "\(plain.complaints)")
      let lines = plain.output.split(separator: "\n").map { $0.split(separator: " ").first ?? "" }
      let graph = try Graph(json: exported("json", name))
      #expect(lines.count { $0 == "node" } == graph.devices)
      #expect(lines.count { $0 == "edge" } == graph.edges)
    }
  }

  // MARK: networkx

  private static let python = Tool.python(importing: "networkx")

  @Test(
    "networkx reads the GraphML with every device, link and number of links",
    .enabled(if: python != nil, "not installed: networkx (Scripts/install-dependencies --test-tools installs it)"),
    arguments: ["dgx-h100:nodes=4", "gb200-nvl72", "aws-p3dn"])
  func networkx(_ name: String) async throws {
    let python = try #require(Self.python)
    let program = """
      import networkx
      graph = networkx.read_graphml("it.graphml", force_multigraph=True)
      kinds = [kind for _, kind in graph.nodes(data="kind")]
      print(len(graph), graph.number_of_edges(), sum(count for _, _, count in graph.edges(data="count")),
            kinds.count("accelerator"), graph.is_directed(), networkx.is_connected(graph))
      """
    try await Tool.inFolder { folder in
      try exported("graphml", name).write(to: folder.appending(path: "it.graphml"), atomically: true, encoding: .utf8)
      let run = try await python.run(["-c", program], in: folder)
      let graph = try Graph(json: exported("json", name))
      let expected = "\(graph.devices) \(graph.edges) \(graph.links) \(graph.accelerators) False True\n"
      #expect(run.status == 0 && run.output == expected, "\(run.output)\(run.complaints)")
    }
  }

  // MARK: ibnetdiscover on ibsim

  @Test(
    "ibnetdiscover finds on a simulated fabric what was written: every device, port, cable and rate",
    .enabled(
      if: Tool.has("ibsim", "ibsim-run", "ibnetdiscover"), Tool.missing("ibsim", "ibsim-run", "ibnetdiscover")),
    arguments: ["dgx-a100:nodes=8", "azure-ndv4:nodes=20", "dgx2:nodes=4"])
  func fabric(_ name: String) async throws {
    let (ibsim, client) = (try #require(Tool("ibsim")), try #require(Tool("ibsim-run")))
    let discover = try #require(Tool("ibnetdiscover"))
    let text = try exported("ibnetdiscover", name)
    try await Tool.inFolder { folder in
      try text.write(to: folder.appending(path: "fabric.net"), atomically: true, encoding: .utf8)
      // Simulators of other tests have sockets of other names.
      let variables = ["IBSIM_SOCKNAME": folder.lastPathComponent]
      let simulator = try ibsim.start(["-n", "-s", "fabric.net"], in: folder, variables: variables, as: "ibsim")
      defer { simulator.end() }
      var found = ""
      let isFound = try await Tool.waits(seconds: 20) {
        let run = try await client.run([discover.path], in: folder, variables: variables)
        found = run.output
        return run.status == 0 && !run.output.isEmpty
      }
      try #require(isFound, "ibsim did not take the fabric")
      #expect(try DiscoveredText(found) == DiscoveredText(text))
      #expect(try Rates(site("ibnetdiscover", found)) == Rates(site("ibnetdiscover", text)))
    }
  }

  /// The records of a text of `ibnetdiscover`, apart from their order and from numbers that a run gives.
  private struct DiscoveredText: Equatable {
    var nodes: [String: [String]] = [:]
    var cables: [[String]: [String]] = [:]

    init(_ text: String) throws {
      var own = ""
      for line in text.split(separator: "\n") {
        if let node = line.firstMatch(of: /^(Switch|Ca)\s+(\d+)\s+"([^"]+)"\s+# "([^"]*)"/) {
          own = String(node.3)
          nodes[own] = [String(node.1), String(node.2), String(node.4)]
        } else if let end = line.firstMatch(of: /^\[(\d+)\](?:\([^)]*\))?\s+"([^"]+)"\[(\d+)\].*\s(\S+)$/) {
          cables[[own, String(end.1)]] = [String(end.2), String(end.3), String(end.4)]
        }
      }
      try #require(!nodes.isEmpty && !cables.isEmpty)
    }
  }

  private struct Rates: Equatable {
    var hosts: [String]
    var links: [String: Int]

    init(_ site: Site) {
      hosts = site.hosts.map(\.name)
      links = Dictionary(site.links.map { ($0.kind, $0.count) }, uniquingKeysWith: +)
    }
  }
}

/// What a shipped topology is in a format.
func exported(_ format: String, _ name: String) throws -> String {
  let reading = try shipped(name)
  let exporter = try #require(Exporters.named(format))
  return try exporter.text(of: ExportedCluster(try reading.get(), catalog: reading.catalog))
}

/// How much is in a cluster, as its JSON lists it.
private struct Graph {
  var devices: Int
  var accelerators: Int
  var edges: Int
  var links: Int

  init(json: String) throws {
    let value = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let devices = try #require(value["devices"] as? [[String: Any]])
    let links = try #require(value["links"] as? [[String: Any]])
    self.devices = devices.count
    accelerators = devices.count { $0["kind"] as? String == "accelerator" }
    edges = links.count
    self.links = links.reduce(0) { $0 + ($1["count"] as? Int ?? 0) }
  }
}
