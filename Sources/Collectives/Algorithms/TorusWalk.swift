import ClusterModel

/// How messages go round the rings of a torus: both ways, half way each.
///
/// Ring 0 is that of the fastest-running digit of the rank. Round a ring of even size what lies opposite is halved:
/// one half goes each way.
struct TorusWalk {
  /// Ranks round the ring of each dimension.
  let sizes: [Int]

  private var dimensions: Int { sizes.count }
  private var ranks: Int { sizes.reduce(1, *) }

  init(_ ladder: TierLadder) throws(AlgorithmError) {
    guard ladder.ranks > 1 else {
      sizes = []
      return
    }
    guard let torus = ladder.torus else {
      throw .notApplicable(reason: "The accelerators do not form a torus: no rings of links join them.")
    }
    guard let sizes = torus.sizes else {
      let machine = torus.machine.reversed().map(String.init).joined(separator: " × ")
      let counts = torus.wholeCounts.map(String.init).joined(separator: ", ")
      throw .notApplicable(
        reason: "\(ladder.ranks) ranks do not fill whole rings of the torus of \(machine); these numbers do: \(counts)."
      )
    }
    self.sizes = sizes
  }

  /// The messages in turn of one pass over all dimensions.
  var hops: [Schedule.Hop] {
    sizes.enumerated().map { .init(.neighbours(ring: $0, forward: true), count: Double($1 / 2)) }
  }

  /// How many steps one pass over all dimensions takes.
  var stepCount: Int { sizes.reduce(0) { $0 + $1 / 2 } }

  // MARK: Volumes, over a link in one direction and per byte of S

  /// What an all-gather sends along a dimension: in each order of the dimensions, the parts of all ranks along the
  /// dimensions before it, to half of the others of the ring each way.
  func gathered(along ring: Int) -> Double { volume(ring) { order, place in order[..<place] } }

  /// What a scatter sends over the root's own links: the parts of all ranks along the dimensions behind it.
  func scattered(along ring: Int) -> Double { volume(ring) { order, place in order[(place + 1)...] } }

  private func volume(_ ring: Int, _ others: ([Int], Int) -> ArraySlice<Int>) -> Double {
    let parts = (0..<dimensions).reduce(0.0) { sum, first in
      let order = order(from: first)
      let place = order.firstIndex(of: ring) ?? 0
      return sum + others(order, place).reduce(1.0) { $0 * Double(sizes[$1]) }
    }
    return Double(sizes[ring] - 1) / 2 * parts / Double(dimensions) / sizes.reduce(1.0) { $0 * Double($1) }
  }

  /// What an all-to-all sends along a dimension: to every coordinate as far as it is away.
  func exchanged(along ring: Int) -> Double {
    let size = sizes[ring]
    let distance = size % 2 == 0 ? Double(size * size) / 8 : Double(size * size - 1) / 8
    return distance / Double(size)
  }

  private func order(from first: Int) -> [Int] { (0..<dimensions).map { (first + $0) % dimensions } }

  // MARK: Messages

  /// One way round a ring: `sign` is 1 or -1, `half` the half that goes this way where a rank lies opposite.
  private struct Way {
    let sign: Int
    let half: Int

    static let both = [Way(sign: 1, half: 0), Way(sign: -1, half: 1)]
  }

  private func coordinates(_ rank: Int) -> [Int] {
    var rest = rank
    return sizes.map { size in
      defer { rest /= size }
      return rest % size
    }
  }

  private func rank(_ coordinates: [Int]) -> Int {
    zip(coordinates, sizes).reversed().reduce(0) { $0 * $1.1 + $1.0 }
  }

  /// A rank moved along a ring.
  private func moved(_ coordinates: [Int], along ring: Int, by distance: Int) -> [Int] {
    var moved = coordinates
    moved[ring] = ((moved[ring] + distance) % sizes[ring] + sizes[ring]) % sizes[ring]
    return moved
  }

  /// The ranks that take any coordinate in some dimensions.
  private func ranks(_ coordinates: [Int], free: some Sequence<Int>) -> [Int] {
    free.reduce([coordinates]) { found, ring in
      found.flatMap { one in (0..<sizes[ring]).map { moved(one, along: ring, by: $0) } }
    }.map(rank)
  }

  /// The halves that go a way to ranks so far along a ring.
  private func halves(_ way: Way, distance: Int, size: Int) -> Range<Int> {
    2 * distance == size ? way.half..<way.half + 1 : 0..<2
  }

  /// The steps of an all-gather: round each ring a rank first sends what it has, then what it was sent last.
  var gatherSteps: [ScheduleExpansion.Step] {
    var steps = [ScheduleExpansion.Step](repeating: .init(), count: stepCount)
    for first in 0..<dimensions {
      let order = order(from: first)
      var step = 0
      for (place, ring) in order.enumerated() {
        for distance in 1..<(sizes[ring] / 2 + 1) {
          for sender in 0..<ranks {
            let own = coordinates(sender)
            for way in Way.both {
              let halves = halves(way, distance: distance, size: sizes[ring])
              let origin = moved(own, along: ring, by: -way.sign * (distance - 1))
              steps[step].transfers += ranks(origin, free: order[..<place]).map { owner in
                transfer(from: own, along: ring, way, part: owner, order: first, halves)
              }
            }
          }
          step += 1
        }
      }
    }
    return steps
  }

  /// The steps of a scatter from rank 0: on every line the farthest part leaves first, so that all arrive together.
  var scatterSteps: [ScheduleExpansion.Step] {
    var steps = [ScheduleExpansion.Step](repeating: .init(), count: stepCount)
    for first in 0..<dimensions {
      let order = order(from: first)
      var begin = 0
      for (place, ring) in order.enumerated() {
        let reach = sizes[ring] / 2
        for line in ranks(sizes.map { _ in 0 }, free: order[..<place]).map(coordinates) {
          for (way, distance) in Way.both.flatMap({ way in (1..<(reach + 1)).map { (way, $0) } }) {
            let halves = halves(way, distance: distance, size: sizes[ring])
            let ends = ranks(moved(line, along: ring, by: way.sign * distance), free: order[(place + 1)...])
            for passed in 0..<distance {
              let sender = moved(line, along: ring, by: way.sign * passed)
              steps[begin + reach - distance + passed].transfers += ends.map {
                transfer(from: sender, along: ring, way, part: $0, order: first, halves)
              }
            }
          }
        }
        begin += reach
      }
    }
    return steps
  }

  /// The steps of an all-to-all: round each ring, what is for farther ranks is passed on.
  var exchangeSteps: [ScheduleExpansion.Step] {
    var steps: [ScheduleExpansion.Step] = []
    for ring in 0..<dimensions {
      let reach = sizes[ring] / 2
      for passed in 0..<reach {
        var step = ScheduleExpansion.Step()
        for sender in 0..<ranks {
          let own = coordinates(sender)
          for (way, distance) in Way.both.flatMap({ way in ((passed + 1)..<(reach + 1)).map { (way, $0) } }) {
            let halves = halves(way, distance: distance, size: sizes[ring])
            let origin = moved(own, along: ring, by: -way.sign * passed)
            // In the rings done it has come from anywhere, in those to come it may go anywhere.
            for source in ranks(origin, free: 0..<ring) {
              for target in ranks(
                moved(origin, along: ring, by: way.sign * distance), free: (ring + 1)..<dimensions)
              {
                let pair = source * ranks + target
                step.transfers.append(
                  .init(
                    from: .rank(sender), to: .rank(rank(moved(own, along: ring, by: way.sign))),
                    chunks: .init(first: 2 * pair + halves.lowerBound, count: halves.count), effect: .copy))
              }
            }
          }
        }
        steps.append(step)
      }
    }
    return steps
  }

  private func transfer(
    from sender: [Int], along ring: Int, _ way: Way, part owner: Int, order: Int, _ halves: Range<Int>
  ) -> ScheduleExpansion.Transfer {
    .init(
      from: .rank(rank(sender)), to: .rank(rank(moved(sender, along: ring, by: way.sign))),
      chunks: .init(first: 2 * (owner * dimensions + order) + halves.lowerBound, count: halves.count), effect: .copy)
  }
}
