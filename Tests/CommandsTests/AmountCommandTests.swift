import Commands
import Foundation
import Testing

@Suite("All-to-all of unequal parts on the command line") struct AmountCommandTests {
  private func times(_ line: String, _ files: [String: String] = [:]) throws -> [Double] {
    let run = Run(line + " --format json", in: FakeEnvironment(files: files))
    #expect(run.status.rawValue == 0, "\(run.complaints)")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    return try #require(json["estimates"] as? [[String: Any]]).compactMap { $0["seconds"] as? Double }
  }

  private func matrix(_ ranks: Int, _ amount: (Int, Int) -> Int) -> [[Int]] {
    (0..<ranks).map { from in (0..<ranks).map { amount(from, $0) } }
  }

  private func csv(_ rows: [[Int]]) -> String {
    rows.map { $0.map(String.init).joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  @Test("Equal parts in a matrix, CSV or YAML, and a skew of one are the even exchange")
  func even() throws {
    let size = 16 * 1_048_576
    let rows = matrix(16) { _, _ in size / 16 }
    let files = ["even.csv": "# even\n" + csv(rows), "even.yaml": "\(rows)\n"]
    let line = "estimate all-to-all dgx-h100:nodes=2 --algorithm pairwise"
    let even = try times(line + " --sizes 16MiB")
    for form in ["--matrix even.csv", "--matrix even.yaml", "--skew 1 --sizes 16MiB"] {
      let time = try times("\(line) \(form)", files)
      #expect(time.count == 1 && abs(time[0] / even[0] - 1) < 0.02, "\(form): \(time) against \(even)")
    }
  }

  @Test("A hot rank takes what its own links take for what it receives")
  func hot() throws {
    let even = try times("estimate all-to-all dgx-h100:nodes=4 --algorithm pairwise --sizes 1GiB")
    let line = "estimate all-to-all dgx-h100:nodes=4 --sizes 1GiB --library alpha-beta --skew 8"
    // Of 32 ranks, 24 send rank 0 a quarter of what they have over its interface of 50 GB/s.
    let received = 24 * 8.0 / 32 * Double(1 << 30) / 50e9
    #expect(abs(try times(line)[0] / received - 1) < 0.01)
    #expect(try times("estimate all-to-all dgx-h100:nodes=4 --sizes 1GiB --skew 8")[0] > even[0] * 3)
    let rows = matrix(32) { from, to in
      from == to ? 0 : from == 0 ? (1 << 30) / 32 : to == 0 ? (1 << 30) / 4 : Int(Double(1 << 30) * 0.75 / 31)
    }
    let listed = try times(
      "estimate all-to-all dgx-h100:nodes=4 --library alpha-beta --matrix hot.csv",
      ["hot.csv": csv(rows)])
    #expect(abs(listed[0] / received - 1) < 0.01)
  }

  @Test("One pair alone takes its own path")
  func onePair() throws {
    let rows = matrix(16) { from, to in from == 1 && to == 9 ? 1 << 30 : 0 }
    let time = try times(
      "estimate all-to-all dgx-h100:nodes=2 --library alpha-beta --matrix one.csv",
      ["one.csv": csv(rows)])
    #expect(abs(time[0] / (Double(1 << 30) / 50e9) - 1) < 0.01)
  }

  @Test(
    "Mistakes in a matrix are told at their places",
    arguments: [
      ("0,1\n-1,0\n", "m.csv:2:1: error: an amount below zero"),
      ("0,1\n2\n", "m.csv:2:1: error: 1 amounts in this row, but 2 in the first"),
      ("0,1\n2,0,5\n", "m.csv:2:5: error: 3 amounts in this row, but 2 in the first"),
      ("0,1\n", "m.csv:1:1: error: 1 rows of 2 amounts"),
      ("0, nan\n2,0\n", "m.csv:1:4: error: 'nan' cannot be counted in bytes"),
      ("0,1.5\n2,0\n", "m.csv:1:3: error: an amount is a whole number of bytes"),
      ("0,x\n,0\n", "m.csv:1:3: error: 'x' is not a number of bytes"),
      ("0,1e300\n2,0\n", "m.csv:1:3: error: '1e300' cannot be counted in bytes"),
      ("0,x\n,0\n", "m.csv:2:1: error: an amount is missing"),
      ("0,0\n0,0\n", "m.csv:1:1: error: no rank has anything for another"),
      ("# nothing\n\n", "m.csv:1:1: error: the file holds no row"),
      ("0,1\n1,0\n", "m.csv:1:1: error: the matrix is for 2 ranks, but 8 take part"),
      ("0,9223372036854775807,9223372036854775807\n0,0,0\n0,0,0\n", "m.csv:1:1: error: the amounts of a row"),
    ])
  func mistakes(text: String, message: String) {
    let run = Run("estimate all-to-all dgx-h100 --matrix m.csv", in: FakeEnvironment(files: ["m.csv": text]))
    #expect(run.status.rawValue == 65 && run.complaints.contains(message), "\(run.complaints)")
    #expect(run.output.isEmpty)
  }

  @Test("Mistakes in a YAML matrix are told at their places")
  func yaml() {
    let run = Run(
      "estimate all-to-all dgx-h100 --matrix m.yaml",
      in: FakeEnvironment(files: ["m.yaml": "- [0, 1]\n- [.nan, {}]\n- 3\n"]))
    #expect(run.status.rawValue == 65)
    for place in ["m.yaml:2:4: error: '.nan'", "m.yaml:2:10: error: a number", "m.yaml:3:3: error: a row"] {
      #expect(run.complaints.contains(place), "\(run.complaints)")
    }
  }

  @Test("Too many rows and other uses are refused")
  func refused() {
    let wide = Array(repeating: "0", count: 2000).joined(separator: ",") + "\n"
    let files = ["wide.csv": String(repeating: wide, count: 3), "m.csv": "0,1\n1,0\n"]
    let tooWide = Run("estimate all-to-all dgx-h100 --matrix wide.csv", in: FakeEnvironment(files: files))
    #expect(tooWide.status.rawValue == 65 && tooWide.complaints.contains("at most 1024 ranks"))
    for (line, status, reason) in [
      ("estimate all-to-all dgx-h100 --matrix none.csv", 66, "there is no file 'none.csv'"),
      ("estimate all-reduce dgx-h100 --ranks 2 --matrix m.csv", 64, "only an all-to-all has unequal parts"),
      ("estimate all-to-all dgx-h100 --ranks 2 --matrix m.csv --sizes 1GiB", 64, "leave out --sizes"),
      ("estimate all-to-all dgx-h100 --ranks 2 --matrix m.csv --skew 1", 64, "give one"),
      ("estimate all-to-all dgx-h100 --skew 9", 64, "--skew:1:1: error: a factor from 1 to 7"),
      ("estimate all-to-all dgx-h100 --skew 0.5", 64, "a factor from 1 to 7"),
      ("estimate all-to-all dgx-h100 --skew nan", 64, "a factor from 1 to 7"),
      ("estimate all-to-all dgx-h100 --skew 2 --algorithm pairwise-relayed", 64, "forwards parts of one size"),
    ] {
      let run = Run(line, in: FakeEnvironment(files: files))
      #expect(run.status.rawValue == status && run.complaints.contains(reason), "\(line): \(run.complaints)")
    }
  }
}
