import ClusterModel

/// Indices in the notation of Python: `[3]`, `[0:4]`, `[:]`, or none for all.
struct InfraGraphSlice {
  private var low: Int?
  private var high: Int?
  private var step = 1

  /// The indices below a count; nil where some are not.
  func within(_ count: Int) -> [Int]? {
    let low = self.low ?? 0
    let high = self.high ?? count
    guard low >= 0, low <= high, high <= count, step >= 1 else { return nil }
    return Array(stride(from: low, to: high, by: step))
  }

  /// The name and the indices in a text such as `nic[0:2]`.
  static func reading(_ text: Substring) -> (String, InfraGraphSlice)? {
    guard let open = text.firstIndex(of: "[") else { return text.isEmpty ? nil : (String(text), InfraGraphSlice()) }
    guard text.hasSuffix("]") else { return nil }
    let inside = text[text.index(after: open)...].dropLast()
    let parts = inside.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.map { Int($0.trimming) }
    guard zip(parts, numbers).allSatisfy({ $0.trimming.isEmpty || $1 != nil }), parts.count <= 3 else { return nil }
    let name = String(text[..<open])
    if parts.count == 1 {
      guard let index = numbers[0], index < Int.max else { return nil }
      return (name, InfraGraphSlice(low: index, high: index + 1))
    }
    return (name, InfraGraphSlice(low: numbers[0], high: numbers[1], step: parts.count > 2 ? numbers[2] ?? 1 : 1))
  }
}
