import ClusterModel
import Collectives
import Quantities

/// A time that no algorithm can beat: bytes that must cross a cut over what the cut carries, by the data sheet.
///
/// The cuts are the single accelerator and every group of the ladder. All-reduce without reducing switches is bounded
/// as a reduce-scatter followed by an all-gather, which is optimal among such schedules; where the switches of a domain
/// reduce, an accelerator must still send and receive every byte once. Latency is not counted. (Chan, Heimlich, Purkayastha
/// and van de Geijn, Collective communication: theory, practice, and experience, 2007.)
struct LowerBound {
  /// What leaves one group of a level in one direction, over all its links.
  struct Egress {
    let level: Int
    let name: String
    let bandwidth: Bandwidth
    /// Ranks of one collective in the group.
    let ranks: Int
    /// How many collectives run side by side through it.
    let sharing: Int
  }

  let secondsPerByte: Double
  let proof: BoundProof
  var reason: String { proof.reason }

  /// A bound with its argument.
  init(secondsPerByte: Double, proof: BoundProof) {
    self.secondsPerByte = secondsPerByte
    self.proof = proof
  }

  init(
    _ collective: Collective, ladder: TierLadder, egress: [Egress], switchesReduce: Bool, networkReduces: Bool = false
  ) {
    self.init(egress: egress) { cut in
      LowerBound.share(
        collective, inside: cut.ranks, ranks: ladder.ranks,
        groups: cut.level < 0 ? ladder.ranks : ladder.levels[cut.level].groupCount,
        switchesReduce: networkReduces || switchesReduce && cut.level < (ladder.scaleUpLevel ?? -1))
    }
  }

  /// A bound from what must cross each cut.
  /// - Parameter share: The share of the message size that one collective moves over a cut in the busier direction.
  init(egress: [Egress], share: (Egress) -> Double) {
    var worst = (time: 0.0, reason: "nothing has to cross a link")
    for cut in egress where cut.bandwidth.bytesPerSecond > 0 {
      let share = Double(cut.sharing) * share(cut)
      let time = share / cut.bandwidth.bytesPerSecond
      if time > worst.time {
        worst = (
          time,
          "\(DecimalPrefix.significant(share, digits: 4)) × the size must leave or enter \(cut.name) at \(cut.bandwidth)"
        )
      }
    }
    secondsPerByte = worst.time
    proof = BoundProof(kind: .tiers, cut: nil, reason: worst.reason)
  }

  /// The share of the message size that must cross the border of a group in the busier direction.
  private static func share(
    _ collective: Collective, inside: Int, ranks: Int, groups: Int, switchesReduce: Bool
  ) -> Double {
    let total = Double(ranks)
    let part = Double(inside)
    guard ranks > inside else { return 0 }
    switch collective {
    case .allReduce: return switchesReduce ? 1 : 2 * (1 - 1 / Double(groups))
    case .allGather, .reduceScatter: return 1 - part / total
    case .allToAll: return part * (total - part) / total
    case .broadcast, .reduce: return 1
    // The root's group has the others' parts to exchange; where groups differ, another one surely has its own.
    case .gather, .scatter: return part * Double(groups) == total ? 1 - part / total : part / total
    case .sendReceive: return 1
    }
  }
}
