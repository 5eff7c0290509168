public import ClusterModel

/// Which ranks hand on what others of their scale-up domain have for ranks on other rails, on a graph of single vertices.
public struct RailRelays: Sendable {
  /// A rank and where it stands.
  public struct Rank: Sendable, Hashable {
    /// The rank's vertex.
    public var accelerator: CellID
    /// Its scale-up domain, by a number of one's own.
    public var domain: Int
    /// What it has in common with all others on its rail.
    public var rail: [Int]

    /// A rank by its vertex and where it stands.
    public init(_ accelerator: CellID, domain: Int, rail: [Int]) {
      self.accelerator = accelerator
      self.domain = domain
      self.rail = rail
    }
  }

  private struct Place: Hashable {
    var domain: Int
    var rail: [Int]
  }

  private var places: [CellID: Place] = [:]
  private var members: [Place: [CellID]] = [:]

  /// Relays among some ranks.
  public init(_ ranks: [Rank]) {
    for rank in ranks {
      let place = Place(domain: rank.domain, rail: rank.rail)
      places[rank.accelerator] = place
      members[place, default: []].append(rank.accelerator)
    }
  }

  /// The same demands with those between rails of different domains in two.
  ///
  /// They go to the ranks of the sender's domain on the receiver's rail, evenly, and from them on. A demand stays whole
  /// where there are none, or where an end is no rank.
  /// - Complexity: O(demands · relays of one).
  public func relayed(_ demands: [Demand]) -> [Demand] {
    demands.flatMap { demand -> [Demand] in
      guard let from = places[demand.from], let to = places[demand.to], from.domain != to.domain, from.rail != to.rail,
        let relays = members[Place(domain: from.domain, rail: to.rail)]
      else { return [demand] }
      let bytes = demand.bytes / Double(relays.count)
      return relays.flatMap {
        [Demand(from: demand.from, to: $0, bytes: bytes), Demand(from: $0, to: demand.to, bytes: bytes)]
      }
    }
  }
}
