import ClusterModel
import Routing

extension Benchmark {
  /// How time grows with failed links.
  static let failures = Benchmark(
    name: "failures",
    about: """
      A fabric with ever more failed links between leaf and spine switches at random places: the partition and the loads \
      of traffic between all peers, against the same fabric without failures.
      """
  ) { report in
    let healthy = try Fabrics.blueprint("gb200-nvl72:racks=13824")
    let classes = [TrafficClass.peers(level: healthy.ranks.levels.count - 1, aligned: false)]
    let loads = { (blueprint: Blueprint) in try RankTraffic(blueprint, order: healthy.ranks, classes: classes) }
    for count in [1, 8, 32, 128] {
      let broken = failing(count, in: healthy.blueprint)
      let cells = try broken.topology().cells.count
      report(
        try Contest(
          "\(count) of 995,328 GPUs' up-links failed: \(grouped(cells)) cells", against: "none failed",
          runs: count > 32 ? 1 : 3, ours: { try Run.timing { try loads(broken) } },
          theirs: { try Run.timing { try loads(healthy.blueprint) } }))
    }
  }

  /// Fails links of the first rule between network switches, a link at a time.
  private static func failing(_ count: Int, in blueprint: Blueprint) -> Blueprint {
    var generator = SplitMix(state: 11)
    var broken = blueprint
    let isSwitch = { (template: TemplateID) in blueprint.templates[template.index].kind == .networkSwitch }
    guard
      let rule = blueprint.rules.indices.first(where: {
        isSwitch(blueprint.rules[$0].from) && isSwitch(blueprint.rules[$0].to)
      })
    else { return blueprint }
    for _ in 0..<count {
      let indices = blueprint.axes.map { Int.random(in: 0..<$0.size, using: &generator) }
      let place = { (template: TemplateID) in
        Blueprint.Selection(
          Dictionary(
            uniqueKeysWithValues: blueprint.templates[template.index].axes.map {
              ($0, [indices[$0.index]..<indices[$0.index] + 1])
            }))
      }
      broken.exceptions.append(
        .failedLinks(
          RuleID(rule), from: place(blueprint.rules[rule].from), to: place(blueprint.rules[rule].to), count: 1))
    }
    return broken
  }
}
