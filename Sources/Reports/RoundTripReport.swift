import Quantities
public import Serving

/// The network round trip between two places.
public struct RoundTripReport: Report {
  /// Where it begins.
  public var from: Place
  /// Where it turns.
  public var to: Place
  /// The round trip.
  public var roundTrip: RoundTrip

  /// A report of a round trip.
  public init(from: Place, to: Place, roundTrip: RoundTrip) {
    self.from = from
    self.to = to
    self.roundTrip = roundTrip
  }

  /// One sentence, and where the figure comes from.
  public var page: Page {
    let basis = roundTrip.basis.rawValue
    return Page(
      title: "\(from.label) – \(to.label)",
      answer: [
        "\(from.label) – \(to.label): \(roundTrip.typical), "
          + "nine in ten within \(roundTrip.interval.lowerBound) – \(roundTrip.interval.upperBound); "
          + "\(roundTrip.distance) along the great circle.",
        "\(basis.prefix(1).uppercased() + basis.dropFirst()): \(roundTrip.source)",
      ], sections: [])
  }

  /// The round trip with its basis.
  public var json: JSON {
    .object([
      Release.member,
      ("from", from.json),
      ("to", to.json),
      ("roundTripSeconds", roundTrip.json),
      ("basis", .string(roundTrip.basis.rawValue)),
      ("kilometres", .number(roundTrip.distance.kilometres)),
      ("source", .string(roundTrip.source)),
    ])
  }
}

extension RoundTrip {
  var json: JSON {
    .object([
      ("p50", .number(typical.value)), ("low", .number(interval.lowerBound.value)),
      ("high", .number(interval.upperBound.value)),
    ])
  }
}

extension Place {
  /// The name with its city where the name does not say it: `aws:us-east-1 (Ashburn)`.
  var label: String {
    guard let city, city != name else { return name }
    return "\(name) (\(city))"
  }

  var json: JSON {
    .object([
      ("place", .string(name)), ("city", .optional(city)), ("country", .optional(country)),
      ("latitude", .number(point.latitude)), ("longitude", .number(point.longitude)),
    ])
  }
}
