import ClusterModel
import Quantities

/// A site as nested blocks of alike content, level by level, with the links that are missing as exceptions.
///
/// A level is a tier of switches. What stays connected without the tiers above is one block of the level; all blocks of
/// a level must be alike but for missing members. A few thousand lines of a fat tree become a page.
struct FabricShape {
  /// One tier of switches and the blocks that it joins.
  struct Level {
    /// The name of a block in paths.
    var block: String
    /// The name of its row of switches.
    var row: String
    var tier: Tier
    /// Blocks of the level below in each block; of hosts for the first level.
    var children: Int
    var switches: Int
    var kind: DeviceKind
    var part: String
    var rules: [Rule] = []
  }

  /// Links from a row below to a level's switches.
  struct Rule {
    /// The row's name from the child block down, without the child's own name: `nic`; empty for the child level's row.
    var hostRow: String
    /// How many trailing names of the path make up the index that switches are aligned with; 0: every one serves all.
    var depth: Int
    var perPair: Int
    var link: String
  }

  /// One thing that is not as the rules say.
  enum Exception {
    case absent(String)
    case failed(from: String, to: String, count: Int?)
    case degraded(from: String, to: String, bandwidth: Bandwidth)
  }

  var host: HostShape
  var levels: [Level] = []
  /// Hosts in the order of ranks.
  var hostOrder: [Int] = []
  var exceptions: [Exception] = []
}
