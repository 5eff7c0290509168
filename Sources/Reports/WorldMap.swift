import Serving

/// The world with sites, routes between them, and lines of equal latency around one.
struct WorldMap: Figure {
  /// A named place.
  struct Site: Sendable {
    var name: String
    var point: GlobePoint
    /// What is told of it beside its name.
    var note: String
    /// Whether requests are served here; otherwise they begin here.
    var serves: Bool
  }

  /// A way that requests take.
  struct Route: Sendable {
    var from: GlobePoint
    var to: GlobePoint
  }

  var title: String
  var sites: [Site]
  var routes: [Route]
  var isochrones: [WideArea.Isochrone]

  var table: TextTable? {
    guard !sites.isEmpty else { return nil }
    var table = TextTable([.init("place"), .init("what is there")])
    for site in sites { table.append([site.name, site.note]) }
    return table
  }
}
