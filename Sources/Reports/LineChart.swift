import Quantities

/// Lines and points over one quantity, each labelled where it ends.
struct LineChart: Figure {
  /// A value with what it belongs to.
  struct Point: Sendable, Hashable {
    var x: Double
    var y: Double
    /// Where the value may lie instead; nil: nothing is said.
    var range: ClosedRange<Double>?

    init(_ x: Double, _ y: Double, range: ClosedRange<Double>? = nil) {
      self.x = x
      self.y = y
      self.range = range
    }
  }

  /// What belongs together.
  struct Series: Sendable {
    /// How its points are drawn.
    enum Style: Sendable { case line, crosses }

    var name: String
    var points: [Point]
    var style = Style.line
    /// Its colour and dashes, which stay with it from chart to chart; nil: by its place in the chart.
    var colour: Int?
  }

  /// A place of the horizontal axis that matters.
  struct Mark: Sendable {
    var x: Double
    var label: String
  }

  var title: String
  var horizontal: ChartAxis
  var vertical: ChartAxis
  var series: [Series]
  /// A value to draw a line at, such as equality.
  var reference: Double?
  /// Places that matter, such as where two lines cross.
  var marks: [Mark] = []

  /// What can be drawn: values above zero on logarithmic axes, and never what is not a number.
  var shown: [Series] {
    series.map { line in
      var line = line
      line.points = line.points.filter { $0.x.isFinite && $0.y.isFinite && $0.x >= 0 && $0.y >= 0 }
      if horizontal.isLogarithmic { line.points.removeAll { $0.x <= 0 } }
      if vertical.isLogarithmic { line.points.removeAll { $0.y <= 0 } }
      return line
    }
  }

  /// A row for each place, a column for each line.
  var table: TextTable? {
    var places: [Double] = []
    for point in shown.flatMap(\.points) where !places.contains(point.x) { places.append(point.x) }
    guard !places.isEmpty else { return nil }
    var table = TextTable(
      [.init(horizontal.label, isNumeric: true)] + shown.map { .init($0.name, isNumeric: true) })
    for place in places.sorted() {
      let fields = shown.map { line in
        line.points.first { $0.x == place }.map { point in
          let range = point.range.map { " (\(vertical.text($0.lowerBound)) – \(vertical.text($0.upperBound)))" }
          return vertical.text(point.y) + (range ?? "")
        } ?? "–"
      }
      table.append([horizontal.text(place)] + fields)
    }
    return table
  }
}

extension ChartAxis {
  /// Whether the axis has no place for zero.
  var isLogarithmic: Bool {
    switch self {
    case .sizes, .times, .bandwidths, .counts: true
    case .ratios, .shares, .hours, .percentiles: false
    }
  }
}
