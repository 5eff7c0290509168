import Foundation
import Matrices
import Quantities

extension RoundTripFit {
  /// One measured pair as the fit sees it.
  struct Pair: Sendable {
    var provider: String
    var cities: [String]
    var way: Distance
    var roundTrip: Seconds
  }

  private static let mostRounds = 60

  /// The pairs of all tables.
  static func pairs(in network: WideArea) -> [Pair] {
    network.tables.flatMap { table in
      table.pairs.compactMap { from, to, roundTrip in
        let places = [from, to].compactMap { try? network.gazetteer.place("\(table.provider):\($0)") }
        let cities = places.compactMap(\.city)
        guard cities.count == 2 else { return nil }
        return Pair(
          provider: table.provider, cities: cities,
          way: network.routes.length(from: places[0].point, to: places[1].point), roundTrip: roundTrip)
      }
    }
  }

  /// Fits fixed parts, stretches and city terms on measured pairs; the spread stays.
  ///
  /// Gauss–Newton steps on the logarithms; a pair that is far off counts less, and city terms are drawn to zero.
  /// - Complexity: O(rounds · (pairs + cities³)).
  func fitted(on pairs: [Pair]) -> RoundTripFit {
    let providers = Set(pairs.map(\.provider)).sorted()
    let cities = Set(pairs.flatMap(\.cities)).sorted()
    let columns = Dictionary(uniqueKeysWithValues: (providers + cities).enumerated().map { ($1, $0) })
    let count = providers.count
    // Unknowns: the logarithm of the fixed part and of the stretch of each provider, then the cities' terms.
    var unknowns = [Double](repeating: log(0.008), count: count) + [Double](repeating: log(1.5), count: count)
    unknowns += [Double](repeating: 0, count: cities.count)
    for _ in 0..<RoundTripFit.mostRounds {
      var normal = Matrix(rows: unknowns.count, columns: unknowns.count)
      var right = [Double](repeating: 0, count: unknowns.count)
      for index in 2 * count..<unknowns.count {
        normal[index, index] = constants.ridge * constants.ridge
        right[index] = -constants.ridge * constants.ridge * unknowns[index]
      }
      for pair in pairs {
        guard let provider = columns[pair.provider], let first = columns[pair.cities[0]],
          let second = columns[pair.cities[1]]
        else { continue }
        let terms = unknowns[count + first] + unknowns[count + second]
        let fixed = exp(unknowns[provider]) * ramp(along: pair.way)
        let light = pair.way.fibreDelay(
          stretch: 2 * exp(unknowns[count + provider] + terms), refraction: constants.refraction
        ).value
        let fitted = constants.local.value + fixed + light
        let error = log(pair.roundTrip.value / fitted)
        let weight = 1 / (1 + error * error / (constants.scale * constants.scale)).squareRoot()
        let slopes = [
          (provider, fixed / fitted), (count + provider, light / fitted), (count + first, light / fitted),
          (count + second, light / fitted),
        ]
        for (row, left) in slopes {
          right[row] += weight * left * error
          for (column, slope) in slopes { normal.add(weight * left * slope, row: row, column: column) }
        }
      }
      guard let step = LUFactors(normal)?.solve(right) else { break }
      for index in unknowns.indices { unknowns[index] += min(max(step[index], -0.5), 0.5) }
      if step.allSatisfy({ abs($0) < 1e-9 }) { break }
    }
    var result = self
    for (index, provider) in providers.enumerated() {
      result.providers[provider, default: pooled].fixed = Seconds(exp(unknowns[index]))
      result.providers[provider, default: pooled].stretch = exp(unknowns[count + index])
    }
    result.cityTerms = Dictionary(
      uniqueKeysWithValues: cities.enumerated().map { ($1, unknowns[2 * count + $0]) })
    return result
  }

  /// The fitted round trip of a pair, with the interval that holds nine in ten.
  /// - Parameter term: The term of a city that the fit has none for.
  func answer(
    _ pair: Pair, term: (String) -> Double = { _ in 0 }
  ) -> (typical: Seconds, interval: ClosedRange<Seconds>) {
    let coefficients = providers[pair.provider] ?? pooled
    let terms = pair.cities.reduce(0) { $0 + (cityTerms[$1] ?? term($1)) }
    let typical = roundTrip(along: pair.way, terms: terms, coefficients)
    return (typical, coefficients.interval(around: typical))
  }
}
