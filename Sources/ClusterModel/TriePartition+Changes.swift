extension TriePartition {
  /// The exceptions about the links of one rule.
  struct Changes {
    private enum Effect {
      case failed(Int?)
      case changed(link: Int)
    }

    /// An exception that applies to links from a cell into the cells of a selection.
    struct Reach {
      var exception: Int
      var into: Int
    }

    private var effects: [Effect] = []
    private var byFrom: [Int: [Reach]] = [:]
    private var byTo: [Int: [Reach]] = [:]

    private let links: Int
    private let link: Int

    init(of id: RuleID, blueprint: Blueprint, selections: SelectionTable, linkTypes: LinkTypeTable) {
      links = blueprint.rules[id.index].linksPerPair
      link = linkTypes.place(of: blueprint.rules[id.index].link)
      for exception in blueprint.exceptions {
        switch exception {
        case .failedLinks(id, let from, let to, let count):
          add(.failed(count), from, to, selections)
        case .changedLinks(id, let from, let to, let link):
          add(.changed(link: linkTypes.place(of: link)), from, to, selections)
        default:
          break
        }
      }
    }

    private mutating func add(
      _ effect: Effect, _ from: Blueprint.Selection, _ to: Blueprint.Selection, _ table: SelectionTable
    ) {
      guard let from = table.place(of: from), let to = table.place(of: to) else { return }
      byFrom[from, default: []].append(Reach(exception: effects.count, into: to))
      byTo[to, default: []].append(Reach(exception: effects.count, into: from))
      effects.append(effect)
    }

    /// The exceptions that concern links of a cell in these selections, in order.
    /// - Parameter symmetric: Whether either end of a link may be the exception's first.
    func reaching(_ selections: [Int], symmetric: Bool) -> [Reach] {
      guard !effects.isEmpty else { return [] }
      var reaching = selections.flatMap { byFrom[$0] ?? [] }
      if symmetric { reaching += selections.flatMap { byTo[$0] ?? [] } }
      return reaching.sorted { $0.exception < $1.exception }
    }

    /// How many links a pair has, and of which kind, after the exceptions that lead into the other cell's selections.
    func apply(_ reaching: [Reach], to selections: [Int]) -> (count: Int, link: Int) {
      var count = links
      var link = link
      var last: Int?
      for reach in reaching where reach.exception != last && selections.contains(reach.into) {
        // In a mesh one exception may reach a pair from both ends; it counts once.
        last = reach.exception
        switch effects[reach.exception] {
        case .failed(let failed): count -= min(count, failed ?? count)
        case .changed(let changed): link = changed
        }
      }
      return (count, link)
    }
  }
}
