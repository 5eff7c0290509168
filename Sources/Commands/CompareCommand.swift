import ArgumentParser
import Collectives
import Estimation
import Reports

/// The command `isochrone compare TOPOLOGY TOPOLOGY…`.
struct CompareCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "The same collectives on several topologies side by side: times, ratios, and the links that decide.")

  private static let defaultCollectives: [Collective] = [.allReduce, .allToAll]

  @Argument(help: "At least two files or shipped names with parameters; ratios are to the first.")
  var topology: [String]

  @Option(
    help: .init(
      "One of \(Collective.names); may be given several times. Otherwise all-reduce and all-to-all.",
      valueName: "name"))
  var collective: [String] = []

  @Option(help: .init("Message sizes: 8B,64KiB,1GB or a range 8B..16GiB.", valueName: "list"))
  var sizes = "1MiB..16GiB"

  @OptionGroup var participants: RankOptions

  @Flag(name: .customLong("no-bound"), help: "Leave out the time that no algorithm can beat, which may take longest.")
  var leavesOutBound = false

  @OptionGroup var page: PageOptions
  @OptionGroup var progress: ProgressOptions

  @Option(help: .init("text, json, csv or markdown.", valueName: "form"))
  var format = ReportFormat.text.rawValue

  func validate() throws {
    if topology.count < 2 { throw ValidationError("A comparison needs at least two topologies.") }
  }

  func answer(in environment: any Environment) throws -> ExitStatus {
    var reader = ArgumentReader()
    let asked: [Collective?] = collective.map { reader.choice($0, "--collective") }
    let sizes = reader.sizes(sizes, "--sizes")
    let format: ReportFormat? = reader.choice(format, "--format")
    let (ranks, groups) = participants.read(&reader)
    try reader.check()
    guard let sizes, let format else { return .internalError }
    let collectives = asked.isEmpty ? CompareCommand.defaultCollectives : asked.compactMap { $0 }

    let loader = TopologyLoader(environment)
    let estimators = try topology.map { try loader.estimator(for: $0) }
    let comparison = Comparison(
      try environment.working(on: collectives, "collectives", isQuiet: progress.quiet) { collective in
        var question = Question(collective, sizes: sizes, ranks: ranks, grouping: groups?.grouping)
        question.includesBound = !leavesOutBound
        return try estimators.map { try $0.answering(question, groups) }
      })
    let descriptions = page.html == nil ? [] : try estimators.map { try $0.described() }
    let report = ComparisonReport(comparison, descriptions: descriptions)
    try environment.write(report, to: page)
    try environment.print(report, as: format)
    return .done
  }
}
