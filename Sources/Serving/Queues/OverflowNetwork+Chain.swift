import Matrices

extension OverflowNetwork {
  /// Above so many steps the chain is no longer solved.
  private static let mostSteps = 5e8
  private static let mostNumbers = 4e6

  /// Solves the Markov chain of how many servers of each pool are busy, level by level of the largest pool.
  /// - Returns: Whether it is small enough and has been solved.
  mutating func solveChain(_ part: [Int]) -> Bool {
    guard let level = part.max(by: { pools[$0].servers < pools[$1].servers }) else { return false }
    let inner = part.filter { $0 != level }
    let side = inner.reduce(1.0) { $0 * Double(pools[$1].servers + 1) }
    let levels = Double(pools[level].servers + 1)
    guard levels * side * side * side <= Self.mostSteps, levels * side * side <= Self.mostNumbers else { return false }
    let states = States(pools: pools, inner: inner, level: level, count: Int(side))
    let own = traffic.indices.filter { traffic[$0].rate > 0 && part.contains(where: traffic[$0].order.contains) }
    guard let shares = distribution(states, own) else { return false }
    for pool in part { answers[pool] = PoolAnswer(peakedness: nil, method: .chain) }
    for index in own {
      let order = traffic[index].order
      for place in order.indices {
        // Refused here is who finds this pool and all before it full.
        var refused = 0.0
        for (level, row) in shares.enumerated() {
          for (state, share) in row.enumerated() {
            let isFull = order[...place].allSatisfy { states.isFull($0, level: level, state: state) }
            if isFull { refused += share }
          }
        }
        offered[index][place + 1] = traffic[index].rate * refused
      }
    }
    return true
  }

  /// The states of a chain: the largest pool counts levels, the others make the states of each.
  private struct States {
    var pools: [Pool]
    var inner: [Int]
    var level: Int
    var count: Int

    func busy(_ pool: Int, _ state: Int) -> Int {
      var rest = state
      for other in inner {
        let size = pools[other].servers + 1
        if other == pool { return rest % size }
        rest /= size
      }
      return 0
    }

    /// How far apart states lie that differ by one busy server.
    func stride(_ pool: Int) -> Int {
      inner.prefix { $0 != pool }.reduce(1) { $0 * (pools[$1].servers + 1) }
    }

    func isFull(_ pool: Int, level number: Int, state: Int) -> Bool {
      (pool == level ? number : busy(pool, state)) == pools[pool].servers
    }
  }

  /// The probability of each state of each level, by elimination from the highest level down.
  private func distribution(_ states: States, _ own: [Int]) -> [[Double]]? {
    let top = pools[states.level].servers
    let rate = pools[states.level].serviceRate
    let up = upward(states, own)
    var rates: [Matrix] = []
    // R_n = U (−(A_n + (n + 1) μ R_{n+1}))⁻¹, the last level first.
    for number in stride(from: top, through: 0, by: -1) {
      var local = local(states, own, number)
      if let above = rates.last { local = local + above * (Double(number + 1) * rate) }
      if number == 0 {
        rates.append(local)
        break
      }
      guard let factors = LUFactors(local * -1) else { return nil }
      // Rows of U are scaled unit vectors, so U X⁻¹ scales the rows of X⁻¹.
      let inverse = factors.solve(Matrix.identity(states.count))
      rates.append(Matrix(rows: states.count, columns: states.count) { up[$0] * inverse[$0, $1] })
    }
    guard let bottom = rates.last else { return nil }
    var closed = Matrix(rows: states.count, columns: states.count) { bottom[$1, $0] }
    for column in 0..<states.count { closed[0, column] = 1 }
    var right = [Double](repeating: 0, count: states.count)
    right[0] = 1
    guard let factors = LUFactors(closed) else { return nil }
    var shares = [factors.solve(right)]
    var total = 1.0
    for number in 1...max(1, top) where number <= top {
      let matrix = rates[top - number]
      let below = shares[number - 1]
      shares.append(
        (0..<states.count).map { column in
          below.indices.reduce(0) { $0 + below[$1] * matrix[$1, column] }
        })
      total += shares[number].reduce(0, +)
      if total > 1e200 {
        for level in shares.indices { shares[level] = shares[level].map { $0 / total } }
        total = 1
      }
    }
    return shares.map { row in row.map { max(0, $0 / total) } }
  }

  /// Rates at which the largest pool takes what comes, in each state of the others, while it has room.
  private func upward(_ states: States, _ own: [Int]) -> [Double] {
    (0..<states.count).map { state in
      own.reduce(0) { sum, index in
        let taker = traffic[index].order.first { $0 == states.level || !states.isFull($0, level: 0, state: state) }
        return taker == states.level ? sum + traffic[index].rate : sum
      }
    }
  }

  /// Rates within a level; the diagonal takes what leaves.
  private func local(_ states: States, _ own: [Int], _ number: Int) -> Matrix {
    var matrix = Matrix(rows: states.count, columns: states.count)
    for state in 0..<states.count {
      func move(to other: Int?, _ rate: Double) {
        guard rate > 0 else { return }
        if let other { matrix.add(rate, row: state, column: other) }
        matrix.add(-rate, row: state, column: state)
      }
      for index in own {
        let taker = traffic[index].order.first { !states.isFull($0, level: number, state: state) }
        guard let taker else { continue }
        move(to: taker == states.level ? nil : state + states.stride(taker), traffic[index].rate)
      }
      for pool in states.inner {
        let busy = states.busy(pool, state)
        if busy > 0 { move(to: state - states.stride(pool), Double(busy) * pools[pool].serviceRate) }
      }
      move(to: nil, Double(number) * pools[states.level].serviceRate)
    }
    return matrix
  }
}
