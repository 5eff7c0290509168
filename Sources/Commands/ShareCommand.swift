import ArgumentParser
import Diagnostics
import Estimation
import Reports

/// The command `isochrone share TOPOLOGY JOB…`.
struct ShareCommand: AnsweringCommand {
  /// The most jobs of one question.
  private static let mostJobs = 64

  static let configuration = CommandConfiguration(
    commandName: "share",
    abstract: "What collectives that run at the same time do to each other.",
    discussion: """
      A JOB is a collective, a size and what else is to be said of it, in quotes: 'all-reduce 1GiB ranks=0..511'. Its \
      options: name=train, ranks=FIRST..LAST (otherwise all), group=tensor=8,data=* with along=data, start=2ms, \
      algorithm=, protocol=, library=. Links are shared max-min fairly, anew whenever a job or a phase of one begins or \
      ends.
      """)

  @Argument(help: "A file or a shipped name with parameters: gb200-nvl72:racks=8.")
  var topology: String

  @Argument(help: .init("What runs: 'all-reduce 1GiB ranks=0..511'.", valueName: "job"))
  var jobs: [String]

  @OptionGroup var page: PageOptions

  @Option(help: .init("text, json or markdown.", valueName: "form"))
  var format = ReportFormat.text.rawValue

  func answer(in environment: any Environment) throws -> ExitStatus {
    var reader = ArgumentReader()
    let format: ReportFormat? = reader.choice(format, "--format")
    let texts = jobs.enumerated().compactMap { reader.job($1, number: $0 + 1) }
    try reader.check()
    guard let format else { return .internalError }
    let estimator = try TopologyLoader(environment).estimator(for: topology)
    let report = SharingReport(try estimator.sharing(texts))
    try environment.write(report, to: page)
    try environment.print(report, as: format)
    return .done
  }

  func validate() throws {
    if jobs.count > ShareCommand.mostJobs {
      throw ValidationError("At most \(ShareCommand.mostJobs) jobs are put side by side.")
    }
  }
}

extension Estimator {
  /// Puts jobs side by side.
  /// - Throws: `Failure` when they do not fit the cluster.
  fileprivate func sharing(_ texts: [JobText]) throws(Failure) -> SharingAnswer {
    do throws(SharingError) {
      return try share(texts.map(\.job))
    } catch {
      switch error {
      case .job(let place, let error):
        if case .grouping(let fault) = error, let groups = texts[place].groups { throw groups.failure(fault) }
        var failure = Failure(error, topology: subject.topology)
        failure.diagnostics = failure.diagnostics.map { texts[place].placed($0) }
        failure.sources[texts[place].source.name] = texts[place].source
        throw failure
      case .placement(let place, let reason):
        throw Failure(
          [texts[place].placed(Diagnostic(.error, id: "usage.job-ranks", Failure.withoutFullStop(reason)))],
          in: [texts[place].source.name: texts[place].source], status: .usage)
      case .all(let reason):
        throw Failure("usage.jobs", Failure.withoutFullStop(reason), status: .usage)
      }
    }
  }
}
