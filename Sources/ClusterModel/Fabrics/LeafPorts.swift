import Quantities

/// How the ports of a leaf divide between NICs and uplinks in one plane.
///
/// A port of several times a link's bandwidth serves as many links; a NIC port faster than a switch port takes several
/// parallel links that share its bandwidth equally.
struct LeafPorts: Sendable {
  /// More ports than any switch has; keeps searches over ports short.
  static let limit = 100_000

  /// Ports of the switch.
  var ports: Int
  /// One link between NIC and leaf, and how many each NIC has in a plane.
  var access: LinkType
  var linksPerNIC: Int
  /// Access links and trunk links that one port serves.
  var accessSplit: Int
  var trunkSplit: Int
  /// One link between switches.
  var trunk: LinkType
  /// Downlink over uplink capacity.
  var oversubscription: Double

  /// The ports that a specification gives to NICs of `portsPerNIC` ports.
  ///
  /// Ports are dealt evenly to the planes; where they do not divide, each plane has an equal share of the NIC's
  /// bandwidth as one link.
  init(_ spec: FabricSpec, portsPerNIC: Int) throws(FabricError) {
    guard spec.ports >= 1 else { throw .invalidCount("ports", spec.ports) }
    guard portsPerNIC >= 1, portsPerNIC <= Self.limit else { throw .invalidCount("NIC ports", portsPerNIC) }
    guard (1...26).contains(spec.planes) else { throw .invalidCount("planes", spec.planes) }
    guard spec.oversubscription >= 1, spec.oversubscription.isFinite else {
      throw .invalidOversubscription(spec.oversubscription)
    }
    let port = try Self.rate(spec.portBandwidth, "switch port")
    var accessRate = try Self.rate(spec.accessLink.bandwidth, "access link")
    let trunkRate = min(try Self.rate(spec.trunkLink.bandwidth, "trunk link"), port)
    if portsPerNIC.isMultiple(of: spec.planes) {
      linksPerNIC = portsPerNIC / spec.planes
    } else {
      linksPerNIC = 1
      accessRate *= Double(portsPerNIC) / Double(spec.planes)
    }
    let lanes = (accessRate / port - 1e-9).rounded(.up)
    guard lanes <= Double(Self.limit) else { throw .radixTooSmall(radix: spec.ports) }
    if lanes > 1 {
      linksPerNIC = try Count.product(linksPerNIC, Int(lanes))
      accessRate /= lanes
    }
    ports = spec.ports
    access = spec.accessLink
    access.bandwidth = Bandwidth(bytesPerSecond: accessRate)
    accessSplit = try Self.split(ports: spec.ports, of: port, into: accessRate)
    trunk = spec.trunkLink
    trunk.bandwidth = Bandwidth(bytesPerSecond: trunkRate)
    trunkSplit = try Self.split(ports: spec.ports, of: port, into: trunkRate)
    oversubscription = spec.oversubscription
  }

  private static func rate(_ bandwidth: Bandwidth, _ name: String) throws(FabricError) -> Double {
    guard bandwidth.bytesPerSecond > 0, bandwidth.bytesPerSecond.isFinite else { throw .invalidBandwidth(name) }
    return bandwidth.bytesPerSecond
  }

  private static func split(ports: Int, of port: Double, into link: Double) throws(FabricError) -> Int {
    let share = max(1, (port / link + 1e-9).rounded(.down))
    guard share * Double(ports) <= Double(limit) else { throw .radixTooLarge(limit: limit) }
    return Int(share)
  }

  /// Ports at the speed of the links to NICs, and at that of links to other switches.
  var radix: Int { ports * accessSplit }
  var trunkRadix: Int { ports * trunkSplit }

  /// The least number of uplinks for a number of links to NICs.
  func uplinks(down: Int) -> Int {
    let capacity = Double(down) * (access.bandwidth / trunk.bandwidth) / oversubscription
    return max(1, Int((capacity - 1e-9).rounded(.up)))
  }

  /// Trunk links that the leaf has ports for beside a number of links to NICs.
  func freePorts(down: Int) -> Int {
    accessSplit == trunkSplit ? radix - down : (ports - Count.quotientUp(down, accessSplit)) * trunkSplit
  }

  /// Ports left over, at the speed of the links to NICs.
  func unused(down: Int, up: Int) -> Int {
    accessSplit == trunkSplit
      ? radix - down - up
      : (ports - Count.quotientUp(down, accessSplit) - Count.quotientUp(up, trunkSplit)) * accessSplit
  }

  /// The most links to NICs that leave ports for their uplinks.
  var maximumDown: Int {
    var low = 0
    var high = radix
    while low < high {
      let middle = low + (high - low + 1) / 2
      if uplinks(down: middle) <= freePorts(down: middle) { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
