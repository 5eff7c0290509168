import ClusterModel
import Estimation
import Quantities

/// A topology as nested boxes, a box a tier, the deciding one marked: never a box for each device.
struct TierDrawing {
  private static let width = 640.0
  private static let margin = 14.0
  private static let lineHeight = 34.0
  private static let coreHeight = 36.0
  private static let longestTitle = 60

  var description: Description
  /// What the links of a tier decide: `all-reduce at 16 GiB`.
  var decisions: [Tier: String]

  /// The drawing.
  func markup() -> Markup {
    let tiers = Array(description.tiers.reversed())
    let height = Self.coreHeight + Double(tiers.count) * (Self.lineHeight + Self.margin) + 4
    var parts = [Markup("title", text: title)]
    for (depth, row) in tiers.enumerated() { parts += box(row, depth: depth, height: height) }
    parts += core(depth: tiers.count, height: height)
    return Markup(
      "svg",
      [
        "viewBox": "0 0 \(number(Self.width)) \(number(height))", "role": "img", "aria-label": title,
        "class": "drawing", "xmlns": "http://www.w3.org/2000/svg",
      ], parts.flatMap { [.newline, $0] })
  }

  private var title: String {
    "\(shortened(printable(description.subject.title), to: Self.longestTitle)): "
      + "\(counted(description.acceleratorCount, "GPU")) in nested tiers"
  }

  private func box(_ row: Description.TierRow, depth: Int, height: Double) -> [Markup] {
    let inset = Double(depth) * Self.margin + 2
    let top = Double(depth) * Self.lineHeight + 2
    let decided = decisions[row.tier]
    let groups = row.groups == 1 ? "" : "\(row.groups) × "
    let text = "\(row.tier): \(groups)\(counted(row.acceleratorsPerGroup, "GPU")), \(row.bandwidthPerAccelerator) each"
    return [
      rectangle(
        x: inset, y: top, width: Self.width - 2 * inset, height: height - top - inset,
        style: decided == nil ? "tier" : "tier deciding"),
      Markup(
        "text", ["x": number(inset + 12), "y": number(top + 22), "class": decided == nil ? "tick" : "deciding"],
        text: decided.map { "\(text); decides \($0)" } ?? text),
    ]
  }

  private func core(depth: Int, height: Double) -> [Markup] {
    let inset = Double(depth) * Self.margin + 2
    let top = Double(depth) * Self.lineHeight + 2
    let parts = Set(description.devices.filter { $0.kind == .accelerator }.map(\.part)).sorted()
    let name = parts.filter { !$0.isEmpty }.joined(separator: ", ")
    return [
      rectangle(x: inset, y: top, width: Self.width - 2 * inset, height: height - top - inset, style: "device"),
      Markup(
        "text", ["x": number(inset + 12), "y": number(top + 22), "class": "tick"],
        text: shortened(name.isEmpty ? "GPU" : name, to: Self.longestTitle)),
    ]
  }

  private func rectangle(x: Double, y: Double, width: Double, height: Double, style: String) -> Markup {
    Markup(
      "rect",
      [
        "x": number(x), "y": number(y), "width": number(max(width, 1)), "height": number(max(height, 1)), "rx": "6",
        "class": style,
      ])
  }
}
