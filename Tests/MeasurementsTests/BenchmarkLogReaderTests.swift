import Collectives
import Foundation
import Measurements
import Quantities
import TestSupport
import Testing

/// What the reader makes of logs as people have them.
@Suite("Logs of benchmarks") struct BenchmarkLogReaderTests {
  private func expectLines(_ table: BenchmarkLog.Table?, _ comment: String) {
    guard let table else {
      Issue.record("no table: \(comment)")
      return
    }
    #expect(table.rows.map(\.bytes.count) == Logs.lines.map(\.bytes), "\(comment)")
    for (row, line) in zip(table.rows, Logs.lines) {
      #expect(row.fault == nil, "\(comment)")
      #expect(abs((row.outOfPlace?.microseconds ?? 0) - line.outOfPlace) < 0.1, "\(comment), \(line.bytes)")
      #expect(abs((row.inPlace?.microseconds ?? 0) - line.inPlace) < 0.1, "\(comment), \(line.bytes)")
    }
  }

  @Test("The adapters that the library lists are counted, those of the host with the fewest")
  func adapters() {
    let prefix = "node1:12:13 [0] NCCL INFO NET/IB : Using [0]mlx5_0:1/IB [1]mlx5_1:1/RoCE"
    let log = BenchmarkLogReader(
      "\(prefix) [2]mlx5_4:1/IB [RO]; OOB eth0:10.0.0.1<0>\n\(prefix) [RO]; OOB eth0:10.0.0.2<0>\n")
    #expect(log.finished().networkAdapters == 2)
    #expect(BenchmarkLogReader("n:1:2 [0] NCCL INFO Using network IB\n").finished().networkAdapters == nil)
  }

  @Test("Every layout of columns gives the same times", arguments: Logs.Layout.allCases)
  func layouts(layout: Logs.Layout) {
    let log = Logs.read(Logs.log(layout: layout))
    #expect(log.tables.count == 1)
    expectLines(log.tables.first, "\(layout)")
  }

  @Test("The head of a log tells ranks, GPUs, hosts, processes and collective")
  func head() throws {
    let table = try #require(Logs.read(Logs.log(ranks: 16)).tables.first)
    #expect(table.ranks == 16)
    #expect(table.hosts == 2)
    #expect(table.gpus == ["NVIDIA H100 80GB HBM3"])
    #expect(table.gpusPerProcess == 1)
    #expect(table.graphLaunch == false)
    #expect(table.collective == .allReduce)
    #expect(abs((table.busFactor ?? 0) - 1.75) < 0.01)
  }

  @Test(
    "Every program's name is known",
    arguments: [
      ("all_reduce_perf", Collective.allReduce), ("all_gather_perf", .allGather),
      ("reduce_scatter_perf", .reduceScatter), ("alltoall_perf", .allToAll), ("broadcast_perf", .broadcast),
      ("reduce_perf", .reduce), ("gather_perf", .gather), ("scatter_perf", .scatter), ("sendrecv_perf", .sendReceive),
      ("all_gather_perf_mpi", .allGather),
    ])
  func programs(program: String, collective: Collective) {
    #expect(Logs.read(Logs.log(program: program)).tables.first?.collective == collective)
    let typed =
      "$ mpirun -np 8 ./build/\(program) -b 1K -e 1G -f 2 -g 1\n"
      + Logs.lines.map { Logs.row($0, .current) + "\n" }.joined()
    #expect(Logs.read(typed).tables.first?.collective == collective)
  }

  @Test("Prefixes of launchers, pods and clocks, colours, fences and line ends change nothing")
  func decorations() {
    let plain = Logs.log()
    let expected = Logs.read(plain)
    func decorated(_ change: (Substring) -> String) -> BenchmarkLog {
      Logs.read(plain.split(separator: "\n", omittingEmptySubsequences: false).map(change).joined(separator: "\n"))
    }
    #expect(decorated { "[1,0]<stdout>: \($0)" } == expected)
    #expect(decorated { "[1,0]<stdout>:\($0)" } == expected)
    #expect(decorated { "2025-03-01T12:30:45.123456789Z stdout F \($0)" } == expected)
    #expect(decorated { "nccl-test-launcher-x7k2p | \($0)" } == expected)
    #expect(decorated { "[nccl-test-0 nccl] \($0)" } == expected)
    #expect(decorated { "12:30:45 0: \($0)" } == expected)
    #expect(decorated { "\u{1B}[32m\($0)\u{1B}[0m\r" } == expected)
    #expect(decorated { "> \($0)" } == expected)
    #expect(Logs.read("Here is what I get:\n```\n\(plain)```\nIs that slow?\n") == expected)
    #expect(Logs.read("\u{FEFF}" + plain) == expected)
  }

  @Test("Messages of the library between the rows are passed over and tell the network")
  func messages() {
    let message = "node1:77:99 [3] NCCL INFO Using network IB\nnode1:77:99 [3] NCCL INFO Channel 00/16 : 0 1 2 3\n"
    var log = ""
    for line in Logs.log().split(separator: "\n") { log += message + line + "\n" }
    let read = Logs.read(log)
    #expect(read.networks == ["IB"])
    #expect(read.tables == Logs.read(Logs.log()).tables)
  }

  @Test("Several tables in one log stay apart, with and without their heads")
  func tables() {
    let two = Logs.read(Logs.log() + Logs.log(program: "all_gather_perf", ranks: 4, factor: 0.75))
    #expect(two.tables.map(\.collective) == [.allReduce, .allGather])
    #expect(two.tables.map(\.ranks) == [8, 4])
    let rows = Logs.lines.map { Logs.row($0, .current) + "\n" }.joined()
    let typed = Logs.read("$ ./all_reduce_perf -g 8\n\(rows)$ ./alltoall_perf -g 8\n\(rows)")
    #expect(typed.tables.map(\.collective) == [.allReduce, .allToAll])
    let headers = Logs.read(Logs.log() + rows + "# Avg bus bandwidth : 1\n")
    #expect(headers.tables.count == 2)
    #expect(headers.tables.map(\.ranks) == [8, 8])
  }

  @Test("A log cut off anywhere gives a part of its rows, and never another time")
  func cuts() {
    let text = Array(Logs.log().utf8)
    let whole = Logs.read(Logs.log()).tables[0].rows
    for end in stride(from: 0, through: text.count, by: 7) {
      let rows = Logs.read(String(decoding: text.prefix(end), as: UTF8.self)).tables.first?.rows ?? []
      for (row, expected) in zip(rows, whole) {
        #expect(row.bytes == expected.bytes)
        if row.time != nil {
          #expect(row.outOfPlace == expected.outOfPlace)
          // The second time may end in the middle of its digits; it is then left out or whole.
          #expect(row.inPlace == nil || row.inPlace == expected.inPlace, "cut at \(end)")
        }
      }
    }
  }

  @Test("Times that are none are faults of their row alone")
  func faults() throws {
    func fault(_ row: String) throws -> BenchmarkLog.Fault? {
      try #require(Logs.read(row).tables.first?.rows.first).fault
    }
    #expect(try fault("1024 256 float sum -1 0.00 0.00 0.00 0 0.00 0.00 0.00 0") == .notPositive)
    #expect(try fault("1024 256 float sum -1 -3.1 0.00 0.00 0 -3.2 0.00 0.00 0") == .notPositive)
    #expect(try fault("1024 256 float sum -1 -nan -nan -nan 0 -nan -nan -nan 0") == .notANumber)
    #expect(try fault("1024 256 float sum -1 inf 0.00 0.00 0 nan 0.00 0.00 0") == .notANumber)
    #expect(try fault("1024 256 float sum -1 30.1 0.03 0.06 17 30.2 0.03 0.06 0") == .wrongResults)
    #expect(try fault("0 0 float sum -1 12.1 0.00 0.00 0 12.2 0.00 0.00 0") == .noBytes)
    #expect(try fault("1024 256 float sum") == .cut)
    #expect(try fault("1024 256 float sum -1 30.1 0.03 0.06 0 30.2 0.03 0.06 0") == nil)
    // One time that is none leaves the other.
    let half = try #require(
      Logs.read("1024 256 float sum -1 30.1 0.03 0.06 0 -nan -nan -nan 0").tables.first?.rows.first)
    #expect(half.outOfPlace == .microseconds(30.1) && half.inPlace == nil && half.fault == nil)
  }

  @Test("A row whose bandwidth is not size over time is not believed")
  func contradictions() {
    var lines = Logs.lines.map { Logs.row($0, .current) }
    lines[20] = lines[20].replacing("1073741824  ", with: "107374182  ")
    let rows = Logs.read(lines.joined(separator: "\n")).tables[0].rows
    #expect(rows.filter { $0.fault == .inconsistent }.map(\.bytes.count) == [107_374_182])
  }

  @Test("Rows out of order are sorted, repeated ones give their median, and both are told")
  func order() {
    let lines = Logs.lines.map { Logs.row($0, .current) }
    let shuffled = Logs.read((lines.reversed() + [lines[3], lines[3]]).joined(separator: "\n")).tables[0]
    #expect(shuffled.rows == Logs.read(lines.joined(separator: "\n")).tables[0].rows)
    #expect(shuffled.remarks.count == 2)
  }

  @Test("A report in JSON gives what the log gives")
  func json() throws {
    let results = Logs.lines.map { line in
      let half = { (time: Double) in
        #"{"time": \#(time), "alg_bw": \#(Double(line.bytes) / time / 1000), "bus_bw": \#(Double(line.bytes) / time / 1000 * 1.75), "nwrong": 0}"#
      }
      return
        #"{"size": \#(line.bytes), "count": \#(line.bytes / 4), "type": "float", "redop": "sum", "root": "-1", "out_of_place": \#(half(line.outOfPlace)), "in_place": \#(half(line.inPlace))}"#
    }
    let devices = (0..<8).map {
      #"{"rank": \#($0), "group": 0, "pid": \#(100 + $0), "hostname": "a", "device": \#($0), "device_hex": "0", "device_info": "NVIDIA H100 80GB HBM3"}"#
    }
    let text =
      #"{"version": 1, "args": ["./all_reduce_perf", "-J", "a.json"], "config": {"nthreads": 1, "ngpus": 1, "graph": 0, "devices": [\#(devices.joined(separator: ","))]}, "results": [\#(results.joined(separator: ","))]}"#
    let table = try #require(Logs.read(text).tables.first)
    expectLines(table, "JSON")
    #expect(table.ranks == 8 && table.collective == .allReduce && table.gpusPerProcess == 1)
    // A report that is cut off is none; nothing of it is believed.
    #expect(Logs.read(String(text.dropLast(40))).tables.isEmpty)
  }

  @Test("The same bytes in pieces of any length give the same log")
  func pieces() {
    let bytes = Array(Logs.log().utf8)
    for length in [1, 3, 17, 1000] {
      var reader = BenchmarkLogReader()
      for start in stride(from: 0, to: bytes.count, by: length) {
        reader.read(bytes[start..<min(start + length, bytes.count)])
      }
      #expect(reader.finished() == Logs.read(Logs.log()))
    }
  }

  @Test("More rows than are kept are counted")
  func many() {
    var reader = BenchmarkLogReader()
    let row = Array("1024 256 float sum -1 30.1 0.03 0.06 0 30.2 0.03 0.06 0\n".utf8)
    for _ in 0..<(BenchmarkLogReader.mostRows + 5) { reader.read(row[...]) }
    let log = reader.finished()
    #expect(log.rowsLeftOut == 5)
    #expect(log.tables[0].rows.count == 1)
  }

  @Test("Ranks of a run split into groups are those of a group")
  func groups() {
    let text = Logs.log(ranks: 16).replacing("Group  0 Pid 1008", with: "Group  1 Pid 1008")
    #expect(Logs.read(text).tables.first?.ranks == 8)
  }

  @Test("No mutation of a log crashes the reader, and rows that pass are positive and finite")
  func mutations() {
    var random = SeededGenerator(seed: 7)
    let text = Array(Logs.log(ranks: 4, lines: Array(Logs.lines.prefix(8))).utf8)
    let pieces = [
      "-nan", "1e400", "9223372036854775808", "-1", "\u{1B}[", "\u{1B}]", "|", "{", "}", "Rank", "float", "\n", "0x1p3",
      "\u{0}", "device", "[", "nThread 99999999999 nGpus 9999999999", "é", "  ",
    ].map { Array($0.utf8) }
    for _ in 0..<1500 {
      var mutated = text
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let place = Int.random(in: 0..<mutated.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: mutated[place] = UInt8.random(in: 0...255, using: &random)
        case 1: mutated.removeSubrange(place..<min(place + Int.random(in: 1...40, using: &random), mutated.count - 1))
        case 2: mutated.insert(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &random)], at: place)
        default: mutated.append(contentsOf: mutated[place..<min(place + 60, mutated.count)])
        }
      }
      var reader = BenchmarkLogReader()
      reader.read(mutated[...])
      for row in reader.finished().tables.flatMap(\.rows) {
        #expect(row.bytes.count >= 0)
        if let time = row.time { #expect(time.value > 0 && time.value.isFinite) }
      }
    }
  }
}
