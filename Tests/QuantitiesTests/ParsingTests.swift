import Quantities
import Testing

@Suite("Parsing of quantities")
struct ParsingTests {
  @Test(
    "GB is 10⁹ bytes and GiB 2³⁰, with or without a blank",
    arguments: [
      ("8B", 8), ("8 B", 8), ("64KiB", 65_536), ("1 MiB", 1_048_576), ("1GB", 1_000_000_000),
      ("1.5 GiB", 1_610_612_736),
      ("1kB", 1000), ("1KB", 1000), ("2 TB", 2_000_000_000_000), ("1 EB", 1_000_000_000_000_000_000), ("1_000 B", 1000),
      ("1e3 B", 1000), ("1.1 GB", 1_100_000_000), ("0.3 TB", 300_000_000_000), ("0 B", 0), ("  7 MiB  ", 7_340_032),
    ])
  func bytes(text: String, count: Int64) throws {
    #expect(try Bytes(parsing: text).count == count)
  }

  @Test(
    "A bandwidth tells bits from bytes",
    arguments: [
      ("900 GB/s", 9e11), ("400 Gb/s", 5e10), ("400Gbit/s", 5e10), ("400 Gbps", 5e10), ("1 GiB/s", 1_073_741_824),
      ("28.8 Tb/s", 3.6e12), ("8 b/s", 1),
    ])
  func bandwidth(text: String, bytesPerSecond: Double) throws {
    let parsed = try Bandwidth(parsing: text).bytesPerSecond
    #expect(abs(parsed - bytesPerSecond) <= 1e-12 * bytesPerSecond)
  }

  @Test(
    "A delay is a whole number of picoseconds, rounded",
    arguments: [
      ("350 ns", 350_000), ("1.5us", 1_500_000), ("1.5 µs", 1_500_000), ("1.5 μs", 1_500_000),
      ("60 ms", 60_000_000_000),
      ("2 s", 2_000_000_000_000), ("7ps", 7), ("0.0004 ns", 0), ("0 ns", 0),
    ])
  func latency(text: String, picoseconds: Int64) throws {
    #expect(try Latency(parsing: text).picoseconds == picoseconds)
  }

  @Test("A distance is metres or kilometres")
  func distance() throws {
    #expect(try Distance(parsing: "12000 km").metres == 12e6)
    #expect(try Distance(parsing: "30 m").kilometres == 0.03)
    #expect(Distance(metres: 12e6).description == "12000 km")
  }

  @Test("A number without a unit is refused with the readings it may have had")
  func missingUnit() {
    #expect(throws: QuantityError.missingUnit(suggestions: ["900 GB/s", "900 Gb/s"])) {
      try Bandwidth(parsing: "900")
    }
    #expect(throws: QuantityError.missingUnit(suggestions: ["350 ns", "350 us", "350 ms"])) {
      try Latency(parsing: "350")
    }
  }

  @Test(
    "What is no quantity says why",
    arguments: [
      ("", QuantityError.notANumber), ("GB/s", .notANumber), ("nan GB/s", .notANumber), ("inf GB/s", .notANumber),
      ("--5 GB/s", .notANumber), ("1.2.3 GB/s", .notANumber), ("-1 GB/s", .negative), ("-0.001 Gb/s", .negative),
      ("1e400 GB/s", .outOfRange), ("1e300 EB/s", .outOfRange),
      ("5 Gbs", .unknownUnit("Gbs", suggestions: ["GB/s", "Gb/s"])),
      ("5 GB", .unknownUnit("GB", suggestions: ["GB/s", "Gb/s"])),
    ])
  func refused(text: String, reason: QuantityError) {
    #expect(throws: reason) { try Bandwidth(parsing: text) }
  }

  @Test("Sizes and delays beyond 64 bits, and parts of a byte, are refused")
  func limits() {
    #expect(throws: QuantityError.outOfRange) { try Bytes(parsing: "10 EB") }
    #expect(throws: QuantityError.outOfRange) { try Latency(parsing: "1e8 s") }
    #expect(throws: QuantityError.notWhole) { try Bytes(parsing: "1.5 B") }
    #expect(throws: QuantityError.notWhole) { try Bytes(parsing: "0.0001 kB") }
  }
}
