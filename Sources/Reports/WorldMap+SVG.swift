import Quantities
import Serving

extension WorldMap {
  private static let width = 940.0
  private static let height = 400.0
  /// The southern and northern ends of the map, in degrees: where people and datacenters are.
  private static let latitudes = -58.0...82.0

  /// What a text covers.
  private struct Box {
    var left: Double
    var right: Double
    var base: Double

    func touches(_ other: Box) -> Bool {
      left < other.right && other.left < right && abs(base - other.base) < TextMeasure.size + 1
    }
  }

  func svg() -> Markup? {
    guard !sites.isEmpty else { return nil }
    var parts = [Markup("title", text: title)]
    for line in Coastline.lines {
      parts += drawn(line.compactMap { GlobePoint(latitude: $0.latitude, longitude: $0.longitude) }, "coast")
    }
    for isochrone in isochrones { parts += drawn(isochrone.line, "isochrone") }
    for route in routes { parts += drawn(route.from.way(to: route.to, steps: 48), "route") }
    var taken: [Box] = []
    for site in sites {
      let (x, y) = position(site.point)
      let style = site.serves ? "site" : "population"
      parts.append(
        Markup(
          "circle", ["cx": number(x), "cy": number(y), "r": site.serves ? "5" : "3", "class": style],
          [Markup("title", text: "\(site.name): \(site.note)")]))
    }
    for site in sites.sorted(by: { $0.serves && !$1.serves }) {
      parts += label(site.name, near: position(site.point), "haloed \(site.serves ? "strong" : "quiet")", &taken)
    }
    for isochrone in isochrones {
      guard let top = isochrone.line.first else { continue }
      parts += label("\(isochrone.roundTrip)", near: position(top), "haloed marked", &taken)
    }
    return Markup.drawing(title, width: Self.width, height: Self.height, style: "map", parts)
  }

  private func position(_ place: GlobePoint) -> (Double, Double) {
    let latitude = min(max(place.latitude, Self.latitudes.lowerBound), Self.latitudes.upperBound)
    let span = Self.latitudes.upperBound - Self.latitudes.lowerBound
    return (
      (place.longitude + 180) / 360 * Self.width, (Self.latitudes.upperBound - latitude) / span * Self.height
    )
  }

  /// A line over the map, broken where it leaves at one side and comes in at the other.
  private func drawn(_ places: [GlobePoint], _ style: String) -> [Markup] {
    var lines: [[(Double, Double)]] = [[]]
    var last: GlobePoint?
    for place in places {
      if let last, abs(last.longitude - place.longitude) > 180 { lines.append([]) }
      lines[lines.count - 1].append(position(place))
      last = place
    }
    return lines.filter { $0.count > 1 }.map {
      Markup("polyline", ["points": Markup.path($0), "class": style, "fill": "none"])
    }
  }

  /// A name beside its place where there is room; without room it is told on hovering and in the table only.
  private func label(
    _ text: String, near place: (Double, Double), _ style: String, _ taken: inout [Box]
  ) -> [Markup] {
    let text = TextMeasure.fitted(text, to: 150)
    let length = TextMeasure.width(text)
    let (x, y) = place
    let offers: [(Double, Double)] = [
      (x + 8, y + 4), (x - 8 - length, y + 4), (x - length / 2, y - 9), (x - length / 2, y + 18), (x + 8, y - 9),
      (x + 8, y + 18), (x - 8 - length, y - 9), (x - 8 - length, y + 18),
    ]
    for (left, base) in offers {
      let box = Box(left: left, right: left + length, base: base)
      guard left >= 0, left + length <= Self.width, base >= TextMeasure.size, base <= Self.height - 2,
        !taken.contains(where: box.touches)
      else { continue }
      taken.append(box)
      return [.label(text, at: (left, base), anchor: .start, style)]
    }
    return []
  }
}
