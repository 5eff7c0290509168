import Quantities

/// Lines over message size as an SVG drawing, each labelled at its end.
struct LineChart {
  /// One line.
  struct Series {
    var name: String
    /// Values above zero by size.
    var points: [(size: Bytes, value: Double)]
  }

  private static let width = 720.0
  private static let height = 356.0
  private static let left = 70.0
  private static let right = 190.0
  private static let top = 34.0
  private static let bottom = 44.0
  private static let labelSpacing = 16.0
  private static let longestLabel = 24
  /// How many styles the style sheet tells apart.
  private static let styles = 6

  /// What is drawn, for those who cannot see it.
  var title: String
  /// What the vertical axis shows.
  var unit: String
  var series: [Series]
  /// A value to draw a line at, such as equality.
  var reference: Double?
  /// The vertical axis for all values of the chart.
  var scale: ([Double]) -> ChartScale

  /// The drawing; nil where there is nothing to draw.
  func markup() -> Markup? {
    let shown = series.map { line in
      Series(name: line.name, points: line.points.filter { $0.value > 0 && $0.value.isFinite && $0.size.count > 0 })
    }
    let points = shown.flatMap(\.points)
    guard !points.isEmpty else { return nil }
    let plot = Plot(horizontal: .sizes(points.map(\.size)), vertical: scale(points.map(\.value)))
    var parts = [Markup("title", text: title)] + axes(plot)
    if let reference {
      parts.append(line(from: (Self.left, plot.y(reference)), to: (plot.end, plot.y(reference)), style: "reference"))
    }
    let labelPlaces = Self.spread(shown.map { $0.points.last.map { plot.y($0.value) } ?? plot.y(1) })
    for (index, line) in shown.enumerated() where !line.points.isEmpty {
      parts += drawn(line, style: "series s\(index % Self.styles)", plot, labelAt: labelPlaces[index])
    }
    return Markup(
      "svg",
      [
        "viewBox": "0 0 \(Int(Self.width)) \(Int(Self.height))", "role": "img", "aria-label": title, "class": "chart",
        "xmlns": "http://www.w3.org/2000/svg",
      ], parts.flatMap { [.newline, $0] })
  }

  private struct Plot {
    var horizontal: ChartScale
    var vertical: ChartScale
    var end: Double { LineChart.width - LineChart.right }
    var base: Double { LineChart.height - LineChart.bottom }

    func x(_ size: Double) -> Double { LineChart.left + horizontal.position(size) * (end - LineChart.left) }
    func y(_ value: Double) -> Double { base - vertical.position(value) * (base - LineChart.top) }
  }

  private func axes(_ plot: Plot) -> [Markup] {
    var parts: [Markup] = []
    for tick in plot.vertical.ticks {
      let y = plot.y(tick.value)
      parts.append(line(from: (Self.left, y), to: (plot.end, y), style: "grid"))
      parts.append(label(tick.label, x: Self.left - 8, y: y + 4, anchor: "end"))
    }
    for tick in plot.horizontal.ticks {
      parts.append(label(tick.label, x: plot.x(tick.value), y: plot.base + 18, anchor: "middle"))
    }
    parts.append(line(from: (Self.left, plot.base), to: (plot.end, plot.base), style: "axis"))
    let middle = (Self.left + plot.end) / 2
    parts.append(label("message size", x: middle, y: plot.base + 38, anchor: "middle", style: "quiet"))
    parts.append(label(unit, x: Self.left - 62, y: 14, anchor: "start", style: "quiet"))
    return parts
  }

  private func drawn(_ series: Series, style: String, _ plot: Plot, labelAt y: Double) -> [Markup] {
    let places = series.points.map { (plot.x(Double($0.size.count)), plot.y($0.value)) }
    let path = places.map { "\(number($0.0)),\(number($0.1))" }.joined(separator: " ")
    var parts = [Markup("polyline", ["points": path, "class": style, "fill": "none"])]
    parts += places.map { place in
      Markup("circle", ["cx": number(place.0), "cy": number(place.1), "r": "2.5", "class": "\(style) dot"])
    }
    if let end = places.last {
      let start = plot.end + 6
      parts.append(line(from: end, to: (start + 6, y), style: "leader"))
      parts.append(
        Markup(
          "text", ["x": number(start + 10), "y": number(y + 4), "class": "\(style) name"],
          [
            Markup("title", text: series.name), .text(shortened(series.name, to: Self.longestLabel)),
          ]))
    }
    return parts
  }

  /// Moves places apart, in their order, so that labels do not overlap.
  private static func spread(_ places: [Double]) -> [Double] {
    var result = places
    var previous = -Double.infinity
    for index in places.indices.sorted(by: { places[$0] < places[$1] }) {
      result[index] = max(places[index], previous + labelSpacing)
      previous = result[index]
    }
    let excess = max(0, previous - (height - bottom))
    return result.map { $0 - excess }
  }

  private func line(from start: (Double, Double), to end: (Double, Double), style: String) -> Markup {
    Markup(
      "line",
      [
        "x1": number(start.0), "y1": number(start.1), "x2": number(end.0), "y2": number(end.1), "class": style,
      ])
  }

  private func label(_ text: String, x: Double, y: Double, anchor: String, style: String = "tick") -> Markup {
    Markup("text", ["x": number(x), "y": number(y), "text-anchor": anchor, "class": style], text: text)
  }
}

/// A coordinate with at most one decimal.
func number(_ value: Double) -> String { JSON.shortest((value * 10).rounded() / 10) }
