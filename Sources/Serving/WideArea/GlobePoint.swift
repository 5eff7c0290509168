import Foundation
public import Quantities

/// A place on the globe, which is taken for a sphere.
public struct GlobePoint: Sendable, Hashable {
  /// The mean radius of the Earth (IUGG) in metres.
  public static let earthRadius = Distance(metres: 6_371_008.8)
  /// The speed of light in vacuum in metres per second, exact by definition.
  public static let lightSpeed = 299_792_458.0

  /// Degrees north of the equator, -90 to 90.
  public let latitude: Double
  /// Degrees east of Greenwich, -180 to 180.
  public let longitude: Double

  /// A place by its coordinates; nil where they are not on the globe.
  public init?(latitude: Double, longitude: Double) {
    guard abs(latitude) <= 90, abs(longitude) <= 180 else { return nil }
    self.latitude = latitude
    self.longitude = longitude
  }

  /// The length of the great circle to another place.
  ///
  /// By the chord between unit vectors, which keeps all digits of short distances where an arc cosine loses them.
  public func distance(to other: GlobePoint) -> Distance {
    let (here, there) = (unitVector, other.unitVector)
    let difference = here - there
    let half = ((difference * difference).sum() / 4).squareRoot()
    // Near the antipode the sum of the vectors is the short side.
    let sum = here + there
    let cohalf = ((sum * sum).sum() / 4).squareRoot()
    return Distance(metres: 2 * GlobePoint.earthRadius.metres * atan2(half, cohalf))
  }

  /// Where a line from the middle of the Earth leaves it.
  init(towards direction: SIMD3<Double>) {
    latitude = atan2(direction.z, (direction.x * direction.x + direction.y * direction.y).squareRoot()) * 180 / .pi
    longitude = atan2(direction.y, direction.x) * 180 / .pi
  }

  var unitVector: SIMD3<Double> {
    let (north, east) = (latitude * .pi / 180, longitude * .pi / 180)
    return SIMD3(cos(north) * cos(east), cos(north) * sin(east), sin(north))
  }
}

extension Distance {
  /// The time that light takes through fibre of this length.
  /// - Parameters:
  ///   - stretch: Length of the fibre over this length.
  ///   - refraction: The refractive index of the fibre.
  public func fibreDelay(stretch: Double = 1, refraction: Double) -> Seconds {
    Seconds(metres * stretch * refraction / GlobePoint.lightSpeed)
  }
}
