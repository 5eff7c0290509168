import Routing
import TestSupport
import Testing

@Suite("Exact fractions") struct FractionTests {
  @Test("Fractions are in lowest terms and compare as their values", arguments: 0..<20)
  func order(seed: Int) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let (a, b) = (Int.random(in: -9...9, using: &generator), Int.random(in: 1...9, using: &generator))
      let (c, d) = (Int.random(in: -9...9, using: &generator), Int.random(in: 1...9, using: &generator))
      let left = try #require(Fraction(Int128(a), over: Int128(b)))
      let right = try #require(Fraction(Int128(c), over: Int128(d)))
      #expect((left < right) == (a * d < c * b) && (left == right) == (a * d == c * b))
      #expect(left.times(right) == Fraction(Int128(a * c), over: Int128(b * d)))
      #expect(left.divided(by: right) == Fraction(Int128(a * d), over: Int128(b * c)))
    }
  }

  @Test("Neighbours are told apart where products would not fit")
  func large() throws {
    let one = try #require(Fraction(Int128.max, over: Int128.max - 1))
    let other = try #require(Fraction(Int128.max - 1, over: Int128.max - 2))
    #expect(one < other && !(other < one))
    #expect(other.times(other) == nil)
  }

  @Test("Floating-point numbers are taken exactly or not at all")
  func floating() {
    #expect(Fraction(exactly: 0.75)?.description == "3/4")
    #expect(Fraction(exactly: -6)?.description == "-6")
    #expect(Fraction(exactly: 0.1)?.value == 0.1)
    #expect(Fraction(exactly: 0)?.numerator == 0)
    for value in [Double.nan, .infinity, -.infinity, 1e300, 1e-300, .leastNonzeroMagnitude] {
      #expect(Fraction(exactly: value) == nil)
    }
    #expect(Fraction(1, over: 0) == nil && Fraction(.min, over: 1) == nil)
  }
}
