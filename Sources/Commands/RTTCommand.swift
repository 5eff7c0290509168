import ArgumentParser
import Diagnostics
import Reports
import Serving

/// The command `isochrone rtt PLACE PLACE`.
struct RTTCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "rtt",
    abstract: "The network round trip between two places, measured where a table has it, else fitted.",
    discussion: """
      A PLACE is a provider's region by its code, name or city (aws:us-east-1, "azure:Japan East", ibm:saopaulo), a \
      city (tokyo), or a latitude and longitude (35.6,139.7). \
      Case, accents, spaces and hyphens do not matter. \
      Providers: aws, azure, gcp, oci, ibm, stargate.
      """)

  @Argument(help: "Where the round trip begins.")
  var from: String

  @Argument(help: "Where it turns.")
  var to: String

  @Flag(help: "Ignore the measured tables and answer by the fit.")
  var fitted = false

  @Option(help: .init("text, json or markdown.", valueName: "form"))
  var format = ReportFormat.text.rawValue

  func answer(in environment: any Environment) throws -> ExitStatus {
    var reader = ArgumentReader()
    let format: ReportFormat? = reader.choice(format, "--format")
    try reader.check()
    guard let format, let network = WideArea.shipped else { return .internalError }
    let places = try [from, to].map { try network.gazetteer.placing($0) }
    let roundTrip = network.roundTrip(from: places[0], to: places[1], ignoringTables: fitted)
    try environment.print(RoundTripReport(from: places[0], to: places[1], roundTrip: roundTrip), as: format)
    return .done
  }
}

extension Gazetteer {
  /// The place that an argument names.
  /// - Throws: `Failure` with the status for wrong usage.
  func placing(_ text: String) throws(Failure) -> Place {
    do { return try place(text) } catch {
      throw Failure("usage.place", error.sentence, notes: error.notes, status: .usage)
    }
  }
}
