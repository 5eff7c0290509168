public import ClusterModel
public import Quantities

/// A switch: of the fabric between racks and boxes, or inside a scale-up domain.
public struct Switch: Part {
  /// All that is said of it, as it is written.
  public var record: PartRecord
  /// `networkSwitch` or `scaleUpSwitch`.
  public var kind: DeviceKind
  /// The name of the kind of link that a port takes.
  public var link: String
  /// How many ports it has.
  public var ports: Figure<Int>
  /// The rate of one port in one direction.
  public var portBandwidth: Figure<Bandwidth>
  /// The delay through it, for reference: the latency of a link already holds the port that it ends in.
  public var latency: Figure<Latency>? { record.quantity("latency") }
  /// The generation of the protocol by which it reduces between racks and boxes (SHARP); nil: it does not.
  public var reductionGeneration: Figure<Int>? { record.count("sharp") }

  init?(_ record: PartRecord) {
    guard let kind = record.attributes["kind"].flatMap(DeviceKind.init), let link = record.attributes["link"],
      let ports = record.count("ports"),
      let portBandwidth: Figure<Bandwidth> = record.quantity("port-bandwidth")
    else { return nil }
    self.record = record
    self.kind = kind
    self.link = link
    self.ports = ports
    self.portBandwidth = portBandwidth
  }
}
