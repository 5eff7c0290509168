import ClusterModel

/// The blocks, device rows and wirings of a composition by their full paths, for resolving paths that users write.
struct CompositionIndex {
  /// A block or device row.
  struct Part {
    /// Names from the outermost block.
    var path: [String]
    /// Counts along the path.
    var counts: [Int]
    /// The device, where it is a row.
    var device: Composition.Device?
  }

  /// Links by rule with the full paths of their ends.
  struct Wire {
    var from: [String]
    var to: [String]
    var wiring: Composition.Wiring
  }

  private(set) var parts: [Part] = []
  private(set) var wires: [Wire] = []

  init(_ root: Composition.Block) { add(root, path: [], counts: []) }

  private mutating func add(_ block: Composition.Block, path: [String], counts: [Int]) {
    for device in block.devices {
      parts.append(Part(path: path + [device.name], counts: counts + [device.count], device: device))
    }
    for wiring in block.wirings {
      wires.append(Wire(from: path + wiring.from, to: path + wiring.to, wiring: wiring))
    }
    for inner in block.blocks {
      parts.append(Part(path: path + [inner.name], counts: counts + [inner.count], device: nil))
      add(inner, path: path + [inner.name], counts: counts + [inner.count])
    }
  }

  /// The parts that the names of a path lead to: those whose path holds the names in order and ends with the last.
  func parts(named names: [String]) -> [Part] {
    parts.filter { CompositionIndex.leads(names, to: $0.path) != nil }
  }

  /// For each name, its place in a path; nil where the names do not lead to the path's end.
  ///
  /// Names are matched from the end, each to the nearest.
  static func leads(_ names: [String], to path: [String]) -> [Int]? {
    guard names.last == path.last else { return nil }
    var places: [Int] = []
    var position = path.count
    for name in names.reversed() {
      guard let found = path[..<position].lastIndex(of: name) else { return nil }
      places.append(found)
      position = found
    }
    return places.reversed()
  }

  /// How many indices each step of a path has: its own and those of the steps before it that are not named.
  static func spans(_ names: [String], in part: Part) -> [Int] {
    guard let places = leads(names, to: part.path) else { return [] }
    var spans: [Int] = []
    var start = 0
    for place in places {
      spans.append(part.counts[start...place].reduce(1, multiplied))
      start = place + 1
    }
    return spans
  }

  private static func multiplied(_ left: Int, _ right: Int) -> Int {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? .max : product
  }

  /// The wirings between two rows, whichever way round they are written.
  func wires(from: [String], to: [String]) -> [Wire] {
    wires.filter { wire in
      (CompositionIndex.leads(from, to: wire.from) != nil && CompositionIndex.leads(to, to: wire.to) != nil)
        || (CompositionIndex.leads(from, to: wire.to) != nil && CompositionIndex.leads(to, to: wire.from) != nil)
    }
  }
}
