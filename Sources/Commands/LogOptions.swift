import ArgumentParser
import Collectives
import Estimation

/// How a log was made, as options of the commands that read logs.
struct LogOptions: ParsableArguments {
  @Option(help: "The collective, where the log does not name it; tables of others are not judged.")
  var collective: String?

  @Option(help: .init("The log is of the first so many accelerators in rank order.", valueName: "n"))
  var ranks: Int?

  @Option(help: .init("The communication library; otherwise the usual one for the accelerators.", valueName: "name"))
  var library: String?

  @Option(help: .init("GPUs that one process drove; otherwise as the log says, else 1.", valueName: "n"))
  var gpusPerProcess: Int?

  @Flag(help: "Launches were replayed from a graph; otherwise as the log says.")
  var graphLaunch = false

  @Option(help: .init("What issued the collectives: nccl-tests or torch.", valueName: "name"))
  var launcher = Question.Harness.Launcher.ncclTests.rawValue

  @Option(
    help: .init(
      "Whether switches reduce: auto (inside an NVLink domain where the hardware has it), on or off.",
      valueName: "when"))
  var inSwitch = Question.InSwitch.auto.rawValue

  @Flag(help: "Every message went through the NICs, also between GPUs of one host.")
  var networkOnly = false

  /// The options' values; nil after a mistake, which the reader keeps.
  func context(_ reader: inout ArgumentReader) -> LogContext? {
    let asked: Collective? = collective.flatMap { reader.choice($0, "--collective") }
    let count = ranks.flatMap { reader.positive($0, "--ranks") }
    let perProcess = gpusPerProcess.flatMap { reader.positive($0, "--gpus-per-process") }
    let launcher: Question.Harness.Launcher? = reader.choice(launcher, "--launcher")
    let inSwitch: Question.InSwitch? = reader.choice(inSwitch, "--in-switch")
    guard let launcher, let inSwitch else { return nil }
    return LogContext(
      collective: asked, ranks: count, library: library, gpusPerProcess: perProcess,
      graphLaunch: graphLaunch ? true : nil, launcher: launcher, inSwitch: inSwitch)
  }
}
