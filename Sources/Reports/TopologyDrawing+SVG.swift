import ClusterModel
import Estimation

extension TopologyDrawing {
  private static let narrowest = 460.0
  private static let margin = 16.0
  private static let cardGap = 30.0
  private static let lineHeight = 16.0
  private static let widestText = 230.0
  private static let titleHeight = 24.0

  /// Where a card stands.
  private struct Place {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
    var middle: Double { x + width / 2 }
    var bottom: Double { y + height }
  }

  /// What is written between two rows.
  private struct Label {
    var text: String
    var middle: Double
    var style: String
  }

  func svg() -> Markup? {
    guard !cards.isEmpty else { return nil }
    let rows = self.rows
    let widths = cards.indices.map { cardWidth(of: $0) }
    let widest = rows.map { row in row.reduce(0) { $0 + widths[$1] + Self.cardGap } }.max() ?? 0
    let width = max(Self.narrowest, widest + 2 * Self.margin)
    var places = [Place](repeating: Place(x: 0, y: 0, width: 0, height: 0), count: cards.count)
    var y = 12.0
    var inside: Double?
    for (depth, row) in rows.enumerated() {
      if depth > 0 { y += 18 + Double(labelCount(from: rows[depth - 1], to: row)) * Self.lineHeight }
      if inside == nil, row.contains(where: isInside) {
        inside = y
        y += Self.titleHeight + 8
      }
      let used = row.reduce(-Self.cardGap) { $0 + widths[$1] + Self.cardGap }
      var x = (width - used) / 2
      for card in row {
        places[card] = Place(x: x, y: y, width: widths[card], height: cardHeight(of: card))
        x += widths[card] + Self.cardGap
      }
      y += (row.map { cardHeight(of: $0) }.max() ?? 0) + 8
    }
    let height = y + Self.margin
    var parts = [Markup("title", text: title)]
    if let inside {
      parts.append(
        .box(x: 6, y: inside, width: width - 12, height: height - inside - 6, "domain"))
    }
    parts += wires.filter { $0.ends.0 != $0.ends.1 }.map { drawn($0, places) }
    for depth in rows.indices.dropFirst() { parts += labels(from: rows[depth - 1], to: rows[depth], places, width) }
    if let inside {
      parts.append(
        .label(
          domains.count > 1 ? "\(domains.count) × \(domains.name), in each:" : "one \(domains.name):",
          at: (14, inside + 18), anchor: .start, "haloed"))
    }
    for card in cards.indices { parts += drawn(card, places[card]) }
    for wire in wires where wire.missing > 0 { parts.append(crossed(wire, places)) }
    return Markup.drawing(title, width: width, height: height, style: "drawing", parts)
  }

  private func lines(of card: Int) -> [String] {
    let shown = cards[card]
    let share = domains.count
    let isShared = isInside(card) && share > 1 && shown.count.isMultiple(of: share)
    let count = isShared ? shown.count / share : shown.count
    let of = isInside(card) && share > 1 && !isShared ? " in all" : ""
    let planes = shown.names.count > 1 ? " in \(shown.names.count) rows" : ""
    var lines = ["\(count) × \(shown.part.isEmpty ? shown.kind.rawValue : shown.part)\(of)", shown.name + planes]
    if let missing = missing(shown.missing, of: shown.count) { lines.append(missing) }
    for wire in wires where wire.ends.0 == card && wire.ends.1 == card {
      lines.append("joined by \(wire.label)" + (wire.missing > 0 ? ", \(wire.missing) missing" : ""))
    }
    return lines.map { TextMeasure.fitted($0, to: Self.widestText) }
  }

  private func cardWidth(of card: Int) -> Double { max(90, (lines(of: card).map(TextMeasure.width).max() ?? 0) + 22) }

  private func cardHeight(of card: Int) -> Double { 14 + Double(lines(of: card).count) * Self.lineHeight }

  private func drawn(_ card: Int, _ place: Place) -> [Markup] {
    let style = "card \(cards[card].kind.rawValue)"
    let behind = cards[card].count > 1 ? [6.0, 3.0] : []
    return behind.map { .box(x: place.x + $0, y: place.y - $0, width: place.width, height: place.height, style) }
      + [.box(x: place.x, y: place.y, width: place.width, height: place.height, style)]
      + lines(of: card).enumerated().map { index, text in
        .label(
          text, at: (place.middle, place.y + 19 + Double(index) * Self.lineHeight), anchor: .middle,
          index == 0 ? "strong" : "quiet")
      } + (cards[card].missing > 0 ? [cross(at: (place.x + place.width, place.y))] : [])
  }

  private func missing(_ missing: Int, of count: Int) -> String? {
    missing > 0 ? "\(missing) of \(count + missing) missing" : nil
  }

  private func cross(at place: (Double, Double)) -> Markup {
    .cross(place, "missing", Markup("title", text: "missing or failed"))
  }

  /// A cross on what is left of links of which some are missing.
  private func crossed(_ wire: Wire, _ places: [Place]) -> Markup {
    let (first, second) = (places[wire.ends.0], places[wire.ends.1])
    let (upper, lower) = first.y <= second.y ? (first, second) : (second, first)
    if wire.ends.0 == wire.ends.1 { return cross(at: (upper.x, upper.y)) }
    // Near the lower end, below the names of the links.
    return cross(at: (lower.middle + (upper.middle - lower.middle) * 0.1, lower.y + (upper.bottom - lower.y) * 0.1))
  }

  private func drawn(_ wire: Wire, _ places: [Place]) -> Markup {
    let (first, second) = (places[wire.ends.0], places[wire.ends.1])
    let (upper, lower) = first.y <= second.y ? (first, second) : (second, first)
    // Four widths, from a link that rests to one that is busy all the time.
    let warmth = share(of: wire).map { " busy\(Int(($0 * 3).rounded()))" } ?? ""
    let style = (decision(of: wire) == nil ? "wire" : "wire deciding") + warmth
    if upper.y == lower.y { return .line((first.middle, first.y + 8), (second.middle, second.y + 8), style) }
    return .line((upper.middle, upper.bottom), (lower.middle, lower.y), style)
  }

  private func share(of wire: Wire) -> Double? {
    heat.first { $0.link == wire.link && $0.tier == wire.tier }?.share
  }

  private func decision(of wire: Wire) -> String? {
    let found = decisions.filter { $0.link == wire.link && $0.tier == wire.tier }.map(\.what)
    return found.isEmpty ? nil : found.joined(separator: ", ")
  }

  private func crossing(from upper: [Int], to lower: [Int]) -> [Wire] {
    wires.filter { wire in
      (upper.contains(wire.ends.0) && lower.contains(wire.ends.1))
        || (upper.contains(wire.ends.1) && lower.contains(wire.ends.0))
        || (wire.ends.0 != wire.ends.1 && lower.contains(wire.ends.0) && lower.contains(wire.ends.1))
    }
  }

  private func labelCount(from upper: [Int], to lower: [Int]) -> Int {
    crossing(from: upper, to: lower).reduce(0) { $0 + texts(of: $1).count }
  }

  /// What the links between two rows are, a line each, so that none covers another.
  private func labels(from upper: [Int], to lower: [Int], _ places: [Place], _ width: Double) -> [Markup] {
    var labels: [Label] = []
    for wire in crossing(from: upper, to: lower) {
      let middle = (places[wire.ends.0].middle + places[wire.ends.1].middle) / 2
      labels += texts(of: wire).map { Label(text: $0.text, middle: middle, style: $0.style) }
    }
    let start = (upper.map { places[$0].bottom }.max() ?? 0) + 20
    return labels.enumerated().map { index, label in
      let text = TextMeasure.fitted(label.text, to: width - 2 * Self.margin)
      let half = TextMeasure.width(text) / 2
      let middle = min(max(label.middle, half + 10), width - half - 10)
      return .label(
        text, at: (middle, start + Double(index) * Self.lineHeight), anchor: .middle,
        "haloed \(label.style)")
    }
  }

  /// What is written beside links: what they are, how many are missing, what they decide.
  private func texts(of wire: Wire) -> [(text: String, style: String)] {
    let decided = decision(of: wire)
    var texts = [(wire.label, decided == nil ? "" : "deciding")]
    if let share = share(of: wire) {
      texts.append(("busy \(percent(share)) of the time", decided == nil ? "quiet" : "deciding"))
    }
    if wire.missing > 0 { texts.append(("\(wire.missing) missing", "deciding")) }
    if let decided { texts.append(("decides \(decided)", "deciding")) }
    return texts
  }
}
