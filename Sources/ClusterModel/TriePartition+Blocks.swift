extension TriePartition {
  /// A block of alike indices of one axis inside one block of its parent axis: a node of the trie.
  struct Block: Sendable {
    /// Its indices; not empty.
    var ranges: [Range<Int>] = []
    /// How many indices it holds.
    var size = 0
    /// The selections that constrain the axis and hold here.
    var members: [Int]
    /// The members whose constraint here is an innermost one: a cell is within a selection when as many of its blocks
    /// list it as the selection has innermost axes.
    var settled: [Int] = []
  }

  /// The blocks of one axis inside one block of its parent, which together hold all indices.
  struct Family: Sendable {
    /// Its blocks' places in `Blocks.all`.
    var blocks: Range<Int>
    /// Runs of consecutive indices of one block: where each starts, in ascending order, and the block.
    var runs: [(start: Int, block: Int)]

    /// The block that holds an index of the axis.
    func block(holding index: Int) -> Int {
      var low = 0
      var high = runs.count
      while high - low > 1 {
        let middle = (low + high) / 2
        if runs[middle].start <= index { low = middle } else { high = middle }
      }
      return runs[low].block
    }
  }

  /// Every axis split, inside each block of its parent, by the selections that hold there.
  ///
  /// Two indices of a block are in the same selections among those whose constraints on the enclosing axes hold, so
  /// exchanging them, with all that is inside them, changes nothing that was marked.
  struct Blocks: Sendable {
    /// The blocks, those of one axis one after another.
    private(set) var all: [Block] = []
    /// By axis and by place of the parent's block among the parent axis's blocks.
    private var families: [[Family]] = []
    /// By axis: the place of its first block.
    private var first: [Int] = []
    private let parents: [Int?]

    /// The blocks inside a block of the parent axis; of a top axis, all.
    func family(of axis: AxisID, inside parent: Int?) -> Family {
      guard let parent, let parentAxis = parents[axis.index] else { return families[axis.index][0] }
      return families[axis.index][parent - first[parentAxis]]
    }

    /// - Complexity: O(sum over blocks of the selections that hold there).
    init(axes: [Blueprint.Axis], selections: SelectionTable) throws(BlueprintError) {
      parents = axes.map { $0.parent?.index }
      // By block: the selections that hold there and constrain axes further in.
      var passing: [[Int]] = []
      var entries = 0
      for (index, axis) in axes.enumerated() {
        let id = AxisID(index)
        first.append(all.count)
        families.append([])
        var scopes = [Array(selections.all.indices)]
        if let parent = axis.parent { scopes = Array(passing[first[parent.index]..<first[parent.index + 1]]) }
        for holding in scopes {
          let family = try append(axis: id, axis, holding: holding, selections: selections)
          let free = holding.filter { selections.ranges(of: $0, on: id) == nil }
          for block in family.blocks {
            entries += all[block].members.count + free.count
            guard all.count <= cellLimit, entries <= entryLimit else { throw .tooManyCells(limit: cellLimit) }
            all[block].settled = all[block].members.filter { selections.settles($0, on: id) }
            passing.append((all[block].members + free).filter { selections.constrains($0, inside: id) })
          }
          families[index].append(family)
        }
      }
    }

    /// Splits one axis in one scope by a sweep over the ends of the ranges of the selections that hold there.
    private mutating func append(
      axis: AxisID, _ shape: Blueprint.Axis, holding: [Int], selections: SelectionTable
    ) throws(BlueprintError) -> Family {
      let size = shape.size
      var ends: [(index: Int, selection: Int)] = []
      for selection in holding {
        for range in selections.ranges(of: selection, on: axis) ?? [] {
          ends.append((range.lowerBound, selection))
          ends.append((range.upperBound, selection))
        }
      }
      ends.sort { $0.index < $1.index }
      // A turn that leaves one index in place leaves all in place.
      let isSplitWholly = shape.symmetry == .none || shape.symmetry == .rotations && !ends.isEmpty
      let start = all.count
      var runs: [(start: Int, block: Int)] = []
      var known: [[Int]: Int] = [:]
      var members: [Int] = []
      var next = 0
      var index = 0
      var entries = 0
      while index < size {
        while next < ends.count, ends[next].index == index {
          toggle(ends[next].selection, in: &members)
          next += 1
        }
        entries += members.count
        guard entries <= entryLimit else { throw .tooManyCells(limit: cellLimit) }
        let end = isSplitWholly ? index + 1 : next < ends.count ? ends[next].index : size
        let block = isSplitWholly ? all.count : known[members] ?? all.count
        if block == all.count {
          guard all.count < cellLimit else { throw .tooManyCells(limit: cellLimit) }
          known[members] = block
          all.append(Block(members: members))
        }
        all[block].ranges.append(index..<end)
        all[block].size += end - index
        runs.append((index, block))
        index = end
      }
      return Family(blocks: start..<all.count, runs: runs)
    }

    private func toggle(_ selection: Int, in members: inout [Int]) {
      let place = members.firstIndex { $0 >= selection } ?? members.count
      if place < members.count, members[place] == selection {
        members.remove(at: place)
      } else {
        members.insert(selection, at: place)
      }
    }
  }
}
