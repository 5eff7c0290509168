import ClusterModel
import Collectives
import Quantities
import Routing

extension Estimator {
  /// The most phases of all jobs together, each of which is an event.
  private static let mostPhases = 4096

  /// How long collectives take that run at the same time over the same links.
  ///
  /// Each job runs what it would run alone. Its messages keep pace, so it is one flow over all its links, with the speed
  /// alone as the most; a link carries no more than its capacity. Rates are max-min fair as shares of the speeds alone,
  /// anew whenever a job, or a phase of one, begins or ends (Bertsekas and Gallager, Data Networks, 1992). The links are
  /// those of the coarsest partition that tells apart what each job tells apart, so nothing is expanded.
  /// - Parameter jobs: The jobs, each with one size.
  /// - Throws: `SharingError` when a job has no answer alone, or their links cannot be told apart.
  /// - Complexity: One answer per job, then O(events · jobs · shared links).
  public func share(_ jobs: [Job]) throws(SharingError) -> SharingAnswer {
    let fabric = try SharedFabric(cluster, jobs)
    var works: [SharedWork] = []
    for (place, job) in jobs.enumerated() {
      let view = fabric.views[place]
      let estimator = Estimator(view.cluster, subject: subject, profile: profile, followed: followed)
      do throws(EstimationError) {
        let (answer, pricing) = try estimator.priced(job.question)
        works.append(SharedWork(job, answer: answer, pricing: pricing, turn: view.turn))
      } catch {
        throw .job(place, error)
      }
    }
    guard works.reduce(0, { $0 + $1.phases.count }) <= Estimator.mostPhases else {
      throw .all("The jobs have more than \(Estimator.mostPhases) phases together.")
    }
    let links = try SharedWork.links(of: works, in: fabric.blueprint)
    // A link that one job alone uses holds nobody back.
    let shared = links.rows.indices.filter { link in
      works.indices.count { works[$0].busy(links.rows[link][$0]) > 0 } > 1
    }
    let courses = works.indices.map { work in works[work].course(over: shared.map { links.rows[$0][work] }) }
    do throws(SharedLinks.Failure) {
      let progress = try SharedProgress(courses, links: shared.count)
      return answer(works, progress, links: links, shared: shared)
    } catch {
      throw .all("The rates of the jobs cannot be found.")
    }
  }

  private func answer(
    _ works: [SharedWork], _ progress: SharedProgress, links: SharedWork.Links, shared: [Int]
  ) -> SharingAnswer {
    let parts = works.enumerated().compactMap { place, work -> SharingAnswer.Part? in
      guard let alone = work.answer.estimates.first else { return nil }
      var held: [Int: Double] = [:]
      for period in progress.periods {
        if let holder = period.holders[place] { held[holder, default: 0] += period.end - period.start }
      }
      let longest = held.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
      return SharingAnswer.Part(
        job: work.job, ranks: work.answer.ranks, alone: alone, end: Seconds(progress.ends[place]),
        holder: longest.map { holder(shared[$0], links, works) })
    }
    let starts = works.map(\.job.start.value)
    let busiest = shared.map { link -> Double in
      let users = works.indices.filter { works[$0].busy(links.rows[link][$0]) > 0 }
      return (users.map { starts[$0] }.min() ?? 0)
        + users.reduce(0) { $0 + works[$1].busy(links.rows[link][$1]) }
    }.max()
    let alone = parts.map { $0.job.start + $0.alone.time }.max() ?? .zero
    var remarks: [String] = []
    for remark in works.flatMap(\.answer.remarks) where !remarks.contains(remark) { remarks.append(remark) }
    if works.contains(where: { !$0.hasPhases }) {
      remarks.append(
        "On a graph of single devices a job's steps are taken together, as if their loads were spread evenly.")
    }
    return SharingAnswer(
      subject: subject, parts: parts,
      periods: progress.periods.map {
        .init(start: Seconds($0.start), end: Seconds($0.end), rates: $0.rates)
      },
      lowerBound: max(alone, Seconds(busiest ?? 0)), assumptions: cluster.assumptions, remarks: remarks)
  }

  private func holder(_ link: Int, _ links: SharedWork.Links, _ works: [SharedWork]) -> SharingAnswer.Holder {
    let arc = links.topology.arcs[link]
    let fabric = works[0].pricing.fabric
    return SharingAnswer.Holder(
      link: links.topology.link(of: arc).name, tier: arc.tier,
      between: [arc.from, arc.to].map { fabric.name(of: $0, in: links.topology) }.joined(separator: " → "),
      jobs: works.indices.filter { works[$0].busy(links.rows[link][$0]) > 0 })
  }
}
