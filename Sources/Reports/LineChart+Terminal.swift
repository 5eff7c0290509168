extension LineChart {
  private static let rows = 10
  private static let unicode: [Character] = ["●", "○", "▲", "△", "■", "□"]
  private static let ascii: [Character] = ["*", "o", "+", "x", "#", "%"]

  func lines(width: Int, characters: TextStyle.Characters) -> [String] {
    let lines = shown.enumerated().filter { !$0.element.points.isEmpty }
    let points = lines.flatMap(\.element.points)
    guard !points.isEmpty, characters != .none else { return [] }
    let symbols = characters == .ascii ? Self.ascii : Self.unicode
    let x = horizontal.scale(points.map(\.x))
    let y = vertical.scale(points.map(\.y))
    let margin = (y.ticks.map(\.label.count).max() ?? 0) + 1
    let columns = width - margin - 1
    guard columns >= 16 else { return [] }

    var grid = [[Character]](repeating: Array(repeating: " ", count: columns), count: Self.rows)
    for (index, line) in lines {
      for point in line.points {
        let column = Int((x.position(point.x) * Double(columns - 1)).rounded())
        let row = Self.rows - 1 - Int((y.position(point.y) * Double(Self.rows - 1)).rounded())
        grid[row][column] = symbols[(line.colour ?? index) % symbols.count]
      }
    }
    var labels = [String](repeating: "", count: Self.rows)
    for tick in y.ticks {
      labels[Self.rows - 1 - Int((y.position(tick.value) * Double(Self.rows - 1)).rounded())] = tick.label
    }
    let wall = characters == .ascii ? "|" : "│"
    let floor =
      characters == .ascii
      ? "+" + String(repeating: "-", count: columns)
      : "└" + String(repeating: "─", count: columns)
    let legend = lines.map {
      "\(symbols[($0.element.colour ?? $0.offset) % symbols.count]) \(printable($0.element.name))"
    }
    return [title + "  " + legend.joined(separator: "  ")]
      + zip(labels, grid).map { padded($0, to: margin) + wall + String($1) }
      + [String(repeating: " ", count: margin) + floor, bottom(x, margin: margin, columns: columns)]
  }

  /// The labels of the horizontal axis under their places, as far as they fit.
  private func bottom(_ scale: ChartScale, margin: Int, columns: Int) -> String {
    var line = String(repeating: " ", count: margin + 1)
    for tick in scale.ticks {
      let start = margin + 1 + Int((scale.position(tick.value) * Double(columns - 1)).rounded())
      let place = max(margin + 1, min(start - tick.label.count / 2, margin + 1 + columns - tick.label.count))
      if place > line.count || line.count == margin + 1 {
        line += String(repeating: " ", count: max(0, place - line.count)) + tick.label + " "
      }
    }
    while line.last == " " { line.removeLast() }
    return line
  }

  private func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - 1 - text.count)) + text + " "
  }
}
