/// How many switches a folded Clos network above the leaves needs, tier by tier.
///
/// A pod of tier t joins pods of tier t - 1 (a pod of tier 1 is one leaf). For each top switch of a lower pod (its
/// plane) it has `fanOut` switches, each with `parallel` links to the switch of the same plane in every lower pod.
/// Middle tiers keep half of their ports for uplinks; the last tier has none. The number of tiers is the least.
///
/// The construction generalises the k-ary fat tree (Al-Fares, Loukissas, Vahdat, SIGCOMM 2008) to any number of tiers
/// and to parallel links.
struct ClosSizing: Sendable, Hashable {
  /// Alike blocks of lower pods.
  struct Site: Sendable, Hashable {
    /// How many blocks there are, such as groups of racks.
    var blocks: Int
    /// How many lower pods are in each block, such as the leaves of a group.
    var podsPerBlock: Int
    /// The least number of uplinks that each top switch of a lower pod needs, and the most that it has ports for.
    var uplinks: Int
    var freePorts: Int
    /// The mixed-radix digits that number a block's lower pods, where they may be dealt to several upper pods in equal
    /// runs; empty where they may not.
    var digits: [Int] = []

    /// The largest equal run of a block's lower pods that one upper pod has ports for; nil where there is none.
    fileprivate func share(downPorts: Int) -> Int? {
      guard !digits.isEmpty, podsPerBlock <= LeafPorts.limit else { return nil }
      let runs = stride(from: 2, through: podsPerBlock / 2, by: 1)
      return runs.first { podsPerBlock.isMultiple(of: $0) && podsPerBlock / $0 <= downPorts && divides(into: $0) }
        .map { podsPerBlock / $0 }
    }

    /// Whether so many runs fall on borders of the digits.
    private func divides(into runs: Int) -> Bool {
      var rest = runs
      for digit in digits {
        if digit.isMultiple(of: rest) { return true }
        guard rest.isMultiple(of: digit) else { return false }
        rest /= digit
      }
      return rest == 1
    }
  }

  /// One tier of switches above the leaves; arrays have an entry per site.
  struct Level: Sendable, Hashable {
    /// Blocks in each pod; the top pod holds all blocks of all sites.
    var blocksPerPod: [Int]
    /// Pods of this tier inside each block, where a block is dealt to several; 1 otherwise.
    var podsInBlock: [Int]
    /// Pods in use; at the top all sites share one.
    var pods: [Int]
    /// Switches of this tier for each top switch of a lower pod.
    var fanOut: Int
    /// Parallel links from a lower switch to each upper one of its plane.
    var parallel: [Int]
    /// Downlinks of a switch of a full pod.
    var down: [Int]
  }

  /// The tiers above the leaves, from the spine upwards; the last is shared by all sites.
  var levels: [Level] = []

  /// Works out the least number of tiers for switches of a radix.
  /// - Complexity: O(tiers · sites · radix).
  init(sites: [Site], radix: Int) throws(FabricError) {
    guard sites.count <= radix else { throw .radixTooSmall(radix: radix) }
    var sites = sites
    while true {
      var members: [Int] = []
      var total = 0
      for site in sites {
        members.append(try Count.product(site.blocks, site.podsPerBlock))
        total = try Count.sum(total, members[members.count - 1])
      }
      if total <= radix {
        let join = try Self.join(sites, members: members, downPorts: radix, shared: true, radix: radix)
        let down = zip(members, join.parallel).reduce(0) { $0 + $1.0 * $1.1 }
        levels.append(
          Level(
            blocksPerPod: sites.map(\.blocks), podsInBlock: sites.map { _ in 1 }, pods: sites.map { _ in 1 },
            fanOut: join.fanOut, parallel: join.parallel, down: sites.map { _ in down }))
        return
      }
      levels.append(try Self.middle(&sites, radix: radix))
    }
  }

  /// A tier that keeps half of its ports for uplinks; the sites become what the next tier joins.
  private static func middle(_ sites: inout [Site], radix: Int) throws(FabricError) -> Level {
    let downPorts = radix / 2
    guard downPorts >= 2 else { throw .radixTooSmall(radix: radix) }
    var blocksPerPod: [Int] = []
    var podsInBlock: [Int] = []
    var members: [Int] = []
    for site in sites {
      if site.podsPerBlock <= downPorts {
        blocksPerPod.append(min(downPorts / site.podsPerBlock, site.blocks))
        podsInBlock.append(1)
        members.append(blocksPerPod[blocksPerPod.count - 1] * site.podsPerBlock)
      } else {
        guard let share = site.share(downPorts: downPorts) else { throw .radixTooSmall(radix: radix) }
        blocksPerPod.append(1)
        podsInBlock.append(site.podsPerBlock / share)
        members.append(share)
      }
    }
    let join = try join(sites, members: members, downPorts: downPorts, shared: false, radix: radix)
    let down = zip(members, join.parallel).map { $0 * $1 }
    for index in sites.indices {
      sites[index].blocks = Count.quotientUp(sites[index].blocks, blocksPerPod[index])
      sites[index].podsPerBlock = podsInBlock[index]
      sites[index].uplinks = down[index]
      sites[index].freePorts = radix - down[index]
      sites[index].digits = []
    }
    return Level(
      blocksPerPod: blocksPerPod, podsInBlock: podsInBlock, pods: sites.map(\.blocks), fanOut: join.fanOut,
      parallel: join.parallel, down: down)
  }

  /// The least fan-out whose parallel links give every lower switch its uplinks within the ports of both ends.
  ///
  /// Every lower switch has equally many links to each upper one of its plane. Where its uplinks do not divide, it
  /// takes a few more than it needs.
  private static func join(
    _ sites: [Site], members: [Int], downPorts: Int, shared: Bool, radix: Int
  ) throws(FabricError) -> (fanOut: Int, parallel: [Int]) {
    let most = sites.map(\.uplinks).max() ?? 1
    let least = max(1, Count.quotientUp(most, downPorts))
    for fanOut in stride(from: least, through: most, by: 1) {
      let parallel = sites.map { Count.quotientUp($0.uplinks, fanOut) }
      let used = zip(members, parallel).map { $0 * $1 }
      let fitsAbove = shared ? used.reduce(0, +) <= downPorts : used.allSatisfy { $0 <= downPorts }
      if fitsAbove, zip(sites, parallel).allSatisfy({ fanOut * $1 <= $0.freePorts }) {
        return (fanOut, parallel)
      }
    }
    throw .radixTooSmall(radix: radix)
  }
}
