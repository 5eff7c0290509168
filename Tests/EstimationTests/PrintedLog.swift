import Collectives
import Estimation
import Foundation
import Quantities

/// A log as a benchmark would print it for given times.
struct PrintedLog {
  var program = "all_reduce_perf"
  var collective = Collective.allReduce
  var ranks = 8
  var gpu = "NVIDIA H100 80GB HBM3"
  var rows: [(bytes: Bytes, time: Seconds)]

  /// The times of a topology's estimates, changed.
  init(
    _ topology: String, _ collective: Collective = .allReduce, program: String = "all_reduce_perf",
    gpu: String = "NVIDIA H100 80GB HBM3", sizes: [Bytes] = MadeLogs.sizes,
    slower factor: (Bytes) -> Double = { _ in 1 }
  ) throws {
    let answer = try Shipped.estimator(topology).answer(Question(collective, sizes: sizes))
    self.collective = collective
    self.program = program
    self.gpu = gpu
    ranks = answer.ranks
    rows = answer.estimates.map { ($0.bytes, $0.time * factor($0.bytes)) }
  }

  var text: String {
    var text = "# Collective test starting: \(program)\n# nThread 1 nGpus 1 minBytes 8 maxBytes 1 graph: 0\n"
    for rank in 0..<ranks {
      text += "#  Rank \(rank) Group  0 Pid \(100 + rank) on host\(rank / 8) device \(rank % 8) [0000:01:00] \(gpu)\n"
    }
    text += "#  size  count  type  redop  root  time  algbw  busbw  #wrong  time  algbw  busbw  #wrong\n"
    let factor = collective.busBandwidthFactor(ranks: ranks)
    for (bytes, time) in rows {
      let bandwidth = Double(bytes.count) / time.microseconds / 1000
      let half = String(format: "%.2f %.2f %.2f 0", time.microseconds, bandwidth, bandwidth * factor)
      text += "\(bytes.count) \(bytes.count / 4) float sum -1 \(half) \(half)\n"
    }
    return text
  }
}
