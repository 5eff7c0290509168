import ClusterModel
import Foundation
import Interchange
import Testing
import TopologyFiles

/// What is written for Slurm keeps the grammar of Slurm's manual, also where no controller is at hand that knows it.
@Suite("Slurm's grammar")
struct SlurmGrammarTests {
  private static let clusters = [
    "gb200-nvl72:racks=5", "dgx-h100:nodes=33", "mixed-gb200-gb300:gb200=2", "dgx-a100:nodes=120",
  ]

  /// The lines of a file of keys and values; keys are told without regard to case, nothing else may stand there.
  private static func records(_ text: String) throws -> [[String: String]] {
    try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      var record: [String: String] = [:]
      for word in line.split(separator: " ") {
        let sides = word.split(separator: "=", maxSplits: 1).map(String.init)
        try #require(sides.count == 2, "\(line)")
        #expect(record.updateValue(sides[1], forKey: sides[0].lowercased()) == nil)
      }
      return record
    }
  }

  @Test("A line of the tree names a switch and what is below it: switches or nodes", arguments: clusters)
  func tree(_ name: String) throws {
    let records = try Self.records(exported("slurm-tree", name))
    let names = records.compactMap { $0["switchname"] }
    #expect(Set(names).count == records.count && names.allSatisfy { $0.count <= 64 })
    for record in records {
      let keys = Set(record.keys).subtracting(["linkspeed"])
      #expect(keys == ["switchname", "nodes"] || keys == ["switchname", "switches"], "\(record)")
    }
    let below = try records.flatMap { try HostList.expanded($0["switches"] ?? "") }
    #expect(Set(below).isSubset(of: names) && Set(below).count == below.count && below.count == names.count - 1)
    let hosts = try records.flatMap { try HostList.expanded($0["nodes"] ?? "") }
    #expect(hosts.sorted() == (try Self.hosts(name)).sorted())
  }

  @Test("Blocks name their nodes; their sizes are the base block's doublings, at most fifteen", arguments: clusters)
  func blocks(_ name: String) throws {
    let records = try Self.records(exported("slurm-block", name))
    let blocks = records.filter { $0["blockname"] != nil }
    #expect(blocks.allSatisfy { Set($0.keys) == ["blockname", "nodes"] })
    #expect(Set(blocks.compactMap { $0["blockname"] }).count == blocks.count)
    let hosts = try blocks.map { try HostList.expanded($0["nodes"] ?? "") }
    #expect(hosts.flatMap { $0 }.sorted() == (try Self.hosts(name)).sorted())
    let rest = records.filter { $0["blockname"] == nil }
    #expect(rest.count == 1 && rest.allSatisfy { Set($0.keys) == ["blocksizes"] })
    let sizes = (rest.first?["blocksizes"] ?? "").split(separator: ",").compactMap { Int($0) }
    let base = try #require(sizes.first)
    // Every block holds a base block; none of the others is larger than all of them together.
    #expect(hosts.allSatisfy { $0.count >= base } && sizes.allSatisfy { $0 <= hosts.count * base })
    #expect(sizes == sizes.indices.map { base << $0 } && sizes.count <= 16)
  }

  private static func hosts(_ name: String) throws -> [String] {
    try ExportedCluster(try shipped(name).get()).hostNames
  }

  /// The schema of `topology.yaml` in the manual: what each mapping may hold and must hold.
  private static let schema = """
    import json, sys, yaml
    items = yaml.safe_load(open("topology.yaml"))
    def entries(own, required, optional=()):
        assert isinstance(own, dict) and set(required) <= set(own) <= set(required) | set(optional), own
        return own
    assert isinstance(items, list) and items
    assert len({item["topology"] for item in items}) == len(items)
    assert sum(item.get("cluster_default", False) for item in items) == 1
    hosts = {}
    for item in items:
        assert next(iter(item)) == "topology" and type(item.get("cluster_default", False)) is bool
        kinds = [kind for kind in ("tree", "block", "flat") if kind in item]
        assert len(kinds) == 1
        entries(item, ["topology", kinds[0]], ["cluster_default"])
        if kinds == ["tree"]:
            switches = entries(item["tree"], ["switches"])["switches"]
            names = [own["switch"] for own in switches]
            assert len(set(names)) == len(names) and all(len(name) <= 64 for name in names)
            for own in switches:
                assert entries(own, ["switch"], ["children", "nodes"]) and len(own) == 2
                assert all(isinstance(value, str) for value in own.values())
            hosts["tree"] = [own["nodes"] for own in switches if "nodes" in own]
        elif kinds == ["block"]:
            own = entries(item["block"], ["block_sizes", "blocks"])
            sizes = own["block_sizes"]
            assert sizes and all(type(size) is int for size in sizes)
            assert all(size == sizes[0] << place for place, size in enumerate(sizes))
            for block in own["blocks"]: entries(block, ["block", "nodes"])
            assert len({block["block"] for block in own["blocks"]}) == len(own["blocks"])
            hosts["block"] = [block["nodes"] for block in own["blocks"]]
    print(json.dumps(hosts))
    """

  private static let python: Tool? = Tool.python(importing: "yaml")

  @Test(
    "topology.yaml has the manual's keys, as PyYAML reads it, and the hosts of both its topologies",
    .enabled(if: python != nil, "not installed: PyYAML (Scripts/install-dependencies --test-tools installs it)"),
    arguments: clusters)
  func yaml(_ name: String) async throws {
    let python = try #require(Self.python)
    try await Tool.inFolder { folder in
      try exported("slurm-yaml", name).write(
        to: folder.appending(path: "topology.yaml"), atomically: true, encoding: .utf8)
      let run = try await python.run(["-c", Self.schema], in: folder)
      try #require(run.status == 0, "\(run.complaints)")
      let found = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: [String]])
      let expected = try Self.hosts(name).sorted()
      #expect(!found.isEmpty)
      for lists in found.values { #expect(try lists.flatMap(HostList.expanded).sorted() == expected) }
    }
  }
}
