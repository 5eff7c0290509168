import ClusterModel
import Diagnostics

/// A composition as it was read, with what turning it into a cluster needs beyond it.
struct Draft {
  var composition: Composition
  /// Whether the switches of every scale-up domain reduce.
  var inSwitchReduction: Bool
  /// Whether the switches of the fabric between racks and boxes reduce.
  var networkReduction = false
  /// The family of the scale-out transport and its version.
  var transport: LinkTechnology?
  var transportVersion = ""
  /// Things worth knowing that were found on the way.
  var remarks: [String] = []
  /// The tiers of switches that were derived.
  var fabric: [FabricSummary] = []
}
