import ArgumentParser
import Collectives
import Estimation
import Reports

/// The command `isochrone bound COLLECTIVE TOPOLOGY`.
struct BoundCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "bound",
    abstract: "What no algorithm can beat, the cut that proves it, and how far from it each algorithm is.")

  @Argument(help: .init("One of \(Collective.names).", valueName: "collective"))
  var collective: String

  @Argument(help: "A file or a shipped name with parameters: gb200-nvl72:racks=8.")
  var topology: String

  @Option(help: .init("Message sizes: 8B,64KiB,1GB or a range 8B..16GiB.", valueName: "list"))
  var sizes = "1MiB,64MiB,1GiB,16GiB"

  @Option(help: .init("Only the first so many accelerators in rank order.", valueName: "n"))
  var ranks: Int?

  @Option(help: .init("The communication library; otherwise the usual one for the accelerators.", valueName: "name"))
  var library: String?

  @Option(
    help: .init(
      "Whether switches reduce: auto (inside an NVLink domain where the hardware has it), on or off.",
      valueName: "when"))
  var inSwitch = Question.InSwitch.auto.rawValue

  @OptionGroup var page: PageOptions

  @Option(help: .init("text, json or markdown.", valueName: "form"))
  var format = ReportFormat.text.rawValue

  func answer(in environment: any Environment) throws -> ExitStatus {
    var reader = ArgumentReader()
    let collective: Collective? = reader.choice(collective, "COLLECTIVE")
    let sizes = reader.sizes(sizes, "--sizes")
    let inSwitch: Question.InSwitch? = reader.choice(inSwitch, "--in-switch")
    let format: ReportFormat? = reader.choice(format, "--format")
    let ranks = ranks.flatMap { reader.positive($0, "--ranks") }
    try reader.check()
    guard let collective, let sizes, let inSwitch, let format else { return .internalError }
    let question = Question(collective, sizes: sizes, ranks: ranks, library: library, inSwitch: inSwitch)
    let report = BoundReport(try TopologyLoader(environment).estimator(for: topology).answering(question))
    try environment.write(report, to: page)
    try environment.print(report, as: format)
    return .done
  }
}
