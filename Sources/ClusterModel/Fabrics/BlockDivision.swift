extension Composition.Block {
  /// The block inside at a path; nil where there is none.
  func block(at path: some Collection<String>) -> Composition.Block? {
    var current: Composition.Block? = self
    for name in path { current = current?.blocks.first { $0.name == name } }
    return current
  }

  /// Changes the block inside at a path; nothing where there is none.
  mutating func update(at path: some Collection<String>, _ body: (inout Composition.Block) -> Void) {
    guard let name = path.first else { return body(&self) }
    guard let index = blocks.firstIndex(where: { $0.name == name }) else { return }
    blocks[index].update(at: path.dropFirst(), body)
  }

  /// The names of all blocks and devices inside.
  var names: Set<String> {
    blocks.reduce(into: Set(devices.map(\.name))) { $0.formUnion($1.names.union([$1.name])) }
  }

  /// A name that nothing inside has: the wish, or the wish with a number.
  func unusedName(_ wish: String) -> String {
    let taken = names
    guard taken.contains(wish) else { return wish }
    var number = 2
    while taken.contains("\(wish)\(number)") { number += 1 }
    return "\(wish)\(number)"
  }

  /// Puts a row of blocks into blocks of `inner` each, named `name`; links keep their ends.
  ///
  /// Paths that do not name the new blocks select the same parts as before, because indices are flat.
  mutating func divide(_ path: [String], inner: Int, name: String) throws(FabricError) {
    guard let first = path.first, let index = blocks.firstIndex(where: { $0.name == first }) else {
      throw .cannotDivide(block: path.last ?? "")
    }
    var rewired: [Composition.Wiring] = []
    for wiring in wirings { rewired.append(try wiring.dividing(path, name: name)) }
    wirings = rewired
    if path.count > 1 { return try blocks[index].divide(Array(path.dropFirst()), inner: inner, name: name) }
    var row = blocks[index]
    let outer = row.count / inner
    row.count = inner
    blocks[index] = Composition.Block(name: name, count: outer, blocks: [row])
  }

  /// The block with accelerators that pass on the traffic of others.
  func withRelayingAccelerators() -> Composition.Block {
    var result = self
    for index in devices.indices where devices[index].kind == .accelerator { result.devices[index].relays = true }
    result.blocks = blocks.map { $0.withRelayingAccelerators() }
    return result
  }
}

extension Composition.Wiring {
  /// The same links after the block row at a path has been put into blocks of another name.
  fileprivate func dividing(_ path: [String], name: String) throws(FabricError) -> Composition.Wiring {
    guard from.starts(with: path) || to.starts(with: path) else { return self }
    let common = zip(from, to).prefix { $0 == $1 }.count
    var result = self
    var exact: [Int] = []
    var reach = 0
    for (end, key) in [(from, \Self.from), (to, \Self.to)] {
      let free = end.count - common
      var steps = min(depth, free)
      if end.starts(with: path) {
        result[keyPath: key].insert(name, at: path.count - 1)
        if end.count - (path.count - 1) <= steps { steps += 1 }
      }
      reach = max(reach, steps)
      if depth < free { exact.append(steps) }
    }
    guard match == .aligned else { return result }
    if exact.contains(where: { $0 != reach }) { throw .cannotDivide(block: path.last ?? "") }
    result.depth = max(1, reach)
    return result
  }
}
