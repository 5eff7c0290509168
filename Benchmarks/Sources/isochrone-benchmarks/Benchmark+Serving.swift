import Diagnostics
import Matrices
import Serving

extension Benchmark {
  /// Queues and estates at the sizes that large services have.
  static let serving = Benchmark(
    name: "serving",
    about: """
      A million servers against the plain recurrence over all of them; all single-node failures of a network against \
      solving each (a few of them, scaled up); a day of 40 populations and 30 sites.
      """
  ) { report in
    report(
      try Contest(
        "M/M/c with 1,000,000 servers", against: "recurrence from the first server", runs: 21,
        ours: { Run.timing { try? MultiServerQueue(arrivalRate: 998_000, serviceRate: 1, servers: 1_000_000) } },
        theirs: {
          let servers = 999_999 + CommandLine.arguments.prefix(1).count
          return Run.timing { plainLoss(servers: servers, load: 998_000 + Double.random(in: 0..<1)) }
        }))
    let nodes = 2000
    let routing = Matrix(rows: nodes, columns: nodes) {
      Double(($0 * 31 + $1 * 17) % 101) / 101 * 0.9 / Double(nodes) * 2
    }
    let each = (0..<nodes).map { _ in QueueingNetwork.Node(servers: 4, serviceRates: [10]) }
    let arrivals = (0..<nodes).map { Double($0 % 7) / 7 }
    let samples = 2
    report(
      try Contest(
        "all failures of 2,000 nodes", against: "solving each", runs: 1,
        ours: {
          Run.timing {
            try? QueueingNetwork(nodes: each, classes: [.init(arrivals: arrivals, routing: routing)])
              .flowsWithEachNodeAbsorbing()
          }
        },
        theirs: {
          var run = Run.timing {
            (0..<samples).map { failed in
              let cut = Matrix(rows: nodes, columns: nodes) { $0 == failed ? 0 : routing[$0, $1] }
              return try? QueueingNetwork(nodes: each, classes: [.init(arrivals: arrivals, routing: cut)])
            }.count
          }
          run.seconds *= Double(nodes / samples)
          return run
        }))
    guard let solver = estate() else { return }
    report(
      try Contest("a day of 40 populations and 30 sites", withoutRival: "nobody else answers this", runs: 3) {
        Run.timing { (0..<24).map { try? solver.answer(.init(hour: $0)).everyone.percentile(0.99) } }
      })
  }

  // Out of line and with arguments that the compiler does not know, or it takes the sum out of the measured time.
  @inline(never) private static func plainLoss(servers: Int, load: Double) -> Double {
    var reciprocal = 1.0
    for server in 1...servers { reciprocal = 1 + Double(server) / load * reciprocal }
    return 1 / reciprocal
  }

  private static func estate() -> EstateSolver? {
    let places = (0..<40).map { "\(($0 * 7) % 120 - 60),\(($0 * 37) % 360 - 180)" }
    var text = """
      isochrone: 1
      requests: {rate: 500, model: Llama-3.1-405B, prompt: 1000, output: 300}
      sites:

      """
    for site in 0..<30 {
      text += "  - {name: site-\(site), place: \"\(places[site])\", cluster: none, replica: {tensor: 8}, batch: 256}\n"
    }
    text += "populations:\n"
    for (index, place) in places.enumerated() {
      text += "  - {name: people-\(index), place: \"\(place)\", weight: \(1 + index % 5)}\n"
    }
    var list = DiagnosticList()
    guard var reader = EstateReader(), let network = WideArea.shipped, let catalog = ModelCatalog.shipped,
      let estate = reader.read(SourceText(name: "benchmark", text: text), &list)
    else { return nil }
    let sites = estate.sites.map { site in
      ServingSite(
        site: site,
        replica: Replica(
          model: site.model, parallelism: site.parallelism,
          accelerator: .init(name: "GB200", memory: 186e9, memoryBandwidth: 8e12, operations: 5e15),
          constants: catalog.constants
        ) { _, _, bytes in 1e-5 + bytes / 900e9 },
        count: 9, batchLimit: 256, request: estate.request, transferRate: 4e11)
    }
    return EstateSolver(estate: estate, sites: sites, network: network)
  }
}
