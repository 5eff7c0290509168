/// Which processor and which PCIe switch each device of a matrix hangs on, by the relations among them.
struct MatrixPlaces {
  /// What is known of a device besides its relations.
  struct Device {
    var isGPU: Bool
    /// Its NUMA node as it is written.
    var affinity: String?
  }

  /// By device, the number of its processor.
  private(set) var processors: [Int] = []
  /// By device, the number of its PCIe switch; nil where it shares none.
  private(set) var bridges: [Int?] = []
  /// Whether the places of some devices are not shown, so that they are dealt to several processors.
  private(set) var isDealt = false

  private let devices: [Device]
  private let relations: [[String?]]

  /// - Parameter relations: By device and device, their relation where the matrix has it.
  init(_ devices: [Device], _ relations: [[String?]]) {
    self.devices = devices
    self.relations = relations
    let inSwitch: Set = ["PIX", "PXB", "PSB"]
    let shared = groups(inSwitch)
    bridges = shared.indices.map { one in
      shared.indices.contains { $0 != one && shared[$0] == shared[one] } ? shared[one] : nil
    }
    place(groups(inSwitch.union(["PHB", "NODE"])))
  }

  /// Devices that are together, by the first of them.
  private func groups(_ together: Set<String>) -> [Int] {
    var group = Array(devices.indices)
    for left in devices.indices {
      for right in devices.indices where right > left && group[left] != group[right] {
        guard let cell = relations[left][right], together.contains(cell) else { continue }
        let (low, high) = (min(group[left], group[right]), max(group[left], group[right]))
        for index in group.indices where group[index] == high { group[index] = low }
      }
    }
    return group
  }

  private mutating func place(_ sockets: [Int]) {
    // What NVLink hides of the tree the affinities tell, of a device or of one beside it.
    func node(_ index: Int) -> String? {
      devices[index].affinity.flatMap { $0.allSatisfy(\.isNumber) ? $0 : nil }
    }
    var numbers: [String: Int] = [:]
    let shown = devices.indices.map { index -> Int? in
      let mates = devices.indices.filter { sockets[$0] == sockets[index] }
      let own = node(index) ?? mates.compactMap(node).first
      guard own != nil || mates.count > 1 else { return nil }
      let key = own.map { "node \($0)" } ?? "group \(sockets[index])"
      let number = numbers[key] ?? numbers.count
      numbers[key] = number
      return number
    }
    let count = max(numbers.count, mostApart)
    var dealt = [true: 0, false: 0]
    processors = devices.indices.map { index in
      let isGPU = devices[index].isGPU
      let place = dealt[isGPU, default: 0]
      dealt[isGPU] = place + 1
      if let shown = shown[index] { return shown }
      let own = place * count / max(1, devices.count { $0.isGPU == isGPU })
      let others = (0..<count).filter { $0 != own }
      return ([own] + others).first { processor in
        !devices.indices.contains { shown[$0] == processor && relations[index][$0] == "SYS" }
      } ?? own
    }
    isDealt = count > 1 && shown.contains(nil)
  }

  /// How many devices are surely on different processors.
  private var mostApart: Int {
    var apart: [Int] = []
    for index in devices.indices where apart.allSatisfy({ relations[index][$0] == "SYS" }) { apart.append(index) }
    return apart.count
  }
}
