import ArgumentParser
import Interchange
import TopologyFiles

/// The command `isochrone export FORMAT TOPOLOGY`.
struct ExportCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "A topology in the form that another tool takes.",
    discussion: """
      FORMAT is one of \(Exporters.all.map { $0.name }.joined(separator: ", ")). What a format cannot say is refused \
      with the reason.
      """)

  @Argument(help: .init("The form to write.", valueName: "format"))
  var format: String

  @Argument(help: "A file or a shipped name with parameters: gb200-nvl72:racks=8.")
  var topology: String

  @Option(name: .shortAndLong, help: .init("Write here instead of standard output.", valueName: "file"))
  var output: String?

  @Flag(help: "Overwrite the output file if it exists.")
  var force = false

  @OptionGroup var foreign: ForeignOptions

  func answer(in environment: any Environment) throws -> ExitStatus {
    guard let exporter = Exporters.named(format.lowercased()) else {
      throw Failure(
        "usage.choice", "unknown format '\(format)'",
        notes: Failure.help(for: format, among: Exporters.all.map { $0.name }), status: .usage)
    }
    if let output, !force, environment.exists(output) {
      throw Failure("file.exists", "'\(output)' exists already", notes: ["--force overwrites it"], status: .usage)
    }
    let (_, reading) = try TopologyLoader(environment).reading(topology, foreign.importer())
    guard let cluster = reading.cluster else { throw Failure(reading) }
    let text: String
    do throws(ExportRefusal) {
      text = try exporter.text(of: ExportedCluster(cluster, catalog: reading.catalog))
    } catch {
      throw Failure(
        "export.refused", "'\(topology)' cannot be written as \(exporter.name): \(error.reason)", status: .badData)
    }
    if let output { try environment.write(text, to: output) } else { try environment.print(text) }
    return .done
  }
}
