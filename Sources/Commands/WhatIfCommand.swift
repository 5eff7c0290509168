import ArgumentParser
import Collectives
import Estimation
import Reports

/// The command `isochrone what-if COLLECTIVE TOPOLOGY`.
struct WhatIfCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "what-if",
    abstract: "What failures, upgrades and other figures would do to a collective.",
    discussion: """
      Without changes of your own: every kind of link and switch failed once, ranked by what it costs, and how the time \
      answers to each bandwidth and latency. Each change is also answered; several are answered one by one and together.
      """)

  @Argument(help: .init("One of \(Collective.names).", valueName: "collective"))
  var collective: String

  @Argument(help: "A file or a shipped name with parameters: gb200-nvl72:racks=8.")
  var topology: String

  @Option(help: .init("Message sizes: 8B,64KiB,1GB or a range 8B..16GiB.", valueName: "list"))
  var sizes = "1GiB"

  @Option(help: .init("A part or links that fail: leaf[0], leaf[0]--spine[1], leaf[0]--spine[1]=1.", valueName: "path"))
  var fail: [String] = []

  @Option(help: .init("Links that carry a share: leaf[0]--spine[1]=0.5, ndr-400g=0.5.", valueName: "link=share"))
  var degrade: [String] = []

  @Option(help: .init("Links of another bandwidth: 'ndr-400g=800 Gb/s', name@tier=….", valueName: "link=bandwidth"))
  var upgrade: [String] = []

  @Option(help: .init("More of a parameter or of parallel links: racks=8, ndr-400g@spine=1.", valueName: "name=count"))
  var add: [String] = []

  @Option(help: .init("Only the first so many accelerators in rank order.", valueName: "n"))
  var ranks: Int?

  @Option(help: .init("Only this algorithm; otherwise the fastest.", valueName: "name"))
  var algorithm: String?

  @Option(help: .init("The communication library; otherwise the usual one for the accelerators.", valueName: "name"))
  var library: String?

  @Flag(name: .customLong("no-bound"), help: "Leave out the time that no algorithm can beat, which may take longest.")
  var leavesOutBound = false

  @OptionGroup var page: PageOptions

  @Option(help: .init("text, json or markdown.", valueName: "form"))
  var format = ReportFormat.text.rawValue

  func answer(in environment: any Environment) throws -> ExitStatus {
    var reader = ArgumentReader()
    let collective: Collective? = reader.choice(collective, "COLLECTIVE")
    let sizes = reader.sizes(sizes, "--sizes")
    let format: ReportFormat? = reader.choice(format, "--format")
    let ranks = ranks.flatMap { reader.positive($0, "--ranks") }
    try reader.check()
    guard let collective, let sizes, let format else { return .internalError }
    let named: [(Alteration.Option, [String])] = [(.fail, fail), (.degrade, degrade), (.upgrade, upgrade), (.add, add)]
    let alterations = try named.flatMap { option, texts in try texts.map { try Alteration(option, $0) } }

    let loader = TopologyLoader(environment)
    let estimator = try loader.estimator(for: topology)
    var variants = try alterations.map { alteration in
      Estimator.Variant(
        name: alteration.name,
        estimator: try loader.estimator(for: topology, as: estimator.cluster, with: [alteration]))
    }
    if alterations.count > 1 {
      variants.append(
        .init(
          name: "all together",
          estimator: try loader.estimator(for: topology, as: estimator.cluster, with: alterations)))
    }
    var question = Question(collective, sizes: sizes, ranks: ranks, algorithm: algorithm, library: library)
    question.includesBound = !leavesOutBound
    let whatIf = try estimator.answering(question, variants: variants)
    let report = WhatIfReport(
      whatIf, layout: page.html == nil ? nil : try? (variants.last?.estimator ?? estimator).describe())
    try environment.write(report, to: page)
    try environment.print(report, as: format)
    return .done
  }
}

extension Estimator {
  /// Answers what variants and failures would do.
  /// - Throws: `Failure` when the question does not fit the cluster as it is.
  fileprivate func answering(_ question: Question, variants: [Variant]) throws(Failure) -> WhatIfAnswer {
    do { return try whatIf(question, variants: variants) } catch { throw Failure(error, topology: subject.topology) }
  }
}
