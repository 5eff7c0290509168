/// Bars that lie, each made of parts, with what they are named at the left.
struct BarChart: Figure {
  /// One bar.
  struct Bar: Sendable {
    var name: String
    /// Values in the order of the chart's parts, each at least zero.
    var values: [Double]
    /// What is written behind it; nil: nothing.
    var note: String?
  }

  var title: String
  var axis: ChartAxis
  /// The names of what a bar is made of; their colours are told above the bars where there are several.
  var parts: [String]
  var bars: [Bar]

  var table: TextTable? {
    guard !bars.isEmpty else { return nil }
    var table = TextTable([.init("")] + parts.map { .init($0, isNumeric: true) })
    for bar in bars { table.append([bar.name] + bar.values.map(axis.text)) }
    return table
  }

  func lines(width: Int, characters: TextStyle.Characters) -> [String] {
    guard characters != .none, !bars.isEmpty, parts.count == 1 else { return [] }
    let names = bars.map { shortened(printable($0.name), to: width / 2) }
    let margin = (names.map(\.count).max() ?? 0) + 1
    let room = width - margin - 12
    guard room >= 8 else { return [] }
    let scale = axis.scale(bars.map { $0.values.reduce(0, +) })
    return [title]
      + zip(names, bars).map { name, bar in
        let length = Int((scale.position(bar.values.reduce(0, +)) * Double(room)).rounded())
        let drawn = String(repeating: characters == .ascii ? "#" : "█", count: max(length, 1))
        return name + String(repeating: " ", count: margin - name.count) + drawn + " " + (bar.note ?? "")
      }
  }
}

extension BarChart {
  private static let width = 460.0
  private static let barHeight = 18.0
  private static let pitch = 26.0
  private static let lineHeight = 18.0
  private static let widestName = 150.0
  /// How many styles the style sheet tells apart.
  private static let styles = 6

  func svg() -> Markup? {
    guard !bars.isEmpty, bars.contains(where: { $0.values.contains { $0 > 0 } }) else { return nil }
    let key = keyLines
    let top = 10 + Double(key.count) * Self.lineHeight
    let names = bars.map { TextMeasure.fitted($0.name, to: Self.widestName) }
    let left = (names.map(TextMeasure.width).max() ?? 0) + 12
    let notes = bars.compactMap(\.note).map(TextMeasure.width).max() ?? 0
    let room = Self.width - left - notes - 14
    let scale = axis.scale(bars.map { $0.values.reduce(0, +) })
    let base = top + Double(bars.count) * Self.pitch
    var drawn = [Markup("title", text: title)] + drawnKey(key)
    for tick in fitting(scale.ticks, left: left, room: room, scale) {
      let x = left + scale.position(tick.value) * room
      drawn.append(.line((x, top), (x, base), "grid"))
      drawn.append(.label(tick.label, at: (x, base + 16), anchor: .middle, "tick"))
    }
    for (row, bar) in bars.enumerated() {
      let y = top + Double(row) * Self.pitch + 4
      drawn.append(.label(names[row], at: (left - 8, y + 13), anchor: .end, "tick"))
      var sum = 0.0
      for (part, value) in bar.values.enumerated() where value > 0 {
        let start = left + scale.position(sum) * room
        sum += value
        let end = left + scale.position(sum) * room
        let told = "\(bar.name): \(parts.count > 1 ? parts[part] + ", " : "")\(axis.text(value))"
        drawn.append(
          Markup(
            "rect",
            [
              "x": number(start), "y": number(y), "width": number(max(end - start, 0.5)),
              "height": number(Self.barHeight), "class": "bar s\(part % Self.styles)",
            ], [Markup("title", text: told)]))
      }
      if let note = bar.note {
        drawn.append(
          .label(note, at: (left + scale.position(sum) * room + 6, y + 13), anchor: .start, "tick"))
      }
    }
    drawn.append(.label(axis.label, at: (left + room / 2, base + 34), anchor: .middle, "quiet"))
    return Markup.drawing(title, width: Self.width, height: base + 42, style: "chart", drawn)
  }

  /// Ticks whose labels neither touch each other nor leave the drawing.
  private func fitting(
    _ ticks: [ChartScale.Tick], left: Double, room: Double, _ scale: ChartScale
  ) -> [ChartScale.Tick] {
    var end = -Double.infinity
    return ticks.filter { tick in
      let half = TextMeasure.width(tick.label) / 2
      let x = left + scale.position(tick.value) * room
      guard x - half > end + 6, x + half <= Self.width, x - half >= 0 else { return false }
      end = x + half
      return true
    }
  }

  /// The names of the parts, as many to a line as fit.
  private var keyLines: [[(part: Int, x: Double)]] {
    guard parts.count > 1 else { return [] }
    var lines: [[(part: Int, x: Double)]] = [[]]
    var x = 4.0
    for part in parts.indices {
      let text = min(TextMeasure.width(printable(parts[part])), Self.width - 40)
      let width = text + 32
      if x + width > Self.width, x > 4 {
        lines.append([])
        x = 4
      }
      lines[lines.count - 1].append((part, x))
      x += width
    }
    return lines
  }

  private func drawnKey(_ lines: [[(part: Int, x: Double)]]) -> [Markup] {
    lines.enumerated().flatMap { row, line in
      line.flatMap { part, x in
        let y = 4 + Double(row) * Self.lineHeight
        let name = TextMeasure.fitted(parts[part], to: Self.width - 40)
        return [
          Markup.box(x: x, y: y, width: 12, height: 12, "bar s\(part % Self.styles)"),
          Markup.label(name, at: (x + 17, y + 11), anchor: .start, "tick"),
        ]
      }
    }
  }
}
