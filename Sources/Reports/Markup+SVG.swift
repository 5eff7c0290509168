/// Where a text is held.
enum TextAnchor: String { case start, middle, end }

extension Markup {
  /// A drawing with its own coordinates, told to those who cannot see it by its title.
  static func drawing(_ title: String, width: Double, height: Double, style: String, _ parts: [Markup]) -> Markup {
    Markup(
      "svg",
      [
        "viewBox": "0 0 \(number(width)) \(number(height))", "role": "img", "aria-label": title, "class": style,
        "xmlns": "http://www.w3.org/2000/svg",
      ], parts.flatMap { [.newline, $0] })
  }

  /// A straight line.
  static func line(_ start: (Double, Double), _ end: (Double, Double), _ style: String) -> Markup {
    Markup(
      "line",
      [
        "x1": number(start.0), "y1": number(start.1), "x2": number(end.0), "y2": number(end.1), "class": style,
      ])
  }

  /// A text at a place of its base line.
  static func label(_ text: String, at place: (Double, Double), anchor: TextAnchor, _ style: String) -> Markup {
    Markup(
      "text",
      [
        "x": number(place.0), "y": number(place.1), "text-anchor": anchor.rawValue, "class": style,
      ], text: text)
  }

  /// A rectangle with round corners.
  static func box(x: Double, y: Double, width: Double, height: Double, _ style: String) -> Markup {
    Markup(
      "rect",
      [
        "x": number(x), "y": number(y), "width": number(max(width, 1)), "height": number(max(height, 1)), "rx": "5",
        "class": style,
      ])
  }

  /// A point of a line.
  static func dot(_ place: (Double, Double), _ style: String, _ told: Markup) -> Markup {
    Markup("circle", ["cx": number(place.0), "cy": number(place.1), "r": "2.5", "class": style], [told])
  }

  /// A measured point.
  static func cross(_ place: (Double, Double), _ style: String, _ told: Markup) -> Markup {
    let (x, y) = place
    let strokes = "M\(number(x - 4)) \(number(y - 4))L\(number(x + 4)) \(number(y + 4))"
    return Markup(
      "path", ["d": strokes + "M\(number(x - 4)) \(number(y + 4))L\(number(x + 4)) \(number(y - 4))", "class": style],
      [told])
  }

  /// Places as the points of a line.
  static func path(_ places: [(Double, Double)]) -> String {
    places.map { "\(number($0.0)),\(number($0.1))" }.joined(separator: " ")
  }
}

/// A coordinate with at most one decimal.
func number(_ value: Double) -> String { JSON.shortest((value * 10).rounded() / 10) }
