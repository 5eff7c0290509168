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

  /// The wirings between parts of two paths, whichever way round they are written.
  ///
  /// A path that names a block stands for all rows in it.
  func wires(from: [String], to: [String]) -> [Wire] {
    wires.filter { wire in
      (Self.covers(from, wire.from) && Self.covers(to, wire.to))
        || (Self.covers(from, wire.to) && Self.covers(to, wire.from))
    }
  }

  /// The part of a path whose steps may leave out blocks.
  func part(named names: [String]) -> Part? {
    parts.first { $0.path.last == names.last && Self.covers(names, $0.path) }
  }

  /// Whether names stand in a path in their order.
  private static func covers(_ names: [String], _ path: [String]) -> Bool {
    var rest = path[...]
    for name in names {
      guard let found = rest.firstIndex(of: name) else { return false }
      rest = rest[(found + 1)...]
    }
    return true
  }
}
