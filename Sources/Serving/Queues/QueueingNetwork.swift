public import Matrices

/// An open network of queues with a product form: that of Jackson, or of Baskett, Chandy, Muntz and Palacios where
/// several classes of customers share the nodes.
public struct QueueingNetwork: Sendable {
  /// A node of servers that are all alike; several classes share their time.
  public struct Node: Sendable, Hashable {
    /// How many servers; nil: as many as there are customers, a mere delay.
    public var servers: Int?
    /// Services per second of one server, one for each class.
    public var serviceRates: [Double]

    /// A node of its parts.
    public init(servers: Int?, serviceRates: [Double]) {
      self.servers = servers
      self.serviceRates = serviceRates
    }
  }

  /// A class of customers.
  public struct CustomerClass: Sendable {
    /// Arrivals per second from outside at each node.
    public var arrivals: [Double]
    /// The probability to go from a node (row) to a node (column); what a row lacks to one leaves the network.
    public var routing: Matrix

    /// A class of its parts.
    public init(arrivals: [Double], routing: Matrix) {
      self.arrivals = arrivals
      self.routing = routing
    }
  }

  /// The nodes.
  public let nodes: [Node]
  /// The classes.
  public let classes: [CustomerClass]
  /// Arrivals per second at each node of each class, those from other nodes included: a row a node.
  public let throughput: Matrix
  private let factors: [LUFactors]

  /// A network with its traffic equations solved.
  /// - Throws: `QueueError.invalid` for sides that do not fit, probabilities that are none, or customers that never
  ///   leave.
  /// - Complexity: O(classes · nodes³).
  public init(nodes: [Node], classes: [CustomerClass]) throws(QueueError) {
    var throughput = Matrix(rows: nodes.count, columns: classes.count)
    var factors: [LUFactors] = []
    for (index, each) in classes.enumerated() {
      try QueueingNetwork.check(each, nodes: nodes, index: index)
      let system = Matrix.identity(nodes.count) - QueueingNetwork.transposed(each.routing)
      guard let lu = LUFactors(system) else { throw .invalid(QueueingNetwork.neverLeave) }
      let flows = lu.solve(each.arrivals)
      guard flows.allSatisfy({ $0.isFinite && $0 >= -1e-9 }) else { throw .invalid(QueueingNetwork.neverLeave) }
      for (node, flow) in flows.enumerated() { throughput[node, index] = max(0, flow) }
      factors.append(lu)
    }
    self.nodes = nodes
    self.classes = classes
    self.throughput = throughput
    self.factors = factors
  }

  private static let neverLeave = "customers go round for ever: no way leads out of the network"

  private static func check(_ each: CustomerClass, nodes: [Node], index: Int) throws(QueueError) {
    guard each.arrivals.count == nodes.count, each.routing.rows == nodes.count, each.routing.columns == nodes.count,
      nodes.allSatisfy({ $0.serviceRates.count > index && ($0.servers ?? 1) >= 1 })
    else { throw .invalid("arrivals, routing and service must name every node") }
    guard each.arrivals.allSatisfy({ $0 >= 0 && $0.isFinite }),
      nodes.allSatisfy({ $0.serviceRates[index] > 0 && $0.serviceRates[index].isFinite })
    else { throw .invalid("a rate below zero, or a service that never ends") }
    for node in nodes.indices {
      let row = each.routing.row(node)
      guard row.allSatisfy({ $0 >= 0 }), row.reduce(0, +) <= 1 + 1e-9 else {
        throw .invalid("the probabilities of going on from node \(node) are below zero or exceed one together")
      }
    }
  }

  private static func transposed(_ matrix: Matrix) -> Matrix {
    Matrix(rows: matrix.columns, columns: matrix.rows) { matrix[$1, $0] }
  }

  /// Mean number of each class at each node, a row a node.
  /// - Throws: `QueueError.overloaded` where a node has no steady state.
  public func meanNumbers() throws(QueueError) -> Matrix {
    var numbers = Matrix(rows: nodes.count, columns: classes.count)
    for (index, node) in nodes.enumerated() {
      let loads = classes.indices.map { throughput[index, $0] / node.serviceRates[$0] }
      let load = loads.reduce(0, +)
      var total = load
      if let servers = node.servers, load > 0 {
        total = try MultiServerQueue(arrivalRate: load, serviceRate: 1, servers: servers).meanNumber
      }
      for (column, own) in loads.enumerated() { numbers[index, column] = load > 0 ? total * own / load : 0 }
    }
    return numbers
  }

  /// Mean time from a customer's arrival to its departure from the network, by Little's law.
  /// - Throws: `QueueError.overloaded` where a node has no steady state.
  public func meanResponse(ofClass index: Int = 0) throws(QueueError) -> Double {
    let numbers = try meanNumbers()
    let arrivals = classes[index].arrivals.reduce(0, +)
    return arrivals > 0 ? numbers.column(index).reduce(0, +) / arrivals : 0
  }

  /// The flows of a class when a node absorbs what reaches it, for every node in turn: column k is with node k absorbing.
  ///
  /// With Z the inverse of `I − Pᵀ`, replacing row k of P by zeros changes the flows by `(Z e_k − e_k) λ_k / Z_kk`
  /// (Sherman and Morrison; `Z Pᵀ = Z − I`), so that one inverse answers for all nodes.
  /// - Complexity: O(nodes³) for all nodes together.
  public func flowsWithEachNodeAbsorbing(ofClass index: Int = 0) -> Matrix {
    let inverse = factors[index].solve(Matrix.identity(nodes.count))
    let flows = throughput.column(index)
    return Matrix(rows: nodes.count, columns: nodes.count) { node, absorbing in
      let share = flows[absorbing] / inverse[absorbing, absorbing]
      return max(0, flows[node] - (inverse[node, absorbing] - (node == absorbing ? 1 : 0)) * share)
    }
  }
}
