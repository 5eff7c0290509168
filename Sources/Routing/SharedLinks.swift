import ClusterModel
import Matrices
import Quantities

/// Flows of fixed routes that share links, and the rates that they get.
///
/// Alike flows and alike links may stand as one each: a use is then what one flow's rate, with that of all alike ones, puts
/// on one link of its kind. Filling keeps alike flows alike, so this is exact.
public struct SharedLinks: Sendable {
  /// What one unit of a flow's rate puts on a link.
  public struct Use: Sendable, Hashable {
    /// The link.
    public var link: Int
    /// How much of the link a unit of rate takes; more than 0.
    public var amount: Double

    /// A use of a link.
    public init(link: Int, amount: Double) {
      self.link = link
      self.amount = amount
    }
  }

  /// Why flows have no rates.
  public enum Failure: Error, Hashable, Sendable {
    /// A link whose capacity is not a positive number.
    case capacity(link: Int)
    /// A flow that uses no link, an unknown link, or one by an amount that is not positive.
    case use(flow: Int)
    /// A weight or size that is not a number of at least 0, or of more than 0 for a weight, or not one for each flow.
    case amount(flow: Int)
  }

  /// What each link carries.
  public let capacities: [Double]
  /// By flow: the links it uses, each once.
  public let flows: [[Use]]
  /// By link: the flows that use it, with the amounts.
  let users: [[Use]]

  /// Links and flows.
  /// - Throws: `Failure` when a capacity or a use is not a positive number, or a flow uses nothing.
  public init(capacities: [Double], flows: [[Use]]) throws(Failure) {
    for (link, capacity) in capacities.enumerated() where !(capacity > 0 && capacity.isFinite) {
      throw .capacity(link: link)
    }
    var users = [[Use]](repeating: [], count: capacities.count)
    for (flow, uses) in flows.enumerated() {
      let areFit = uses.allSatisfy { capacities.indices.contains($0.link) && $0.amount > 0 && $0.amount.isFinite }
      guard !uses.isEmpty, areFit else { throw .use(flow: flow) }
      for use in uses { users[use.link].append(Use(link: flow, amount: use.amount)) }
    }
    self.capacities = capacities
    self.flows = flows
    self.users = users
  }

  /// The columns of a load operator as flows, which may belong to several collectives or jobs: a unit of rate moves one
  /// unit of the column's traffic a second.
  /// - Throws: `Failure` for a column that loads no link.
  public init(_ loads: LoadOperator) throws(Failure) {
    try self.init(
      capacities: loads.rows.map(\.link.bandwidth.bytesPerSecond),
      flows: (0..<loads.matrix.columns).map { column in
        loads.rows.indices.compactMap { row in
          loads.matrix[row, column] > 0 ? Use(link: row, amount: loads.matrix[row, column]) : nil
        }
      })
  }

  /// The least time for all flows if their rates could be chosen freely: the largest load over capacity.
  ///
  /// Rates in proportion to the sizes reach it, and so does max-min sharing with the sizes as weights.
  /// - Throws: `Failure` when there is not a size for each flow.
  public func bound(sizes: [Double]) throws(Failure) -> Double {
    try check(sizes, isPositive: false)
    return capacities.indices.reduce(0) { most, link in
      max(most, users[link].reduce(0) { $0 + $1.amount * sizes[$1.link] } / capacities[link])
    }
  }

  func check(_ amounts: [Double], isPositive: Bool) throws(Failure) {
    guard amounts.count == flows.count else { throw .amount(flow: min(amounts.count, flows.count)) }
    for (flow, amount) in amounts.enumerated() where !(amount.isFinite && (isPositive ? amount > 0 : amount >= 0)) {
      throw .amount(flow: flow)
    }
  }
}
