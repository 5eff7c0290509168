import ClusterModel
import Collectives
import Estimation
import Quantities
import Routing

extension EstimateReport {
  /// The answer with its question; what explains it where that was asked for.
  public var json: JSON {
    var members = answer.heading
    members += [
      ("estimates", .array(answer.estimates, json(of:))),
      ("assumptions", .array(answer.assumptions, \.json)),
      ("remarks", .array(answer.remarks, JSON.string)),
    ]
    if explains {
      members.append(
        (
          "refusals",
          .array(answer.refusals) { .object([("algorithm", .string($0.algorithm)), ("reason", .string($0.reason))]) }
        ))
      members.append(
        (
          "schedules",
          .object(answer.schedules.sorted { $0.key < $1.key }.map { ($0.key, .array($0.value, JSON.string)) })
        ))
    }
    return .object(members)
  }

  private func json(of estimate: Estimate) -> JSON {
    var members: [(key: String, value: JSON)] = [
      ("bytes", .integer(estimate.bytes.count)),
      ("seconds", .number(estimate.time.value)),
      ("algorithmBandwidth", .number(estimate.algorithmBandwidth.bytesPerSecond)),
      ("busBandwidth", .number(answer.busBandwidth(of: estimate))),
      ("algorithm", .string(estimate.algorithm)),
      ("protocol", .string(estimate.messageProtocol.rawValue)),
      ("latencySeconds", .number(estimate.latencyTime.value)),
      ("bandwidthSeconds", .number(estimate.bandwidthTime.value)),
      ("lowerBoundSeconds", estimate.lowerBound.map { .number($0.value) } ?? .null),
      ("interval", .array([.number(estimate.interval.lowerBound.value), .number(estimate.interval.upperBound.value)])),
      ("basis", .string(estimate.basis.rawValue)),
      ("bottleneck", estimate.bottleneck?.json ?? .null),
      (
        "links",
        .array(estimate.links) { use in
          .object([
            ("link", .string(use.link)), ("tier", .string(use.tier.description)),
            ("busySeconds", .number(use.time.value)),
          ])
        }
      ),
      ("candidates", .array(estimate.candidates, \.json)),
    ]
    if explains {
      members.append(("lowerBoundReason", .optional(estimate.lowerBoundReason)))
      members.append(("terms", .array(estimate.terms, \.json)))
      members.append(("alternatives", .array(estimate.alternatives, \.json)))
    }
    return .object(members)
  }

  /// A row a size; the columns are the members of the JSON form.
  public var csv: CSV? {
    CSV(
      header: [
        "bytes", "seconds", "algorithmBandwidth", "busBandwidth", "algorithm", "protocol", "latencySeconds",
        "bandwidthSeconds", "lowerBoundSeconds", "intervalLow", "intervalHigh", "basis", "bottleneckLink",
        "bottleneckTier",
      ],
      rows: answer.estimates.map { estimate in
        [
          String(estimate.bytes.count), CSV.number(estimate.time.value),
          CSV.number(estimate.algorithmBandwidth.bytesPerSecond), CSV.number(answer.busBandwidth(of: estimate)),
          estimate.algorithm, estimate.messageProtocol.rawValue, CSV.number(estimate.latencyTime.value),
          CSV.number(estimate.bandwidthTime.value), estimate.lowerBound.map { CSV.number($0.value) } ?? "",
          CSV.number(estimate.interval.lowerBound.value), CSV.number(estimate.interval.upperBound.value),
          estimate.basis.rawValue, estimate.bottleneck?.link ?? "", estimate.bottleneck?.tier.description ?? "",
        ]
      })
  }
}

extension Answer {
  /// What was asked of what: the first members of every form.
  var heading: [(key: String, value: JSON)] {
    [
      Release.member,
      ("topology", .string(subject.topology)),
      ("title", .string(subject.title)),
      ("parameters", subject.parametersJSON),
      ("collective", .string(question.collective.rawValue)),
      ("ranks", .count(ranks)),
      ("group", groups?.json ?? .null),
      ("library", .string(library)),
      ("selection", .string(question.selection.rawValue)),
      ("routing", .string(question.routing.rawValue)),
    ]
  }
}

extension RankGroups {
  var json: JSON {
    .object([
      ("axes", .array(names.indices) { .object([("name", .string(names[$0])), ("size", .count(sizes[$0]))]) }),
      ("along", .string(names[along])),
      ("ranks", .count(size)),
      ("stride", .count(stride)),
      ("groups", .count(count)),
    ])
  }
}

extension Estimate.Bottleneck {
  var json: JSON {
    .object([
      ("link", .string(link)),
      ("tier", .string(tier.description)),
      ("between", .string(between)),
      ("bytesPerLink", .number(bytesPerLink)),
      ("bandwidth", .number(bandwidth.bytesPerSecond)),
      ("efficiency", .number(efficiency)),
      ("runnerUp", .optional(runnerUp)),
      ("runnerUpShare", .number(runnerUpShare)),
    ])
  }
}

extension Estimate.Term {
  var json: JSON {
    .object([
      ("name", .string(name)),
      ("tier", .optional(tier?.description)),
      ("seconds", .number(time.value)),
      ("formula", .string(formula)),
      ("source", .string(source)),
    ])
  }
}

extension Estimate.Candidate {
  var json: JSON {
    .object([
      ("algorithm", .string(algorithm)),
      ("protocol", .string(messageProtocol.rawValue)),
      ("seconds", .number(time.value)),
    ])
  }
}

extension Cluster.Assumption {
  var json: JSON {
    .object([("name", .string(name)), ("value", .string(value)), ("source", .string(source))])
  }
}
