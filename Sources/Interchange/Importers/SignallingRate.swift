/// The rate of an InfiniBand link as tools write it: `4xNDR`.
struct SignallingRate: Hashable {
  var lanes: Int
  var speed: String

  /// Gigabits per second of one lane as users count it: after the line code, in round numbers.
  private static let lanesSpeed: [String: Double] = [
    "SDR": 2, "DDR": 4, "QDR": 8, "FDR10": 10, "FDR": 14, "EDR": 25, "HDR": 50, "NDR": 100, "XDR": 200, "GDR": 400,
  ]

  static func looksLike(_ word: Substring) -> Bool { SignallingRate(String(word)) != nil }

  init?(_ text: String) {
    let parts = text.split(separator: "x", maxSplits: 1)
    guard parts.count == 2, let lanes = Int(parts[0]), [1, 2, 4, 8, 12].contains(lanes),
      SignallingRate.lanesSpeed[String(parts[1])] != nil
    else { return nil }
    self.lanes = lanes
    speed = String(parts[1])
  }

  /// What the link carries, in gigabits per second.
  var gigabits: Double { Double(lanes) * (SignallingRate.lanesSpeed[speed] ?? 0) }
}
