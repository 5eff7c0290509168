import ClusterModel
public import Collectives
public import Estimation
import Quantities

/// The schedules that an answer chose rank by rank: every message by step, sender, receiver and what it carries.
///
/// There may be millions of messages, so the report is handed out step by step and never held as a whole.
public struct MessageListReport: Sendable {
  private let answer: Answer
  private let plans: [Plan]

  /// A schedule of an estimate, message by message.
  private struct Plan {
    let estimate: Estimate
    let expansion: ScheduleExpansion
    /// The ranks of each group that has it; nil where all are one.
    let groups: [[Int]]?
  }

  /// Lists the messages of an answer's schedules.
  /// - Throws: `AlgorithmError.tooManyRanks` when there are too many ranks.
  public init(_ answer: Answer) throws(AlgorithmError) {
    self.answer = answer
    guard answer.ranks <= Schedule.expansionLimit else {
      throw .tooManyRanks(answer.ranks, limit: Schedule.expansionLimit)
    }
    let all = answer.groups.map { groups in (0..<groups.count).map { Array(groups.members(of: $0)) } }
    var known: [Schedule: ScheduleExpansion] = [:]
    var plans: [Plan] = []
    for (estimate, schedule) in ScheduleReport(answer).chosen {
      let kinds =
        answer.plansByKind.isEmpty
        ? [(schedule, all)]
        : answer.plansByKind.compactMap { kind in
          kind.plans[estimate.algorithm].map { ($0, kind.groups) }
        }
      for (schedule, groups) in kinds {
        let expansion: ScheduleExpansion
        if let one = known[schedule] { expansion = one } else { expansion = try schedule.expansion() }
        known[schedule] = expansion
        plans.append(Plan(estimate: estimate, expansion: expansion, groups: groups))
      }
    }
    self.plans = plans
  }

  /// Hands out the report in one form, piece by piece; as text where it has no such form.
  public func write(as format: ReportFormat, to sink: (String) throws -> Void) rethrows {
    switch format {
    case .text, .markdown: try writeText(sink)
    case .csv: try writeCSV(sink)
    case .json: try writeJSON(sink)
    }
  }

  private func writeText(_ sink: (String) throws -> Void) rethrows {
    try sink("\(answer.subject.fullName), \(printable(answer.subject.title)); library \(answer.library).\n")
    for plan in plans {
      let (estimate, expansion) = (plan.estimate, plan.expansion)
      try sink(
        "\n\(answer.question.collective.capitalised) of \(estimate.bytes) over \(answer.participants), by "
          + "\(estimate.method), in chunks of \(DecimalPrefix.significant(chunk(estimate, expansion), digits: 6)) B:\n")
      for (number, step) in expansion.steps.enumerated() {
        var text = "step \(number + 1)\n"
        for (transfer, from, to) in messages(of: step, in: plan) {
          text += "  \(from) → \(to): \(transfer.chunks), \(transfer.effect.rawValue)\n"
        }
        try sink(text)
      }
    }
  }

  private func writeCSV(_ sink: (String) throws -> Void) rethrows {
    try sink("size,algorithm,protocol,step,from,to,firstChunk,chunks,stride,bytes,effect\n")
    for plan in plans {
      let (estimate, expansion) = (plan.estimate, plan.expansion)
      let head = "\(estimate.bytes.count),\(estimate.algorithm),\(estimate.messageProtocol.rawValue)"
      for (number, step) in expansion.steps.enumerated() {
        var text = ""
        for (transfer, from, to) in messages(of: step, in: plan) {
          let bytes = chunk(estimate, expansion) * Double(transfer.chunks.count)
          text +=
            "\(head),\(number + 1),\(from),\(to),\(transfer.chunks.first),\(transfer.chunks.count),"
            + "\(transfer.chunks.stride),\(CSV.number(bytes)),\(transfer.effect.rawValue)\n"
        }
        try sink(text)
      }
    }
  }

  private func writeJSON(_ sink: (String) throws -> Void) rethrows {
    // The members before the long list, without the brace that closes them.
    let heading = JSON.object(answer.heading).encoded().dropLast(2).trimmed
    try sink("\(heading),\n  \"schedules\": [")
    for (place, plan) in plans.enumerated() {
      let (estimate, expansion) = (plan.estimate, plan.expansion)
      let members = JSON.object([
        ("bytes", .integer(estimate.bytes.count)), ("algorithm", .string(estimate.algorithm)),
        ("protocol", .string(estimate.messageProtocol.rawValue)), ("chunks", .count(expansion.chunkCount)),
        ("bytesPerChunk", .number(chunk(estimate, expansion))),
      ]).encoded().dropLast(2).trimmed
      try sink("\(place == 0 ? "" : ",")\n\(members), \"steps\": [")
      for (number, step) in expansion.steps.enumerated() {
        var text = number == 0 ? "\n[" : ",\n["
        for (index, message) in messages(of: step, in: plan).enumerated() {
          let (transfer, from, to) = message
          text +=
            "\(index == 0 ? "" : ",\n ")"
            + "{\"from\": \"\(from)\", \"to\": \"\(to)\", \"firstChunk\": \(transfer.chunks.first), "
            + "\"chunks\": \(transfer.chunks.count), \"stride\": \(transfer.chunks.stride), "
            + "\"effect\": \"\(transfer.effect.rawValue)\"}"
        }
        try sink(text + "]")
      }
      try sink("]}")
    }
    try sink("\n  ]\n}\n")
  }

  private func chunk(_ estimate: Estimate, _ expansion: ScheduleExpansion) -> Double {
    expansion.chunkShare * Double(estimate.bytes.count)
  }

  /// The messages of a step in all groups of ranks, with the names of their ends.
  private func messages(
    of step: ScheduleExpansion.Step, in plan: Plan
  ) -> [(transfer: ScheduleExpansion.Transfer, from: String, to: String)] {
    guard let groups = plan.groups else { return step.transfers.map { ($0, "\($0.from)", "\($0.to)") } }
    return groups.flatMap { members in
      step.transfers.map { transfer in
        (transfer: transfer, from: name(transfer.from, members), to: name(transfer.to, members))
      }
    }
  }

  private func name(_ end: ScheduleExpansion.Endpoint, _ members: [Int]) -> String {
    switch end {
    case .rank(let rank): "rank \(members[rank])"
    case .domainSwitch(let domain): "switch \(domain) of the group of rank \(members[0])"
    case .networkSwitches: "\(end)"
    }
  }
}

extension Substring {
  fileprivate var trimmed: String {
    var text = self
    while let last = text.last, last == "\n" || last == " " { text.removeLast() }
    return String(text)
  }
}
