/// A row of racks or boxes that a fabric joins.
public struct FabricSite: Sendable {
  /// The rack or box; its count is how many there are in the row.
  public var block: Composition.Block
  /// Names from inside the rack or box down to its row of NICs: `["tray", "nic"]`, or `["nic"]` for a box.
  public var nicPath: [String]
  /// Ports of each NIC, each of the bandwidth of the fabric's access link.
  public var portsPerNIC: Int

  /// A row of racks or boxes.
  public init(block: Composition.Block, nicPath: [String], portsPerNIC: Int = 1) {
    self.block = block
    self.nicPath = nicPath
    self.portsPerNIC = portsPerNIC
  }
}
