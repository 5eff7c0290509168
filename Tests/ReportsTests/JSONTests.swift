import Foundation
import Testing

@testable import Reports

@Suite struct JSONTests {
  private func parsed(_ value: JSON) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(value.encoded().utf8), options: .fragmentsAllowed)
  }

  @Test("Every character survives, also quotes, control characters and emoji")
  func strings() throws {
    let text = (0..<0x250).compactMap(Unicode.Scalar.init).map { String(Character($0)) }.joined() + "\u{2028}👩‍🚀\"\\/"
    #expect(try parsed(.string(text)) as? String == text)
  }

  @Test(
    "A number reads back as the same number",
    arguments: [
      0, -0.0, 1, 0.1, 1e21, 1e-7, 1.0 / 3, Double.leastNonzeroMagnitude, Double.greatestFiniteMagnitude, -2.5, 72,
      9e15,
    ])
  func numbers(_ value: Double) {
    #expect(Double(JSON.shortest(value)) == value)
  }

  @Test("What is infinite or not a number is null", arguments: [Double.infinity, -.infinity, .nan])
  func notFinite(_ value: Double) {
    #expect(JSON.number(value).encoded() == "null\n")
  }

  @Test("Members keep their order, and long values are laid out over lines")
  func order() throws {
    let long = JSON.array((0..<80).map { .integer(Int64($0)) })
    let text = JSON.object([("z", .integer(1)), ("a", long), ("m", .object([])), ("e", .array([]))]).encoded()
    let places = ["\"z\"", "\"a\"", "\"m\"", "\"e\""].compactMap { text.range(of: $0)?.lowerBound }
    #expect(places.count == 4 && places == places.sorted())
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 })
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect((object["a"] as? [Int]) == Array(0..<80))
  }

  @Test("Nesting of a thousand levels is written")
  func deep() {
    let value = (0..<1000).reduce(JSON.integer(1)) { inner, _ in .array([inner]) }
    let text = value.encoded()
    #expect(text.filter { $0 == "[" }.count == 1000 && text.filter { $0 == "]" }.count == 1000)
  }

  @Test("A parameter is a number where it reads as one")
  func parameters() {
    #expect(JSON.parameter("8").encoded() == "8\n")
    #expect(JSON.parameter("1.5").encoded() == "1.5\n")
    #expect(JSON.parameter("fat-tree").encoded() == "\"fat-tree\"\n")
    #expect(JSON.parameter("inf").encoded() == "\"inf\"\n")
  }
}
