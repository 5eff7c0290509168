import ArgumentParser
import Diagnostics
import HardwareCatalog
import Reports

/// The command `isochrone catalog [NAME]`.
struct CatalogCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalog",
    abstract: "The shipped parts, systems, topologies, library profiles and estates, each figure with its source.",
    discussion: "A topology, system, library profile or estate is shown as its file, ready to be saved and changed.")

  @Argument(help: "A part, system, topology, library or estate; without it, all names.")
  var name: String?

  @Flag(help: "List figures without a source; status 1 if there is one.")
  var check = false

  @Option(help: .init("text or json; csv for a part.", valueName: "form"))
  var format = ReportFormat.text.rawValue

  func validate() throws {
    if check, name != nil { throw ValidationError("--check looks at the whole catalogue and takes no name.") }
  }

  func answer(in environment: any Environment) throws -> ExitStatus {
    var reader = ArgumentReader()
    let format: ReportFormat? = reader.choice(format, "--format")
    try reader.check()
    guard let format else { return .internalError }
    let shelf = Shelf(HardwareCatalog(), environment)
    if check {
      let report = UnsourcedReport(shelf.unsourced)
      try environment.print(report, as: format)
      return report.entries.isEmpty ? .done : .checkFailed
    }
    guard let name else {
      try environment.print(shelf.overview, as: format)
      return .done
    }
    switch shelf.entry(named: name) {
    case .part(let part)?: try environment.print(PartReport(part), as: format)
    case .file(let report)?: try environment.print(report, as: format)
    case nil:
      throw Failure(
        "usage.catalog", "the catalogue has no '\(name)'",
        notes: Suggestions.note(Suggestions.nearest(to: name, among: shelf.names)).map { [$0] } ?? [
          "'isochrone catalog' lists all names"
        ], status: .usage)
    }
    return .done
  }
}
