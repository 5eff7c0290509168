extension LineChart {
  private static let width = 460.0
  private static let height = 290.0
  private static let left = 68.0
  private static let bottom = 46.0
  private static let lineHeight = 16.0
  private static let widestLabel = 140.0
  /// How many styles the style sheet tells apart.
  private static let styles = 6

  /// Where things are.
  private struct Plot {
    var x: ChartScale
    var y: ChartScale
    var right: Double
    var top: Double
    var base: Double { LineChart.height - LineChart.bottom }

    func place(_ point: Point) -> (x: Double, y: Double) { (across(point.x), up(point.y)) }
    func across(_ value: Double) -> Double { LineChart.left + x.position(value) * (right - LineChart.left) }
    func up(_ value: Double) -> Double { base - y.position(value) * (base - top) }
  }

  func svg() -> Markup? {
    let lines = shown.enumerated().filter { !$0.element.points.isEmpty }
    let points = lines.flatMap(\.element.points)
    guard !points.isEmpty else { return nil }
    let widest = lines.map { TextMeasure.width(printable($0.element.name)) }.max() ?? 0
    let plot = Plot(
      x: horizontal.scale(points.map(\.x)),
      y: vertical.scale(points.flatMap { [$0.y] + ($0.range.map { [$0.lowerBound, $0.upperBound] } ?? []) }),
      right: Self.width - min(widest, Self.widestLabel) - 18, top: marks.isEmpty ? 34 : 34 + 1.5 * Self.lineHeight)
    var parts = [Markup("title", text: title)] + axes(plot)
    if let reference {
      parts.append(.line((Self.left, plot.up(reference)), (plot.right, plot.up(reference)), "reference"))
    }
    parts += marks.flatMap { drawn($0, plot) }
    for (index, line) in lines { parts += band(line, index, plot) }
    let labels = spread(lines.map { plot.up($0.element.points.last?.y ?? 0) }, within: plot.top...plot.base)
    for ((index, line), label) in zip(lines, labels) { parts += drawn(line, index, plot, labelAt: label) }
    return Markup.drawing(title, width: Self.width, height: Self.height, style: "chart", parts)
  }

  private func axes(_ plot: Plot) -> [Markup] {
    var parts: [Markup] = []
    for tick in plot.y.ticks {
      let y = plot.up(tick.value)
      parts.append(.line((Self.left, y), (plot.right, y), "grid"))
      parts.append(.label(tick.label, at: (Self.left - 6, y + 4), anchor: .end, "tick"))
    }
    for tick in fittingTicks(plot) {
      parts.append(.label(tick.label, at: (plot.across(tick.value), plot.base + 18), anchor: .middle, "tick"))
    }
    parts.append(.line((Self.left, plot.base), (plot.right, plot.base), "axis"))
    let middle = (Self.left + plot.right) / 2
    parts.append(.label(horizontal.label, at: (middle, plot.base + 38), anchor: .middle, "quiet"))
    parts.append(.label(vertical.label, at: (4, 14), anchor: .start, "quiet"))
    return parts
  }

  /// Ticks whose labels do not touch.
  private func fittingTicks(_ plot: Plot) -> [ChartScale.Tick] {
    var end = -Double.infinity
    return plot.x.ticks.filter { tick in
      let half = TextMeasure.width(tick.label) / 2
      let middle = plot.across(tick.value)
      guard middle - half > end + 6, middle + half < Self.width else { return false }
      end = middle + half
      return true
    }
  }

  private func drawn(_ mark: Mark, _ plot: Plot) -> [Markup] {
    let x = plot.across(mark.x)
    let label = TextMeasure.fitted(mark.label, to: Self.width - 8)
    let half = TextMeasure.width(label) / 2
    let middle = min(max(x, half + 2), Self.width - half - 2)
    return [
      .line((x, plot.top - 8), (x, plot.base), "mark"),
      .label(label, at: (middle, plot.top - 14), anchor: .middle, "marked"),
    ]
  }

  private func style(_ line: Series, _ index: Int) -> String { "s\((line.colour ?? index) % Self.styles)" }

  private func band(_ line: Series, _ index: Int, _ plot: Plot) -> [Markup] {
    let ranged = line.points.compactMap { point in point.range.map { (point.x, $0) } }
    guard ranged.count > 1 else { return [] }
    let upper = ranged.map { (plot.across($0.0), plot.up($0.1.upperBound)) }
    let lower = ranged.reversed().map { (plot.across($0.0), plot.up($0.1.lowerBound)) }
    return [Markup("polygon", ["points": Markup.path(upper + lower), "class": "band \(style(line, index))"])]
  }

  private func drawn(_ line: Series, _ index: Int, _ plot: Plot, labelAt y: Double) -> [Markup] {
    let places = line.points.map(plot.place)
    let style = style(line, index)
    var parts: [Markup] = []
    if line.style == .line {
      parts.append(Markup("polyline", ["points": Markup.path(places), "class": "series \(style)", "fill": "none"]))
    }
    for (point, place) in zip(line.points, places) {
      let told = Markup("title", text: "\(line.name): \(vertical.text(point.y)) at \(horizontal.text(point.x))")
      parts.append(
        line.style == .line ? .dot(place, "series \(style) dot", told) : .cross(place, "series \(style)", told))
    }
    guard let end = places.last else { return parts }
    parts.append(.line(end, (plot.right + 8, y), "leader"))
    let name = printable(line.name)
    parts.append(
      Markup(
        "text", ["x": number(plot.right + 12), "y": number(y + 4), "class": "\(style) name"],
        [Markup("title", text: name), .text(TextMeasure.fitted(name, to: Self.widestLabel))]))
    return parts
  }

  /// Moves places apart, in their order, so that labels do not overlap.
  private func spread(_ places: [Double], within limits: ClosedRange<Double>) -> [Double] {
    var result = places
    let order = places.indices.sorted { places[$0] < places[$1] }
    var previous = -Double.infinity
    for index in order {
      result[index] = max(places[index], previous + Self.lineHeight)
      previous = result[index]
    }
    var next = limits.upperBound + Self.lineHeight
    for index in order.reversed() {
      result[index] = min(result[index], next - Self.lineHeight)
      next = result[index]
    }
    return result
  }
}
