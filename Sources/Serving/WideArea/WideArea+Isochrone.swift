public import Quantities

extension WideArea {
  /// The places that the network reaches from one place in the same time.
  public struct Isochrone: Sendable, Hashable {
    /// The round trip to each of the places.
    public var roundTrip: Seconds
    /// The places round the middle, the first once more at the end.
    public var line: [GlobePoint]

    /// A line of its parts.
    public init(roundTrip: Seconds, line: [GlobePoint]) {
      self.roundTrip = roundTrip
      self.line = line
    }
  }

  private static let bearings = 72
  /// Halvings of half the Earth's circumference; the last is less than a kilometre.
  private static let halvings = 15

  /// The line of equal round trips around a place, by the fit: in each direction the place where the fitted round trip
  /// passes the time.
  ///
  /// Cables do not lead everywhere alike, so the line is no circle.
  /// - Returns: nil where no place is reached in the time.
  /// - Complexity: O(directions · halvings) fitted round trips.
  public func isochrone(around place: Place, roundTrip: Seconds) -> Isochrone? {
    guard time(place, to: place.point) < roundTrip else { return nil }
    let farthest = Distance(metres: GlobePoint.earthRadius.metres * .pi)
    let line = (0..<WideArea.bearings).map { step in
      let bearing = 2 * Double.pi * Double(step) / Double(WideArea.bearings)
      var (near, far) = (0.0, farthest.metres)
      for _ in 0..<WideArea.halvings {
        let middle = (near + far) / 2
        let point = place.point.moved(by: Distance(metres: middle), bearing: bearing)
        if time(place, to: point) <= roundTrip { near = middle } else { far = middle }
      }
      return place.point.moved(by: Distance(metres: near), bearing: bearing)
    }
    return Isochrone(roundTrip: roundTrip, line: line + line.prefix(1))
  }

  private func time(_ place: Place, to point: GlobePoint) -> Seconds {
    self.roundTrip(from: place, to: Place(name: "", point: point), ignoringTables: true).typical
  }
}
