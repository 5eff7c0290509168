import ClusterModel
import Diagnostics
import Estimation
import Interchange
import Quantities
import TopologyFiles

/// Finds topologies, reads them and makes them ready to be asked.
struct TopologyLoader {
  let environment: any Environment
  private let reader: TopologyReader

  init(_ environment: any Environment) {
    self.environment = environment
    reader = TopologyReader(files: environment.files, folders: environment.topologyFolder.map { [$0] } ?? [])
  }

  /// What comes of reading a topology as the command line names it, and that name taken apart.
  /// - Throws: `Failure` when the name's parameters are not written as such.
  func reading(_ argument: String) throws(Failure) -> (reference: TopologyReference, reading: TopologyReading) {
    do {
      let reference = try TopologyReference(parsing: argument)
      return (reference, reader.read(reference))
    } catch {
      throw Failure(error.diagnostics, status: .usage)
    }
  }

  /// What comes of reading a topology with further exceptions.
  func reading(_ reference: TopologyReference, exceptions: [SourceText]) -> TopologyReading {
    var reader = reader
    reader.furtherExceptions = exceptions
    return reader.read(reference)
  }

  /// The same for a file that may be one of another tool: as it is said to be, or by its content.
  func reading(
    _ argument: String, _ asked: (any Importer)?
  ) throws(Failure) -> (reference: TopologyReference, reading: TopologyReading) {
    if let importer = asked {
      let loader = ForeignLoader(environment)
      return (TopologyReference(name: argument), try loader.reading(of: try loader.text(of: argument), importer))
    }
    let own = try reading(argument)
    guard own.reading.cluster == nil, let text = foreignText(own.reference), let importer = Importers.recognising(text)
    else { return own }
    return (own.reference, try ForeignLoader(environment).reading(of: text, importer))
  }

  /// The text of a file that does not say that it is a topology of ours.
  private func foreignText(_ reference: TopologyReference) -> SourceText? {
    guard reference.overrides.isEmpty, environment.exists(reference.name),
      let text = try? ForeignLoader(environment).text(of: reference.name)
    else { return nil }
    let isOwn = text.text.split(whereSeparator: \.isNewline).prefix(200).contains { $0.hasPrefix("isochrone:") }
    return isOwn ? nil : text
  }

  /// The estimator of a topology as the command line names it; warnings are told on the way.
  /// - Throws: `Failure` when there is no such topology or its file is wrong.
  func estimator(for argument: String, _ importer: (any Importer)? = nil) throws(Failure) -> Estimator {
    try placed(for: argument, importer, hosts: nil).estimator
  }

  /// The estimator of a topology whose ranks are on the hosts of a file, in their order, where one is named.
  /// - Returns: How many of the first ranks there are besides; nil for all.
  /// - Throws: `Failure` when one of the files is wrong.
  func placed(
    for argument: String, _ importer: (any Importer)?, hosts: String?
  ) throws(Failure) -> (estimator: Estimator, ranks: Int?) {
    let (reference, reading) = try reading(argument, importer)
    guard var cluster = reading.cluster else { throw Failure(reading) }
    var ranks: Int?
    if let hosts { (cluster, ranks) = try placed(cluster, by: hosts, catalog: reading.catalog) }
    if !reading.diagnostics.isEmpty { environment.complain(reading.rendered + "\n") }
    return (Estimator(cluster, subject: Subject(cluster, reference)), ranks)
  }
}

extension Failure {
  /// A topology that could not be read.
  init(_ reading: TopologyReading) {
    self.init(reading.diagnostics, in: reading.sources, status: Failure.status(of: reading.diagnostics))
  }

  /// The status for mistakes of a topology: those of the command line come first, then missing files, then bad data.
  static func status(of diagnostics: [Diagnostic]) -> ExitStatus {
    let placeless = diagnostics.filter { $0.severity == .error && $0.range == nil }.map(\.id)
    if placeless.contains(where: { $0.hasPrefix("parameter.") || $0.hasPrefix("reference.") }) { return .usage }
    return placeless.contains { $0.hasPrefix("file.") } ? .noInput : .badData
  }
}

extension Environment {
  /// The user's own folder of topologies; nil where none is named.
  var topologyFolder: String? { variable("ISOCHRONE_TOPOLOGIES").flatMap { $0.isEmpty ? nil : $0 } }
}

extension Subject {
  /// A cluster under the name by which it was asked for.
  init(_ cluster: Cluster, _ reference: TopologyReference) {
    var parameters = cluster.words
    for (name, value) in cluster.parameters {
      parameters[name] = Int64(exactly: value).map(String.init) ?? "\(value)"
    }
    self.init(topology: reference.name, title: cluster.name, parameters: parameters)
  }
}
