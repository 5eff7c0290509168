import Diagnostics
import Documents
import Estimation
import HardwareCatalog
import Serving
import TopologyFiles

/// Finds estates, reads them with the topologies of their sites, and makes them ready to be asked.
struct EstateLoader {
  private let environment: any Environment
  private let topologies: TopologyLoader

  init(_ environment: any Environment) {
    self.environment = environment
    topologies = TopologyLoader(environment)
  }

  /// An estate as it was read, with the texts that its mistakes lie in.
  struct Reading {
    var estate: Estate?
    var solver: EstateSolver?
    var diagnostics: [Diagnostic]
    var sources: [String: SourceText]
  }

  /// The text of a file or shipped estate.
  /// - Throws: `Failure` when there is none.
  func text(_ name: String) throws(Failure) -> SourceText {
    let isPath = name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    if !isPath, let shipped = EstateReader.shippedText(named: name) { return shipped }
    var list = DiagnosticList()
    if let bytes = try? environment.files.read(name), let text = SourceText.decoding(bytes, name: name, &list) {
      return text
    }
    if list.hasErrors { throw Failure(list.diagnostics, status: .badData) }
    throw Failure(
      "file.not-found", "no such file or shipped estate: \(excerpt(name))",
      notes: isPath ? [] : Failure.help(for: name, among: EstateReader.shippedNames), status: .noInput)
  }

  /// The text of what is an estate and no topology; nil for everything else.
  func estate(_ name: String) -> SourceText? {
    guard let source = try? text(name) else { return nil }
    return EstateReader.shippedNames.contains(name) || EstateReader.isEstate(source) ? source : nil
  }

  /// Reads an estate and, where its file is right, the topologies of its sites.
  /// - Parameter model: The model that is asked instead of the file's; sites that name one keep it.
  func reading(_ source: SourceText, model: String? = nil) -> Reading {
    var list = DiagnosticList()
    guard var reader = EstateReader() else {
      return Reading(estate: nil, solver: nil, diagnostics: [], sources: [:])
    }
    var reading = Reading(estate: nil, solver: nil, diagnostics: [], sources: [source.name: source])
    reading.estate = reader.read(source, asking: model, &list)
    if let estate = reading.estate {
      var estimators: [String: Estimator] = [:]
      for site in estate.sites where estimators[site.cluster.value] == nil {
        do throws(Failure) {
          estimators[site.cluster.value] = try topologies.estimator(for: site.cluster.value)
        } catch {
          let first = error.diagnostics.first
          list.error(
            "site.cluster", "the topology \(excerpt(site.cluster.value)) cannot be used: \(first?.message ?? "")",
            at: site.cluster.range, notes: first?.notes ?? [])
        }
      }
      if !list.hasErrors {
        let builder = EstateBuilder(catalog: HardwareCatalog(), estimators: estimators)
        reading.solver = builder.solver(estate, &list)
      }
    }
    reading.diagnostics = list.diagnostics
    return reading
  }

  /// An estate ready to be asked; warnings are told on the way.
  /// - Throws: `Failure` when there is no such estate or its file is wrong.
  func solver(_ name: String, model: String?) throws(Failure) -> (estate: Estate, solver: EstateSolver) {
    let reading = reading(try text(name), model: model)
    guard let estate = reading.estate, let solver = reading.solver else {
      throw Failure(reading.diagnostics, in: reading.sources, status: .badData)
    }
    return (estate, solver)
  }
}
