import Quantities

/// Puts the blocks, switches and links of a sized Clos network together, from the racks outwards.
struct ClosAssembly: Sendable {
  /// One row of racks on its way up: what encloses it so far and where its top switches are.
  private struct Branch {
    var row: ClosFabric.Row
    /// How its own switches and blocks are told from those of other rows: 1, 2, ….
    var number: Int
    var block: Composition.Block
    /// From inside the block to its top switches, without the letter of the plane.
    var top: [String]
    /// Leaves of a group lie side by side below one plane of spines unless every rail has its own.
    var leavesAreAlike: Bool
    /// Blocks in use.
    var used: Int
  }

  let fabric: ClosFabric
  let rows: [ClosFabric.Row]
  let sizing: ClosSizing
  /// Networks without links between them: the rails of a rail-only fabric, or 1.
  let networks: Int

  private var changes: [Composition.Change] = []
  private var remarks: [String] = []
  private var summary: [FabricSummary] = []

  init(fabric: ClosFabric, rows: [ClosFabric.Row], sizing: ClosSizing, networks: Int) {
    self.fabric = fabric
    self.rows = rows
    self.sizing = sizing
    self.networks = networks
  }

  /// The whole fabric.
  consuming func result() throws(FabricError) -> FabricResult {
    var branches: [Branch] = []
    for (index, row) in rows.enumerated() { branches.append(try leafTier(row, number: index + 1)) }
    var width = networks
    for (index, level) in sizing.levels.enumerated().dropLast() {
      let lower = width
      width = try Count.product(width, level.fanOut)
      for site in branches.indices {
        try join(&branches[site], site: site, index: index, lower: lower, width: width)
      }
    }
    guard let level = sizing.levels.last else { return FabricResult(root: Composition.Block(name: "cluster")) }
    let index = sizing.levels.count - 1
    let count = try Count.product(width, level.fanOut)
    var root = Composition.Block(name: "cluster", tier: Self.tier(index))
    for (site, branch) in branches.enumerated() {
      var block = branch.block
      block.count = branch.used
      root.blocks.append(block)
      connect(branch, in: &root, below: [block.name], to: Self.switchName(index), index, site, lower: width)
    }
    root.devices = fabric.planeSuffixes.map { fabric.networkSwitch(Self.switchName(index) + $0, count: count) }
    try summarise(name: Self.switchName(index), index: index, site: 0, switches: count)
    return FabricResult(
      root: root, changes: changes, remarks: remarks + ClosFabric.unusedPorts(summary), summary: summary)
  }

  // MARK: Names

  /// The tier of the switches of a level above the leaves.
  private static func tier(_ index: Int) -> Tier { index == 0 ? .spine : .core(index) }
  private static func switchName(_ index: Int) -> String { tier(index).description }
  private static func podName(_ index: Int) -> String { index == 0 ? "pod" : "pod\(index + 1)" }
  private static func numbered(_ name: String, _ number: Int) -> String { number == 1 ? name : "\(name)-\(number)" }

  // MARK: Tiers

  /// A group of racks with its leaves.
  private mutating func leafTier(_ row: ClosFabric.Row, number: Int) throws(FabricError) -> Branch {
    var row = row
    let suffix = number == 1 ? "" : "\(number)"
    let leaf = "leaf\(suffix)"
    let level = sizing.levels[0]
    let divisions = level.podsInBlock[number - 1]
    if divisions > 1 {
      while row.placement.depth < 2 { row.placement.deepen() }
    }
    let leaves = row.placement.rails / divisions
    let home = row.placement.home
    var rack = row.placement.rack
    rack.count = row.racksPerGroup
    var group = Composition.Block(name: "group\(suffix)", count: 1, tier: .leaf, blocks: [rack])
    var bundle = Composition.Block(name: "bundle\(suffix)", count: divisions)
    for plane in fabric.planeSuffixes {
      let device = fabric.networkSwitch(leaf + plane, count: leaves)
      let leafPath: [String] = divisions > 1 ? [bundle.name, leaf + plane] : [leaf + plane]
      let wiring = fabric.accessWiring(
        row, from: home.isEmpty ? [rack.name] : [], to: leafPath, leaves: row.placement.rails)
      if divisions > 1 {
        bundle.devices.append(device)
        group.wirings.append(wiring)
      } else {
        let holder = home.isEmpty ? [] : [rack.name] + home
        group.update(at: holder) { $0.devices.append(device) }
        group.update(at: holder) { $0.wirings.append(wiring) }
      }
    }
    if divisions > 1 { group.blocks.append(bundle) }
    try absent(rack.name, used: row.racks, of: try Count.product(row.groups, row.racksPerGroup), in: group.name)
    let up = level.fanOut * level.parallel[number - 1]
    let ports = row.ports
    let capacity = (down: ports.access.bandwidth * Double(row.down), up: ports.trunk.bandwidth * Double(up))
    summary.append(
      FabricSummary(
        tier: .leaf, name: leaf,
        switches: try Count.product(row.groups, try row.leavesPerGroup(), fabric.spec.planes),
        radix: ports.radix, down: row.down, up: up, unused: ports.unused(down: row.down, up: up),
        oversubscription: capacity.down / capacity.up))
    let below: [String] = divisions > 1 || home.isEmpty ? [] : [rack.name] + home
    return Branch(
      row: row, number: number, block: group, top: below + [leaf], leavesAreAlike: networks == 1, used: row.groups)
  }

  /// A middle tier: puts blocks into pods with switches of their own, or switches into the bundles of a group.
  private mutating func join(
    _ branch: inout Branch, site: Int, index: Int, lower: Int, width: Int
  ) throws(FabricError) {
    let level = sizing.levels[index]
    let name = Self.numbered(Self.switchName(index), branch.number)
    let devices = fabric.planeSuffixes.map { fabric.networkSwitch(name + $0, count: width) }
    let divisions = level.podsInBlock[site]
    if divisions > 1 {
      let bundle = branch.block.blocks[branch.block.blocks.count - 1].name
      let assembly = copy self
      let inner = branch
      branch.block.update(at: [bundle]) {
        assembly.connect(inner, in: &$0, below: [], to: name, index, site, lower: lower)
        $0.devices += devices
      }
      branch.top = [bundle, name]
    } else {
      let size = level.blocksPerPod[site]
      var pod = Composition.Block(
        name: Self.numbered(Self.podName(index), branch.number), tier: Self.tier(index), devices: devices)
      var block = branch.block
      block.count = size
      connect(branch, in: &pod, below: [block.name], to: name, index, site, lower: lower)
      pod.blocks = [block]
      try absent(block.name, used: branch.used, of: try Count.product(level.pods[site], size), in: pod.name)
      branch.block = pod
      branch.top = [name]
      branch.used = level.pods[site]
    }
    branch.leavesAreAlike = false
    try summarise(
      name: name, index: index, site: site, switches: try Count.product(level.pods[site], divisions, width))
  }

  /// Links from a branch's top switches to those of a level, plane by plane.
  private func connect(
    _ branch: Branch, in block: inout Composition.Block, below: [String], to name: String, _ index: Int, _ site: Int,
    lower: Int
  ) {
    for plane in fabric.planeSuffixes {
      var path = below + branch.top
      path[path.count - 1] += plane
      block.wirings.append(
        Composition.Wiring(
          from: path, to: [name + plane], match: branch.leavesAreAlike || lower == 1 ? .all : .aligned,
          linksPerPair: sizing.levels[index].parallel[site], link: branch.row.ports.trunk, tier: Self.tier(index)))
    }
  }

  // MARK: What is left over

  /// Members beyond those in use do not exist; they all lie in the last block in use.
  private mutating func absent(_ name: String, used: Int, of count: Int, in block: String) throws(FabricError) {
    guard used < count else { return }
    changes.append(.absent([Composition.SelectorStep(name: name, indices: [used..<count])]))
    remarks.append("\(block): \(count - used) × \(name) fewer in the last one")
  }

  private mutating func summarise(name: String, index: Int, site: Int, switches: Int) throws(FabricError) {
    let level = sizing.levels[index]
    let up = index + 1 < sizing.levels.count
      ? sizing.levels[index + 1].fanOut * sizing.levels[index + 1].parallel[site] : 0
    let radix = rows[site].ports.trunkRadix
    summary.append(
      FabricSummary(
        tier: Self.tier(index), name: name, switches: try Count.product(switches, fabric.spec.planes), radix: radix,
        down: level.down[site], up: up, unused: radix - level.down[site] - up,
        oversubscription: up == 0 ? 1 : Double(level.down[site]) / Double(up)))
  }
}
