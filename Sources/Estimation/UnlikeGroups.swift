import ClusterModel
import Collectives
import Matrices
import Routing

/// Groups of ranks that lie over boxes and racks in different ways, on a graph of single vertices.
///
/// Every group's schedule is made for the tiers that its own ranks form. What a rank sends to others of a tier is spread
/// evenly over those of its group, and over those on its rail where the schedule keeps to rails and there are such.
struct UnlikeGroups {
  /// The most ranks, of all groups together, whose traffic is routed one by one, in a second or two (table `limits` of
  /// Benchmarks/README.md).
  static let mostRanks = 1024
  /// The largest graph on which it is, by vertices.
  static let mostVertices = 20_000

  /// Groups whose ranks form the same tiers.
  struct Kind {
    let ladder: TierLadder
    /// The same with the boards inside a domain.
    let wholeLadder: TierLadder
    var groups: [[Int]]
  }

  /// That whose groups span most domains first.
  let kinds: [Kind]
  private let topology: Topology
  /// By rank.
  private let accelerators: [CellID]
  /// By rank: what it has in common with the others on its rail.
  private let rails: [[Int]]

  /// - Parameters:
  ///   - groups: The groups.
  ///   - order: The order of ranks, whose levels those of `shared` are.
  ///   - shared: The tiers of all ranks together.
  ///   - whole: The same with the boards inside a domain.
  /// - Throws: `EstimationError.grouping` when there are too many ranks or devices.
  init(
    _ groups: RankGroups, order: RankOrder, in blueprint: Blueprint, shared: TierLadder, whole: TierLadder
  ) throws(EstimationError) {
    let expanded: (topology: Topology, indices: [[Int]])
    do throws(BlueprintError) {
      guard groups.ranks <= UnlikeGroups.mostRanks else { throw .tooManyCells(limit: UnlikeGroups.mostVertices) }
      expanded = try blueprint.expanded(limit: UnlikeGroups.mostVertices)
    } catch {
      throw .grouping(
        .unlike(
          "Groups of \(groups.size) ranks, \(groups.stride) apart, lie across boxes or racks in different ways, which is "
            + "followed rank by rank for up to \(UnlikeGroups.mostRanks) ranks among \(UnlikeGroups.mostVertices) "
            + "devices."))
    }
    topology = expanded.topology
    accelerators = Array(order.accelerators(in: expanded, of: blueprint).prefix(groups.ranks))
    rails = accelerators.map { accelerator in
      let template = expanded.topology.cells[accelerator.index].template
      guard let segment = order.segments.firstIndex(where: { $0.template == template }) else { return [] }
      let axes = blueprint.templates[template.index].axes
      return order.segments[segment].digits.suffix(order.railDigits[segment]).compactMap { digit in
        axes.firstIndex(of: digit).map { expanded.indices[accelerator.index][$0] }
      }
    }
    var kinds: [Kind] = []
    for group in 0..<groups.count {
      let members = Array(groups.members(of: group))
      let ladder = TierLadder(of: members, in: shared)
      if let known = kinds.firstIndex(where: { $0.ladder == ladder }) {
        kinds[known].groups.append(members)
      } else {
        kinds.append(Kind(ladder: ladder, wholeLadder: TierLadder(of: members, in: whole), groups: [members]))
      }
    }
    if let widest = kinds.indices.max(by: { kinds[$0].domains < kinds[$1].domains }) { kinds.swapAt(0, widest) }
    self.kinds = kinds
  }

  /// The loads of one unit of each class of each kind's groups; columns by kind, then by class.
  func loads(_ classes: [TrafficClass], policy: RoutingPolicy) -> LoadOperator {
    LoadOperator(
      of: topology,
      traffics: kinds.flatMap { kind in
        classes.map { traffic in
          kind.groups.flatMap { members in
            let demands = demands(traffic, among: members, ladder: kind.ladder)
            return policy == .railAligned ? relays(among: members, kind.ladder).relayed(demands) : demands
          }
        }
      }, policy: policy)
  }

  private func relays(among members: [Int], _ ladder: TierLadder) -> RailRelays {
    RailRelays(
      members.enumerated().map { place, rank in
        RailRelays.Rank(
          accelerators[rank], domain: ladder.scaleUpLevel.map { ladder.group(of: place, at: $0).lowerBound } ?? place,
          rail: rails[rank])
      })
  }

  private func demands(_ traffic: TrafficClass, among members: [Int], ladder: TierLadder) -> [Demand] {
    switch traffic {
    case .neighbours: return []
    case .inSwitch:
      return members.flatMap { rank in
        ExplicitTraffic.switchDemands(of: accelerators[rank], in: topology)
      }
    case .peers(let level, let aligned):
      guard ladder.levels.indices.contains(level) else { return [] }
      let all = members.indices.map { place -> [Int] in
        let own = level > 0 ? ladder.group(of: place, at: level - 1) : place..<(place + 1)
        return ladder.group(of: place, at: level).filter { !own.contains($0) }
      }
      let onRails = all.enumerated().map { place, peers in
        peers.filter { rails[members[$0]] == rails[members[place]] }
      }
      // Ranks without peers on their rail send across.
      let isSplit = zip(all, onRails).contains { !$0.isEmpty && $1.isEmpty }
      let peers = aligned && !isSplit ? onRails : all
      return peers.enumerated().flatMap { place, others in
        others.map { other in
          Demand(
            from: accelerators[members[place]], to: accelerators[members[other]],
            bytes: 1 / Double(max(others.count, peers[other].count)))
        }
      }
    }
  }
}

extension UnlikeGroups.Kind {
  /// How many domains, or groups of the innermost tier, a group spans.
  fileprivate var domains: Int { ladder.levels.isEmpty ? 0 : ladder.levels[ladder.scaleUpLevel ?? 0].groupCount }
}

extension TierLadder {
  /// The tiers that some ranks, in ascending order, form among those of all.
  init(of members: [Int], in all: TierLadder) {
    self.init(
      ranks: members.count,
      levels: all.levels.indices.map { level in
        var runs: [Run] = []
        var (start, size) = (-1, 0)
        for group in members.map({ all.group(of: $0, at: level).lowerBound }) + [-1] {
          if group == start {
            size += 1
            continue
          }
          if size > 0, let last = runs.last, last.size == size {
            runs[runs.count - 1].count += 1
          } else if size > 0 {
            runs.append(Run(size: size, count: 1))
          }
          (start, size) = (group, 1)
        }
        return Level(tier: all.levels[level].tier, groups: runs)
      }, scaleUpLevel: all.scaleUpLevel)
  }
}
