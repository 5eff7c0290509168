extension Composition {
  /// A composition as a blueprint with its order of ranks.
  public struct Compiled: Sendable {
    /// The axes, templates, rules and exceptions.
    public var blueprint: Blueprint
    /// The accelerators in document order and the groups they form.
    public var ranks: RankOrder
  }

  /// Turns blocks and rows into axes and templates, wirings into rules, changes into exceptions.
  ///
  /// Every repeated block or row becomes an axis; aligned rows share their axes, divided into mixed-radix digits where
  /// their lengths differ. An axis is enclosed by the longest chain of axes that every rule keeps equal wherever it
  /// keeps this one equal, so that the trie partition is exact. Rules stand in document order of the wirings: those of
  /// a block before those of the blocks in it. Nothing is expanded.
  /// - Throws: `CompositionError` for the first thing that does not fit.
  /// - Complexity: O(rows × wirings).
  public func compiled() throws(CompositionError) -> Compiled {
    var compiler = CompositionCompiler(self)
    try compiler.collectSlots()
    try compiler.alignWirings()
    try compiler.checkRows()
    let axes = compiler.axes()
    var blueprint = Blueprint(axes: axes, templates: compiler.templates(), rules: compiler.rules())
    try compiler.checkCounts(blueprint)
    try compiler.checkLinks(blueprint)
    let ranks = try compiler.rankOrder(blueprint)
    blueprint.exceptions = try compiler.exceptions(blueprint)
    return Compiled(blueprint: blueprint, ranks: ranks)
  }
}

/// The state of compiling one composition.
struct CompositionCompiler {
  /// A block or a device row.
  struct Slot {
    var name: String
    var count: Int
    /// The slots from the outermost block to this one; the root is not among them.
    var path: [Int]
    var tier: Tier?
    var device: Composition.Device?
    /// The undivided digit of its index; nil where it has one member and needs none.
    var digit: Int?
  }

  /// A wiring with the slots it joins.
  struct Joint {
    var wiring: Composition.Wiring
    /// Paths of slots from the outermost block to the device.
    var from: [Int]
    var to: [Int]
    /// How many leading slots of the two paths are the same parts.
    var shared: Int
    /// The slots of the block that holds the wiring, as a path.
    var holder: [Int]
  }

  let composition: Composition
  var slots: [Slot] = []
  var joints: [Joint] = []
  var digits = DigitTable()
  /// Slots of device rows in document order: the templates.
  var rows: [Int] = []
  /// By undivided final digit: its axis.
  var axisOfDigit: [Int: AxisID] = [:]

  init(_ composition: Composition) { self.composition = composition }

  /// How deep blocks may be nested.
  static let deepest = 64

  // MARK: Slots

  mutating func collectSlots() throws(CompositionError) {
    let segments = CompositionCompiler.acceleratorRows(composition.root, depth: 0)
    guard segments > 0 else { throw .noAccelerators }
    try collect(composition.root, path: [], names: [], keepsSingleBlocks: segments > 1)
  }

  private static func acceleratorRows(_ block: Composition.Block, depth: Int) -> Int {
    guard depth < deepest else { return 0 }
    return block.devices.filter { $0.kind == .accelerator }.count
      + block.blocks.reduce(0) { $0 + acceleratorRows($1, depth: depth + 1) }
  }

  /// - Parameter keepsSingleBlocks: Whether blocks with a tier need an axis even when there is one, so that the groups
  ///   of several kinds of accelerators stay apart.
  private mutating func collect(
    _ block: Composition.Block, path: [Int], names: [String], keepsSingleBlocks: Bool
  ) throws(CompositionError) {
    guard path.count < CompositionCompiler.deepest else { throw .tooMany("nested blocks") }
    var seen: Set<String> = []
    for name in block.devices.map(\.name) + block.blocks.map(\.name) where !seen.insert(name).inserted {
      throw .duplicateName(path: names + [name])
    }
    for device in block.devices {
      guard device.count >= 1 else { throw .count(path: names + [device.name], count: device.count) }
      let slot = add(Slot(name: device.name, count: device.count, path: path, device: device))
      rows.append(slot)
    }
    var inner: [(Composition.Block, Int)] = []
    for child in block.blocks {
      guard child.count >= 1 else { throw .count(path: names + [child.name], count: child.count) }
      let slot = add(
        Slot(name: child.name, count: child.count, path: path, tier: child.effectiveTier),
        needsDigit: keepsSingleBlocks && child.effectiveTier != nil)
      inner.append((child, slot))
    }
    for (child, slot) in inner {
      try collect(child, path: slots[slot].path, names: names + [child.name], keepsSingleBlocks: keepsSingleBlocks)
    }
    // A block's own wirings may reach into the blocks inside, so they are resolved once those are known.
    for wiring in block.wirings {
      let place = joints.count
      let from = try resolve(wiring.from, below: path, wiring: place)
      let to = try resolve(wiring.to, below: path, wiring: place)
      let shared = zip(from, to).prefix { $0 == $1 }.count
      joints.append(Joint(wiring: wiring, from: from, to: to, shared: shared, holder: path))
      guard wiring.linksPerPair >= 1 else { throw .linksPerPair(wiring: place) }
    }
  }

  private mutating func add(_ slot: Slot, needsDigit: Bool = false) -> Int {
    var slot = slot
    slot.path.append(slots.count)
    if slot.count > 1 || needsDigit { slot.digit = digits.add(size: slot.count) }
    slots.append(slot)
    return slots.count - 1
  }

  private func resolve(_ names: [String], below path: [Int], wiring: Int) throws(CompositionError) -> [Int] {
    var path = path
    for name in names {
      let children = slots.indices.filter { slots[$0].path.dropLast().elementsEqual(path) }
      guard let next = children.first(where: { slots[$0].name == name }) else {
        throw .unknownPart(wiring: wiring, name: name, known: children.map { slots[$0].name })
      }
      path = slots[next].path
    }
    guard let last = path.last, slots[last].device != nil else {
      throw .notADevice(wiring: wiring, name: names.last ?? "")
    }
    return path
  }

  // MARK: Alignment

  mutating func alignWirings() throws(CompositionError) {
    for (place, joint) in joints.enumerated() {
      let isSameRow = joint.from == joint.to
      if case .ring(let ring) = joint.wiring.match {
        guard isSameRow, isPossible(ring, of: joint) else { throw .ring(wiring: place) }
        continue
      }
      guard isSameRow == (joint.wiring.match == .mesh) else { throw .mesh(wiring: place) }
      if isSameRow, !meshSlots(joint).contains(where: { slots[$0].count > 1 }) { throw .mesh(wiring: place) }
      guard joint.wiring.match == .aligned else { continue }
      let from = alignedDigits(joint.from, joint)
      let to = alignedDigits(joint.to, joint)
      try digits.align(from, to, wiring: place)
    }
  }

  /// The slots whose members a mesh joins with each other.
  func meshSlots(_ joint: Joint) -> ArraySlice<Int> { joint.from.suffix(max(1, joint.wiring.depth)) }

  /// Whether a ring's blocks are there, each once, and have the indices that it names.
  private func isPossible(_ ring: Composition.Ring, of joint: Joint) -> Bool {
    let steps = [ring.step] + ring.places.map(\.step)
    let names = joint.from.dropFirst(joint.holder.count)
    guard Set(steps).count == steps.count, steps.allSatisfy({ (0..<names.count).contains($0) }) else { return false }
    let counts = names.map { slots[$0].count }
    return (1..<max(1, counts[ring.step])).contains(ring.by)
      && ring.places.allSatisfy { place in
        (0..<counts[place.step]).contains(place.from) && (0..<counts[place.step]).contains(place.to)
      }
  }

  /// The slot that a step of a ring's wiring names.
  func slot(_ step: Int, of joint: Joint) -> Int { joint.from[joint.holder.count + step] }

  /// The digits of an aligned end's index: of the last `depth` steps that the two ends do not have in common.
  func alignedDigits(_ path: [Int], _ joint: Joint) -> [Int] {
    let own = path.dropFirst(joint.shared).suffix(max(1, joint.wiring.depth))
    return own.flatMap { digits.flattened(slots[$0].digit) }
  }

  /// A row whose digits became the same axis twice cannot be told apart.
  func checkRows() throws(CompositionError) {
    for row in rows {
      let all = digitsOfPath(slots[row].path)
      guard Set(all).count == all.count else {
        let place = joints.firstIndex { $0.from.last == row || $0.to.last == row }
        throw .incompatibleRows(wiring: place ?? 0)
      }
    }
    try checkRings()
  }

  /// Once these fit, so does every index that a selection counts.
  func checkCounts(_ blueprint: Blueprint) throws(CompositionError) {
    for template in blueprint.templates {
      var count = 1
      for axis in template.axes {
        let (product, overflow) = count.multipliedReportingOverflow(by: blueprint.axes[axis.index].size)
        guard !overflow else { throw .tooMany("devices of row '\(template.name)'") }
        count = product
      }
    }
  }

  func digitsOfPath(_ path: some Sequence<Int>) -> [Int] {
    path.flatMap { digits.flattened(slots[$0].digit) }
  }
}

extension Composition.Block {
  /// The tier that joins what is inside: the one it names, else that of the switches of the network that it wires.
  fileprivate var effectiveTier: Tier? {
    if let tier { return tier }
    return wirings.map(\.tier).filter { $0 >= .leaf }.max()
  }
}

/// Digits of mixed-radix indices: some equal to others, some divided into smaller ones.
struct DigitTable {
  private struct Digit {
    var size: Int
    /// The digit it is equal to.
    var same: Int?
    /// The digits it is divided into, most significant first.
    var parts: [Int]?
  }

  private var entries: [Digit] = []

  mutating func add(size: Int) -> Int {
    entries.append(Digit(size: size))
    return entries.count - 1
  }

  func size(_ digit: Int) -> Int { entries[root(digit)].size }

  /// The undivided digits that a digit consists of by now.
  func flattened(_ digit: Int?) -> [Int] {
    guard let digit else { return [] }
    let root = root(digit)
    return entries[root].parts?.flatMap { flattened($0) } ?? [root]
  }

  private func root(_ digit: Int) -> Int {
    var digit = digit
    while let same = entries[digit].same { digit = same }
    return digit
  }

  /// Makes the leading digits of the longer index the digits of the shorter one, dividing where sizes differ.
  mutating func align(_ from: [Int], _ to: [Int], wiring: Int) throws(CompositionError) {
    let lengths = [from, to].map { $0.reduce(1.0) { $0 * Double(size($1)) } }
    let (long, short) = lengths[0] >= lengths[1] ? (from, to) : (to, from)
    // Digits of one member number nothing.
    var left = Array(long.filter { size($0) > 1 }.reversed())
    var right = Array(short.filter { size($0) > 1 }.reversed())
    while let one = left.last, let other = right.last {
      left.removeLast()
      right.removeLast()
      let sizes = (size(one), size(other))
      if one == other { continue }
      if sizes.0 == sizes.1 {
        entries[root(other)].same = root(one)
      } else if sizes.0 > sizes.1, sizes.0 % sizes.1 == 0 {
        left += divide(one, first: sizes.1).reversed()
        right.append(other)
      } else if sizes.1 > sizes.0, sizes.1 % sizes.0 == 0 {
        right += divide(other, first: sizes.0).reversed()
        left.append(one)
      } else {
        let unequal = CompositionError.unequalRows(
          wiring: wiring, from: Int(min(lengths[0], 1e18)), to: Int(min(lengths[1], 1e18)))
        let longest = max(lengths[0], lengths[1])
        throw longest.truncatingRemainder(dividingBy: min(lengths[0], lengths[1])) == 0
          ? .incompatibleRows(wiring: wiring) : unequal
      }
    }
    guard right.isEmpty else { throw .incompatibleRows(wiring: wiring) }
  }

  private mutating func divide(_ digit: Int, first: Int) -> [Int] {
    let root = root(digit)
    let parts = [add(size: first), add(size: entries[root].size / first)]
    entries[root].parts = parts
    return parts
  }
}
