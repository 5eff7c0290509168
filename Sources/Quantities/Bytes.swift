/// A message or memory size in whole bytes.
///
/// `GB` is 10⁹ bytes and `GiB` 2³⁰ bytes, in parsing and in formatting.
public struct Bytes: Hashable, Sendable {
  /// The number of bytes; never negative when parsed.
  public var count: Int64

  /// Wraps a number of bytes.
  public init(_ count: Int64) { self.count = count }
}

extension Bytes: Comparable {
  /// Orders by number of bytes.
  public static func < (left: Bytes, right: Bytes) -> Bool { left.count < right.count }
}

extension Bytes: CustomStringConvertible {
  /// The size in the largest binary unit that leaves it whole, else in bytes: `1 MiB`, `1000 B`.
  public var description: String {
    var scaled = count
    var unit = 0
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
    while unit + 1 < units.count, scaled != 0, scaled % 1024 == 0 {
      scaled /= 1024
      unit += 1
    }
    return "\(scaled) \(units[unit])"
  }
}
