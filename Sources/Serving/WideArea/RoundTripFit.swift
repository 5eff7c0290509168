import Diagnostics
import Documents
import Foundation
public import Quantities

/// Round trips as a function of the way between two places, fitted on measured tables.
///
/// `local + fixed × (1 − exp(−way / ramp)) + 2 × way × stretch × exp(term + term) × refraction / c`: a part for what
/// stands in every region, one for the way to the long-haul network, and light in fibre, longer or shorter by a term
/// of each of the two cities that all providers share.
public struct RoundTripFit: Sendable {
  /// What is fitted for one provider.
  public struct Coefficients: Sendable, Hashable {
    /// The round trip that does not grow with the way.
    public var fixed: Seconds
    /// Length of the fibre over that of the way.
    public var stretch: Double
    var spread: [Spread]
  }

  /// Nine in ten round trips lie between these multiples of the fitted one, below some round trip.
  struct Spread: Sendable, Hashable {
    var below: Seconds
    var low: Double
    var high: Double
  }

  /// The constants that are chosen, not fitted.
  struct Constants: Sendable, Hashable {
    var refraction: Double
    var local: Seconds
    var ramp: Distance
    var direct: Distance
    var hubs: Int
    var neighbourhood: Distance
    var reluctance: Double
    var ridge: Double
    var scale: Double
  }

  let constants: Constants
  /// The coefficients of the providers that have a table.
  public internal(set) var providers: [String: Coefficients]
  /// The coefficients for everyone else.
  public internal(set) var pooled: Coefficients
  /// The terms of the cities that a table has.
  public internal(set) var cityTerms: [String: Double]

  /// The shipped fit; nil where the data file is damaged, which a test excludes.
  static let shipped: RoundTripFit? = {
    var list = DiagnosticList()
    return RoundTripFit(&list)
  }()

  init?(_ list: inout DiagnosticList) {
    guard let data = ServingData.mapping("round-trip-fit", &list),
      let written = data["constants"]?.mapping("constants", &list),
      let constants = Constants(written, &list),
      let pooled = data["pooled"]?.mapping.flatMap({ Coefficients($0, &list) })
    else {
      list.error("data.fit", "the fit lacks constants", at: nil)
      return nil
    }
    self.constants = constants
    self.pooled = pooled
    providers = [:]
    for entry in data["providers"]?.mapping?.entries ?? [] {
      providers[entry.key.value] = entry.value.mapping.flatMap { Coefficients($0, &list) }
    }
    cityTerms = [:]
    for entry in data["city-terms"]?.mapping?.entries ?? [] {
      cityTerms[entry.key.value] = entry.value.number(entry.key.value, in: -2...2, &list)?.value
    }
  }

  /// The fitted round trip along a way.
  func roundTrip(along way: Distance, terms: Double, _ coefficients: Coefficients) -> Seconds {
    constants.local + coefficients.fixed * ramp(along: way)
      + way.fibreDelay(stretch: 2 * coefficients.stretch * exp(terms), refraction: constants.refraction)
  }

  /// The share of the fixed part that a way has.
  func ramp(along way: Distance) -> Double { 1 - exp(-way.metres / constants.ramp.metres) }

  /// The term of a place: its city's, else the mean of its neighbours' by their distance, drawn to zero.
  func term(of place: Place, cities: [String: Gazetteer.City]) -> Double {
    if let city = place.city, let term = cityTerms[city] { return term }
    var (weights, sum) = (constants.reluctance, 0.0)
    for (name, term) in cityTerms.sorted(by: { $0.key < $1.key }) {
      guard let city = cities[name] else { continue }
      let weight = exp(-city.point.distance(to: place.point).metres / constants.neighbourhood.metres)
      weights += weight
      sum += weight * term
    }
    return sum / weights
  }
}

extension RoundTripFit.Coefficients {
  func interval(around roundTrip: Seconds) -> ClosedRange<Seconds> {
    let spread = spread.first { roundTrip < $0.below } ?? spread.last
    return roundTrip * (spread?.low ?? 1)...roundTrip * (spread?.high ?? 1)
  }

  fileprivate init?(_ data: Mapping, _ list: inout DiagnosticList) {
    guard let fixed = data["fixed"]?.quantity("fixed", as: Seconds.self, &list)?.value,
      let stretch = data["stretch"]?.number("stretch", in: 1...10, &list)?.value
    else { return nil }
    self.init(fixed: fixed, stretch: stretch, spread: [])
    for entry in data["spread"]?.sequence ?? [] {
      guard let fields = entry.mapping, let low = fields["low"]?.number("low", in: 0...1, &list)?.value,
        let high = fields["high"]?.number("high", in: 1...10, &list)?.value
      else { return nil }
      let below = fields["below"]?.quantity("below", as: Seconds.self, &list)?.value
      spread.append(.init(below: below ?? Seconds(.infinity), low: low, high: high))
    }
  }
}

extension RoundTripFit.Constants {
  fileprivate init?(_ data: Mapping, _ list: inout DiagnosticList) {
    guard let refraction = data.constant("refraction", in: 1...2, &list),
      let local = data.constant("local", as: Seconds.self, &list),
      let ramp = data.constant("ramp", as: Distance.self, &list), ramp.metres > 0,
      let direct = data.constant("direct", as: Distance.self, &list),
      let hubs = data.constant("hubs", in: 1...100, &list),
      let neighbourhood = data.constant("neighbourhood", as: Distance.self, &list), neighbourhood.metres > 0,
      let reluctance = data.constant("reluctance", in: 0...10, &list), reluctance > 0,
      let ridge = data.constant("ridge", in: 0...10, &list),
      let scale = data.constant("scale", in: 0...10, &list), scale > 0
    else { return nil }
    self.init(
      refraction: refraction, local: local, ramp: ramp, direct: direct, hubs: Int(hubs),
      neighbourhood: neighbourhood, reluctance: reluctance, ridge: ridge, scale: scale)
  }
}
