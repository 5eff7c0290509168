import Foundation

/// What `ibnetdiscover` would print of a fat tree of switches with `radix` ports, made by rule.
struct FatTreeText {
  private(set) var cables: [(String, Int, String, Int)] = []
  private var ports: [String: Int] = [:]
  private var names: [String: String] = [:]

  init(radix: Int) {
    let half = radix / 2
    for pod in 0..<radix {
      for edge in 0..<half {
        for host in 0..<half {
          let number = (pod * half + edge) * half + host
          link(node("H", 0x100000 + number, "n\(number) mlx5_0"), leaf(pod, edge))
        }
        for spine in 0..<half { link(leaf(pod, edge), self.spine(pod, spine)) }
      }
    }
    for pod in 0..<radix {
      for spine in 0..<half {
        for core in 0..<half {
          link(
            self.spine(pod, spine),
            node("S", 0x30000 + spine * half + core, "MF0;core-\(spine * half + core):MQM9700/U1"))
        }
      }
    }
  }

  private mutating func leaf(_ pod: Int, _ number: Int) -> String {
    node("S", 0x10000 + pod * 64 + number, "MF0;leaf-\(pod)-\(number):MQM9700/U1")
  }

  private mutating func spine(_ pod: Int, _ number: Int) -> String {
    node("S", 0x20000 + pod * 64 + number, "MF0;spine-\(pod)-\(number):MQM9700/U1")
  }

  private mutating func node(_ letter: String, _ number: Int, _ name: String) -> String {
    let digits = String(number, radix: 16)
    let identity = "\(letter)-\(String(repeating: "0", count: 16 - digits.count))\(digits)"
    names[identity] = name
    return identity
  }

  private mutating func link(_ one: String, _ other: String) {
    ports[one, default: 0] += 1
    ports[other, default: 0] += 1
    cables.append((one, ports[one] ?? 0, other, ports[other] ?? 0))
  }

  /// Takes cables between switches away.
  mutating func remove(_ count: Int, using generator: inout some RandomNumberGenerator) {
    for _ in 0..<count {
      let between = cables.indices.filter { cables[$0].0.hasPrefix("S") }
      if let cable = between.randomElement(using: &generator) { cables.remove(at: cable) }
    }
  }

  /// The text; the order of records and of ports says nothing.
  func text(using generator: inout some RandomNumberGenerator) -> String {
    var ends: [String: [String]] = [:]
    for (one, port, other, otherPort) in cables {
      ends[one, default: []].append("[\(port)]\t\"\(other)\"[\(otherPort)]\t\t# \"\(names[other] ?? "")\" lid 7 4xNDR")
      ends[other, default: []].append("[\(otherPort)]\t\"\(one)\"[\(port)]\t\t# \"\(names[one] ?? "")\" lid 7 4xNDR")
    }
    return ends.keys.sorted().shuffled(using: &generator).map { node in
      let kind = node.hasPrefix("S") ? "Switch" : "Ca"
      let lines = (ends[node] ?? []).shuffled(using: &generator)
      return (["\(kind)\t\(lines.count) \"\(node)\"\t\t# \"\(names[node] ?? "")\""] + lines).joined(separator: "\n")
        + "\n"
    }.joined(separator: "\n")
  }
}
