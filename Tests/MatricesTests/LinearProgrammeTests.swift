import Matrices
import TestSupport
import Testing

@Suite("Linear programmes") struct LinearProgrammeTests {
  /// Costs chosen so that the solution is known: prices and reduced costs are drawn, and only variables without reduced cost
  /// are positive.
  @Test("The least value is found, with prices that prove it", arguments: 0..<20)
  func optimum(seed: Int) throws {
    var generator = SeededGenerator(seed: seed)
    let (rows, count) = (Int.random(in: 1...8, using: &generator), 20)
    let columns = (0..<count).map { _ in
      (0..<rows).map { LinearProgramme.Entry(row: $0, value: Double.random(in: 0...1, using: &generator)) }
    }
    var prices: [Double] = []
    for _ in 0..<rows { prices.append(Double.random(in: -1...1, using: &generator)) }
    var right = [Double](repeating: 0, count: rows)
    var costs: [Double] = []
    var expected = 0.0
    for column in columns {
      let priced = column.reduce(0) { $0 + $1.value * prices[$1.row] }
      if generator.chance(0.4) {
        let value = Double.random(in: 0.1...5, using: &generator)
        for entry in column { right[entry.row] += entry.value * value }
        costs.append(priced)
        expected += priced * value
      } else {
        costs.append(priced + Double.random(in: 0.1...1, using: &generator))
      }
    }
    let solution = try LinearProgramme(columns: columns, costs: costs, right: right).solved()
    #expect(abs(solution.objective - expected) <= 1e-7 * max(1, abs(expected)))
    #expect(solution.variables.allSatisfy { $0 >= 0 })
    let dual = zip(right, solution.prices).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(dual - expected) <= 1e-6 * max(1, abs(expected)))
  }

  @Test("A programme without a solution, or with parts that do not fit, is an error")
  func badInput() {
    let entry = { (row: Int, value: Double) in LinearProgramme.Entry(row: row, value: value) }
    // x + y = −1 with x, y ≥ 0.
    let impossible = LinearProgramme(columns: [[entry(0, 1)], [entry(0, 1)]], costs: [1, 1], right: [-1])
    #expect(throws: LinearProgramme.Failure.self) { try impossible.solved() }
    // The least −x with x − y = 0 has no end.
    let endless = LinearProgramme(columns: [[entry(0, 1)], [entry(0, -1)]], costs: [-1, 0], right: [0])
    #expect(throws: LinearProgramme.Failure.self) { try endless.solved() }
    for broken in [
      LinearProgramme(columns: [], costs: [], right: []),
      LinearProgramme(columns: [[entry(1, 1)]], costs: [1], right: [1]),
      LinearProgramme(columns: [[entry(0, 1)]], costs: [.nan], right: [1]),
      LinearProgramme(columns: [[entry(0, 1)]], costs: [1, 2], right: [1]),
    ] {
      #expect(throws: LinearProgramme.Failure.shape) { try broken.solved() }
    }
  }
}
