import ArgumentParser
import Collectives
import Diagnostics
import Estimation
import Measurements
import Reports

/// The command `isochrone diagnose LOG --on TOPOLOGY`.
struct DiagnoseCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract: "A log of nccl-tests or rccl-tests against the estimate, row by row, and what explains a shortfall.",
    discussion: """
      The log tells its collective, ranks and GPUs; a log that does not fit the topology is not judged (status 65). \
      Causes are tried as what-ifs on the model, and one is named only when the log is much likelier with it than on a \
      healthy cluster.
      """)

  @Argument(help: "The output of the benchmark, of any version and length, with whatever stands around it.")
  var log: String

  @Option(name: .customLong("on"), help: "A topology file or a shipped name with parameters: dgx-h100:nodes=4.")
  var topology: String

  @OptionGroup var options: LogOptions

  @Option(
    help: .init(
      "Status 1 where the measured bus bandwidth is below this share of the expected one (median from 64 MiB on).",
      valueName: "share"))
  var failBelow: Double?

  @Option(help: .init("A profile that 'calibrate' wrote, or one of your own.", valueName: "file"))
  var profile: String?

  @OptionGroup var page: PageOptions

  @Option(help: .init("text, json, csv or markdown.", valueName: "form"))
  var format = ReportFormat.text.rawValue

  func validate() throws {
    if let failBelow, !(failBelow > 0 && failBelow.isFinite) {
      throw ValidationError("--fail-below takes a share above zero, such as 0.9.")
    }
  }

  func answer(in environment: any Environment) throws -> ExitStatus {
    var reader = ArgumentReader()
    let context = options.context(&reader)
    let format: ReportFormat? = reader.choice(format, "--format")
    try reader.check()
    guard let context, let format else { return .internalError }
    let read = try LogLoader(environment).log(log)
    let estimator = try TopologyLoader(environment).estimator(for: topology, profile: profile)
      .limited(toNetwork: options.networkOnly)
    let diagnosis = try estimator.diagnosing(read, context)
    let report = DiagnosisReport(diagnosis, failBelow: failBelow)
    try environment.write(report, to: page)
    try environment.print(report, as: format)
    guard !diagnosis.judged.isEmpty else {
      let reasons = diagnosis.findings.map(\.message) + diagnosis.rows.compactMap(\.reason)
      throw Failure(
        "log.unusable", "no row of '\(log)' can be judged on '\(topology)'",
        notes: reasons.first.map { [$0] } ?? [], status: .badData)
    }
    if let failBelow, diagnosis.bandwidthRatio ?? 0 < failBelow { return .checkFailed }
    return .done
  }
}

extension Estimator {
  /// Diagnoses a log.
  /// - Throws: `Failure` when the options do not fit the cluster.
  func diagnosing(_ log: BenchmarkLog, _ context: LogContext) throws(Failure) -> Diagnosis {
    do { return try diagnose(log, context) } catch { throw Failure(error, topology: subject.topology) }
  }
}
