import Foundation

/// The world with sites, routes between them, and lines of equal latency around one.
struct WorldMap: Figure {
  /// A place on the earth.
  struct Place: Sendable, Hashable {
    /// Degrees, north positive.
    var latitude: Double
    /// Degrees, east positive.
    var longitude: Double
  }

  /// A named place.
  struct Site: Sendable {
    var name: String
    var place: Place
    /// What is told of it beside its name.
    var note: String
    /// Whether requests are served here; otherwise they begin here.
    var serves: Bool
  }

  /// Everywhere as far from a place as the network reaches in some time.
  struct Isochrone: Sendable {
    var around: Place
    var kilometres: Double
    /// The time: `40 ms`.
    var label: String
  }

  /// A way that requests take.
  struct Route: Sendable {
    var from: Place
    var to: Place
  }

  var title: String
  var sites: [Site]
  var routes: [Route]
  var isochrones: [Isochrone]

  var table: TextTable? {
    guard !sites.isEmpty else { return nil }
    var table = TextTable([.init("place"), .init("what is there")])
    for site in sites { table.append([site.name, site.note]) }
    return table
  }
}

extension WorldMap.Place {
  /// The earth's mean radius (IUGG), in kilometres.
  private static let earthRadius = 6371.0088

  /// The place so far away in a direction.
  /// - Parameters:
  ///   - kilometres: The way along a great circle.
  ///   - bearing: Radians from north to east.
  func moved(kilometres: Double, bearing: Double) -> WorldMap.Place {
    let angle = kilometres / Self.earthRadius
    let (phi, lambda) = (latitude * .pi / 180, longitude * .pi / 180)
    let sine = sin(phi) * cos(angle) + cos(phi) * sin(angle) * cos(bearing)
    let north = asin(min(max(sine, -1), 1))
    let east = lambda + atan2(sin(bearing) * sin(angle) * cos(phi), cos(angle) - sin(phi) * sin(north))
    let degrees = (east * 180 / .pi).remainder(dividingBy: 360)
    return .init(latitude: north * 180 / .pi, longitude: degrees)
  }

  /// Places along the great circle to another.
  func way(to other: WorldMap.Place, steps: Int) -> [WorldMap.Place] {
    let (a, b) = (vector, other.vector)
    let cosine = min(max(a.x * b.x + a.y * b.y + a.z * b.z, -1), 1)
    let angle = acos(cosine)
    guard angle > 1e-9, angle < .pi - 1e-9 else { return [self, other] }
    return (0...steps).map { step in
      let share = Double(step) / Double(steps)
      let (p, q) = (sin((1 - share) * angle) / sin(angle), sin(share * angle) / sin(angle))
      let (x, y, z) = (p * a.x + q * b.x, p * a.y + q * b.y, p * a.z + q * b.z)
      return .init(latitude: atan2(z, (x * x + y * y).squareRoot()) * 180 / .pi, longitude: atan2(y, x) * 180 / .pi)
    }
  }

  private var vector: (x: Double, y: Double, z: Double) {
    let (phi, lambda) = (latitude * .pi / 180, longitude * .pi / 180)
    return (cos(phi) * cos(lambda), cos(phi) * sin(lambda), sin(phi))
  }
}
