import Quantities
import TestSupport
import Testing

@Suite("Formatting of quantities")
struct FormattingTests {
  @Test("Sizes are written in the largest unit that leaves them whole, and read back the same")
  func bytes() throws {
    #expect(Bytes(1_048_576).description == "1 MiB")
    #expect(Bytes(1000).description == "1000 B")
    #expect(Bytes(0).description == "0 B")
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<500 {
      let size = Bytes(
        Int64.random(in: 0...(1 << 40), using: &generator) << Int64.random(in: 0...20, using: &generator))
      #expect(try Bytes(parsing: size.description) == size)
    }
  }

  @Test("Rates and delays read back as what they were written from, within the digits shown")
  func rates() throws {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<500 {
      let scale = Double(Int.random(in: 1...15, using: &generator))
      let rate = Bandwidth(bytesPerSecond: Double.random(in: 1...10, using: &generator) * pow10(scale))
      #expect(abs(try Bandwidth(parsing: rate.description) / rate - 1) < 0.006)
      let delay = Latency(picoseconds: Int64.random(in: 1...1_000_000_000_000, using: &generator))
      let read = try Latency(parsing: delay.description)
      #expect(abs(Double(read.picoseconds) / Double(delay.picoseconds) - 1) < 0.006)
    }
  }

  private func pow10(_ exponent: Double) -> Double { (0..<Int(exponent)).reduce(1) { value, _ in value * 10 } }

  @Test(
    "Three digits are significant, and rounding may carry into the next prefix",
    arguments: [
      (9e11, "900 GB/s"), (1e9, "1.00 GB/s"), (999.4e6, "999 MB/s"), (999.6e6, "1.00 GB/s"), (0, "0 B/s"),
      (5, "5.00 B/s"),
      (1234, "1.23 kB/s"), (0.5, "500 mB/s"), (2.5e21, "2500 EB/s"), (-9e11, "-900 GB/s"),
    ])
  func prefixes(value: Double, text: String) {
    #expect(DecimalPrefix.format(value, unit: "B/s") == text)
  }

  @Test(
    "No number is too small, too large or too odd to be written",
    arguments: [
      .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .infinity, .nan, 1e-13, 1e-300, 9e15,
    ] as [Double])
  func extremes(value: Double) {
    for digits in [1, 3, 17] {
      #expect(!DecimalPrefix.format(value, unit: "s", digits: digits).isEmpty)
      #expect(!DecimalPrefix.significant(value, digits: digits).isEmpty)
      #expect(!DecimalPrefix.fixed(value, decimals: digits).isEmpty)
    }
  }

  @Test(
    "Decimals are rounded and filled up with zeros",
    arguments: [
      (2.0, 2, "2.00"), (1.005, 1, "1.0"), (-0.04, 1, "0.0"), (-1.25, 2, "-1.25"), (0.999, 2, "1.00"), (12, 0, "12"),
    ])
  func fixed(value: Double, decimals: Int, text: String) {
    #expect(DecimalPrefix.fixed(value, decimals: decimals) == text)
  }
}

@Suite("Arithmetic of quantities")
struct ArithmeticTests {
  @Test("Size over rate is time, size over time is rate")
  func division() {
    let size = Bytes(1 << 30)
    let rate = Bandwidth.gigabytesPerSecond(64)
    #expect(abs((size / (size / rate)) / rate - 1) < 1e-15)
    #expect(Bandwidth.gigabitsPerSecond(400) == .gigabytesPerSecond(50))
  }

  @Test("Delays add up and stop at the largest value")
  func sums() {
    #expect(Latency.nanoseconds(150) + .nanoseconds(200) == .nanoseconds(350))
    #expect(Latency(picoseconds: .max) + .nanoseconds(1) == Latency(picoseconds: .max))
  }
}
