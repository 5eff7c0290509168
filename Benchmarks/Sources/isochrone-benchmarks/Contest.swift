/// One thing that is measured, and a rival that does the same or the like in another way, run in turns.
struct Contest {
  /// What is done.
  var name: String
  /// Who the rival is, or why there is none.
  var rival: String
  /// What ours took.
  var ours: Spread
  /// What the rival took; nil where it was not run.
  var theirs: Spread?
  /// Ours over the rival's, run by run.
  var ratio: Spread?
  /// The most memory of our process in bytes; nil where none of its own was measured.
  var peakBytes: Int?
  /// The most memory of the rival's process in bytes.
  var rivalPeakBytes: Int?
}

/// The least, the middle and the most of some numbers.
struct Spread {
  var least: Double
  var median: Double
  var most: Double

  init(_ values: [Double]) {
    let sorted = values.sorted()
    least = sorted.first ?? .nan
    median = sorted.isEmpty ? .nan : sorted[sorted.count / 2]
    most = sorted.last ?? .nan
  }
}

/// One run of one contender.
struct Run {
  var seconds: Double
  var peakBytes: Int?

  /// Times a piece of work in this process.
  static func timing<Result>(_ work: () throws -> Result) rethrows -> Run {
    let clock = ContinuousClock()
    let start = clock.now
    keep(try work())
    let components = start.duration(to: clock.now).components
    return Run(seconds: Double(components.seconds) + Double(components.attoseconds) / 1e18)
  }

  /// A result that nobody looks at must still be computed.
  @inline(never) private static func keep<Result>(_ result: Result) {}
}

extension Contest {
  /// Runs both contenders in turns, after one run of each that does not count, so that what else the machine does
  /// meets both alike.
  /// - Parameter runs: How many pairs of runs count.
  init(_ name: String, against rival: String, runs: Int, ours: () throws -> Run, theirs: () throws -> Run) throws {
    var own: [Run] = []
    var other: [Run] = []
    for run in 0...runs {
      let (one, two) = (try ours(), try theirs())
      if run > 0 {
        own.append(one)
        other.append(two)
      }
    }
    self.init(
      name: name, rival: rival, ours: Spread(own.map(\.seconds)), theirs: Spread(other.map(\.seconds)),
      ratio: Spread(zip(own, other).map { $0.seconds / $1.seconds }), peakBytes: own.compactMap(\.peakBytes).max(),
      rivalPeakBytes: other.compactMap(\.peakBytes).max())
  }

  /// Runs ours alone, where the rival cannot run.
  init(_ name: String, withoutRival reason: String, runs: Int, ours: () throws -> Run) throws {
    var own: [Run] = []
    for run in 0...runs {
      let one = try ours()
      if run > 0 { own.append(one) }
    }
    self.init(
      name: name, rival: reason, ours: Spread(own.map(\.seconds)), theirs: nil, ratio: nil,
      peakBytes: own.compactMap(\.peakBytes).max(), rivalPeakBytes: nil)
  }
}
