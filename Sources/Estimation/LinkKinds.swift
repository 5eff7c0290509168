import ClusterModel
import Routing

/// The kinds of links that the rows of a load operator are, numbered once: one name on one tier is one kind.
struct LinkKinds {
  private let all: [LinkTimes.Profile.Kind]
  /// By row: its kind's place in `all`.
  private let byRow: [Int]

  init(_ rows: [LoadOperator.Row]) {
    var all: [LinkTimes.Profile.Kind] = []
    var places: [LinkTimes.Profile.Kind: Int] = [:]
    byRow = rows.map { row in
      let kind = LinkTimes.Profile.Kind(link: row.link.name, tier: row.tier)
      if let place = places[kind] { return place }
      places[kind] = all.count
      all.append(kind)
      return all.count - 1
    }
    self.all = all
  }

  /// By kind: the longest time of its rows; kinds whose rows all take none are left out.
  func longest(_ times: [Double]) -> [LinkTimes.Profile.Kind: Double] {
    var longest = [Double](repeating: 0, count: all.count)
    for (kind, time) in zip(byRow, times) where time > longest[kind] { longest[kind] = time }
    return Dictionary(uniqueKeysWithValues: zip(all, longest).filter { $0.1 > 0 })
  }
}
