import Foundation
import Measurements

/// Logs as benchmark programs of several years print them, made of a few times.
enum Logs {
  /// One size with its times in microseconds.
  typealias Line = (bytes: Int64, outOfPlace: Double, inPlace: Double)

  static let lines: [Line] = (10...30).map { power in
    let bytes = Int64(1) << Int64(power)
    return (bytes, 30 + Double(bytes) / 200_000, 29 + Double(bytes) / 200_000)
  }

  /// The layout of a version.
  enum Layout: CaseIterable {
    /// Reduction, root and wrong elements, since 2021.
    case current
    /// The same without a check of the data.
    case unchecked
    /// Reduction and largest error, 2019 and 2020.
    case withReduction
    /// Neither reduction nor root, 2019 and 2020, as all-gather had it.
    case plain
    /// A root only, 2019 and 2020, as broadcast had it.
    case withRoot
    /// The time of day at the end of each row.
    case timestamped
  }

  static func row(_ line: Line, _ layout: Layout, factor: Double = 1.75) -> String {
    func number(_ value: Double) -> String { String(format: value < 10_000 ? "%.2f" : "%.1f", value) }
    let half = { (time: Double, error: String) in
      let algorithm = Double(line.bytes) / time / 1000
      return "\(number(time))   \(number(algorithm))  \(number(algorithm * factor))  \(error)"
    }
    let error =
      switch layout {
      case .current, .timestamped: "0"
      case .unchecked: "N/A"
      case .withReduction, .plain, .withRoot: "2e-07"
      }
    let words =
      switch layout {
      case .current, .unchecked, .timestamped: "sum      -1"
      case .withReduction: "sum"
      case .plain: ""
      case .withRoot: "0"
      }
    let end = layout == .timestamped ? "  2025-03-01 12:30:45" : ""
    return "  \(line.bytes)    \(line.bytes / 4)   float   \(words)  \(half(line.outOfPlace, error))  "
      + half(line.inPlace, error) + end
  }

  static func header(program: String = "all_reduce_perf", ranks: Int = 8, gpu: String = "NVIDIA H100 80GB HBM3")
    -> String
  {
    """
    # nccl-tests version 2.17.6 nccl-headers=22803 nccl-library=22803
    # Collective test starting: \(program)
    # nThread 1 nGpus 1 minBytes 1024 maxBytes 1073741824 step: 2(factor) warmup iters: 1 iters: 20 agg iters: 1 validation: 1 graph: 0
    #
    # Using devices

    """
      + (0..<ranks).map {
        "#  Rank \($0) Group  0 Pid \(1000 + $0) on host\($0 / 8) device  \($0 % 8) [0000:0\($0 % 8):00] \(gpu)\n"
      }.joined() + """
        #
        #                                                              out-of-place                       in-place
        #       size         count      type   redop    root     time   algbw   busbw  #wrong     time   algbw   busbw  #wrong
        #        (B)    (elements)                               (us)  (GB/s)  (GB/s)            (us)  (GB/s)  (GB/s)

        """
  }

  static func log(
    program: String = "all_reduce_perf", ranks: Int = 8, layout: Layout = .current, lines: [Line] = lines,
    factor: Double = 1.75
  ) -> String {
    header(program: program, ranks: ranks)
      + lines.map { row($0, layout, factor: factor) + "\n" }.joined()
      + "# Out of bounds values : 0 OK\n# Avg bus bandwidth    : 123.4\n#\n"
  }

  static func read(_ text: String) -> BenchmarkLog { BenchmarkLogReader(text).finished() }
}
