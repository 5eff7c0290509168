import ArgumentParser
import Collectives
import Estimation
import Reports

/// The command `isochrone estimate COLLECTIVE TOPOLOGY`.
struct EstimateCommand: AnsweringCommand {
  /// One size in 16 over the range that training and inference use.
  static let defaultSizes = "1KiB..16GiB*16"

  static let configuration = CommandConfiguration(
    commandName: "estimate",
    abstract: "How long a collective takes on a topology, which link decides it, and how sure that is.")

  @Argument(help: .init("One of \(Collective.names).", valueName: "collective"))
  var collective: String

  @Argument(help: "A file or a shipped name with parameters: gb200-nvl72:racks=8.")
  var topology: String

  @Option(
    help: .init(
      "Message sizes as nccl-tests counts them: 8B,64KiB,1GB or a range 8B..16GiB (steps of 2; 8B..16GiB*4: of 4).",
      valueName: "list"))
  var sizes = EstimateCommand.defaultSizes

  @Option(help: .init("Only the first so many accelerators in rank order.", valueName: "n"))
  var ranks: Int?

  @Option(help: .init("Only this algorithm; otherwise the fastest.", valueName: "name"))
  var algorithm: String?

  @Option(
    name: .customLong("protocol"),
    help: .init("Only this protocol: LL, LL128 or simple; otherwise the fastest.", valueName: "name"))
  var messageProtocol: String?

  @Option(help: .init("The communication library; otherwise the usual one for the accelerators.", valueName: "name"))
  var library: String?

  @Option(help: .init("GPUs that one process drives.", valueName: "n"))
  var gpusPerProcess = 1

  @Flag(help: "Launches are replayed from a graph.")
  var graphLaunch = false

  @Option(help: .init("What issues the collectives: nccl-tests or torch.", valueName: "name"))
  var launcher = Question.Harness.Launcher.ncclTests.rawValue

  @Option(
    help: .init(
      "Whether switches reduce: auto (inside an NVLink domain where the hardware has it), on or off.",
      valueName: "when"))
  var inSwitch = Question.InSwitch.auto.rawValue

  @Flag(help: "Tell how each time is made up, what else was considered, and the sources.")
  var explain = false

  @OptionGroup var page: PageOptions

  @Option(help: .init("text, json, csv or markdown.", valueName: "form"))
  var format = ReportFormat.text.rawValue

  func answer(in environment: any Environment) throws -> ExitStatus {
    var reader = ArgumentReader()
    let collective: Collective? = reader.choice(collective, "COLLECTIVE")
    let sizes = reader.sizes(sizes, "--sizes")
    let messageProtocol: MessageProtocol? = messageProtocol.flatMap { reader.choice($0, "--protocol") }
    let launcher: Question.Harness.Launcher? = reader.choice(launcher, "--launcher")
    let inSwitch: Question.InSwitch? = reader.choice(inSwitch, "--in-switch")
    let format: ReportFormat? = reader.choice(format, "--format")
    let ranks = ranks.flatMap { reader.positive($0, "--ranks") }
    let gpusPerProcess = reader.positive(gpusPerProcess, "--gpus-per-process")
    try reader.check()
    guard let collective, let sizes, let launcher, let inSwitch, let format, let gpusPerProcess else {
      return .internalError
    }
    let question = Question(
      collective, sizes: sizes, ranks: ranks, algorithm: algorithm, messageProtocol: messageProtocol,
      library: library,
      harness: .init(gpusPerProcess: gpusPerProcess, graphLaunch: graphLaunch, launcher: launcher),
      inSwitch: inSwitch)
    let answer = try TopologyLoader(environment).estimator(for: topology).answering(question)
    let report = EstimateReport(answer, explains: explain)
    try environment.write(report, to: page)
    try environment.print(report, as: format)
    return .done
  }
}

extension Collective {
  /// All names in one line.
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension Estimator {
  /// Answers a question.
  /// - Throws: `Failure` when the question does not fit the cluster.
  func answering(_ question: Question) throws(Failure) -> Answer {
    do { return try answer(question) } catch { throw Failure(error, topology: subject.topology) }
  }
}
