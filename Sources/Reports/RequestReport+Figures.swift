import Foundation
import Quantities
import Serving

/// How many requests are done within how long: a curve for each kind of request.
struct PercentileChart: Figure {
  private static let shares = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999]

  var title: String
  var delays: [(name: String, delay: Delay)]

  // Percentiles are inverted transforms, which a report without charts need not wait for.
  private var chart: LineChart {
    LineChart(
      title: title, horizontal: .percentiles, vertical: .times,
      series: delays.map { name, delay in
        .init(name: name, points: Self.shares.map { .init($0, delay.percentile($0)) })
      })
  }

  func svg() -> Markup? { chart.svg() }
  var table: TextTable? { chart.table }
}

extension RequestReport {
  private static let mostCurves = 5
  private static let mostBars = 12

  /// The world with who is served where, percentiles by population, and what the time is made of.
  var figures: [any Figure] {
    guard !answer.rows.isEmpty else { return [] }
    return [map, curves, stages]
  }

  private var map: WorldMap {
    let populations = Dictionary(grouping: answer.rows, by: \.from).sorted { $0.key < $1.key }
    let served = answer.sites.map { site in
      WorldMap.Site(
        name: site.site, point: site.place.point,
        note: "\(DecimalPrefix.format(site.carried, unit: "/s")) calls at \(percent(site.utilisation)) of capacity",
        serves: true)
    }
    let asking = populations.compactMap { name, rows in
      rows.first.map { first in
        WorldMap.Site(
          name: name, point: first.origin,
          note: "\(percent(rows.reduce(0) { $0 + $1.share })) of requests, served by "
            + rows.map(\.site).joined(separator: ", "), serves: false)
      }
    }
    let places = Dictionary(answer.sites.map { ($0.site, $0.place.point) }) { first, _ in first }
    let routes = answer.rows.compactMap { row in places[row.site].map { WorldMap.Route(from: row.origin, to: $0) } }
    let middle = answer.sites.max { $0.carried < $1.carried }?.site ?? ""
    return WorldMap(
      title: isochrones.isEmpty ? "Who is served where" : "Who is served where; equal round trips around \(middle)",
      sites: served + asking, routes: routes, isochrones: isochrones)
  }

  private var curves: PercentileChart {
    let greatest = answer.rows.sorted { ($1.share, $0.from) < ($0.share, $1.from) }.prefix(Self.mostCurves)
    return PercentileChart(
      title: "Time until a request is done",
      delays: greatest.map { (name($0), $0.endToEnd) } + [("everyone", answer.everyone)])
  }

  /// A population, with its site where it has several.
  private func name(_ row: RequestAnswer.Row) -> String {
    answer.rows.count { $0.from == row.from } > 1 ? "\(row.from), \(row.site)" : row.from
  }

  private var stages: BarChart {
    var names: [String] = []
    for stage in answer.rows.flatMap(\.stages) where !names.contains(stage.name) { names.append(stage.name) }
    let greatest = answer.rows.sorted { ($1.share, $0.from) < ($0.share, $1.from) }.prefix(Self.mostBars)
    return BarChart(
      title: "Mean time of a call by stage", axis: .shares("share of the time"), parts: names,
      bars: greatest.map { row in
        let total = row.stages.reduce(0) { $0 + $1.delay.mean }
        return .init(
          name: name(row),
          values: names.map { name in
            row.stages.reduce(0) { $0 + ($1.name == name && total > 0 ? $1.delay.mean / total : 0) }
          }, note: "\(Seconds(total))")
      })
  }
}

extension RequestComparisonReport {
  /// A day's times and load, or the time of each estate.
  func figures(_ summaries: [DelaySummary]) -> [any Figure] {
    switch kind {
    case .hours:
      let summaries = zip(answers, summaries).map { (Double($0.hour), $1) }
      let times = LineChart(
        title: "Time until a request is done through the day", horizontal: .hours, vertical: .times,
        series: [
          .init(name: "half", points: summaries.map { .init($0.0, $0.1.p50) }),
          .init(name: "99 of 100", points: summaries.map { .init($0.0, $0.1.p99) }),
        ])
      let loads = LineChart(
        title: "Use of the sites through the day", horizontal: .hours, vertical: .shares("share of capacity"),
        series: answers.flatMap(\.sites).map(\.site).uniqued.map { site in
          .init(
            name: site,
            points: answers.compactMap { answer in
              answer.sites.first { $0.site == site }.map { .init(Double(answer.hour), $0.utilisation) }
            })
        })
      return [times, loads]
    case .estates:
      return [
        PercentileChart(
          title: "Time until a request is done", delays: answers.map { ($0.estate, $0.everyone) })
      ]
    }
  }
}

extension [String] {
  /// Each once, where it came first.
  fileprivate var uniqued: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
