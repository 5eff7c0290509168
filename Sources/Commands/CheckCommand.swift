import ArgumentParser
import Diagnostics
import Reports
import Serving
import TopologyFiles

/// The command `isochrone check FILE…`.
struct CheckCommand: AnsweringCommand {
  /// Mending one mistake can uncover another; more rounds than this are not needed by any real file.
  private static let mostRounds = 10

  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Every mistake of topology and estate files, each at its place; status 65 when there is one.")

  @Argument(help: "Files, or shipped names.")
  var file: [String]

  @Flag(help: "Mend what can be mended without doubt; the files are replaced at once.")
  var fix = false

  @Option(help: .init("text, or json for a list on standard output as well.", valueName: "form"))
  var format = ReportFormat.text.rawValue

  func answer(in environment: any Environment) throws -> ExitStatus {
    var reader = ArgumentReader()
    let format: ReportFormat? = reader.choice(format, "--format")
    try reader.check()
    if format == .csv { throw Failure.noForm(.csv) }

    let loader = TopologyLoader(environment)
    let estates = EstateLoader(environment)
    var found: [Diagnostic] = []
    var sources: [String: SourceText] = [:]
    for name in file {
      if let source = estates.estate(name) {
        let reading = fix ? try mended(source, estates, environment) : estates.reading(source)
        found += reading.diagnostics.filter { !found.contains($0) }
        sources.merge(reading.sources) { first, _ in first }
        continue
      }
      let reading = fix ? try mended(name, loader, environment) : try loader.reading(name).reading
      found += reading.diagnostics.filter { !found.contains($0) }
      sources.merge(reading.sources) { first, _ in first }
    }
    if !found.isEmpty { environment.complain(found.rendered(in: sources) + "\n") }
    if format == .json { try environment.print(DiagnosticsReport(found), as: .json) }
    return found.contains { $0.severity == .error } ? Failure.status(of: found) : .done
  }

  /// Mends an estate's file as far as it goes.
  /// - Returns: What is still wrong with it.
  private func mended(
    _ source: SourceText, _ loader: EstateLoader, _ environment: any Environment
  ) throws -> EstateLoader.Reading {
    var reading = loader.reading(source)
    var mended = 0
    // Only a file that was named as such is written, never a shipped one.
    for _ in 0..<CheckCommand.mostRounds where file.contains(source.name) {
      guard let text = reading.sources[source.name] else { break }
      let (fixed, applied) = text.applyingFixIts(of: reading.diagnostics)
      guard applied > 0 else { break }
      try environment.write(fixed, to: source.name)
      mended += applied
      reading = loader.reading(SourceText(name: source.name, text: fixed))
    }
    if mended > 0 {
      environment.complain("\(source.name): mended \(mended) mistake\(mended == 1 ? "" : "s")\n")
    }
    return reading
  }

  /// Mends a file as far as it goes.
  /// - Returns: What is still wrong with it.
  private func mended(
    _ name: String, _ loader: TopologyLoader, _ environment: any Environment
  ) throws -> TopologyReading {
    var reading = try loader.reading(name).reading
    var mended = 0
    for _ in 0..<CheckCommand.mostRounds {
      // Only a file that was named as such is written, never a shipped or an imported one.
      guard let (text, applied) = reading.fixed(name), applied > 0 else { break }
      try environment.write(text, to: name)
      mended += applied
      reading = try loader.reading(name).reading
    }
    if mended > 0 { environment.complain("\(name): mended \(mended) mistake\(mended == 1 ? "" : "s")\n") }
    return reading
  }
}
