import Quantities
public import Serving

/// What the requests of an estate wait, site by site.
public struct RequestReport: Report {
  /// What is reported.
  public var answer: RequestAnswer
  /// What the estate rests on.
  public var facts: [(says: String, source: String)]
  /// Whether each stage is told.
  public var explains: Bool
  /// Lines of equal round trips around the site that serves most.
  public var isochrones: [WideArea.Isochrone]

  /// A report of an answer.
  public init(
    _ answer: RequestAnswer, facts: [(says: String, source: String)] = [], explains: Bool = false,
    isochrones: [WideArea.Isochrone] = []
  ) {
    self.answer = answer
    self.facts = facts
    self.explains = explains
    self.isochrones = isochrones
  }

  /// The sentences that matter first, then the tables, then what they rest on.
  public var page: Page {
    Page(
      title: answer.estate, answer: headline,
      sections: [
        .init("Requests", [.table(table)]), .init("Sites", [.table(siteTable)]),
      ] + refusal + [
        .init("Where the time goes", figures.map { .figure($0) }, in: .document)
      ]
        + (explains ? explanation : []) + [.remarks(answer.remarks)])
  }

  private var headline: [String] {
    let all = answer.summary
    return [
      "\(answer.estate) at \(answer.hour):00 UTC, \(rateText(answer.rate)) of requests: half are done within "
        + "\(Seconds(all.p50)), 99 of 100 within \(Seconds(all.p99)).\(lossText)"
    ]
  }

  private var table: TextTable {
    var table = TextTable([
      .init("from"), .init("site"), .init("share", isNumeric: true), .init("first token p50", isNumeric: true),
      .init("p99", isNumeric: true), .init("per token p50", isNumeric: true, rank: 1),
      .init("done p50", isNumeric: true),
      .init("p99", isNumeric: true), .init("p99.9", isNumeric: true, rank: 2), .init("lost", isNumeric: true, rank: 3),
    ])
    for row in answer.rows {
      let (first, token, whole) = (row.timeToFirstToken.summary, row.timePerOutputToken.summary, row.endToEnd.summary)
      table.append([
        row.from, row.site, percent(row.share), "\(Seconds(first.p50))", "\(Seconds(first.p99))",
        "\(Seconds(token.p50))", "\(Seconds(whole.p50))", "\(Seconds(whole.p99))", "\(Seconds(whole.p999))",
        percent(row.lossProbability),
      ])
    }
    return table
  }

  private var lossText: String {
    let lost = answer.populations.reduce(0) { $0 + $1.lost }
    return lost > 0 && answer.rate > 0 ? " \(percent(lost / answer.rate)) are lost." : ""
  }

  /// Who is offered what, what spills over and what is lost, where providers have first refusal.
  private var refusal: [Page.Section] {
    guard !answer.pools.isEmpty else { return [] }
    var pools = TextTable([
      .init("first refusal"), .init("sites", rank: 2), .init("places", isNumeric: true, rank: 1),
      .init("offered", isNumeric: true), .init("carried", isNumeric: true), .init("passed on", isNumeric: true),
      .init("lost", isNumeric: true), .init("peakedness", isNumeric: true, rank: 2), .init("shares"),
    ])
    for pool in answer.pools {
      pools.append([
        pool.provider, pool.sites.joined(separator: ", "), "\(pool.places)", rateText(pool.offered),
        rateText(pool.carried), rateText(pool.passedOn), rateText(pool.lost),
        pool.peakedness.map { DecimalPrefix.significant($0, digits: 3) } ?? "",
        pool.method.isExact ? "exact" : "within \(percent(pool.error)) of offered",
      ])
    }
    var people = TextTable(
      [.init("from"), .init("asked", isNumeric: true)]
        + answer.pools.map { .init("offered to \($0.provider)", isNumeric: true) }
        + [.init("carried", isNumeric: true), .init("lost", isNumeric: true)])
    for population in answer.populations {
      people.append(
        [population.from, rateText(population.offered)]
          + answer.pools.map { pool in rateText(pool.offers.first { $0.from == population.from }?.offered ?? 0) }
          + [rateText(population.carried), rateText(population.lost)])
    }
    return [.init("Who is offered what", [.table(pools)] + (explains ? [.table(people)] : []))]
  }

  private var siteTable: TextTable {
    var table = TextTable([
      .init("site"), .init("provider", rank: 2), .init("use", isNumeric: true), .init("offered", isNumeric: true),
      .init("carried", isNumeric: true), .init("overflow", isNumeric: true),
      .init("replicas", isNumeric: true, rank: 1),
      .init("batch", isNumeric: true, rank: 1), .init("step", isNumeric: true),
      .init("communication", isNumeric: true), .init("$ an hour", isNumeric: true, rank: 3),
    ])
    for site in answer.sites {
      table.append([
        site.site, site.provider, percent(site.utilisation), rateText(site.offered), rateText(site.carried),
        rateText(site.overflow), "\(site.replicas)", "\(site.batch)", "\(Seconds(site.step.total))",
        percent(site.step.communicationShare), DecimalPrefix.significant(site.price, digits: 3),
      ])
    }
    return table
  }

  private var explanation: [Page.Section] {
    var sections = answer.rows.map { row in
      var table = TextTable([
        .init("stage"), .init("mean", isNumeric: true), .init("p50", isNumeric: true), .init("p99", isNumeric: true),
        .init("share", isNumeric: true), .init("source", rank: 1),
      ])
      let total = row.stages.reduce(0) { $0 + $1.delay.mean }
      for stage in row.stages {
        let summary = stage.delay.summary
        table.append([
          stage.name, "\(Seconds(summary.mean))", "\(Seconds(summary.p50))", "\(Seconds(summary.p99))",
          percent(stage.delay.mean / total), stage.source,
        ])
      }
      return Page.Section("\(row.from) at \(row.site), \(row.model)", [.table(table)])
    }
    sections.append(
      .init("What it rests on", facts.isEmpty ? [] : [.list(facts.map { "\($0.says) (\($0.source))" })]))
    return sections
  }

  private func rateText(_ rate: Double) -> String { DecimalPrefix.format(rate, unit: "/s") }

  /// The rows, the sites and what is worth knowing.
  public var json: JSON { .object([Release.member] + answer.members) }

  /// A row for each population and site.
  public var csv: CSV? {
    CSV(
      header: [
        "from", "site", "provider", "share", "model", "firstTokenMean", "firstTokenP50", "firstTokenP99",
        "perTokenMean", "endToEndMean", "endToEndP50", "endToEndP99", "lossProbability",
      ],
      rows: answer.rows.map { row in
        let (first, whole) = (row.timeToFirstToken.summary, row.endToEnd.summary)
        return [row.from, row.site, row.provider, CSV.number(row.share), row.model]
          + [
            first.mean, first.p50, first.p99, row.timePerOutputToken.mean, whole.mean, whole.p50, whole.p99,
            row.lossProbability,
          ].map(CSV.number)
      })
  }
}

extension RequestAnswer {
  var members: [(key: String, value: JSON)] {
    [
      ("estate", .string(estate)),
      ("hour", .count(hour)),
      ("requestsPerSecond", .number(rate)),
      ("endToEnd", summary.json),
      ("requests", .array(rows, \.json)),
      ("sites", .array(sites, \.json)),
      ("populations", .array(populations, \.json)),
      ("firstRefusal", .array(pools, \.json)),
      ("remarks", .array(remarks, JSON.string)),
    ]
  }
}

extension RequestAnswer.Row {
  fileprivate var json: JSON {
    .object([
      ("from", .string(from)), ("site", .string(site)), ("provider", .string(provider)), ("share", .number(share)),
      ("model", .string(model)),
      (
        "stages",
        .array(stages) { stage in
          let summary = stage.delay.summary
          return .object([
            ("name", .string(stage.name)), ("mean", .number(summary.mean)), ("p50", .number(summary.p50)),
            ("p99", .number(summary.p99)), ("source", .string(stage.source)),
          ])
        }
      ),
      ("timeToFirstToken", timeToFirstToken.summary.json), ("timePerOutputToken", timePerOutputToken.summary.json),
      ("endToEnd", endToEnd.summary.json), ("lossProbability", .number(lossProbability)),
    ])
  }
}

extension RequestAnswer.SiteRow {
  fileprivate var json: JSON {
    .object([
      ("site", .string(site)), ("provider", .string(provider)), ("utilisation", .number(utilisation)),
      ("offered", .number(offered)), ("carried", .number(carried)), ("overflow", .number(overflow)),
      ("replicas", .count(replicas)), ("accelerators", .count(accelerators)), ("dollarsPerHour", .number(price)),
      ("batch", .count(batch)), ("stepSeconds", .number(step.total)),
      ("communicationShare", .number(step.communicationShare)),
    ])
  }
}

extension RequestAnswer.PopulationRow {
  fileprivate var json: JSON {
    .object([
      ("from", .string(from)), ("offered", .number(offered)), ("carried", .number(carried)), ("lost", .number(lost)),
      ("lossProbability", .number(offered > 0 ? lost / offered : 0)),
    ])
  }
}

extension RequestAnswer.PoolRow {
  fileprivate var json: JSON {
    .object([
      ("provider", .string(provider)), ("sites", .array(sites, JSON.string)), ("places", .count(places)),
      ("holdingSeconds", .number(holdingTime)), ("offered", .number(offered)), ("carried", .number(carried)),
      ("overflow", .number(overflow)), ("passedOn", .number(passedOn)), ("lost", .number(lost)),
      ("peakedness", peakedness.map(JSON.number) ?? .null), ("method", .string(method.rawValue)),
      ("exact", .boolean(method.isExact)), ("error", .number(error)),
      (
        "offers",
        .array(offers) {
          .object([
            ("from", .string($0.from)), ("offered", .number($0.offered)), ("carried", .number($0.carried)),
            ("overflow", .number($0.offered - $0.carried)),
          ])
        }
      ),
    ])
  }
}

extension DelaySummary {
  var json: JSON {
    .object([("mean", .number(mean)), ("p50", .number(p50)), ("p99", .number(p99)), ("p999", .number(p999))])
  }
}
