import ClusterModel
import Quantities

/// The text of `ibnetdiscover`: what that tool would print of the fabric, for simulators of InfiniBand.
public struct FabricDiscoveryExporter: Exporter {
  /// The name in commands.
  public let name = "ibnetdiscover"
  /// What it is.
  public let about = "the text of ibnetdiscover, which ibsim reads"

  /// An exporter.
  public init() {}

  private struct End {
    var device: Int
    var port: Int
  }

  /// Writes switches and adapters with their cables.
  public func text(of cluster: ExportedCluster) throws(ExportRefusal) -> String {
    let graph = cluster.graph
    let isFabric = graph.devices.map { $0.kind == .networkSwitch || $0.kind == .nic }
    let cables = graph.links.filter {
      isFabric[$0.from] && isFabric[$0.to]
        && (graph.devices[$0.from].kind == .networkSwitch || graph.devices[$0.to].kind == .networkSwitch)
    }
    guard !cables.isEmpty else { throw ExportRefusal("there is no switch of a network with cables to adapters") }
    var ports = [Int](repeating: 0, count: graph.devices.count)
    var lines: [Int: [String]] = [:]
    var names: [Int: String] = [:]
    for cable in cables {
      guard cable.type.technology == .infiniband else {
        throw ExportRefusal("links '\(cable.type.name)' are no InfiniBand")
      }
      let rate = try rate(cable.type)
      for _ in 0..<cable.count {
        for device in [cable.from, cable.to] { ports[device] += 1 }
        let ends = [End(device: cable.from, port: ports[cable.from]), End(device: cable.to, port: ports[cable.to])]
        for (one, other) in [(ends[0], ends[1]), (ends[1], ends[0])] {
          let description = self.description(other.device, cluster, &names)
          let guid = graph.devices[one.device].kind == .nic ? "(\(cluster.identity(of: one.device)))" : ""
          let peerGuid = graph.devices[other.device].kind == .nic ? "(\(cluster.identity(of: other.device)))" : ""
          lines[one.device, default: []].append(
            "[\(one.port)]\(guid)\t\"\(identity(other.device, cluster))\"[\(other.port)]\(peerGuid)\t\t"
              + "# \"\(description)\" lid \(other.device + 1) \(rate)")
        }
      }
    }
    var text = "#\n# Topology file: written from \(TopologyText.plain(cluster.cluster.name))\n#\n"
    for device in graph.devices.indices {
      guard let own = lines[device] else { continue }
      let guid = cluster.identity(of: device)
      let description = self.description(device, cluster, &names)
      text += "\nvendid=0x2c9\ndevid=0xd2f2\nsysimgguid=0x\(guid)\n"
      if graph.devices[device].kind == .networkSwitch {
        text += "switchguid=0x\(guid)(\(guid))\n"
        text += "Switch\t\(own.count) \"\(identity(device, cluster))\"\t\t# \"\(description)\" enhanced port 0 lid "
        text += "\(device + 1) lmc 0\n"
      } else {
        text += "caguid=0x\(guid)\nCa\t\(own.count) \"\(identity(device, cluster))\"\t\t# \"\(description)\"\n"
      }
      text += own.joined(separator: "\n") + "\n"
    }
    return text
  }

  private func rate(_ type: LinkType) throws(ExportRefusal) -> String {
    let rates = ["4xSDR", "4xDDR", "4xQDR", "4xFDR", "4xEDR", "4xHDR", "4xNDR", "4xXDR", "2xHDR", "2xNDR", "2xXDR"]
    for rate in rates {
      if let own = SignallingRate(rate)?.gigabits, abs(own - type.bandwidth.gigabitsPerSecond) < 0.01 * own {
        return rate
      }
    }
    throw ExportRefusal("links of \(type.bandwidth) are of no rate that InfiniBand has")
  }

  private func identity(_ device: Int, _ cluster: ExportedCluster) -> String {
    (cluster.graph.devices[device].kind == .networkSwitch ? "S-" : "H-") + cluster.identity(of: device)
  }

  private func description(_ device: Int, _ cluster: ExportedCluster, _ names: inout [Int: String]) -> String {
    if let known = names[device] { return known }
    let name: String
    if let host = cluster.hostOf[device] {
      let index = cluster.graph.devices[device].path.last?.index ?? 0
      name = "\(OwnParts.name(cluster.hosts[host].name)) mlx5_\(index)"
    } else {
      let part = cluster.graph.devices[device].part
      name = "MF0;\(cluster.plainName(of: device)):\(part.isEmpty ? "switch" : OwnParts.name(part))/U1"
    }
    names[device] = name
    return name
  }
}
