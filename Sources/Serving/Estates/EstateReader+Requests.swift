import Diagnostics
import Documents
import Quantities

extension EstateReader {
  private static let mostTurns = 200
  private static let mostSteps = 64

  /// What a request asks; nil after an error.
  func request(_ fields: Fields, _ list: inout DiagnosticList) -> RequestShape? {
    let prompt = length(fields["prompt"], "prompt", &list)
    let output = length(fields["output"], "output", &list)
    let cached = fields.number("cached", in: 0...0.999, &list)?.value ?? 0
    let connections = fields.number("new-connections", in: 0...1, &list)?.value ?? 0.1
    var speculation: Replica.Speculation?
    if let inner = fields["speculation"].flatMap({ Fields($0, EstateLanguage.speculation, &list) }) {
      if let drafted = inner.integer("drafted", in: 1...64, &list)?.value,
        let acceptance = inner.number("acceptance", in: 0...1, &list)?.value
      {
        speculation = .init(
          drafted: drafted, acceptance: acceptance, cost: inner.number("cost", in: 0...10, &list)?.value ?? 0.1)
      }
    }
    let agent = fields["agent"].flatMap { self.agent($0, &list) }
    if let agent, let node = fields["agent"], agent.size > Self.mostSteps {
      list.error("agent.steps", "an agent has at most \(Self.mostSteps) steps in all", at: node.range)
    }
    guard let prompt, let output else { return nil }
    return RequestShape(
      prompt: prompt.mean, promptVariability: prompt.scv, output: output.mean, outputVariability: output.scv,
      cached: cached, newConnections: connections, speculation: speculation, agent: agent)
  }

  private func length(
    _ node: Node?, _ label: String, _ list: inout DiagnosticList
  ) -> (mean: Double, scv: Double)? {
    guard let node else { return nil }
    guard node.mapping != nil else {
      return node.number(label, in: 1...1e7, &list).map { ($0.value, 1) }
    }
    guard let fields = Fields(node, EstateLanguage.length, &list),
      let mean = fields.number("mean", in: 1...1e7, &list)?.value
    else { return nil }
    return (mean, fields.number("scv", in: 0...100, &list)?.value ?? 1)
  }

  private func agent(_ node: Node, _ list: inout DiagnosticList) -> Agent? {
    guard let fields = Fields(node, EstateLanguage.agent, &list) else { return nil }
    guard fields.mapping.entries.count == 1 else {
      list.error(
        "agent.shape", "a step is one of call, tool, sequence, parallel and loop", at: node.range)
      return nil
    }
    if fields["call"] != nil { return fields.boolean("call", &list).map { _ in .call } }
    if let tool = fields["tool"].flatMap({ Fields($0, EstateLanguage.tool, &list) }) {
      guard let time = tool.quantity("time", as: Seconds.self, isPositive: true, &list) else { return nil }
      return .tool(mean: time.value.value, scv: tool.number("scv", in: 0...100, &list)?.value ?? 1)
    }
    for (key, make) in [("sequence", Agent.sequence), ("parallel", Agent.parallel)] where fields[key] != nil {
      let nodes = fields.sequence(key, &list)
      guard !nodes.isEmpty, nodes.count <= Self.mostSteps else {
        list.error("agent.steps", "a \(key) has 1 to \(Self.mostSteps) steps", at: node.range)
        return nil
      }
      let steps = nodes.compactMap { agent($0, &list) }
      return steps.count == nodes.count ? make(steps) : nil
    }
    guard let loop = fields["loop"].flatMap({ Fields($0, EstateLanguage.loop, &list) }) else { return nil }
    let body = loop["body"].flatMap { agent($0, &list) }
    let turns = turns(of: loop, &list)
    guard let body, let turns else { return nil }
    return .loop(body, turns: turns)
  }

  /// The probabilities of no turn, of one turn, and so on.
  private func turns(of loop: Fields, _ list: inout DiagnosticList) -> [Double]? {
    let place = loop.place(of: "continue") ?? loop.place(of: "turns") ?? loop.mapping.range
    guard (loop["turns"] == nil) != (loop["continue"] == nil) else {
      list.error("agent.turns", "a loop needs either 'turns' or 'continue'", at: place)
      return nil
    }
    if loop["continue"] != nil {
      guard let again = loop.number("continue", in: 0...1, &list) else { return nil }
      guard again.value < 0.99 else {
        list.error("agent.endless", "the loop never ends: 'continue' must be below 0.99", at: again.range)
        return nil
      }
      // What lies beyond the last turn is given to it.
      var probabilities = [0.0]
      var left = 1.0
      while left > 1e-9, probabilities.count < Self.mostTurns {
        probabilities.append(left * (1 - again.value))
        left *= again.value
      }
      probabilities[probabilities.count - 1] += left
      return probabilities
    }
    let nodes = loop.sequence("turns", &list)
    let probabilities = nodes.prefix(Self.mostTurns).compactMap { $0.number("turns", in: 0...1, &list)?.value }
    guard probabilities.count == nodes.count, !nodes.isEmpty else {
      if nodes.count > Self.mostTurns || nodes.isEmpty {
        list.error("agent.turns", "a loop has 1 to \(Self.mostTurns) probabilities of turns", at: place)
      }
      return nil
    }
    let sum = probabilities.reduce(0, +)
    guard abs(sum - 1) < 1e-6 else {
      list.error("agent.turns", "the probabilities of turns sum to \(sum), not to 1", at: place)
      return nil
    }
    return [0] + probabilities
  }
}
