/// Elements in sets that are joined two by two, each set known by its least element.
package struct DisjointSets: Sendable {
  private var parent: [Int]

  /// Every element in a set of its own.
  package init(count: Int) { parent = Array(0..<count) }

  /// The least element of an element's set.
  /// - Complexity: O(log count) on average over many calls, since every second step of the way is cut out.
  package mutating func first(of element: Int) -> Int {
    var element = element
    while parent[element] != element {
      parent[element] = parent[parent[element]]
      element = parent[element]
    }
    return element
  }

  /// Makes the sets of two elements one.
  package mutating func join(_ one: Int, _ other: Int) {
    let (one, other) = (first(of: one), first(of: other))
    parent[max(one, other)] = min(one, other)
  }

  /// Some elements by their sets, sets and members in the order of the elements.
  package mutating func groups(of elements: some Sequence<Int>) -> [[Int]] {
    var numbers: [Int: Int] = [:]
    var groups: [[Int]] = []
    for element in elements {
      let set = first(of: element)
      let number = numbers[set] ?? groups.count
      if number == groups.count {
        numbers[set] = number
        groups.append([])
      }
      groups[number].append(element)
    }
    return groups
  }
}
