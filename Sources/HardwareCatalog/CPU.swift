public import Quantities

/// A host processor.
public struct CPU: Part {
  /// All that is said of it, as it is written.
  public var record: PartRecord
  /// How communication libraries tell it: `x86-intel`, `x86-amd`, `arm-grace`.
  public var kind: String
  /// How many cores it has.
  public var cores: Figure<Int>? { record.count("cores") }
  /// The memory of one processor.
  public var memory: Figure<Bytes>? { record.quantity("memory") }
  /// The rate to the next socket, in one direction.
  public var socketBandwidth: Figure<Bandwidth>? { record.quantity("socket-bandwidth") }

  init?(_ record: PartRecord) {
    guard let kind = record.attributes["kind"] else { return nil }
    self.record = record
    self.kind = kind
  }
}
