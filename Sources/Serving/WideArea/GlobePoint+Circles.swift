import Foundation
import Quantities

extension GlobePoint {
  /// The place so far away in a direction, along a great circle.
  /// - Parameter bearing: Radians from north to east.
  func moved(by distance: Distance, bearing: Double) -> GlobePoint {
    let angle = distance.metres / GlobePoint.earthRadius.metres
    let (north, here) = (latitude * .pi / 180, unitVector)
    let east = longitude * .pi / 180
    let northward = SIMD3(-sin(north) * cos(east), -sin(north) * sin(east), cos(north))
    let eastward = SIMD3(-sin(east), cos(east), 0)
    return GlobePoint(towards: here * cos(angle) + (northward * cos(bearing) + eastward * sin(bearing)) * sin(angle))
  }

  /// Places along the great circle to another, both ends with them.
  /// - Parameter steps: How many parts the way is divided into, at least one.
  public func way(to other: GlobePoint, steps: Int) -> [GlobePoint] {
    let (here, there) = (unitVector, other.unitVector)
    let angle = distance(to: other).metres / GlobePoint.earthRadius.metres
    // Between a place and its antipode every great circle is a way.
    guard steps > 1, angle > 1e-9, angle < .pi - 1e-9 else { return [self, other] }
    return (0...steps).map { step in
      let share = Double(step) / Double(steps)
      return GlobePoint(towards: here * sin((1 - share) * angle) + there * sin(share * angle))
    }
  }
}
