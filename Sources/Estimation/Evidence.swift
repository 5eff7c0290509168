public import Collectives
import TopologyFiles

/// Measured tables with the models of their questions, ready to be fitted.
public struct Evidence: Sendable {
  /// A table with its model.
  public struct Item: Sendable {
    /// The table.
    public let table: MeasurementTable
    /// The times of its question as a function of the figures.
    public let model: TimeModel
    /// How much each row counts, as an inverse variance: all rows of a table in one regime together as one measurement.
    let weights: [Double]
  }

  /// The tables.
  public let items: [Item]

  /// Builds the models of tables.
  /// - Parameters:
  ///   - tables: The tables, of shipped topologies.
  ///   - profile: The profile whose algorithms are candidates and whose `fit` figures weigh the tables.
  /// - Throws: `EvidenceError` for a table whose topology or question does not fit.
  public init(_ tables: [MeasurementTable], profile: LibraryProfile) throws(EvidenceError) {
    var items: [Item] = []
    for table in tables {
      do {
        items.append(
          Item(
            table: table, model: try TimeModel(table.question, on: table.estimator(), profile: profile),
            weights: Evidence.weights(table, profile)))
      } catch {
        throw EvidenceError(table: table.id, reason: "\(error)")
      }
    }
    self.items = items
  }

  private static func weights(_ table: MeasurementTable, _ profile: LibraryProfile) -> [Double] {
    let trust = table.isHealthy ? 1 : profile.factor("fit.trust-unless-stated")
    let noise = profile.factor("fit.noise")
    return table.rows.map { row in
      trust / Double(table.rows(in: MessageRegime(row.bytes)).count) / (noise * noise)
    }
  }
}

extension MeasurementTable {
  /// The estimator of the table's cluster.
  func estimator() throws -> Estimator {
    let cluster = try TopologyReader(files: .memory([:])).read(TopologyReference(parsing: topology)).get()
    let estimator = Estimator(cluster, subject: Subject(topology: topology, title: title, parameters: [:]))
    return isNetworkOnly ? try estimator.networkOnly() : estimator
  }
}

/// A table that cannot be compared with a model.
public struct EvidenceError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The table's name.
  public var table: String
  /// Why.
  public var reason: String

  /// The table and why.
  public var description: String { "\(table): \(reason)" }
}
