import ArgumentParser
import Interchange

/// What commands take for files of other tools.
struct ForeignOptions: ParsableArguments {
  @Option(
    help: .init(
      "The file is one of another tool: \(Importers.all.map { $0.name }.joined(separator: ", ")); otherwise it is told by "
        + "its content.", valueName: "format"))
  var from: String?

  /// The importer that is asked for.
  /// - Throws: `Failure` for an unknown name.
  func importer() throws(Failure) -> (any Importer)? {
    guard let from else { return nil }
    guard let importer = Importers.named(from.lowercased()) else {
      throw Failure(
        "usage.choice", "unknown format '\(from)'",
        notes: Failure.help(for: from, among: Importers.all.map { $0.name }),
        status: .usage)
    }
    return importer
  }
}
