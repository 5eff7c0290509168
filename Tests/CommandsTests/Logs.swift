import Foundation

/// Logs of nccl-tests that tests of several commands use.
enum Logs {
  /// All-reduce over eight H100, as a healthy box has it but for a start that comes too late.
  static func allReduce(ranks: Int = 8, late microseconds: Double = 0, slower factor: Double = 1) -> String {
    var text = """
      # nccl-tests version 2.17.6 nccl-headers=22803 nccl-library=22803
      # Collective test starting: all_reduce_perf
      # nThread 1 nGpus 1 minBytes 1024 maxBytes 4294967296 step: 2(factor) warmup iters: 1 iters: 20 graph: 0
      # Using devices

      """
    for rank in 0..<ranks {
      text +=
        "#  Rank  \(rank) Group  0 Pid \(100 + rank) on node\(rank / 8) device  \(rank % 8) [0000:01:00] NVIDIA H100 80GB HBM3\n"
    }
    text += "#  size  count  type  redop  root  time  algbw  busbw  #wrong  time  algbw  busbw  #wrong\n"
    for (bytes, base) in times {
      let time = (base + microseconds) * factor
      let bandwidth = Double(bytes) / time / 1000
      let bus = bandwidth * 2 * Double(ranks - 1) / Double(ranks)
      let half = String(format: "%.2f %.2f %.2f 0", time, bandwidth, bus)
      text += "\(bytes) \(bytes / 4) float sum -1 \(half) \(half)\n"
    }
    return text + "# Out of bounds values : 0 OK\n# Avg bus bandwidth : 200.1\n"
  }

  /// Made, and near what public tables of such boxes show.
  private static let times: [(bytes: Int, time: Double)] = [
    (1024, 20), (16384, 22), (262_144, 35), (4 << 20, 62), (64 << 20, 300), (1 << 30, 3950), (4 << 30, 15500),
  ]

  static let files = Files.all.merging([
    "healthy.log": allReduce(), "slow.log": allReduce(slower: 3), "site.log": allReduce(slower: 1.4),
    "wide.log": allReduce(ranks: 16), "empty.log": "nothing to see\n",
  ]) { first, _ in first }
}
