/// A rule that turns rows of racks or boxes and a specification into switches and links.
public protocol FabricKind: Sendable {
  /// Its name in files: `rail-optimised`.
  static var name: String { get }

  /// Joins rows of racks or boxes by switches.
  /// - Parameters:
  ///   - sites: The rows, in rank order; at least one.
  ///   - spec: What the user says of the network.
  /// - Returns: One block with everything in it, what is missing in it, and what to report.
  /// - Throws: `FabricError` where the fabric cannot be built.
  /// - Complexity: Independent of how many racks there are, but for a logarithm; linear in the ports of a switch.
  static func attach(_ sites: [FabricSite], _ spec: FabricSpec) throws(FabricError) -> FabricResult
}
