import ClusterModel
import Collectives
public import Estimation
import Quantities

/// The schedules that an answer chose: who sends what to whom, phase by phase and class by class, a schedule a size.
public struct ScheduleReport: Report {
  /// What one class of messages of a phase amounts to at a size.
  struct Row {
    let place: String
    let tier: Tier?
    let sameRail: Bool
    /// Of the busiest group, per rank and over the whole phase.
    let bytesPerRank: Double
    let busiestRankBytes: Double
    let messagesInTurn: Double
  }

  let answer: Answer

  /// The schedules of an answer.
  public init(_ answer: Answer) { self.answer = answer }

  /// A section a size: for each phase what it does, then a table of what it sends where.
  public var page: Page {
    Page(
      title: "Schedule of \(answer.question.collective) on \(answer.subject.fullName)",
      question: "Who sends what to whom?",
      answer: ["\(answer.subject.fullName), \(answer.subject.title); library \(answer.library)."],
      sections: chosen.map(section))
  }

  private func section(_ estimate: Estimate, _ schedule: Schedule) -> Page.Section {
    let sequence = schedule.isPipelined ? ", phases overlapping in chunks" : ", one phase after the other"
    return Page.Section(
      "\(answer.question.collective.capitalised) of \(estimate.bytes) over \(answer.participants), by "
        + "\(estimate.method)\(schedule.phases.count > 1 ? sequence : "")",
      schedule.phases.isEmpty
        ? [.sentences(["Nothing to send."])]
        : schedule.phases.enumerated().flatMap { number, phase -> [Page.Block] in
          [
            .sentences(["\(number + 1). \(phase.name) (\(counted(phase.repeats, "step"))): \(phase.summary)"]),
            .table(table(rows(of: phase, in: schedule, bytes: estimate.bytes), steps: phase.repeats)),
          ]
        })
  }

  private func table(_ rows: [Row], steps: Int) -> TextTable {
    var table = TextTable([
      .init("to"), .init("bytes per rank", isNumeric: true), .init("a step", isNumeric: true),
      .init("busiest rank", isNumeric: true), .init("messages in turn", isNumeric: true),
    ])
    for row in rows {
      table.append([
        row.place, bytes(row.bytesPerRank), bytes(row.bytesPerRank / Double(steps)), bytes(row.busiestRankBytes),
        DecimalPrefix.fixed(row.messagesInTurn, decimals: 0),
      ])
    }
    return table
  }

  private func bytes(_ count: Double) -> String {
    count >= 1 || count == 0
      ? DecimalPrefix.format(count, unit: "B") : "\(DecimalPrefix.significant(count, digits: 3)) B"
  }

  var chosen: [(estimate: Estimate, schedule: Schedule)] {
    answer.estimates.compactMap { estimate in answer.plans[estimate.algorithm].map { (estimate, $0) } }
  }

  func rows(of phase: Schedule.Phase, in schedule: Schedule, bytes: Bytes) -> [Row] {
    var classes: [TrafficClass: Double] = phase.traffic.merging(phase.rankTraffic) { first, _ in first }
    for hop in phase.latency where hop.count > 0 { classes[hop.traffic, default: 0] += 0 }
    let size = Double(bytes.count)
    return Schedule.ordered(classes).map { traffic, _ in
      let tier: Tier?
      let sameRail: Bool
      switch traffic {
      case .peers(let level, let aligned): (tier, sameRail) = (schedule.ladder.levels[level].tier, aligned)
      case .neighbours: (tier, sameRail) = (schedule.ladder.levels.first?.tier, false)
      case .inSwitch: (tier, sameRail) = (schedule.ladder.scaleUpLevel.map { schedule.ladder.levels[$0].tier }, false)
      }
      return Row(
        place: schedule.place(of: traffic), tier: tier, sameRail: sameRail,
        bytesPerRank: (phase.traffic[traffic] ?? 0) * size, busiestRankBytes: (phase.rankTraffic[traffic] ?? 0) * size,
        messagesInTurn: phase.latency.reduce(0) { $0 + ($1.traffic == traffic ? $1.count : 0) })
    }
  }

  /// The schedules with the question.
  public var json: JSON {
    .object(
      answer.heading + [
        (
          "schedules",
          .array(chosen) { estimate, schedule in
            .object([
              ("bytes", .integer(estimate.bytes.count)),
              ("algorithm", .string(estimate.algorithm)),
              ("protocol", .string(estimate.messageProtocol.rawValue)),
              ("overlapping", .boolean(schedule.isPipelined)),
              ("phases", .array(schedule.phases) { json($0, in: schedule, bytes: estimate.bytes) }),
            ])
          }
        )
      ])
  }

  private func json(_ phase: Schedule.Phase, in schedule: Schedule, bytes: Bytes) -> JSON {
    .object([
      ("name", .string(phase.name)),
      ("summary", .string(phase.summary)),
      ("steps", .count(phase.repeats)),
      (
        "messages",
        .array(rows(of: phase, in: schedule, bytes: bytes)) { row in
          .object([
            ("to", .string(row.place)),
            ("tier", .optional(row.tier?.description)),
            ("sameRail", .boolean(row.sameRail)),
            ("bytesPerRank", .number(row.bytesPerRank)),
            ("bytesPerRankAndStep", .number(row.bytesPerRank / Double(phase.repeats))),
            ("busiestRankBytes", .number(row.busiestRankBytes)),
            ("messagesInTurn", .number(row.messagesInTurn)),
          ])
        }
      ),
    ])
  }

  /// A row for every class of messages of every phase.
  public var csv: CSV? {
    CSV(
      header: [
        "bytes", "algorithm", "protocol", "phase", "name", "steps", "to", "tier", "sameRail", "bytesPerRank",
        "bytesPerRankAndStep", "busiestRankBytes", "messagesInTurn",
      ],
      rows: chosen.flatMap { estimate, schedule in
        schedule.phases.enumerated().flatMap { number, phase in
          rows(of: phase, in: schedule, bytes: estimate.bytes).map { row in
            [
              String(estimate.bytes.count), estimate.algorithm, estimate.messageProtocol.rawValue, String(number + 1),
              phase.name, String(phase.repeats), row.place, row.tier?.description ?? "", String(row.sameRail),
              CSV.number(row.bytesPerRank), CSV.number(row.bytesPerRank / Double(phase.repeats)),
              CSV.number(row.busiestRankBytes), CSV.number(row.messagesInTurn),
            ]
          }
        }
      })
  }
}
