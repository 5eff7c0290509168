import Diagnostics
import Documents
public import Quantities

/// Which way round long-haul traffic goes: hubs and the legs of fibre between them.
///
/// Great circles mislead where no cable runs along them, as between Europe and Asia; over hubs the way is as long as
/// cables let it be.
public struct RouteMap: Sendable {
  /// Places nearer than this are joined directly.
  let direct: Distance
  /// How many of the nearest hubs a place is joined to.
  let hubsPerPlace: Int
  private let hubs: [GlobePoint]
  /// Lengths between hubs in metres, over other hubs where that is shorter or the only way.
  private let lengths: [[Double]]

  /// Reads the shipped hubs and legs.
  init(gazetteer: Gazetteer, direct: Distance, hubsPerPlace: Int, _ list: inout DiagnosticList) {
    let data = ServingData.mapping("routes", &list)
    let names = (data?["hubs"]?.sequence ?? []).compactMap { $0.text("hubs", &list)?.value }
    var places: [String: Int] = [:]
    var points: [GlobePoint] = []
    for name in names {
      guard let city = gazetteer.cities[name] else {
        list.error("data.hub", "the hub \(name) is no known city", at: nil)
        continue
      }
      places[name] = points.count
      points.append(city.point)
    }
    var legs: [(Int, Int)] = []
    for leg in data?["legs"]?.sequence ?? [] {
      let ends = (leg.sequence ?? []).compactMap { $0.text("legs", &list)?.value }.compactMap { places[$0] }
      guard ends.count == 2 else {
        list.error("data.leg", "a leg joins two hubs", at: leg.range)
        continue
      }
      legs.append((ends[0], ends[1]))
    }
    self.init(hubs: points, legs: legs, direct: direct, hubsPerPlace: hubsPerPlace)
  }

  /// A map of hubs, and of legs between them by their indices.
  /// - Complexity: O(hubs³), by Floyd's algorithm.
  init(hubs: [GlobePoint], legs: [(Int, Int)], direct: Distance, hubsPerPlace: Int) {
    self.hubs = hubs
    self.direct = direct
    self.hubsPerPlace = max(1, hubsPerPlace)
    var lengths = hubs.map { from in
      hubs.map { to in
        let length = from.distance(to: to)
        return length < direct ? length.metres : .infinity
      }
    }
    for (from, to) in legs {
      let length = hubs[from].distance(to: hubs[to]).metres
      lengths[from][to] = length
      lengths[to][from] = length
    }
    for middle in hubs.indices {
      for from in hubs.indices where lengths[from][middle] < .infinity {
        for to in hubs.indices {
          lengths[from][to] = min(lengths[from][to], lengths[from][middle] + lengths[middle][to])
        }
      }
    }
    self.lengths = lengths
  }

  /// The length of the way between two places; never shorter than the great circle.
  /// - Complexity: O(hubs · log hubs).
  public func length(from: GlobePoint, to: GlobePoint) -> Distance {
    let arc = from.distance(to: to)
    var shortest = arc < direct || hubs.isEmpty ? arc.metres : .infinity
    let (starts, ends) = (nearestHubs(of: from), nearestHubs(of: to))
    for start in starts {
      for end in ends {
        shortest = min(shortest, start.length + lengths[start.hub][end.hub] + end.length)
      }
    }
    return Distance(metres: max(arc.metres, shortest.isFinite ? shortest : arc.metres))
  }

  private func nearestHubs(of point: GlobePoint) -> ArraySlice<(hub: Int, length: Double)> {
    hubs.indices.map { (hub: $0, length: point.distance(to: hubs[$0]).metres) }
      .sorted { ($0.length, $0.hub) < ($1.length, $1.hub) }
      .prefix(hubsPerPlace)
  }
}
