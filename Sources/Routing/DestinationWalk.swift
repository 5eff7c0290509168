/// Walks over the shortest paths to one destination after another, with memory of its own for a block of them.
///
/// The arcs on shortest paths are found for a block at once, by comparing vectors of distances: a bit for each arc of a
/// vertex, as many arcs to a word as a lane has bits.
struct DestinationWalk<Lane: FixedWidthInteger & SignedInteger & Sendable> {
  private static var width: Int { LaneDistances<Lane>.width }

  private let lanes: LaneDistances<Lane>
  private let count: Int
  private let scratch: LaneDistances<Lane>.Scratch
  /// By vertex: its first word of arcs; one more at the end.
  private let words: [Int32]
  /// Which of the arcs are next hops: by word and lane as they are found, by lane and word (`wordPitch` apart) as a walk
  /// over one destination reads them.
  private let tight: UnsafeMutablePointer<Lane>
  private let hops: UnsafeMutablePointer<Lane>
  private let wordPitch: Int
  /// By lane and vertex, `pitch` apart: distances.
  private let turned: UnsafeMutablePointer<Lane>
  private let pitch: Int
  private let counts: UnsafeMutablePointer<Int32>
  private var order: UnsafeMutablePointer<Int32>
  private var sorted: UnsafeMutablePointer<Int32>
  private let found: UnsafeMutablePointer<Int32>
  private let waiting: UnsafeMutablePointer<Int32>
  private var waitingCount = 0
  // Copies of the graph without checks and counts of references.
  private let starts: UnsafeMutablePointer<Int32>
  private let heads: UnsafeMutablePointer<Int32>
  private let links: UnsafeMutablePointer<Double>
  private let hasParallelLinks: Bool
  private var block = 0..<0
  /// The farthest of the block's distances.
  private var most: Lane = 0
  private var destination = 0
  private var distances: UnsafeMutablePointer<Lane>

  /// By vertex: what it has for the destination; zero again after every walk.
  let flow: UnsafeMutablePointer<Double>

  private static var digit: Int { 11 }

  init(_ lanes: LaneDistances<Lane>) {
    self.lanes = lanes
    let arcs = lanes.arcs
    count = arcs.count
    var words: [Int32] = [0]
    for vertex in 0..<arcs.count {
      words.append(words[vertex] + Int32((arcs.outgoing(vertex).count + Lane.bitWidth - 1) / Lane.bitWidth))
    }
    self.words = words
    scratch = .init(count)
    tight = DestinationWalk.zeros(Int(words[count]) * Self.width)
    // Rows of lengths that are powers of two would all meet in the same few lines of the cache.
    wordPitch = Int(words[count]) + 40
    hops = DestinationWalk.zeros(wordPitch * Self.width)
    pitch = count + 40
    turned = DestinationWalk.zeros(pitch * Self.width)
    distances = turned
    counts = DestinationWalk.zeros(1 << Self.digit)
    order = DestinationWalk.zeros(count)
    sorted = DestinationWalk.zeros(count)
    found = DestinationWalk.zeros((0..<count).map { arcs.outgoing($0).count }.max() ?? 0)
    waiting = DestinationWalk.zeros(count)
    starts = DestinationWalk.copy(arcs.starts)
    heads = DestinationWalk.copy(arcs.heads)
    links = DestinationWalk.copy(arcs.links)
    flow = DestinationWalk.zeros(count)
    hasParallelLinks = arcs.links.contains { $0 != 1 }
  }

  private static func zeros<Number: Numeric>(_ count: Int) -> UnsafeMutablePointer<Number> {
    let memory = UnsafeMutablePointer<Number>.allocate(capacity: count)
    memory.initialize(repeating: 0, count: count)
    return memory
  }

  private static func copy<Number>(_ values: [Number]) -> UnsafeMutablePointer<Number> {
    let memory = UnsafeMutablePointer<Number>.allocate(capacity: values.count)
    for (place, value) in values.enumerated() { (memory + place).initialize(to: value) }
    return memory
  }

  func deallocate() {
    scratch.deallocate()
    tight.deallocate()
    hops.deallocate()
    turned.deallocate()
    counts.deallocate()
    order.deallocate()
    sorted.deallocate()
    found.deallocate()
    waiting.deallocate()
    starts.deallocate()
    heads.deallocate()
    links.deallocate()
    flow.deallocate()
  }

  /// Finds the shortest paths to a block of destinations.
  mutating func prepare(_ destinations: Range<Int>) {
    block = destinations
    lanes.find(to: destinations, scratch)
    let (own, unreachable) = (scratch.lanes, lanes.unreachable)
    most = 0
    for vertex in 0..<count {
      for lane in 0..<destinations.count {
        let distance = own[vertex * Self.width + lane]
        turned[lane * pitch + vertex] = distance
        if distance != unreachable { most = max(most, distance) }
      }
    }
    findNextHops()
    for word in 0..<Int(words[count]) {
      for lane in 0..<destinations.count { hops[lane * wordPitch + word] = tight[word * Self.width + lane] }
    }
  }

  private func findNextHops() {
    let lanes = lanes
    let (distances, width) = (scratch.lanes, Self.width)
    lanes.arcs.heads.withUnsafeBufferPointer { heads in
      lanes.delays.withUnsafeBufferPointer { delays in
        lanes.arcs.relays.withUnsafeBufferPointer { relays in
          for vertex in 0..<count {
            let arcs = lanes.arcs.outgoing(vertex)
            let own = distances + vertex * width
            for word in Int(words[vertex])..<Int(words[vertex + 1]) {
              let bits = tight + word * width
              bits.update(repeating: 0, count: width)
              let first = arcs.lowerBound + (word - Int(words[vertex])) * Lane.bitWidth
              for arc in first..<min(first + Lane.bitWidth, arcs.upperBound) {
                let bit: Lane = 1 &<< Lane(truncatingIfNeeded: arc - first)
                let (head, delay) = (Int(heads[arc]), delays[arc])
                guard relays[head] else {
                  // A vertex that passes nothing on is a next hop of paths that end there.
                  let lane = head - block.lowerBound
                  if block.contains(head), own[lane] == delay { bits[lane] |= bit }
                  continue
                }
                let other = distances + head * width
                for lane in 0..<width { bits[lane] |= own[lane] &- other[lane] == delay ? bit : 0 }
              }
            }
          }
        }
      }
    }
  }

  /// Chooses a destination of the block.
  mutating func turn(to destination: Int) {
    self.destination = destination
    distances = turned + (destination - block.lowerBound) * pitch
  }

  /// Whether a vertex has a path to the destination.
  func reaches(_ vertex: Int) -> Bool { distances[vertex] != lanes.unreachable }

  /// Carries what the vertices have to the destination and adds what every arc carries.
  mutating func spread(_ sums: UnsafeMutablePointer<Double>) {
    sortByDistance()
    // From the farthest vertex on: everything that passes a vertex has arrived when its turn comes.
    for place in stride(from: count - 1, through: 0, by: -1) {
      let vertex = Int(order[place])
      let amount = flow[vertex]
      if amount == 0 { continue }
      flow[vertex] = 0
      if vertex == destination { continue }
      if hasParallelLinks {
        divide(amount, among: nextHops(of: vertex), sums)
      } else {
        divideEvenly(amount, of: vertex, sums)
      }
    }
  }

  /// Gives a vertex an amount to be carried, for a few vertices out of many.
  mutating func give(_ amount: Double, to vertex: Int) {
    if flow[vertex] == 0 { push(vertex) }
    flow[vertex] += amount
  }

  /// Carries what some vertices were given, touching only what lies on their paths, and adds what every arc carries.
  mutating func carry(_ sums: UnsafeMutablePointer<Double>) {
    while let vertex = pop() {
      let amount = flow[vertex]
      flow[vertex] = 0
      if vertex == destination { continue }
      let hops = nextHops(of: vertex)
      for hop in 0..<hops where flow[Int(heads[Int(found[hop])])] == 0 { push(Int(heads[Int(found[hop])])) }
      divide(amount, among: hops, sums)
    }
  }

  /// Lists a vertex's next hops in `found`; how many there are.
  @inline(__always)
  private func nextHops(of vertex: Int) -> Int {
    let own = hops + (destination - block.lowerBound) * wordPitch
    var first = starts[vertex]
    var next = 0
    for word in Int(words[vertex])..<Int(words[vertex + 1]) {
      var bits = own[word]
      while bits != 0 {
        found[next] = first &+ Int32(truncatingIfNeeded: bits.trailingZeroBitCount)
        next &+= 1
        bits &= bits &- 1
      }
      first &+= Int32(truncatingIfNeeded: Lane.bitWidth)
    }
    return next
  }

  /// Divides an amount among the next hops that were listed last.
  @inline(__always)
  private func divide(_ amount: Double, among next: Int, _ sums: UnsafeMutablePointer<Double>) {
    if hasParallelLinks {
      var all = 0.0
      for hop in 0..<next { all += links[Int(found[hop])] }
      for hop in 0..<next {
        let arc = Int(found[hop])
        let share = amount * links[arc] / all
        sums[arc] += share
        flow[Int(heads[arc])] += share
      }
    } else {
      let share = amount / Double(next)
      for hop in 0..<next {
        let arc = Int(found[hop])
        sums[arc] += share
        flow[Int(heads[arc])] += share
      }
    }
  }

  /// Divides an amount evenly among a vertex's next hops, without a list of them.
  @inline(__always)
  private func divideEvenly(_ amount: Double, of vertex: Int, _ sums: UnsafeMutablePointer<Double>) {
    let own = hops + (destination - block.lowerBound) * wordPitch
    let range = Int(words[vertex])..<Int(words[vertex + 1])
    var next = 0
    for word in range { next &+= own[word].nonzeroBitCount }
    let share = amount / Double(next)
    var first = Int(starts[vertex])
    for word in range {
      var bits = own[word]
      while bits != 0 {
        let arc = first &+ bits.trailingZeroBitCount
        sums[arc] += share
        flow[Int(heads[arc])] += share
        bits &= bits &- 1
      }
      first &+= Lane.bitWidth
    }
  }

  // MARK: - Vertices that wait for their turn, the farthest on top

  private mutating func push(_ vertex: Int) {
    var place = waitingCount
    waitingCount += 1
    let own = distances[vertex]
    while place > 0, distances[Int(waiting[(place - 1) / 2])] < own {
      waiting[place] = waiting[(place - 1) / 2]
      place = (place - 1) / 2
    }
    waiting[place] = Int32(truncatingIfNeeded: vertex)
  }

  private mutating func pop() -> Int? {
    guard waitingCount > 0 else { return nil }
    let top = Int(waiting[0])
    waitingCount -= 1
    let last = waiting[waitingCount]
    let own = distances[Int(last)]
    var place = 0
    while 2 * place + 1 < waitingCount {
      var child = 2 * place + 1
      if child + 1 < waitingCount, distances[Int(waiting[child + 1])] > distances[Int(waiting[child])] { child += 1 }
      guard distances[Int(waiting[child])] > own else { break }
      waiting[place] = waiting[child]
      place = child
    }
    waiting[place] = last
    return top
  }

  /// Orders the vertices by distance, digit by digit; those without a path come last.
  private mutating func sortByDistance() {
    for vertex in 0..<count { order[vertex] = Int32(truncatingIfNeeded: vertex) }
    let unreachable = lanes.unreachable
    let last = most &+ 1
    let bits = Lane.bitWidth - last.leadingZeroBitCount
    let mask = Lane(truncatingIfNeeded: (1 << min(Self.digit, bits)) - 1)
    for shift in stride(from: 0, to: bits, by: Self.digit) {
      let size = Int(truncatingIfNeeded: mask) + 1
      counts.update(repeating: 0, count: size)
      for vertex in 0..<count {
        let key = distances[vertex] == unreachable ? last : distances[vertex]
        counts[Int(truncatingIfNeeded: (key &>> Lane(truncatingIfNeeded: shift)) & mask)] &+= 1
      }
      var sum: Int32 = 0
      for value in 0..<size {
        let own = counts[value]
        counts[value] = sum
        sum &+= own
      }
      for place in 0..<count {
        let vertex = order[place]
        let distance = distances[Int(vertex)]
        let key = distance == unreachable ? last : distance
        let value = Int(truncatingIfNeeded: (key &>> Lane(truncatingIfNeeded: shift)) & mask)
        sorted[Int(counts[value])] = vertex
        counts[value] &+= 1
      }
      swap(&order, &sorted)
    }
  }
}
