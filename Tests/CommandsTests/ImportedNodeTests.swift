import Commands
import Foundation
import Testing

/// Dumps of boxes that are shipped have the shipped boxes' times, and where they differ the answer says why.
@Suite struct ImportedNodeTests {
  /// A node as NCCL dumps it: GPUs and adapters below PCIe switches of two processors, NVLinks to switches.
  private struct Dump {
    var capability: Int
    /// NVLinks of each GPU to each NVSwitch.
    var links: [Int]
    var transfers: Int
    /// In Mb/s.
    var adapter: Int
    var processor: String
    /// GPUs, and adapters, below each PCIe switch.
    var share = 1

    var text: String {
      var lines = ["<system version=\"1\">"]
      let rate = "link_speed=\"\(transfers).0 GT/s PCIe\" link_width=\"16\""
      for socket in 0..<2 {
        lines.append("<cpu numaid=\"\(socket)\" arch=\"x86_64\" \(processor)>")
        for bridge in 0..<4 / share {
          lines.append("<pci busid=\"0000:\(socket)\(bridge):00.0\" class=\"0x060400\" \(rate)>")
          for place in 0..<share {
            let number = socket * 4 + bridge * share + place
            lines.append("<pci busid=\"0000:a\(number):00.0\" class=\"0x030200\" \(rate)>")
            lines.append("<gpu dev=\"\(number)\" sm=\"\(capability)\" rank=\"\(number)\" gdr=\"1\">")
            for (index, count) in links.enumerated() {
              lines.append("<nvlink target=\"0000:c\(index):00.0\" count=\"\(count)\" tclass=\"0x068000\"/>")
            }
            lines += ["</gpu>", "</pci>", "<pci busid=\"0000:b\(number):00.0\" class=\"0x020700\" \(rate)>", "<nic>"]
            lines.append(
              "<net name=\"mlx5_\(number)\" dev=\"\(number)\" speed=\"\(adapter)\" port=\"1\" guid=\"0x\(number + 1)\"/>"
            )
            lines += ["</nic>", "</pci>"]
          }
          lines.append("</pci>")
        }
        lines.append("</cpu>")
      }
      return (lines + ["</system>"]).joined(separator: "\n") + "\n"
    }

    static let a100 = Dump(
      capability: 80, links: [2, 2, 2, 2, 2, 2], transfers: 16, adapter: 200_000,
      processor: "vendor=\"AuthenticAMD\" familyid=\"143\" modelid=\"49\"", share: 2)
    static let h100 = Dump(
      capability: 90, links: [5, 5, 4, 4], transfers: 32, adapter: 400_000,
      processor: "vendor=\"GenuineIntel\" familyid=\"6\" modelid=\"143\"")
    static let b200 = Dump(
      capability: 100, links: [18], transfers: 32, adapter: 400_000,
      processor: "vendor=\"GenuineIntel\" familyid=\"6\" modelid=\"207\"")
  }

  private struct Answer {
    var seconds: [Double]
    var algorithms: [String]
    var assumptions: String

    init(_ collective: String, _ topology: String, _ files: [String: String] = [:]) throws {
      let line = "estimate \(collective) \(topology) --sizes 1KiB,1MiB,1GiB --format json"
      let run = Run(line, in: FakeEnvironment(files: files))
      try #require(run.status == .done, "\(run.complaints)")
      let value = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      let rows = try #require(value["estimates"] as? [[String: Any]])
      seconds = rows.compactMap { $0["seconds"] as? Double }
      algorithms = rows.compactMap { $0["algorithm"] as? String }
      assumptions = "\(value["assumptions"] ?? "")"
    }
  }

  @Test(
    "A dump of a DGX A100, H100 or B200 has the times of the shipped box",
    arguments: ["dgx-a100", "dgx-h100", "dgx-b200"], ["all-reduce", "all-to-all", "broadcast"])
  func dumps(_ name: String, _ collective: String) throws {
    let dumps = ["dgx-a100": Dump.a100, "dgx-h100": Dump.h100, "dgx-b200": Dump.b200]
    let dump = try #require(dumps[name])
    let found = try Answer(collective, "node.xml", ["node.xml": dump.text])
    let shipped = try Answer(collective, name)
    #expect(found.seconds == shipped.seconds && found.algorithms == shipped.algorithms)
  }

  private static func matrix(links: Int) -> String {
    let names = (0..<8).map { "GPU\($0)" }
    let rows = names.map { row in row + "\t" + names.map { $0 == row ? " X " : "NV\(links)" }.joined(separator: "\t") }
    return (["\t" + names.joined(separator: "\t")] + rows).joined(separator: "\n") + "\n"
  }

  @Test("So has a matrix of an A100 or H100 box", arguments: [("dgx-a100", 12), ("dgx-h100", 18)])
  func matrices(_ name: String, _ links: Int) throws {
    let found = try Answer("all-reduce", "matrix.txt", ["matrix.txt": Self.matrix(links: links)])
    #expect(try found.seconds == Answer("all-reduce", name).seconds)
  }

  @Test("A matrix of a B200 box differs, since it does not tell Blackwell from Hopper; the answer says what was taken")
  func generation() throws {
    let found = try Answer("all-reduce", "matrix.txt", ["matrix.txt": Self.matrix(links: 18)])
    #expect(try found.seconds != Answer("all-reduce", "dgx-b200").seconds)
    #expect(found.assumptions.contains("GPUs with 18 NVLinks are H100"))
  }

  @Test("A dump with a link less is slower by that link, and describe shows it")
  func fewerLinks() throws {
    var dump = Dump.h100
    dump.links = [5, 5, 4, 3]
    let found = try Answer("all-to-all", "node.xml", ["node.xml": dump.text])
    let shipped = try Answer("all-to-all", "dgx-h100")
    let (slow, fast) = (try #require(found.seconds.last), try #require(shipped.seconds.last))
    #expect(slow > fast && slow < fast * 18 / 17 * 1.001)
    let run = Run("describe node.xml", in: FakeEnvironment(files: ["node.xml": dump.text]))
    #expect(run.output.contains("425 GB/s"), "\(run.output)")
  }
}
