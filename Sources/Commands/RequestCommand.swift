import ArgumentParser
import Diagnostics
import Documents
import Quantities
import Reports
import Serving

/// The command `isochrone request ESTATE`.
struct RequestCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "request",
    abstract: "What requests of a model wait, from a user's city to the last token, across sites and providers.",
    discussion: "An ESTATE is a file, or a shipped one: \(EstateReader.shippedNames.joined(separator: ", ")).")

  @Argument(help: "A file of sites, populations and a model, or a shipped name.")
  var estate: String

  @Option(help: .init("Only this population.", valueName: "population"))
  var from: String?

  @Option(help: .init("Ask this model instead of the file's.", valueName: "name"))
  var model: String?

  @Option(parsing: .unconditional, help: .init("Requests per second at the populations' peaks.", valueName: "n"))
  var rate: Double?

  @Option(help: .init("Serve everything from this site.", valueName: "site"))
  var site: String?

  @Option(help: .init("A site that has failed; may be given several times.", valueName: "site"))
  var fail: [String] = []

  @Option(
    parsing: .unconditional,
    help: .init("Hour of the day in UTC, 0 to 23; otherwise that with the most requests.", valueName: "hour"))
  var hour: Int?

  @Flag(help: "Every hour of the day.")
  var day = false

  @Option(help: .init("Another estate, side by side.", valueName: "estate"))
  var compare: String?

  @Flag(help: "Tell each stage with its share and source, and what the estate rests on.")
  var explain = false

  @OptionGroup var page: PageOptions
  @OptionGroup var progress: ProgressOptions

  @Option(help: .init("text, json, csv or markdown.", valueName: "form"))
  var format = ReportFormat.text.rawValue

  func validate() throws {
    if let hour, !(0...23).contains(hour) { throw ValidationError("--hour lies between 0 and 23.") }
    if let rate, !(rate >= 0 && rate <= 1e12) { throw ValidationError("--rate lies between 0 and 1e12.") }
    if day, hour != nil || compare != nil { throw ValidationError("--day excludes --hour and --compare.") }
  }

  func answer(in environment: any Environment) throws -> ExitStatus {
    var reader = ArgumentReader()
    let format: ReportFormat? = reader.choice(format, "--format")
    try reader.check()
    guard let format else { return .internalError }
    let loader = EstateLoader(environment)
    let (description, solver) = try loader.solver(estate, model: model)
    if day {
      let told = try environment.working(on: [0..<12, 12..<24], "half days", isQuiet: progress.quiet) {
        try answers(of: solver, in: $0)
      }.flatMap { $0 }
      return try tell(RequestComparisonReport(told, of: .hours), as: format, in: environment)
    }
    if let compare {
      let other = try loader.solver(compare, model: model).solver
      let answers = try [solver, other].map { try answer($0, hour: hour) }
      return try tell(RequestComparisonReport(answers, of: .estates), as: format, in: environment)
    }
    let told = try answer(solver, hour: hour)
    let report = RequestReport(
      told, facts: description.facts, explains: explain, isochrones: page.html == nil ? [] : isochrones(of: told))
    return try tell(report, as: format, in: environment)
  }

  /// Lines of equal round trips around the site that serves most.
  private func isochrones(of answer: RequestAnswer) -> [WideArea.Isochrone] {
    guard let network = WideArea.shipped, let site = answer.sites.max(by: { $0.carried < $1.carried }) else {
      return []
    }
    return [0.025, 0.05, 0.1, 0.2].compactMap { network.isochrone(around: site.place, roundTrip: Seconds($0)) }
  }

  private func tell(
    _ report: some Report, as format: ReportFormat, in environment: any Environment
  ) throws -> ExitStatus {
    try environment.write(report, to: page)
    try environment.print(report, as: format)
    return .done
  }

  private func answer(_ solver: EstateSolver, hour: Int?) throws(Failure) -> RequestAnswer {
    do { return try solver.answer(question(hour: hour)) } catch { throw Failure(error) }
  }

  private func answers(of solver: EstateSolver, in hours: Range<Int>) throws(Failure) -> [RequestAnswer] {
    do { return try solver.answers(question(hour: nil), hours: hours) } catch { throw Failure(error) }
  }

  private func question(hour: Int?) -> EstateSolver.Question {
    EstateSolver.Question(from: from, site: site, failed: Set(fail), hour: hour, rate: rate)
  }
}

extension Failure {
  /// An estate that cannot answer.
  init(_ error: RequestError) {
    switch error {
    case .overloaded(let utilisation, let needed, let replicas, let populations):
      let load = utilisation < 10 ? (utilisation * 100).rounded() / 100 : utilisation.rounded()
      self.init(
        "request.overload",
        "no steady state: offered \(load) of capacity; would need \(needed) replicas, there are \(replicas)",
        notes: populations.isEmpty ? [] : ["not served in full: \(populations.joined(separator: ", "))"],
        status: .checkFailed)
    case .unknown(let kind, let name, let known):
      self.init(
        "usage.\(kind)", "the estate has no \(kind) \(excerpt(name))", notes: Failure.help(for: name, among: known),
        status: .usage)
    case .noSite(let reason): self.init("request.no-site", reason, status: .checkFailed)
    case .queue(let error): self.init("request.queue", "\(error)", status: .checkFailed)
    }
  }
}
