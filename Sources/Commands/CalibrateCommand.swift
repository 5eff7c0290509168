import ArgumentParser
import Collectives
import Diagnostics
import Estimation
import Measurements
import Reports

/// The command `isochrone calibrate LOG… --on TOPOLOGY`.
struct CalibrateCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Factors of one site fitted to its logs, as a profile that 'estimate --profile' takes.",
    discussion: """
      One size in each of small, medium and large already helps. What the logs do not tell stays near the library's \
      profile, with the spread between sites. The profile is written to standard output, or with -o to a file.
      """)

  @Argument(help: "Outputs of nccl-tests or rccl-tests from healthy clusters of the site.")
  var log: [String]

  @Option(name: .customLong("on"), help: "A topology file or a shipped name with parameters: dgx-h100:nodes=4.")
  var topology: String

  @OptionGroup var options: LogOptions

  @Option(name: .shortAndLong, help: .init("Write the profile to this file.", valueName: "file"))
  var output: String?

  @Option(
    help: .init("text (the profile itself, unless it is written to a file), json or markdown.", valueName: "form"))
  var format = ReportFormat.text.rawValue

  func answer(in environment: any Environment) throws -> ExitStatus {
    var reader = ArgumentReader()
    let context = options.context(&reader)
    let format: ReportFormat? = reader.choice(format, "--format")
    try reader.check()
    guard let context, let format else { return .internalError }
    if format == .csv { throw Failure.noForm(.csv) }
    var logs: [(name: String, log: BenchmarkLog)] = []
    for path in log { logs.append((path, try LogLoader(environment).log(path))) }
    let estimator = try TopologyLoader(environment).estimator(for: topology).limited(toNetwork: options.networkOnly)
    let calibration = try estimator.calibrating(logs, context)
    for reason in calibration.leftOut {
      environment.complain(Failure("log.unusable", reason, status: .done).text.replacing("error:", with: "warning:"))
    }
    let report = CalibrationReport(calibration, writtenTo: output)
    if let output { try environment.write(report.profileText, to: output) }
    if output == nil, format == .text {
      try environment.print(report.profileText)
    } else {
      try environment.print(report, as: format)
    }
    return .done
  }
}

extension Estimator {
  /// Calibrates.
  /// - Throws: `Failure` when no log can be used.
  func calibrating(
    _ logs: [(name: String, log: BenchmarkLog)], _ context: LogContext
  ) throws(Failure) -> Calibration {
    do throws(CalibrationError) {
      return try calibrate(logs, context)
    } catch {
      switch error {
      case .estimation(let error): throw Failure(error, topology: subject.topology)
      case .noRows(let reasons):
        throw Failure("log.unusable", "no row of the logs can be used", notes: reasons, status: .badData)
      case .undetermined:
        throw Failure("log.undetermined", "the logs determine none of the factors", status: .badData)
      }
    }
  }
}
