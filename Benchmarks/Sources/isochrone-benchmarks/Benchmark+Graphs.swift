import ClusterModel
import Routing

extension Benchmark {
  private static var graphs: [SampleGraph] {
    [
      .random(4096, degree: 16, delays: 1...1), .random(4096, degree: 16, delays: 1...100), .fatTree(radix: 32),
    ]
  }

  /// Distances of irregular graphs.
  static let distances = Benchmark(
    name: "distances",
    about: """
      The distances between all vertices, a full matrix in memory, on two threads where the library has threads: SciPy \
      (Dijkstra), igraph and networkx have one. Of networkx 16 sources are run and their time is scaled to all. Wanted: \
      at most 0.1 of SciPy's and 0.125 of NetworKit's time.
      """
  ) { report in
    for graph in graphs {
      let topology = graph.topology
      let ours = { Run.timing { DistanceMatrix(of: topology, threads: 2) } }
      for (library, threads, runs) in [("networkit", 2, 5), ("scipy", 1, 3), ("igraph", 1, 3), ("networkx", 1, 1)] {
        // Minutes and gigabytes for what the others show.
        if graph.vertices > 5000, library != "networkit" { continue }
        let rival = try Rival(library, "distances", graph: graph, threads: threads)
        defer { rival.stop() }
        report(try Contest(graph.name, against: library, runs: runs, ours: ours, theirs: rival.run))
      }
      report(
        try Contest(
          "\(graph.name), 2 threads", against: "ours on 1 thread", runs: 5, ours: ours,
          theirs: { Run.timing { DistanceMatrix(of: topology, threads: 1) } }))
    }
  }

  /// Loads of all pairs on irregular graphs.
  static let loads = Benchmark(
    name: "loads",
    about: """
      One unit from every end to every other over all shortest paths, split evenly at every hop, against the edge \
      betweenness of others, which walks the same paths and splits by their number. NetworKit has two threads, as ours \
      has. Of networkx 16 sources are run and their time is scaled to all. Wanted for the random graphs: 1 s, and at most \
      0.02 of networkx.
      """
  ) { report in
    for graph in graphs {
      let topology = graph.topology
      let ends = (0..<graph.ends).map { CellID($0) }
      let ours = { Run.timing { MultipathLoads(of: topology, between: ends, threads: 2) { _, _ in 1 } } }
      for (library, threads, runs) in [("networkit", 2, 3), ("igraph", 1, 2), ("networkx", 1, 1)] {
        if graph.vertices > 5000, library != "networkit" { continue }
        let rival = try Rival(library, "loads", graph: graph, threads: threads)
        defer { rival.stop() }
        report(try Contest(graph.name, against: library, runs: runs, ours: ours, theirs: rival.run))
      }
      report(
        try Contest(
          "\(graph.name), 2 threads", against: "ours on 1 thread", runs: 3, ours: ours,
          theirs: { Run.timing { MultipathLoads(of: topology, between: ends, threads: 1) { _, _ in 1 } } }))
    }
  }

  /// How time and memory grow with the vertices of an irregular graph.
  static let growth = Benchmark(
    name: "growth",
    about: """
      Irregular graphs of growing size in a process of its own, start and construction of the graph included: loads of \
      all pairs against all distances as a matrix. Loads hold no matrix.
      """
  ) { report in
    for vertices in [1024, 2048, 4096, 8192] {
      report(
        try Contest(
          "loads of \(grouped(vertices)) vertices of degree 16", against: "distances", runs: vertices > 4096 ? 1 : 3,
          ours: GraphOnly.child("loads", vertices).run, theirs: GraphOnly.child("distances", vertices).run))
    }
    report(
      try Contest(
        "loads of 16,384 vertices of degree 16", withoutRival: "not run", runs: 1,
        ours: GraphOnly.child("loads", 16_384).run))
  }
}

/// This program as a process that works on one random graph and ends.
enum GraphOnly {
  static let flag = "--graph-only"

  static func child(_ task: String, _ vertices: Int) -> Child {
    Child(path: ExpandOnly.program, arguments: [flag, task, "\(vertices)"])
  }

  static func run(_ task: String, vertices: Int) {
    let topology = SampleGraph.random(vertices, degree: 16, delays: 1...1).topology
    if task == "loads" {
      print(MultipathLoads(of: topology, threads: 2) { _, _ in 1 }?.loads.max() ?? 0)
    } else {
      print(DistanceMatrix(of: topology, threads: 2)?.count ?? 0)
    }
  }
}
