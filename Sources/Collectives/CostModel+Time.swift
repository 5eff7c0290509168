import ClusterModel
import Foundation
public import Quantities

/// The time of a schedule at one size.
public struct Cost: Sendable, Hashable {
  /// From the start of the collective to its end.
  public var total: Seconds
  /// The part that does not grow with the size.
  public var latency: Seconds
  /// The slowest link's time, or the sum over phases that do not overlap.
  public var transfer: Seconds
  /// Filling of the pipeline.
  public var ramp: Seconds
  /// What launches by the processor add.
  public var launch: Seconds
  /// The addends of the latency.
  public var latencyTerms: [CostTerm]
}

extension CostModel {
  /// What does not depend on the size, computed once per schedule and protocol.
  public struct Prepared: Sendable {
    let terms: [CostTerm]
    var latency: Seconds
    let launch: CostTerm?
    let volume: Double
    let family: Schedule.Family
    /// Extra time per message byte of LL across the network.
    let extraPerByte: Double
    /// The figure that this is inverse to.
    let extraFigure: String

    /// The same schedule with a longer latency, or a shorter one where the time added is below zero.
    public func adding(latency extra: Seconds) -> Prepared {
      var other = self
      other.latency = Seconds(max(0, latency.value + extra.value))
      return other
    }
  }

  /// Prepares a schedule with a protocol.
  public func prepare(_ schedule: Schedule, using messageProtocol: MessageProtocol) -> Prepared {
    let terms = latencyTerms(of: schedule, using: messageProtocol)
    let outside = schedule.volumeLeaving(level: networkLevel - 1)
    // A ring passes each hop its share of the message, a tree the whole of it.
    let rateFigure = "ll-network-rate.\(schedule.family == .tree ? HopFamily.tree : .ring)"
    let rate = profile.figures[rateFigure]?.value ?? .infinity
    return Prepared(
      terms: terms, latency: terms.reduce(.zero) { $0 + $1.time }, launch: launch(of: schedule),
      volume: Schedule.ordered(schedule.traffic).reduce(0) { $0 + $1.volume }, family: schedule.family,
      extraPerByte: messageProtocol == .ll ? outside * Double(domainSize) / rate : 0, extraFigure: rateFigure)
  }

  /// The time of a prepared schedule at a size.
  /// - Parameters:
  ///   - prepared: The schedule with a protocol.
  ///   - bytes: The message size.
  ///   - linkTime: The time of the slowest link, or the sum over phases that do not overlap.
  public func cost(of prepared: Prepared, bytes: Bytes, linkTime: Seconds) -> Cost {
    let transfer = linkTime + Seconds(prepared.extraPerByte * Double(bytes.count))
    let ramp = Ramp(prepared, transfer: transfer, self)?.time ?? .zero
    let device = prepared.latency + transfer + ramp
    let total = CostModel.slower(device, prepared.launch?.time ?? .zero)
    return Cost(
      total: total, latency: prepared.latency, transfer: transfer, ramp: ramp, launch: total - device,
      latencyTerms: prepared.terms)
  }

  /// Filling of the pipeline: `factor · latency^q · (pass / (1 + pass / saturation))^(1 − q)`.
  private struct Ramp {
    let factorFigure: String
    /// How far the pass has come to its saturation.
    let fullness: Double
    /// The power of the latency.
    let power: Double
    let time: Seconds

    init?(_ prepared: Prepared, transfer: Seconds, _ model: CostModel) {
      factorFigure = prepared.family == .inSwitch ? "ramp.in-switch-factor" : "ramp.factor"
      guard let factor = model.profile.figures[factorFigure]?.value else { return nil }
      let pass = prepared.family == .ring && prepared.volume > 0 ? transfer.value / prepared.volume : transfer.value
      let saturation = model.profile.time("ramp.saturation").value * Double(max(model.setting.ladder.ranks, 8)) / 8
      fullness = saturation > 0 ? pass / saturation : 0
      power = min(model.profile.figures["ramp.latency-power"]?.value ?? 0.5, 1)
      time = Seconds(factor * pow(prepared.latency.value, power) * pow(pass / (1 + fullness), 1 - power))
    }
  }

  private func launch(of schedule: Schedule) -> CostTerm? {
    guard !setting.graphLaunch else { return nil }
    let isAMD = setting.accelerator.vendor == "amd" && setting.gpusPerProcess == 1
    let figure = isAMD ? "launch.amd" : "launch.nvidia"
    let factors = schedule.family == .pointToPoint ? ["launch.point-to-point-factor"] : []
    var parts = [
      CostTerm.Part(
        time: profile.time(figure) * factors.reduce(1) { $0 * profile.factor($1) }, figures: [figure] + factors)
    ]
    if let framework = setting.frameworkFigure {
      parts.append(.init(time: profile.time(framework), figures: [framework]))
    }
    return CostTerm(name: "launch by the processor", tier: nil, count: Double(setting.gpusPerProcess), parts: parts)
  }

  /// Two times of which the slower sets the pace: a norm between the larger and the sum.
  private static func slower(_ one: Seconds, _ other: Seconds) -> Seconds {
    let large = max(one.value, other.value)
    guard large > 0, other.value > 0 else { return one }
    let share = min(one.value, other.value) / large
    return Seconds(large * pow(1 + pow(share, norm), 1 / norm))
  }

  /// The power of the norm that joins launches with the accelerators' work.
  private static let norm = 2.0
}

extension CostModel {
  /// An addend of a schedule's link time per byte of message.
  package struct LinkShare: Sendable {
    /// Seconds per byte of message.
    package var secondsPerByte: Double
    /// The figures of the rate that it is inverse to.
    package var rate: FigureProduct

    /// An addend of its parts.
    package init(secondsPerByte: Double, rate: FigureProduct) {
      self.secondsPerByte = secondsPerByte
      self.rate = rate
    }
  }

  /// How a prepared schedule's time answers to the profile's figures: the derivative of the time's logarithm by the
  /// logarithm of each figure that it rests on.
  /// - Parameters:
  ///   - prepared: The schedule with a protocol.
  ///   - bytes: The message size.
  ///   - secondsPerByte: The time of the slowest links per byte of message.
  ///   - links: What that time consists of; none where no figure decides it.
  package func sensitivities(
    of prepared: Prepared, bytes: Bytes, secondsPerByte: Double, links: [LinkShare]
  ) -> [String: Double] {
    let size = Double(bytes.count)
    let extra = prepared.extraPerByte * size
    let transfer = secondsPerByte * size + extra
    let ramp = Ramp(prepared, transfer: Seconds(transfer), self)
    let rampTime = ramp?.time.value ?? 0
    let fullness = ramp?.fullness ?? 0
    let power = ramp?.power ?? 0
    let device = prepared.latency.value + transfer + rampTime
    let launch = prepared.launch?.time.value ?? 0
    let total = CostModel.slower(Seconds(device), Seconds(launch)).value
    guard total > 0 else { return [:] }
    var result: [String: Double] = [:]
    let pace = pow(device / total, CostModel.norm - 1) / total
    let byLatency = pace * (1 + (prepared.latency.value > 0 ? rampTime * power / prepared.latency.value : 0))
    let byTransfer = pace * (1 + (transfer > 0 ? rampTime * (1 - power) / (transfer * (1 + fullness)) : 0))
    func add(_ parts: [CostTerm.Part], weight: Double) {
      for part in parts {
        for figure in part.figures { result[figure, default: 0] += weight * part.time.value }
      }
    }
    for term in prepared.terms { add(term.parts, weight: byLatency * term.count) }
    for link in links {
      let weight = byTransfer * link.secondsPerByte * size
      for figure in link.rate.over { result[figure, default: 0] -= weight }
      for figure in link.rate.under { result[figure, default: 0] += weight }
    }
    if extra > 0 { result[prepared.extraFigure, default: 0] -= byTransfer * extra }
    if let ramp {
      result[ramp.factorFigure, default: 0] += pace * rampTime
      result["ramp.saturation", default: 0] += pace * rampTime * (1 - power) * fullness / (1 + fullness)
    }
    if let term = prepared.launch {
      add(term.parts, weight: pow(launch / total, CostModel.norm - 1) / total * term.count)
    }
    return result
  }
}
