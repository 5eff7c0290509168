/// Where the leaves of a row of racks or boxes stand, and which NICs each of them takes.
struct LeafPlacement: Sendable {
  /// A row of blocks longer than this is not divided between leaves.
  private static let divisionLimit = 1_000_000

  /// The rack or box, with blocks put around its trays where rails or leaves divide them.
  var rack: Composition.Block
  /// Names from inside the rack down to the NICs.
  var nicPath: [String]
  /// Leaves side by side in one place: one per rail.
  var rails: Int
  /// How many trailing steps of the NICs' path number the rails.
  var depth = 1
  /// NICs of each rail that one place has.
  var nicsPerRail = 1
  /// The block inside the rack that holds the leaves; empty where they stand beside the rack.
  var home: [String] = []
  /// Places in each rack; 1 where the leaves stand beside it.
  var homes = 1

  /// Counts along `nicPath`.
  private var counts: [Int] = []

  /// The digits that number the rails along the NICs' path.
  var railDigits: [Int] { Array(counts.suffix(depth)) }

  /// Numbers the rails of a row of racks or boxes.
  /// - Parameter rails: How many; nil: as many as NICs in the innermost block.
  init(_ site: FabricSite, rails asked: Int?) throws(FabricError) {
    let rack = site.block
    let blocks = site.nicPath.dropLast()
    guard rack.count >= 1 else { throw .invalidCount(rack.name, rack.count) }
    guard let nics = rack.block(at: blocks)?.devices.first(where: { $0.name == site.nicPath.last })?.count else {
      throw .missingNICs([rack.name] + site.nicPath)
    }
    self.rack = rack
    nicPath = site.nicPath
    counts = blocks.indices.map { rack.block(at: blocks[...$0])?.count ?? 1 } + [nics]
    for (name, count) in zip(site.nicPath, counts) where count < 1 { throw .invalidCount(name, count) }
    rails = asked ?? nics
    guard rails >= 1 else { throw .invalidCount("rails", rails) }
    if nics.isMultiple(of: rails) {
      nicsPerRail = nics / rails
    } else {
      try numberRailsOverBlocks()
    }
    for count in counts.dropLast(depth) { nicsPerRail = try Count.product(nicsPerRail, count) }
  }

  /// Rails that run over the NICs of several trays: whole rows from the innermost outwards, then a share of one.
  private mutating func numberRailsOverBlocks() throws(FabricError) {
    var rest = rails
    depth = 0
    while rest > 1 {
      let index = counts.count - 1 - depth
      guard index >= 0 else { throw .railsDoNotDivide(rails: rails, block: rack.name) }
      if rest.isMultiple(of: counts[index]) {
        rest /= counts[index]
      } else {
        guard depth > 0, counts[index].isMultiple(of: rest) else {
          throw .railsDoNotDivide(rails: rails, block: rack.name)
        }
        try divide(at: index, inner: rest)
        rest = 1
      }
      depth += 1
    }
  }

  private mutating func divide(at index: Int, inner: Int) throws(FabricError) {
    let name = rack.unusedName("section")
    try rack.divide(Array(nicPath[...index]), inner: inner, name: name)
    nicPath.insert(name, at: index)
    counts.insert(inner, at: index + 1)
    counts[index] /= inner
  }

  /// Deals the NICs of a rack to several leaves per rail where one has not enough ports for them.
  ///
  /// The outermost row of blocks is divided that makes it fit, into the least number of equal shares.
  /// - Parameter nics: The most NICs that one leaf takes.
  mutating func deal(nicsPerLeaf nics: Int, radix: Int) throws(FabricError) {
    guard nics >= 1 else { throw .radixTooSmall(radix: radix) }
    guard nicsPerRail > nics else { return }
    for index in counts.dropLast(depth).indices {
      let count = counts[index]
      if nicsPerRail / count <= nics {
        let shares = try Self.shares(of: count, total: nicsPerRail, limit: nics)
        if shares < count { try divide(at: index, inner: count / shares) }
        home = Array(nicPath[...index])
        homes *= shares
        nicsPerRail /= shares
        return
      }
      nicsPerRail /= count
      homes *= count
    }
    home = Array(nicPath.dropLast(depth))
    let shares = try Self.shares(of: nicsPerRail, total: nicsPerRail, limit: nics)
    rails = try Count.product(rails, shares)
    nicsPerRail /= shares
  }

  private static func shares(of count: Int, total: Int, limit: Int) throws(FabricError) -> Int {
    guard count <= divisionLimit else { throw .countTooLarge }
    return (1...count).first { count.isMultiple(of: $0) && total / $0 <= limit } ?? count
  }

  /// Puts a block of one around all that is in the rack, so that two steps of the NICs' path number the rails.
  mutating func deepen() {
    let name = rack.unusedName("node")
    let inner = Composition.Block(
      name: name, blocks: rack.blocks, devices: rack.devices, wirings: rack.wirings)
    rack.blocks = [inner]
    rack.devices = []
    rack.wirings = []
    nicPath.insert(name, at: 0)
    counts.insert(1, at: 0)
    depth += 1
  }
}
