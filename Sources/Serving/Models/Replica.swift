import Foundation

/// An accelerator's figures as far as serving needs them.
public struct AcceleratorFigures: Sendable, Hashable {
  /// The part's name.
  public var name: String
  /// Bytes of memory.
  public var memory: Double
  /// Bytes per second of memory.
  public var memoryBandwidth: Double
  /// Dense operations per second at the width of the weights.
  public var operations: Double

  /// Figures of their parts.
  public init(name: String, memory: Double, memoryBandwidth: Double, operations: Double) {
    self.name = name
    self.memory = memory
    self.memoryBandwidth = memoryBandwidth
    self.operations = operations
  }
}

/// How a model is spread over the accelerators of one replica.
public struct Parallelism: Sendable, Hashable {
  /// Accelerators that share each matrix.
  public var tensor: Int
  /// Accelerators that share the experts; one where there are none.
  public var expert: Int
  /// Stages of layers.
  public var pipeline: Int

  /// A spread of its parts.
  public init(tensor: Int, expert: Int = 1, pipeline: Int = 1) {
    self.tensor = max(1, tensor)
    self.expert = max(1, expert)
    self.pipeline = max(1, pipeline)
  }

  /// Accelerators of a replica: experts lie on the accelerators that tensors are shared over, or on more of them.
  public var accelerators: Int { max(tensor, expert) * pipeline }

  /// Groups that share tensors, among which the requests of a replica are divided.
  public var groups: Int { max(1, max(tensor, expert) / tensor) }
}

/// A collective that a step runs so many times.
public struct CollectiveCall: Sendable, Hashable {
  /// What is run.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case allReduce = "all-reduce"
    case allToAll = "all-to-all"
    case sendReceive = "send-recv"
  }

  /// What is run.
  public var kind: Kind
  /// How many accelerators take part.
  public var ranks: Int
  /// Bytes as nccl-tests counts them.
  public var bytes: Double
  /// How many times in a step, one after another.
  public var count: Int
}

/// Seconds that one collective takes.
public typealias CollectiveTime = @Sendable (_ kind: CollectiveCall.Kind, _ ranks: Int, _ bytes: Double) -> Double

/// One replica of a model: what a step takes, by the roofline of its accelerators and the collectives between them.
public struct Replica: Sendable {
  /// The time of a step and what it consists of, in seconds.
  public struct Step: Sendable, Hashable {
    /// Reading weights and caches, or the arithmetic, whichever takes longer.
    public var compute: Double
    /// Collectives of all layers.
    public var communication: Double
    /// Scheduling and sampling.
    public var overhead: Double

    /// All together.
    public var total: Double { compute + communication + overhead }
    /// The share of collectives.
    public var communicationShare: Double { communication / total }
  }

  /// Drafting of tokens that a step then confirms.
  public struct Speculation: Sendable, Hashable {
    /// Tokens drafted for each step.
    public var drafted: Int
    /// The probability that a drafted token is confirmed after those before it.
    public var acceptance: Double
    /// Time of drafting a token over that of a step with one token.
    public var cost: Double

    /// A way of drafting.
    public init(drafted: Int, acceptance: Double, cost: Double) {
      self.drafted = drafted
      self.acceptance = acceptance
      self.cost = cost
    }

    /// Mean tokens that a step gives.
    public var tokensPerStep: Double {
      acceptance >= 1
        ? Double(drafted + 1) : (1 - Power.of(acceptance, Double(drafted + 1))) / (1 - acceptance)
    }
  }

  /// The model.
  public let model: LanguageModel
  /// How it is spread.
  public let parallelism: Parallelism
  /// What it runs on.
  public let accelerator: AcceleratorFigures
  /// Drafting, if any.
  public let speculation: Speculation?
  private let constants: ModelCatalog.Constants
  private let collectiveTime: CollectiveTime

  /// A replica of its parts.
  public init(
    model: LanguageModel, parallelism: Parallelism, accelerator: AcceleratorFigures,
    speculation: Speculation? = nil, constants: ModelCatalog.Constants, collectiveTime: @escaping CollectiveTime
  ) {
    self.model = model
    self.parallelism = parallelism
    self.accelerator = accelerator
    self.speculation = speculation
    self.constants = constants
    self.collectiveTime = collectiveTime
  }

  private var accelerators: Double { Double(parallelism.accelerators) }
  /// Memory for weights and caches.
  public var usableMemory: Double { accelerators * accelerator.memory * (1 - constants.memoryReserve) }
  /// Bytes of weights that the replica holds; what is no expert's is held by each group.
  public var weightBytes: Double {
    guard let experts = model.experts else { return model.weightBytes * Double(parallelism.groups) }
    let routed = experts.parameters * model.weightBits / 8
    return routed + (model.weightBytes - routed) * Double(parallelism.groups)
  }
  /// Bytes that are missing for the weights alone; not positive where they fit.
  public var missingMemory: Double { weightBytes - usableMemory }
  /// Bytes kept of a token.
  public var cacheBytesPerToken: Double { Double(model.layers) * model.cachedPerLayer * constants.cacheBits / 8 }

  /// The largest batch whose caches fit, at most a limit.
  /// - Parameter context: Mean tokens of a request while it is decoded.
  public func batchLimit(context: Double, limit: Int? = nil) -> Int {
    let fitting = -missingMemory / (cacheBytesPerToken * max(1, context))
    return max(0, min(limit ?? constants.batchLimit * parallelism.groups, Int(min(max(0, fitting), 1e9))))
  }

  /// The collectives of a step of so many tokens over all layers.
  public func collectives(tokens: Double) -> [CollectiveCall] {
    var calls: [CollectiveCall] = []
    let width = Double(model.hidden)
    let perGroup = max(1, tokens / Double(parallelism.groups))
    if parallelism.tensor > 1 {
      // After attention and after the feed-forward part; a layer with spread experts needs only the first.
      let spread = parallelism.expert > 1 ? model.experts?.layers ?? 0 : 0
      calls.append(
        .init(
          kind: .allReduce, ranks: parallelism.tensor, bytes: perGroup * width * constants.activationBits / 8,
          count: 2 * model.layers - spread))
    }
    if parallelism.expert > 1, let experts = model.experts {
      let perRank = max(1, tokens / Double(max(parallelism.tensor, parallelism.expert)))
      let numbers = perRank * Double(experts.chosen) * width
      for bits in [constants.dispatchBits, constants.activationBits] {
        calls.append(
          .init(kind: .allToAll, ranks: parallelism.expert, bytes: numbers * bits / 8, count: experts.layers))
      }
    }
    if parallelism.pipeline > 1 {
      calls.append(
        .init(
          kind: .sendReceive, ranks: 2, bytes: perGroup * width * constants.activationBits / 8,
          count: parallelism.pipeline - 1))
    }
    return calls
  }

  private func communication(tokens: Double) -> Double {
    collectives(tokens: tokens).reduce(0) { $0 + Double($1.count) * collectiveTime($1.kind, $1.ranks, $1.bytes) }
  }

  /// A decoding step that gives each of so many requests a token.
  /// - Parameter context: Mean tokens of a request so far.
  public func decodeStep(batch: Int, context: Double) -> Step {
    let tokens = Double(batch) * Double(1 + (speculation?.drafted ?? 0))
    let read = model.shareRead(tokens: tokens) * weightBytes + Double(batch) * context * cacheBytesPerToken
    // Stages of layers pass a token on: each works while the others hold other tokens or wait.
    let memory = read / (accelerators * accelerator.memoryBandwidth * constants.memoryEfficiency)
    let arithmetic = 2 * model.active * tokens / (accelerators * accelerator.operations * constants.computeEfficiency)
    let staged = Double(parallelism.pipeline)
    var step = Step(
      compute: max(memory, arithmetic) * (batch < parallelism.pipeline ? staged : 1),
      communication: communication(tokens: tokens), overhead: constants.stepOverhead)
    if let speculation {
      step.compute *= 1 + speculation.cost * Double(speculation.drafted)
    }
    return step
  }

  /// Mean time between tokens of a request in a batch.
  public func timePerToken(batch: Int, context: Double) -> Double {
    decodeStep(batch: batch, context: context).total / (speculation?.tokensPerStep ?? 1)
  }

  /// Reading prompts of so many tokens, one in each group that shares tensors.
  public func prefill(tokens: Double) -> Step {
    let prompts = Double(parallelism.groups)
    let attention = 2 * tokens * tokens * Double(model.layers) * Double(model.hidden)
    let arithmetic = prompts * (2 * model.active * tokens + attention)
    let compute = arithmetic / (accelerators * accelerator.operations * constants.computeEfficiency)
    let read = weightBytes / (accelerators * accelerator.memoryBandwidth * constants.memoryEfficiency)
    return Step(
      compute: max(compute, read), communication: communication(tokens: prompts * tokens),
      overhead: constants.stepOverhead)
  }
}
