import Diagnostics
import Documents
import Quantities

/// A language model by its shape, as far as serving it takes time and memory.
public struct LanguageModel: Sendable, Hashable {
  /// The experts of a mixture.
  public struct Experts: Sendable, Hashable {
    /// How many each layer has.
    public var count: Int
    /// How many each token visits.
    public var chosen: Int
    /// How many layers have experts.
    public var layers: Int
    /// Weights in all experts.
    public var parameters: Double
  }

  /// Its name.
  public var name: String
  /// How many layers.
  public var layers: Int
  /// Numbers that stand for a token between layers.
  public var hidden: Int
  /// Weights in all.
  public var parameters: Double
  /// Weights that a token visits.
  public var active: Double
  /// Bits of a weight.
  public var weightBits: Double
  /// Numbers that each layer keeps of a token.
  public var cachedPerLayer: Double
  /// The experts; nil for a dense model.
  public var experts: Experts?
  /// Where the figures come from.
  public var source: String

  /// Bytes of all weights.
  public var weightBytes: Double { parameters * weightBits / 8 }

  /// The share of the weights that a step of so many tokens reads: those every token visits, and of the experts those
  /// that at least one token has chosen.
  public func shareRead(tokens: Double) -> Double {
    guard let experts else { return 1 }
    let missed = 1 - Double(experts.chosen) / Double(experts.count)
    let visited = 1 - Power.of(missed, tokens)
    return min(1, ((parameters - experts.parameters) + experts.parameters * visited) / parameters)
  }
}

/// The shipped models and the constants of serving them.
public struct ModelCatalog: Sendable {
  /// What is reached of the data sheets, and what else takes time.
  public struct Constants: Sendable, Hashable {
    var memoryEfficiency: Double
    var computeEfficiency: Double
    var memoryReserve: Double
    var stepOverhead: Double
    var cacheBits: Double
    /// Bits of a number that accelerators exchange.
    public var activationBits: Double
    /// Bits of a number on its way to an expert.
    public var dispatchBits: Double
    var jitter: Double
    var batchLimit: Int
    /// Dollars for an accelerator and hour.
    public var price: Double
  }

  /// The models in the order of the data.
  public let models: [LanguageModel]
  /// The constants.
  public let constants: Constants

  /// The shipped models; nil where the data file is damaged, which a test excludes.
  public static let shipped: ModelCatalog? = {
    var list = DiagnosticList()
    return ModelCatalog(&list)
  }()

  /// The names of the models.
  public var names: [String] { models.map(\.name) }

  /// A model by its name without regard to case and punctuation.
  public func model(_ name: String) -> LanguageModel? { models.first { $0.name.nameKey == name.nameKey } }

  init?(_ list: inout DiagnosticList) {
    guard let data = ServingData.mapping("models", &list),
      let constants = data["constants"]?.mapping("constants", &list).flatMap({ Constants($0, data["prices"], &list) })
    else {
      list.error("data.models", "the models lack constants", at: nil)
      return nil
    }
    self.constants = constants
    models = (data["shapes"]?.mapping?.entries ?? []).compactMap {
      LanguageModel(name: $0.key.value, $0.value, sources: data["sources"]?.mapping, &list)
    }
  }
}

extension ModelCatalog.Constants {
  fileprivate init?(_ data: Mapping, _ prices: Node?, _ list: inout DiagnosticList) {
    guard let memory = data.constant("memory-efficiency", in: 0.01...1, &list),
      let compute = data.constant("compute-efficiency", in: 0.01...1, &list),
      let reserve = data.constant("memory-reserve", in: 0...0.9, &list),
      let overhead = data.constant("step-overhead", as: Seconds.self, &list),
      let cache = data.constant("cache-bits", in: 1...64, &list),
      let activation = data.constant("activation-bits", in: 1...64, &list),
      let dispatch = data.constant("dispatch-bits", in: 1...64, &list),
      let jitter = data.constant("connection-jitter", in: 0...1, &list),
      let limit = data.constant("batch-limit", in: 1...100_000, &list),
      let price = prices?.mapping?.constant("default", in: 0...1e6, &list)
    else { return nil }
    self.init(
      memoryEfficiency: memory, computeEfficiency: compute, memoryReserve: reserve, stepOverhead: overhead.value,
      cacheBits: cache, activationBits: activation, dispatchBits: dispatch, jitter: jitter, batchLimit: Int(limit),
      price: price)
  }
}

extension LanguageModel {
  static let shape = Schema(
    "model", "A language model by its shape.",
    keys: [
      .optional("source", .name(of: "a source"), "Where the shape is published."),
      .optional("assumed", .boolean, "Whether nobody has published it."),
      .optional("note", .text, "What to know of it."),
      .required("layers", .integer, "How many layers."),
      .required("hidden", .integer, "Numbers that stand for a token between layers."),
      .required("parameters", .number, "Weights in all."),
      .required("active", .number, "Weights that a token visits."),
      .required("weight-bits", .number, "Bits of a weight."),
      .required("cached-per-layer", .number, "Numbers that each layer keeps of a token."),
      .optional("experts", .mapping("experts"), "The experts of a mixture."),
    ])

  static let expertShape = Schema(
    "experts", "The experts of a mixture.",
    keys: [
      .required("count", .integer, "How many each layer has."),
      .required("chosen", .integer, "How many each token visits."),
      .required("layers", .integer, "How many layers have experts."),
      .required("parameters", .number, "Weights in all experts."),
    ])

  /// Reads a model's shape.
  init?(name: String, _ node: Node, sources: Mapping?, _ list: inout DiagnosticList) {
    let before = list.count
    guard let fields = Fields(node, LanguageModel.shape, &list) else { return nil }
    let source = fields.text("source", &list)?.value
    let isAssumed = fields.boolean("assumed", &list)?.value ?? false
    let note = fields.text("note", &list)?.value
    guard let layers = fields.integer("layers", in: 1...10_000, &list)?.value,
      let hidden = fields.integer("hidden", in: 1...1_000_000, &list)?.value,
      let parameters = fields.number("parameters", in: 1e6...1e16, &list)?.value,
      let active = fields.number("active", in: 1e6...1e16, &list),
      let bits = fields.number("weight-bits", in: 0.5...64, &list)?.value,
      let cached = fields.number("cached-per-layer", in: 1...1e9, &list)?.value
    else { return nil }
    if active.value > parameters {
      list.error("model.active", "a token cannot visit more weights than there are", at: active.range)
    }
    var experts: Experts?
    if let node = fields["experts"], let inner = Fields(node, LanguageModel.expertShape, &list) {
      if let count = inner.integer("count", in: 1...1_000_000, &list)?.value,
        let chosen = inner.integer("chosen", in: 1...count, &list)?.value,
        let layered = inner.integer("layers", in: 1...layers, &list)?.value,
        let weights = inner.number("parameters", in: 1...parameters, &list)?.value
      {
        experts = Experts(count: count, chosen: chosen, layers: layered, parameters: weights)
      }
    }
    guard list.count == before else { return nil }
    let title = source.flatMap { sources?[$0]?.mapping?["title"]?.scalar?.text }
    self.init(
      name: name, layers: layers, hidden: hidden, parameters: parameters, active: active.value, weightBits: bits,
      cachedPerLayer: cached, experts: experts,
      source: isAssumed ? "assumed: \(note ?? "")" : title ?? source ?? "stated in the estate")
  }
}
