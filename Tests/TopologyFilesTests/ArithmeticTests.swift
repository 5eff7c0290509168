import Diagnostics
import Documents
import TestSupport
import Testing

@testable import TopologyFiles

@Suite("Arithmetic")
struct ArithmeticTests {
  private func value(_ text: String, _ parameters: [String: Int] = [:]) -> Rational? {
    var list = DiagnosticList()
    let entries = parameters.map { name, value in
      let range = SourceRange(file: "", start: SourceLocation(line: 1, column: 1))
      let document = SourceText(name: "", text: "default: \(value)").document(&list)
      return Mapping.Entry(
        key: Located(name, at: range), value: document ?? Node(.sequence([]), at: range))
    }
    let declared = Parameters(entries, overrides: [], &list)
    let place = SourceRange(file: "", start: SourceLocation(line: 1, column: 1), length: text.unicodeScalars.count)
    return Arithmetic.value(of: Located(text, at: place), declared, &list)?.value
  }

  @Test(
    "Sums, products, parentheses and parameters have their usual meaning",
    arguments: [
      ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 4 - 3", 3), ("12 / 3 / 2", 2), ("7 / 2 * 2", 7),
      ("racks*trays", 144),
      ("racks - 1", 7), ("racks-1", 7), ("1_000", 1000), ("2 * 1.5", 3), ("((racks))", 8),
    ])
  func meaning(text: String, expected: Int) {
    #expect(value(text, ["racks": 8, "trays": 18]) == Rational(expected))
  }

  @Test("A name with a hyphen is a parameter where there is one")
  func hyphen() {
    #expect(value("gpus-per-box * 2", ["gpus-per-box": 8]) == Rational(16))
    #expect(value("a-b", ["a": 5, "b": 3]) == Rational(2))
  }

  @Test(
    "What is no arithmetic has no value",
    arguments: [
      "", "1 +", "* 2", "(1", "1)", "1 2", "a", "1 / 0", "1 / (2 - 2)", "1..2", "1e3", "9223372036854775807 + 1",
      "99999999999999999999", "9223372036854775807 * 9223372036854775807", "−1", "1 % 2",
    ])
  func refused(text: String) {
    #expect(value(text) == nil)
  }

  @Test("Fractions obey the laws of a field as long as they fit")
  func field() throws {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<2000 {
      let numbers = (0..<3).map { _ in
        Rational(Int.random(in: -50...50, using: &generator), over: Int.random(in: 1...20, using: &generator))
      }
      let (a, b, c) = (try #require(numbers[0]), try #require(numbers[1]), try #require(numbers[2]))
      #expect(a.adding(b) == b.adding(a))
      #expect(a.adding(b)?.subtracting(b) == a)
      #expect(a.adding(b)?.multiplied(by: c) == a.multiplied(by: c)?.adding(try #require(b.multiplied(by: c))))
      if b.numerator != 0 { #expect(a.divided(by: b)?.multiplied(by: b) == a) }
      #expect(a.denominator > 0)
    }
  }
}

@Suite("Topology references")
struct TopologyReferenceTests {
  @Test("Parameters follow the first colon behind which all parts are assignments")
  func parsing() throws {
    let plain = try TopologyReference(parsing: "gb200-nvl72:racks=8,trays=16")
    #expect(plain.name == "gb200-nvl72")
    #expect(plain.overrides == [.init(name: "racks", value: "8"), .init(name: "trays", value: "16")])
    #expect(try TopologyReference(parsing: "a:b.yaml").name == "a:b.yaml")
    let odd = try TopologyReference(parsing: "a:b.yaml:racks=2")
    #expect(odd.name == "a:b.yaml")
    #expect(odd.overrides.map(\.value) == ["2"])
    #expect(try TopologyReference(parsing: "folder/my.topology.yaml").shortName == "my.topology")
  }

  @Test(
    "Empty and repeated parameters are refused", arguments: ["a:racks=", "a:=3", "a:racks=1,racks=2", "a:racks=1,=2"])
  func refused(text: String) {
    #expect(throws: DiagnosticsError.self) { try TopologyReference(parsing: text) }
  }
}
