public import ClusterModel
public import Quantities

/// A kind of link; both directions are alike.
public struct Link: Part {
  /// All that is said of it, as it is written.
  public var record: PartRecord
  /// Its family.
  public var technology: LinkTechnology
  /// What one link carries in one direction.
  public var bandwidth: Figure<Bandwidth>
  /// The delay of the link with the port it ends in, one way.
  public var latency: Figure<Latency>
  /// The delay that each kilometre adds, one way; nil where length does not count.
  public var delayPerKilometre: Figure<Latency>? { record.quantity("delay-per-kilometre") }
  /// Its short name in answers.
  public var label: String { record.attributes["label"] ?? name.lowercased() }

  init?(_ record: PartRecord) {
    guard let technology = record.attributes["technology"].flatMap(LinkTechnology.init),
      let bandwidth: Figure<Bandwidth> = record.quantity("bandwidth"),
      let latency: Figure<Latency> = record.quantity("latency")
    else { return nil }
    self.record = record
    self.technology = technology
    self.bandwidth = bandwidth
    self.latency = latency
  }

  /// The kind of link as the cluster model knows it.
  public var linkType: LinkType {
    LinkType(name: label, technology: technology, bandwidth: bandwidth.value, latency: latency.value)
  }

  /// The kind of link at a length, where length counts.
  /// - Parameter kilometres: The length; what is negative or not a number counts as none. A delay beyond the range of
  ///   `Latency` stays at its greatest value.
  public func linkType(kilometres: Double) -> LinkType {
    var type = linkType
    guard let delay = delayPerKilometre?.value, kilometres > 0 else { return type }
    let picoseconds = (Double(delay.picoseconds) * kilometres).rounded()
    type.latency = type.latency + Latency(picoseconds: Int64(exactly: picoseconds) ?? .max)
    return type
  }
}
