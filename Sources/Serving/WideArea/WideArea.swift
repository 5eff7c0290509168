import Diagnostics
public import Quantities

/// A round trip between two places with how it is known.
public struct RoundTrip: Sendable, Hashable {
  /// How a round trip is known.
  public enum Basis: String, Sendable, Hashable {
    /// A published table has the pair.
    case measured
    /// It follows from the fit.
    case fitted
    /// The file of the estate states it.
    case stated
  }

  /// The usual round trip: as the table publishes it, or fitted on such figures.
  public var typical: Seconds
  /// Holds nine in ten round trips.
  public var interval: ClosedRange<Seconds>
  /// How it is known.
  public var basis: Basis
  /// The length of the great circle.
  public var distance: Distance
  /// Where the figure comes from, in words.
  public var source: String

  /// A round trip of its parts.
  public init(
    typical: Seconds, interval: ClosedRange<Seconds>, basis: Basis, distance: Distance, source: String
  ) {
    self.typical = typical
    self.interval = interval
    self.basis = basis
    self.distance = distance
    self.source = source
  }
}

/// The network between places: published tables, and a fit for what they lack.
public struct WideArea: Sendable {
  /// The places.
  public let gazetteer: Gazetteer
  /// The published tables.
  public let tables: [RoundTripTable]
  /// The fit.
  public let fit: RoundTripFit
  /// The ways of long-haul traffic.
  public let routes: RouteMap

  /// The shipped data; nil where a data file is damaged, which a test excludes.
  public static let shipped: WideArea? = {
    var list = DiagnosticList()
    guard let fit = RoundTripFit.shipped else { return nil }
    return WideArea(gazetteer: .shipped, tables: RoundTripTable.shipped, fit: fit, &list)
  }()

  init(
    gazetteer: Gazetteer, tables: [RoundTripTable], fit: RoundTripFit, _ list: inout DiagnosticList
  ) {
    self.gazetteer = gazetteer
    self.tables = tables
    self.fit = fit
    routes = RouteMap(
      gazetteer: gazetteer, direct: fit.constants.direct, hubsPerPlace: fit.constants.hubs, &list)
  }

  /// The round trip between two places.
  ///
  /// A provider's own table comes first where both places are its regions; else the provider's fit, or the pooled one
  /// with its wider band.
  /// - Parameter ignoringTables: Whether the fit answers also where a table has the pair.
  public func roundTrip(from: Place, to: Place, ignoringTables: Bool = false) -> RoundTrip {
    let distance = from.point.distance(to: to.point)
    let provider = from.region.flatMap { $0.provider == to.region?.provider ? $0.provider : nil }
    if !ignoringTables, let table = tables.first(where: { $0.provider == provider }), let start = from.region,
      let end = to.region, let published = table.roundTrip(from: start.code, to: end.code)
    {
      return RoundTrip(
        typical: published, interval: published * table.spread.lowerBound...published * table.spread.upperBound,
        basis: .measured, distance: distance, source: "\(table.statistic): \(table.source)")
    }
    let own = provider.flatMap { fit.providers[$0] }
    let coefficients = own ?? fit.pooled
    let terms = fit.term(of: from, cities: gazetteer.cities) + fit.term(of: to, cities: gazetteer.cities)
    let way = routes.length(from: from.point, to: to.point)
    let typical = fit.roundTrip(along: way, terms: terms, coefficients)
    return RoundTrip(
      typical: typical, interval: coefficients.interval(around: typical), basis: .fitted, distance: distance,
      source: own == nil
        ? "fitted on the tables of all providers" : "fitted on the table of \(provider ?? "the provider")")
  }
}
