import ClusterModel
import Collectives
import Quantities

@testable import Estimation

/// Answers made by hand, so that reports are tested apart from the model.
enum Samples {
  static func subject(_ topology: String = "two-racks", parameters: [String: String] = ["racks": "2"]) -> Subject {
    Subject(topology: topology, title: "Two racks of ours", parameters: parameters)
  }

  static let bottleneck = Estimate.Bottleneck(
    link: "nvlink5", tier: .rack, between: "rack[*]/gpu[*] → rack[*]/nvswitch[*]", bytesPerLink: 1.2e8,
    bandwidth: .gigabytesPerSecond(50), efficiency: 0.91, runnerUpShare: 0.43, runnerUp: "ndr-400g (leaf)")

  /// An estimate whose latency is 10 µs and whose bytes move at 400 GB/s, times `slowness`.
  static func estimate(_ bytes: Int64, slowness: Double = 1, bottleneck: Estimate.Bottleneck? = bottleneck) -> Estimate
  {
    let latency = Seconds.microseconds(10)
    let transfer = Bytes(bytes) / Bandwidth.gigabytesPerSecond(400) * slowness
    let time = latency + transfer
    let chosen = Estimate.Candidate(algorithm: "nvls", messageProtocol: .simple, time: time)
    return Estimate(
      bytes: Bytes(bytes), time: time, algorithm: "nvls", messageProtocol: .simple, latencyTime: latency,
      bandwidthTime: transfer, lowerBound: time * 0.8, lowerBoundReason: "what leaves each GPU over its links",
      interval: (time * 0.9)...(time * 1.2), basis: .calibrated, bottleneck: bottleneck,
      terms: [
        .init(name: "start-up", tier: nil, time: latency, formula: "1 × 10 µs", source: "a fit"),
        .init(name: "bytes", tier: .rack, time: transfer, formula: "S / 400 GB/s", source: "a data sheet"),
      ],
      candidates: [chosen, .init(algorithm: "ring", messageProtocol: .ll128, time: time * 2)],
      alternatives: [.init(algorithm: "direct", messageProtocol: .simple, time: time * 3)])
  }

  static let schedule = Schedule(
    algorithm: "nvls", collective: .allReduce,
    ladder: TierLadder(ranks: 72, levels: [.init(tier: .rack, groups: [.init(size: 72, count: 1)])], scaleUpLevel: 0),
    phases: [
      .init(
        name: "reduction", summary: "every GPU sends to the switches", traffic: [.inSwitch: 1.5],
        latency: [.init(.inSwitch, count: 2)], repeats: 1)
    ], family: .inSwitch)

  static func answer(
    sizes: [Int64] = [1024, 8_589_934_592], collective: Collective = .allReduce, slowness: Double = 1,
    subject: Subject = subject(), remarks: [String] = ["two ports of each leaf are unused"]
  ) -> Answer {
    Answer(
      subject: subject, question: Question(collective, sizes: sizes.map { Bytes($0) }), ranks: 72, library: "nccl",
      estimates: sizes.map { estimate($0, slowness: slowness) },
      refusals: [.init(algorithm: "tree", reason: "There is one domain only.")],
      assumptions: [
        .init(name: "NIC bandwidth", value: "400 Gb/s", source: "a data sheet"),
        .init(name: "switch latency", value: "300 ns", source: "assumed"),
      ],
      remarks: remarks, plans: ["nvls": schedule])
  }

  static func comparison() -> Comparison {
    Comparison(
      [Collective.allReduce, .allToAll].map { collective in
        [
          answer(collective: collective),
          answer(
            collective: collective, slowness: 0.5, subject: Samples.subject("other", parameters: ["racks": "2"])),
        ]
      })
  }

  static func description(title: String = "Two racks of ours") -> Description {
    Description(
      subject: Subject(topology: "two-racks", title: title, parameters: ["racks": "2"]), acceleratorCount: 136,
      acceleratorsPresent: 144, vertexCount: 200, linkCount: 4000, cellCount: 12,
      devices: [
        .init(name: "rack/gpu", kind: .accelerator, part: "GB200", count: 144),
        .init(name: "rack/nvswitch", kind: .scaleUpSwitch, part: "", count: 36),
      ],
      links: [
        .init(
          link: LinkType(
            name: "nvlink5", technology: .nvlink, bandwidth: .gigabytesPerSecond(50), latency: .nanoseconds(300)),
          tier: .rack, between: ["rack/gpu", "rack/nvswitch"], count: 2592, perMember: 18)
      ],
      tiers: [
        .init(
          tier: .rack, groups: 2, acceleratorsPerGroup: 68, bandwidthPerAccelerator: .gigabytesPerSecond(900),
          latency: .nanoseconds(600), switchHops: 1, oversubscription: 1),
        .init(
          tier: .leaf, groups: 1, acceleratorsPerGroup: 136, bandwidthPerAccelerator: .gigabytesPerSecond(50),
          latency: nil, switchHops: nil, oversubscription: 2),
      ],
      bisection: .gigabytesPerSecond(3400), diameter: nil, diameterHops: nil, remarks: [], assumptions: [])
  }
}
