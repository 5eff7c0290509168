import ClusterModel
import Routing

extension RankOrder {
  /// The same order with levels inside the scale-up domain only where accelerators share links there.
  ///
  /// Boards inside an NVLink domain have no links of their own. Behind a host neighbours share PCIe switches and
  /// processors, whose places are digits of the rank: a ring crosses the link between two of them once each way.
  func withLevelsOfLinks(hasScaleUpLinks: Bool, in blueprint: Blueprint) -> RankOrder {
    guard let domain = scaleUpLevel else { return self }
    var inside: [Level] = []
    if !hasScaleUpLinks, segments.count == 1, let first = levels[domain].leadingDigits.first {
      let digits = segments[0].digits
      let dividing = (first + 1..<max(first + 1, digits.count)).filter { digit in
        blueprint.axes[digits[digit].index].size > 1
          && digits[first..<digit].contains { blueprint.axes[$0.index].size > 1 }
      }
      inside = dividing.reversed().map { Level(tier: .device, leadingDigits: [$0]) }
    }
    return RankOrder(
      segments: segments, levels: inside + levels[domain...], scaleUpLevel: inside.count, railDigits: railDigits,
      rings: rings, groupDigits: groupDigits)
  }
}

extension Topology {
  /// Whether accelerators reach each other or scale-up switches directly.
  var hasScaleUpLinks: Bool {
    arcs.contains { arc in
      cells[arc.from.index].kind == .accelerator
        && [.scaleUpSwitch, .accelerator].contains(cells[arc.to.index].kind)
    }
  }
}

extension Cluster {
  /// Whether links between what is left differ: some are changed, or lack a switch or interface at one end.
  func hasChangedLinks(in blueprint: Blueprint) -> Bool {
    let accelerators = Set(ranks.segments.map(\.template))
    // With a box or rack everything in it is missing, and nothing of what is left.
    let whole = Set(
      blueprint.exceptions.compactMap { exception -> Blueprint.Selection? in
        guard case .absent(let template, let selection) = exception, template.map(accelerators.contains) ?? true else {
          return nil
        }
        return selection
      })
    return blueprint.exceptions.contains { exception in
      switch exception {
      case .absent(_, let selection): !whole.contains(selection)
      case .failedLinks, .changedLinks: true
      }
    }
  }
}

extension Cluster {
  /// The rules that join blocks or accelerators round rings.
  var ringRules: Set<RuleID> {
    guard case .blueprint(let blueprint) = graph else { return [] }
    return Set(blueprint.rules.indices.filter { blueprint.rules[$0].shift != nil }.map { RuleID($0) })
  }

  /// How many accelerators take no part though the devices around them are in place.
  var unusedAccelerators: Int {
    guard case .blueprint(let blueprint) = graph else { return 0 }
    let templates = Set(ranks.segments.map(\.template))
    // Whatever is missing with all that is around it is missing in other rows too.
    let elsewhere = Set(
      blueprint.exceptions.compactMap { exception -> Blueprint.Selection? in
        guard case .absent(let template, let selection) = exception, template.map({ !templates.contains($0) }) ?? true
        else { return nil }
        return selection
      })
    var whole = blueprint
    whole.exceptions.removeAll { exception in
      guard case .absent(let template?, let selection) = exception else { return false }
      return templates.contains(template) && !elsewhere.contains(selection)
    }
    guard let used = try? TierLadder(ranks, in: blueprint).ranks, let all = try? TierLadder(ranks, in: whole).ranks
    else { return 0 }
    return all - used
  }
}
