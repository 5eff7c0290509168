public import Quantities

/// An accelerator: what computes and takes part in collectives.
public struct Accelerator: Part {
  /// All that is said of it, as it is written.
  public var record: PartRecord
  /// The generation as communication libraries tell it: `ampere`, `hopper`, `blackwell`; empty where unknown.
  public var generation: String { record.attributes["generation"] ?? "" }
  /// The name of the kind of its scale-up links.
  public var link: String? { record.attributes["link"] }
  /// How many scale-up links it has.
  public var links: Figure<Int>? { record.count("links") }
  /// The rate of all its scale-up links together, in one direction.
  public var scaleUpBandwidth: Figure<Bandwidth>? { record.quantity("scale-up-bandwidth") }
  /// The memory on its package.
  public var memory: Figure<Bytes>? { record.quantity("memory") }
  /// The rate of that memory.
  public var memoryBandwidth: Figure<Bandwidth>? { record.quantity("memory-bandwidth") }
  /// The dense BF16 rate.
  public var peakBF16: Figure<OperationRate>? { record.quantity("peak-bf16") }
  /// The dense FP8 rate.
  public var peakFP8: Figure<OperationRate>? { record.quantity("peak-fp8") }
  /// The dense FP4 rate.
  public var peakFP4: Figure<OperationRate>? { record.quantity("peak-fp4") }
  /// The greatest power of one.
  public var power: Figure<Power>? { record.quantity("power") }

  init?(_ record: PartRecord) { self.record = record }
}
