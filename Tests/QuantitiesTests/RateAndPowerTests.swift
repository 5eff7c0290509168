import Quantities
import Testing

@Suite("Rates of arithmetic and power")
struct RateAndPowerTests {
  @Test("A rate of arithmetic keeps its value through text")
  func operationRate() throws {
    let rate = try OperationRate(parsing: "989 TFLOPS")
    #expect(rate.operationsPerSecond == 989e12)
    #expect(rate.description == "989 TFLOPS")
    #expect(try OperationRate(parsing: "2.5PFLOPS") > rate)
    #expect(try OperationRate(parsing: "0 FLOPS").isZero && !rate.isZero)
  }

  @Test("A power keeps its value through text")
  func power() throws {
    let power = try Power(parsing: "1400 W")
    #expect(power.watts == 1400)
    #expect(power.description == "1.40 kW")
    #expect(try Power(parsing: "1.4 kW") == power)
    #expect(try Power(parsing: "1 MW") > power)
    #expect(!power.isZero)
  }

  @Test("A number without its unit, or with another's, is not taken")
  func refusals() {
    #expect(throws: QuantityError.missingUnit(suggestions: ["5 TFLOPS", "5 PFLOPS"])) {
      try OperationRate(parsing: "5")
    }
    #expect(throws: QuantityError.self) { try OperationRate(parsing: "5 W") }
    #expect(throws: QuantityError.missingUnit(suggestions: ["5 W", "5 kW", "5 MW"])) { try Power(parsing: "5") }
    #expect(throws: QuantityError.negative) { try Power(parsing: "-5 W") }
  }
}
