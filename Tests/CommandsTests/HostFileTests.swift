import Commands
import Foundation
import Testing

/// Ranks on the hosts of a file.
@Suite struct HostFileTests {
  private func machine(_ hosts: String) -> FakeEnvironment { FakeEnvironment(files: ["hosts": hosts]) }

  private func answer(_ line: String, _ environment: FakeEnvironment) throws -> [String: Any] {
    let run = Run(line + " --format json", in: FakeEnvironment(files: environment.contents))
    #expect(run.status == .done && run.complaints.isEmpty, "\(run.complaints)")
    return try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  /// Times of an all-reduce, apart from what names it.
  private func estimates(_ line: String, _ environment: FakeEnvironment) throws -> String {
    let told = try answer(line, environment)
    let rows = try JSONSerialization.data(withJSONObject: told["estimates"] ?? [], options: .sortedKeys)
    return "\(told["ranks"] ?? "") \(String(decoding: rows, as: UTF8.self))"
  }

  private static let question = "estimate all-reduce dgx-h100:nodes=64 --sizes 8KiB,1GiB"

  @Test(
    "An order that is the cluster's own up to the names of alike hosts has the cluster's own times",
    arguments: [
      "node[1-64]", "node[33-64,1-32]", "node[33-64]\nnode[1-32]", "node[2,1,3-64]",
      (1...64).reversed().map { "node\($0)" }.joined(separator: "\n"),
    ])
  func alike(_ hosts: String) throws {
    let environment = machine(hosts)
    #expect(try estimates(Self.question + " --hosts hosts", environment) == estimates(Self.question, environment))
  }

  @Test(
    "So has one within the leaves of a cluster whose last leaf has fewer hosts; its host first is another order",
    arguments: [("node[32,1-31,33]", true), ("node[2-32]\nnode1\nnode33", true), ("node[33,1-32]", false)])
  func uneven(_ hosts: String, _ isAlike: Bool) throws {
    let told = try answer("describe dgx-h100:nodes=33 --hosts hosts", machine(hosts))
    let remarks = try #require(told["remarks"] as? [String])
    #expect(remarks.contains { $0.contains("followed one by one") } != isAlike, "\(remarks)")
  }

  @Test("Some of the hosts, of one leaf, are the first ranks", arguments: ["node[5-8]", "node[40,50,60,64]"])
  func some(_ hosts: String) throws {
    let environment = machine(hosts)
    let first = try estimates(Self.question + " --ranks 32", environment)
    #expect(try estimates(Self.question + " --hosts hosts", environment) == first)
    let told = try answer("describe dgx-h100:nodes=64 --hosts hosts", environment)
    #expect(told["acceleratorCount"] as? Int == 32)
  }

  /// The hosts of two leaves, one of each in turn.
  private static let alternating = (1...32).map { "node\($0)\nnode\($0 + 32)\n" }.joined()

  @Test("Describe says how far hosts that are dealt in turn from two leaves are from the best order")
  func remark() throws {
    let told = try answer("describe dgx-h100:nodes=64 --hosts hosts", machine(Self.alternating))
    let remarks = try #require(told["remarks"] as? [String])
    #expect(
      remarks.contains {
        $0.hasPrefix("Rank order: 64 of 64 steps from host to host leave their leaf switches; 2 would do")
      })
    #expect(remarks.contains { $0.contains("followed one by one") })
  }

  @Test("They are slower where leaves have less upwards than downwards")
  func alternating() throws {
    let topology = "dgx-h100:nodes=64,fabric=fat-tree,oversubscription=4"
    let question = "estimate all-reduce \(topology) --sizes 1GiB --algorithm ring"
    func seconds(_ line: String) throws -> Double {
      let rows = try answer(line, machine(Self.alternating))["estimates"] as? [[String: Any]]
      return try #require(rows?.first?["seconds"] as? Double)
    }
    #expect(try seconds(question + " --hosts hosts") > 1.05 * seconds(question))
  }

  @Test("The best order is said to be")
  func best() throws {
    let told = try answer("describe dgx-h100:nodes=64 --hosts hosts", machine("node[1-64]"))
    let remarks = try #require(told["remarks"] as? [String])
    #expect(remarks.contains { $0.hasPrefix("Rank order: as good as any") })
  }

  @Test(
    "Host files of launchers and lists of Slurm name the same hosts",
    arguments: [
      "node1 slots=8\nnode2 slots=8\n", "node1:8\nnode2:8", "# mine\nnode[1-2]\n", "box[0]\nbox[1]\n",
      String(repeating: "node1\n", count: 8) + String(repeating: "node2\n", count: 8),
    ])
  func forms(_ hosts: String) throws {
    let line = "estimate all-reduce dgx-h100:nodes=4 --sizes 1GiB --hosts hosts"
    #expect(try estimates(line, machine(hosts)) == estimates(line, machine("node1\nnode2")))
  }

  @Test(
    "What is no host of the cluster is refused at its line",
    arguments: [
      ("node1\nnode9\n", "hosts:2:1: error: no host is called 'node9'"),
      ("node1\nnode2\nnode1\n", "hosts:3:1: error: 'node1' is named in two places"),
      ("node1 slots=9\n", "hosts:1:1: error: 'node1' has 8 accelerators, not more"),
      ("node1 slot=8\n", "hosts:1:1: error: 'slot=8' is not understood here"),
      ("node[1-\n", "hosts:1:1: error: 'node[1-' is no list of names"), ("# none\n", "the file names no host"),
    ])
  func refusals(_ hosts: String, _ message: String) {
    let run = Run("estimate all-reduce dgx-h100:nodes=4 --sizes 1GiB --hosts hosts", in: machine(hosts))
    #expect(run.status == .badData && run.output.isEmpty)
    #expect(run.complaints.contains(message), "\(run.complaints)")
  }

  @Test("A host file that is not there is a missing file")
  func missing() {
    #expect(Run("describe dgx-h100 --hosts none").status == .noInput)
  }
}
