public import ClusterModel
public import Quantities

/// A network adapter.
public struct NIC: Part {
  /// All that is said of it, as it is written.
  public var record: PartRecord
  /// The family of its transport.
  public var transport: LinkTechnology
  /// The version of the transport that communication libraries tell apart; empty where there is none.
  public var transportVersion: String { record.attributes["transport-version"] ?? "" }
  /// The name of the kind of link that a port takes.
  public var link: String
  /// How many network ports it has.
  public var ports: Figure<Int>
  /// The rate of one port in one direction.
  public var portBandwidth: Figure<Bandwidth>

  init?(_ record: PartRecord) {
    guard let transport = record.attributes["transport"].flatMap(LinkTechnology.init),
      let link = record.attributes["link"], let ports = record.count("ports"),
      let portBandwidth: Figure<Bandwidth> = record.quantity("port-bandwidth")
    else { return nil }
    self.record = record
    self.transport = transport
    self.link = link
    self.ports = ports
    self.portBandwidth = portBandwidth
  }
}
