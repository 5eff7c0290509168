import ClusterModel
import Diagnostics

/// A composition as it was read, with what turning it into a cluster needs beyond it.
struct Draft {
  var composition: Composition
  /// Whether the switches of every scale-up domain reduce.
  var inSwitchReduction: Bool
  /// The family of the scale-out transport and its version.
  var transport: LinkTechnology?
  var transportVersion = ""
  /// Things worth knowing that were found on the way.
  var remarks: [String] = []
}

/// Racks or boxes of a cluster that face its fabric.
struct FabricMember {
  var block: String
  /// Names from the cluster down to the device row that faces the fabric.
  var ports: [String]
  var nic: String
  var portsPerNIC: Int
  var link: LinkType
}
