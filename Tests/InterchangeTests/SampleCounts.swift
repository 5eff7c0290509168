import ClusterModel
import Interchange

/// What must be found in a file, counted straight from its text by other means than the importers'.
struct SampleCounts: Equatable {
  var accelerators: Int?
  var scaleUpLinks: Int?
  var adapters: Int?
  var switches: Int?
  var hosts: Int?
  var cables: Int?

  /// Counts the text; what a kind does not tell stays open.
  init(kind: String, _ text: String) {
    switch kind {
    case "nccl-xml": countElements(text)
    case "nvidia-smi-topo": countMatrix(text)
    case "ibnetdiscover": countFabric(text)
    case "slurm": countSlurm(text)
    case "aws-instance-topology":
      hosts = text.matches(of: /"InstanceId"\s*:/).count
      switches =
        Set(
          text.matches(of: /"NetworkNodes"\s*:\s*\[([^\]]*)\]/).flatMap {
            $0.1.matches(of: /"([^"]+)"/).map { String($0.1) }
          }
        ).count
    case "hwloc": accelerators = text.matches(of: /pci_type="0302 \[10de:/).count
    case "graphml": hosts = text.matches(of: /<node id=/).count
    case "astra-sim":
      if let list = text.firstMatch(of: /(?m)^npus_count:\s*\[([^\]]*)\]/) {
        accelerators = list.1.split(separator: ",").reduce(1) { $0 * (Int($1.filter(\.isNumber)) ?? 1) }
      }
    case "nccl-graph":
      accelerators = Set(text.matches(of: /<gpu dev="([^"]+)"/).map { String($0.1).lowercased() }).count
    default: break
    }
  }

  private mutating func countElements(_ text: String) {
    let text = text.replacing(/(?s)<!--.*?-->/, with: "")
    let named = text.matches(of: /<gpu\s/).count
    let silent = text.matches(of: /<pci [^>]*class="0x03[^>]*\/>/).count
    if named + silent > 0 { accelerators = named + silent }
    let toSwitches = text.matches(of: /<(?:nvlink|xgmi) [^>]*>/).map { String($0.0) }
    var sum = 0
    for link in toSwitches {
      let count = link.firstMatch(of: /count="(\d+)"/).flatMap { Int($0.1) } ?? 0
      // A link between two GPUs is listed by both.
      let isSwitch = link.contains("0x068000") || link.contains("fffffff")
      sum += isSwitch ? 2 * count : count
    }
    scaleUpLinks = sum / 2
    let nets = text.matches(of: /<net [^>]*>/).map { net -> String in
      let name = net.0.firstMatch(of: /name="([^"]*)"/).map { String($0.1) } ?? ""
      let port = net.0.firstMatch(of: /port="([^"]*)"/).map { String($0.1) } ?? ""
      return "\(name)/\(port)"
    }
    if !nets.isEmpty, !text.contains("host_hash") || text.matches(of: /host_hash="([^"]*)"/).allSatisfy({ _ in true }) {
      adapters = Set(nets).count
    }
  }

  private mutating func countMatrix(_ text: String) {
    let lines = text.replacing(/\u{1B}\[[0-9;]*[A-Za-z]/, with: "").split(whereSeparator: \.isNewline)
    guard let header = lines.first(where: { $0.contains("GPU0") && $0.contains("GPU1") && !$0.contains(" X ") }) else {
      return
    }
    let names = header.split { " \t|".contains($0) }.map(String.init)
    accelerators = names.count { $0.wholeMatch(of: /GPU\d+/) != nil }
    adapters = names.count { $0.wholeMatch(of: /(NIC|mlx|bnxt)[A-Za-z0-9_]*\d+/) != nil }
  }

  private mutating func countFabric(_ text: String) {
    var known: Set<String> = []
    var ends: Set<String> = []
    var own = ""
    for line in text.split(whereSeparator: \.isNewline) {
      if let node = line.firstMatch(of: /^(?:Switch|Ca|Rt)\s+\d+\s+"([^"]+)"/) {
        own = String(node.1)
        known.insert(own)
      } else if let port = line.firstMatch(of: /^\s*\[(\d+)\](?:\([^)]*\))?\s*"([^"]+)"\s*\[(\d+)\]/) {
        if line.contains("Aggregation Node") || aggregation(text, own) { continue }
        let sides = ["\(own)/\(port.1)", "\(port.2)/\(port.3)"].sorted()
        ends.insert(sides.joined(separator: "–"))
        known.insert(String(port.2))
      }
    }
    switches = known.count { $0.hasPrefix("S-") }
    cables = ends.count
  }

  private func aggregation(_ text: String, _ identity: String) -> Bool {
    guard identity.hasPrefix("H-") else { return false }
    return text.contains("\"\(identity)\"\t\t# \"Mellanox Technologies Aggregation Node\"")
  }

  private mutating func countSlurm(_ text: String) {
    guard text.lowercased().contains("switchname=") else { return }
    switches = text.matches(of: /(?mi)^switchname=/).count
  }

  /// What an importer has found, as far as it was counted.
  func found(in site: Site) -> SampleCounts {
    var result = self
    let kinds = site.devices.map(\.kind)
    result.accelerators = accelerators.map { _ in kinds.count { $0 == .accelerator } }
    result.adapters = adapters.map { _ in kinds.count { $0 == .nic } }
    result.switches = switches.map { _ in kinds.count { $0 == .networkSwitch } }
    result.hosts = hosts.map { _ in site.hosts.count }
    result.scaleUpLinks = scaleUpLinks.map { _ in
      site.links.filter { link in
        let ends: Set<DeviceKind> = [kinds[link.from], kinds[link.to]]
        return ends == [.accelerator] || ends == [.accelerator, .scaleUpSwitch]
      }.reduce(0) { $0 + $1.count }
    }
    result.cables = cables.map { _ in
      site.links.filter { kinds[$0.from] == .networkSwitch || kinds[$0.to] == .networkSwitch }
        .reduce(0) { $0 + $1.count }
    }
    return result
  }
}
