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
    let launch: Seconds
    let volume: Double
    let family: Schedule.Family
    /// Extra time per message byte of LL across the network.
    let extraPerByte: Double

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
    let rate = profile.figures["ll-network-rate"]?.value ?? .infinity
    return Prepared(
      terms: terms, latency: terms.reduce(.zero) { $0 + $1.time }, launch: launchTime(of: schedule),
      volume: Schedule.ordered(schedule.traffic).reduce(0) { $0 + $1.volume }, family: schedule.family,
      extraPerByte: messageProtocol == .ll ? outside * Double(domainSize) / rate : 0)
  }

  /// The time of a prepared schedule at a size.
  /// - Parameters:
  ///   - prepared: The schedule with a protocol.
  ///   - bytes: The message size.
  ///   - linkTime: The time of the slowest link, or the sum over phases that do not overlap.
  public func cost(of prepared: Prepared, bytes: Bytes, linkTime: Seconds) -> Cost {
    let transfer = linkTime + Seconds(prepared.extraPerByte * Double(bytes.count))
    let ramp = rampTime(prepared, transfer: transfer)
    let device = prepared.latency + transfer + ramp
    let total = CostModel.slower(device, prepared.launch)
    return Cost(
      total: total, latency: prepared.latency, transfer: transfer, ramp: ramp, launch: total - device,
      latencyTerms: prepared.terms)
  }

  private func rampTime(_ prepared: Prepared, transfer: Seconds) -> Seconds {
    let isInSwitch = prepared.family == .inSwitch
    guard let factor = profile.figures[isInSwitch ? "ramp.in-switch-factor" : "ramp.factor"]?.value else {
      return .zero
    }
    let pass = prepared.family == .ring && prepared.volume > 0 ? transfer.value / prepared.volume : transfer.value
    let saturation = profile.time("ramp.saturation").value * Double(max(setting.ladder.ranks, 8)) / 8
    let filling = saturation > 0 ? pass / (1 + pass / saturation) : pass
    return Seconds(factor * (prepared.latency.value * filling).squareRoot())
  }

  private func launchTime(of schedule: Schedule) -> Seconds {
    guard !setting.graphLaunch else { return .zero }
    let isAMD = setting.accelerator.vendor == "amd" && setting.gpusPerProcess == 1
    let factor = schedule.family == .pointToPoint ? profile.factor("launch.point-to-point-factor") : 1
    return profile.time(isAMD ? "launch.amd" : "launch.nvidia") * Double(setting.gpusPerProcess) * factor
  }

  /// Two times of which the slower sets the pace: the eighth-power norm.
  private static func slower(_ one: Seconds, _ other: Seconds) -> Seconds {
    let large = max(one.value, other.value)
    guard large > 0, other.value > 0 else { return one }
    let share = min(one.value, other.value) / large
    return Seconds(large * pow(1 + pow(share, 8), 0.125))
  }
}
