/// A row of a table as it stands in a log, before anything is judged.
struct PrintedRow {
  /// What was measured with separate buffers or with one.
  struct Sample {
    /// Microseconds; nil where it is no number.
    var time: Double?
    /// Gigabytes per second; nil where it is no number.
    var algorithmBandwidth: Double?
    var busBandwidth: Double?
    /// Wrong elements, or in older versions the largest error; nil where the data were not checked.
    var wrong: Double?
  }

  var bytes: Int64
  var reduction: String?
  var samples: [Sample]
  var isCut = false

  /// Element types as nccl-tests and rccl-tests of several years name them.
  private static let types: Set<String> = [
    "int8", "char", "uint8", "int32", "int", "uint32", "int64", "uint64", "half", "float16", "fp16", "float",
    "float32", "double", "float64", "bfloat16", "bf16", "fp8_e4m3", "fp8_e5m2", "f8e4m3", "f8e5m2", "float8_e4m3",
    "float8_e5m2", "f8e4m3fn",
  ]

  init(bytes: Int64, reduction: String?, samples: [Sample]) {
    self.bytes = bytes
    self.reduction = reduction
    self.samples = samples
  }

  /// The row that a line holds behind whatever prefix; nil where it holds none.
  ///
  /// A row is a size, a count, an element type, then a reduction and a root where the version prints them, and for
  /// one or two ways of buffering time, algorithm bandwidth, bus bandwidth and (mostly) an error.
  init?(_ words: [String]) {
    guard
      let place = words.indices.first(where: { index in
        index >= 2 && PrintedRow.types.contains(words[index]) && Int64(words[index - 1]) != nil
          && PrintedRow.size(words[index - 2]) != nil
      }), let bytes = PrintedRow.size(words[place - 2])
    else { return nil }
    self.bytes = bytes
    var rest = words[(place + 1)...]
    if let word = rest.first, PrintedRow.value(word) == nil, word.allSatisfy({ $0.isLetter }) {
      reduction = word.lowercased()
      rest = rest.dropFirst()
    }
    let values = rest.map { PrintedRow.value($0) }.prefix { $0 != nil }.map { $0 ?? .nan }
    (samples, isCut) = PrintedRow.samples(values, bytes: bytes)
  }

  /// A size at the end of a word, whose beginning may be a prefix that a launcher glued to it.
  private static func size(_ word: String) -> Int64? {
    if let whole = Int64(word) { return whole >= 0 ? whole : nil }
    let digits = word.reversed().prefix { $0.isASCII && $0.isNumber }
    guard let before = word.dropLast(digits.count).last, ":>])".contains(before) else { return nil }
    return Int64(String(digits.reversed()))
  }

  /// A number, or not a number where the row has none of its own; nil for a word that is no field of a row.
  private static func value(_ word: String) -> Double? {
    switch word.lowercased() {
    case "n/a", "nan", "-nan", "inf", "-inf", "+nan", "+inf": return .nan
    default:
      guard let first = word.utf8.first, (0x30...0x39).contains(first) || "+-.".utf8.contains(first) else { return nil }
      return Double(word)
    }
  }

  /// Splits the numbers of a row into a root and one or two samples.
  ///
  /// Several layouts may have as many numbers; the first one whose bandwidths are size over time is taken.
  private static func samples(_ values: [Double], bytes: Int64) -> ([Sample], isCut: Bool) {
    var fallback: [Sample]?
    for width in [4, 3] {
      for root in [0, 1] {
        for count in [2, 1] where values.count == root + width * count {
          let found = (0..<count).map { index in
            sample(values[(root + index * width)..<(root + (index + 1) * width)])
          }
          let agreements = found.map { isConsistent($0, bytes: bytes) }
          if !agreements.contains(false), agreements.contains(true) { return (found, false) }
          // Without a bandwidth to go by, it is a layout with errors, as all versions print them by themselves.
          if fallback == nil, width == 4 { fallback = found }
        }
      }
    }
    if let fallback { return (fallback, false) }
    // A line that ends early: what is whole of it counts.
    for root in [1, 0] where values.count >= root + 4 {
      let first = sample(values[root..<(root + 4)])
      if isConsistent(first, bytes: bytes) != false { return ([first], true) }
    }
    return ([], true)
  }

  private static func sample(_ values: ArraySlice<Double>) -> Sample {
    let numbers = values.map { $0.isFinite ? $0 : nil }
    return Sample(
      time: numbers[0], algorithmBandwidth: numbers[1], busBandwidth: numbers[2],
      wrong: numbers.count > 3 ? numbers[3] : nil)
  }

  /// Whether bandwidth is size over time, within its printed digits; nil where that cannot be told.
  private static func isConsistent(_ sample: Sample, bytes: Int64) -> Bool? {
    guard let time = sample.time, let bandwidth = sample.algorithmBandwidth, time > 0, bandwidth >= 0 else {
      return nil
    }
    let expected = Double(bytes) / time / 1000
    guard max(expected, bandwidth) >= 0.02 else { return nil }
    return abs(expected - bandwidth) <= 0.011 + 0.03 * expected
  }
}
