import Diagnostics

extension HostTree {
  /// Hosts as they come, the tree walked from its roots; an error for a circle or an unknown switch.
  func hostOrder(_ list: inout DiagnosticList) -> [Located] {
    var numberOf: [String: Int] = [:]
    for (index, own) in switches.enumerated() {
      if numberOf.updateValue(index, forKey: own.name) != nil {
        list.error("import.twice", "the switch '\(own.name)' is described twice", at: own.place)
      }
    }
    var isChild: Set<Int> = []
    for own in switches {
      for child in own.children {
        guard let index = numberOf[child.name] else {
          list.error("import.unknown", "the switch '\(child.name)' is not described", at: child.place)
          continue
        }
        isChild.insert(index)
      }
    }
    guard !list.hasErrors else { return [] }
    var order: [Located] = []
    var seenHosts: Set<String> = []
    var state = [UInt8](repeating: 0, count: switches.count)
    func visit(_ index: Int, _ list: inout DiagnosticList) {
      guard state[index] == 0 else { return }
      state[index] = 1
      // Iterative: trees of hostile files are deep.
      var stack = [(index, 0)]
      while let (current, next) = stack.last {
        if next == 0 {
          for host in switches[current].hosts where seenHosts.insert(host.name).inserted { order.append(host) }
        }
        guard next < switches[current].children.count else {
          state[current] = 2
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].1 += 1
        let child = switches[current].children[next]
        guard let number = numberOf[child.name] else { continue }
        if state[number] == 1 {
          list.error("import.circle", "the switch '\(child.name)' is below itself", at: child.place)
          return
        }
        if state[number] == 0 {
          state[number] = 1
          stack.append((number, 0))
        }
      }
    }
    for index in switches.indices where !isChild.contains(index) { visit(index, &list) }
    if let left = switches.indices.first(where: { state[$0] == 0 }), !list.hasErrors {
      list.error("import.circle", "the switch '\(switches[left].name)' is below itself", at: switches[left].place)
    }
    for domain in domains {
      for host in domain.hosts where seenHosts.insert(host.name).inserted { order.append(host) }
    }
    guard !domains.isEmpty else { return order }
    // Members of a domain stand together: its place is that of its first member.
    let domainOf = Dictionary(
      domains.enumerated().flatMap { number, domain in domain.hosts.map { ($0.name, number) } },
      uniquingKeysWith: { first, _ in first })
    var first: [Int: Int] = [:]
    for (place, host) in order.enumerated() {
      if let domain = domainOf[host.name], first[domain] == nil { first[domain] = place }
    }
    return order.enumerated().sorted { left, right in
      let one = domainOf[left.element.name].flatMap { first[$0] } ?? left.offset
      let other = domainOf[right.element.name].flatMap { first[$0] } ?? right.offset
      return (one, left.offset) < (other, right.offset)
    }.map(\.element)
  }
}
