import ClusterModel
import Routing

/// One fabric as several jobs see it: for each a cluster whose first ranks are the job's.
struct SharedFabric {
  /// One job's view.
  struct View {
    var cluster: Cluster
    /// What takes its first ranks to where they are.
    var turn: AxisTurn?
  }

  /// The blueprint with the borders of all jobs' groups; nil on a graph of single vertices.
  let blueprint: Blueprint?
  let views: [View]

  /// - Throws: `SharingError` for ranks that there are not, and for groups that cannot be told apart.
  init(_ cluster: Cluster, _ jobs: [Job]) throws(SharingError) {
    switch cluster.graph {
    case .explicit(let graph, let accelerators, let names):
      blueprint = nil
      var views: [View] = []
      for (place, job) in jobs.enumerated() {
        try SharedFabric.check(job, place, available: accelerators.count)
        var own = cluster
        own.graph = .explicit(graph, accelerators: Array(accelerators.dropFirst(job.firstRank)), names: names)
        if job.firstRank > 0 { own.hosts = SharedFabric.dropping(job.firstRank, of: cluster.hosts) }
        views.append(View(cluster: own))
      }
      self.views = views
    case .blueprint(let original):
      var whole = cluster
      let available = (try? TierLadder(cluster.ranks, in: original, count: nil).ranks) ?? 0
      for (place, job) in jobs.enumerated() {
        try SharedFabric.check(job, place, available: available)
        guard case .blueprint(let blueprint) = whole.graph, let grouping = job.question.grouping,
          let groups = try? RankGroups(grouping, ranks: SharedFabric.count(job, available: available)),
          let grouped = whole.ranks.grouped(groups, in: blueprint)
        else { continue }
        whole.graph = .blueprint(grouped.blueprint)
        whole.ranks = grouped.order.withAllRanks
      }
      guard case .blueprint(let common) = whole.graph else { throw .all("The fabric has no blueprint.") }
      blueprint = common
      var views: [View] = []
      for (place, job) in jobs.enumerated() {
        views.append(try SharedFabric.view(of: job, place, whole, common, available: available))
      }
      self.views = views
    }
  }

  private static func check(_ job: Job, _ place: Int, available: Int) throws(SharingError) {
    let count = job.question.ranks ?? 1
    guard count >= 1, job.firstRank >= 0, job.firstRank < available, count <= available - job.firstRank else {
      throw .job(place, .ranks(asked: job.firstRank + count, available: available))
    }
  }

  private static func count(_ job: Job, available: Int) -> Int { job.question.ranks ?? available - job.firstRank }

  private static func view(
    of job: Job, _ place: Int, _ whole: Cluster, _ blueprint: Blueprint, available: Int
  ) throws(SharingError) -> View {
    guard job.firstRank > 0 else { return View(cluster: whole) }
    let count = SharedFabric.count(job, available: available)
    if let turn = whole.ranks.turn(to: job.firstRank, count: count, in: blueprint) {
      return View(cluster: whole, turn: turn)
    }
    guard whole.ranks.rings.isEmpty else {
      throw .placement(place, "On a torus all jobs begin at rank 0.")
    }
    // The ranks before it take no part; their NICs and switches stay.
    var own = whole
    var without = blueprint
    do throws(RoutingError) {
      without.exceptions += try RanksInUse.selections(of: job.firstRank, of: whole.ranks, in: blueprint)
        .map { .absent($0.template, $0.selection) }
    } catch {
      throw .placement(place, "Its ranks cannot be told apart: \(error).")
    }
    own.graph = .blueprint(without)
    return View(cluster: own)
  }

  private static func dropping(_ count: Int, of hosts: [Cluster.Host]) -> [Cluster.Host] {
    var left = count
    return hosts.compactMap { host in
      let own = min(left, host.accelerators)
      left -= own
      return own < host.accelerators ? Cluster.Host(name: host.name, accelerators: host.accelerators - own) : nil
    }
  }
}

extension RankOrder {
  /// The same order with all ranks in one group.
  fileprivate var withAllRanks: RankOrder {
    var order = self
    order.groupDigits = nil
    for segment in order.segments.indices { order.segments[segment].inUse = [:] }
    return order
  }
}
