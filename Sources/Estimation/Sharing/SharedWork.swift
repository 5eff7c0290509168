import ClusterModel
import Collectives
import Quantities
import Routing

/// What one job asks of the links: its phases with the time that each takes on each of its own kinds of links.
struct SharedWork {
  let job: Job
  let answer: Answer
  let pricing: Pricing
  let turn: AxisTurn?
  /// Group by group of phases that overlap: how long it takes alone, and by row how long the links are busy in it.
  let phases: [(duration: Double, busy: [Double])]

  init(_ job: Job, answer: Answer, pricing: Pricing, turn: AxisTurn?) {
    self.job = job
    self.answer = answer
    self.pricing = pricing
    self.turn = turn
    let bytes = Double(job.bytes.count)
    let chosen = pricing.chosen(job.bytes)
    let total = pricing.cost(of: chosen, bytes: job.bytes).total.value
    let busy = (pricing.times.phaseTimes(of: chosen) ?? [pricing.times.busyTimes(of: chosen)])
      .map { times in times.map { $0 * bytes } }
    let transfers = busy.map { $0.max() ?? 0 }
    let transfer = transfers.reduce(0, +)
    // Start-up and hops belong to the phases in proportion to their bytes.
    phases = zip(busy, transfers).map { busy, own in
      (duration: transfer > 0 ? total * own / transfer : total / Double(transfers.count), busy: busy)
    }
  }

  /// Whether the phases are kept apart.
  var hasPhases: Bool { pricing.times.phaseTimes(of: pricing.chosen(job.bytes)) != nil }

  /// The links that several jobs use.
  struct Links {
    let topology: Topology
    /// By link and job: the row of the job's own kinds of links.
    let rows: [[Int?]]
  }

  /// The links of all jobs, told apart by each of them.
  /// - Parameter blueprint: The fabric that all of them are on; nil: a graph of single vertices.
  /// - Throws: `SharingError` where the jobs see graphs that cannot be laid over each other.
  static func links(of works: [SharedWork], in blueprint: Blueprint?) throws(SharingError) -> Links {
    guard let blueprint, works.contains(where: { $0.pricing.fabric.blueprint != nil }) else {
      guard let first = works.first?.pricing.times.topology else { throw .all("There is no job.") }
      for (place, work) in works.enumerated() where work.pricing.times.topology.arcs != first.arcs {
        throw .placement(place, "On a torus jobs share links only when they have the same ranks.")
      }
      return Links(topology: first, rows: first.arcs.indices.map { row in works.map { _ in row } })
    }
    var parties: [CommonLinks.Party] = []
    for (place, work) in works.enumerated() {
      let fabric = work.pricing.fabric
      guard let own = fabric.blueprint, own.axes == blueprint.axes, own.rules.count == blueprint.rules.count else {
        throw .placement(
          place, "Its groups begin and end where those of the other jobs do not, so that links cannot be told apart.")
      }
      let rows: CommonLinks.Party.Rows =
        fabric.unlike == nil
        ? .ranks(fabric.order, count: fabric.sharedLadder.ranks) : .single(work.pricing.times.topology)
      parties.append(.init(blueprint: own, rows: rows, turn: work.turn))
    }
    do throws(RoutingError) {
      let links = try CommonLinks(blueprint, parties: parties)
      return Links(topology: links.topology, rows: links.rows)
    } catch {
      throw .all("The links of the jobs cannot be told apart: \(error).")
    }
  }

  /// What the job does, over some of the links.
  /// - Parameter rows: By link: the job's own kind of link.
  func course(over rows: [Int?]) -> SharedProgress.Course {
    SharedProgress.Course(
      start: job.start.value,
      phases: phases.map { phase in
        SharedProgress.Phase(
          duration: phase.duration,
          uses: rows.enumerated().compactMap { link, row in
            guard let row, phase.duration > 0, phase.busy[row] > 0 else { return nil }
            return SharedLinks.Use(link: link, amount: min(1, phase.busy[row] / phase.duration))
          })
      })
  }

  /// How long the links of a kind are busy with it, in seconds.
  func busy(_ row: Int?) -> Double { row.map { row in phases.reduce(0) { $0 + $1.busy[row] } } ?? 0 }
}
