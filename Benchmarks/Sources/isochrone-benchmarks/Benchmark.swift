/// A group of contests with a name to ask for it by.
struct Benchmark: Sendable {
  /// What it is asked for by: `start`.
  var name: String
  /// What is compared with what, as a sentence or two.
  var about: String
  /// Runs it; each contest is handed over as soon as it is done.
  var run: @Sendable (_ report: (Contest) -> Void) throws -> Void
}

/// The benchmarks there are, in the order of a run.
enum Benchmarks {
  /// All of them; those that measure processes come first, see `Child`.
  static let all: [Benchmark] = [
    .start, .commands, .million, .growth, .limits, .expansion, .partition, .failures, .distances, .loads, .product,
    .batches,
    .sparse, .catalogue, .serving,
  ]
}
