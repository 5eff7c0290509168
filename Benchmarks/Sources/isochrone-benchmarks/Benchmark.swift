/// One thing that is measured, and a rival that does the same in another way.
struct Benchmark {
  /// What is done.
  var name: String
  /// Who the rival is.
  var rival: String
  /// What was measured for ours.
  var ours: Measurement
  /// What was measured for the rival.
  var theirs: Measurement
}

/// What one contender took.
struct Measurement {
  /// The median of the runs in seconds.
  var seconds: Double
  /// The fastest and the slowest run in seconds.
  var range: ClosedRange<Double>
  /// The most memory in bytes, where a process of its own was measured.
  var peakBytes: Int?
}

extension Measurement {
  /// Runs something several times, after one run that does not count.
  /// - Parameters:
  ///   - runs: How many runs count; the median is that of the middle one.
  ///   - work: What is done; its result keeps the compiler from leaving it out.
  static func timing<Result>(runs: Int, _ work: () throws -> Result) rethrows -> Measurement {
    var times: [Double] = []
    let clock = ContinuousClock()
    for run in 0...runs {
      let start = clock.now
      keep(try work())
      if run > 0 { times.append(start.duration(to: clock.now).seconds) }
    }
    return Measurement(times: times)
  }

  /// The median and range of some times.
  init(times: [Double], peakBytes: Int? = nil) {
    let sorted = times.sorted()
    seconds = sorted[sorted.count / 2]
    range = sorted[0]...sorted[sorted.count - 1]
    self.peakBytes = peakBytes
  }

  @inline(never) private static func keep<Result>(_ result: Result) {}
}

extension Duration {
  /// The duration as a real number of seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
