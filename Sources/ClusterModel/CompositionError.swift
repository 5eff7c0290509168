/// Why a composition does not describe a fabric.
public enum CompositionError: Error, Hashable, Sendable {
  /// A block or device row with fewer than one member.
  case count(path: [String], count: Int)
  /// Two parts of one block with the same name.
  case duplicateName(path: [String])
  /// A wiring (its place in document order) that names a part its block does not hold; the parts that it holds.
  case unknownPart(wiring: Int, name: String, known: [String])
  /// A wiring that ends in a block rather than in a device row.
  case notADevice(wiring: Int, name: String)
  /// Aligned rows of which neither's length divides the other's.
  case unequalRows(wiring: Int, from: Int, to: Int)
  /// Rows that earlier wirings have divided so that these cannot be matched any more.
  case incompatibleRows(wiring: Int)
  /// A wiring of a row with itself that is not a mesh, or a mesh between two rows or of a single device.
  case mesh(wiring: Int)
  /// A ring of blocks or devices that are not there, by a number of indices that they lack, or between two rows.
  case ring(wiring: Int)
  /// A ring whose row another wiring divides, or that goes round what another wiring tells apart one by one.
  case brokenRing(wiring: Int)
  /// Fewer than one link per pair.
  case linksPerPair(wiring: Int)
  /// A wiring after which there are more links than 64 bits can count.
  case tooManyLinks(wiring: Int)
  /// No accelerator anywhere.
  case noAccelerators
  /// A selecting path with a name that no part has there; the names that would do.
  case unknownStep(name: String, known: [String])
  /// A selecting path whose index no part has.
  case indexOutOfRange(step: String, index: Int, count: Int)
  /// A change of links between rows that no wiring joins.
  case notLinked(from: String, to: String)
  /// More parts or selections than can be handled; what of.
  case tooMany(String)
}
