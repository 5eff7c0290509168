import ClusterModel
import Quantities

/// GraphML with kinds, parts, hosts and rates as data.
public struct GraphMLExporter: Exporter {
  /// The name in commands.
  public let name = "graphml"
  /// What it is.
  public let about = "GraphML, device by device"

  /// An exporter.
  public init() {}

  private static let nodeKeys = ["kind", "part", "label", "host", "relays"]
  private static let edgeKeys: [(name: String, type: String)] = [
    ("link", "string"), ("technology", "string"), ("tier", "string"), ("count", "int"), ("bandwidth", "double"),
    ("latencySeconds", "double"),
  ]

  /// Writes the graph.
  public func text(of cluster: ExportedCluster) throws(ExportRefusal) -> String {
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">",
    ]
    lines += ["network", "inSwitchReduction"].map {
      "  <key id=\"g-\($0)\" for=\"graph\" attr.name=\"\($0)\" attr.type=\"string\"/>"
    }
    lines += GraphMLExporter.nodeKeys.map {
      "  <key id=\"\($0)\" for=\"node\" attr.name=\"\($0)\" attr.type=\"string\"/>"
    }
    lines += GraphMLExporter.edgeKeys.map {
      "  <key id=\"e-\($0.name)\" for=\"edge\" attr.name=\"\($0.name)\" attr.type=\"\($0.type)\"/>"
    }
    lines += [
      "  <graph edgedefault=\"undirected\">", data("g-network", cluster.cluster.name, indent: 4),
      data("g-inSwitchReduction", "\(cluster.cluster.inSwitchReduction)", indent: 4),
    ]
    // Accelerators come first, in rank order: readers take the order of nodes for that of ranks.
    let ranked = Set(cluster.graph.ranks)
    let order = cluster.graph.ranks + cluster.graph.devices.indices.filter { !ranked.contains($0) }
    for index in order where ranked.contains(index) || cluster.graph.devices[index].kind != .accelerator {
      let device = cluster.graph.devices[index]
      lines.append("    <node id=\"n\(index)\">")
      lines.append(data("kind", device.kind.rawValue))
      if !device.part.isEmpty { lines.append(data("part", device.part)) }
      lines.append(data("label", cluster.plainName(of: index)))
      if let host = cluster.hostOf[index] { lines.append(data("host", cluster.hosts[host].name)) }
      lines.append(data("relays", "\(device.relays)"))
      lines.append("    </node>")
    }
    let unused = Set(cluster.graph.devices.indices.filter { cluster.graph.devices[$0].kind == .accelerator })
      .subtracting(ranked)
    for link in cluster.graph.links where !unused.contains(link.from) && !unused.contains(link.to) {
      lines.append("    <edge source=\"n\(link.from)\" target=\"n\(link.to)\">")
      lines += [
        data("e-link", link.type.name), data("e-technology", link.type.technology.rawValue),
        data("e-tier", "\(link.tier)"), data("e-count", "\(link.count)"),
        data("e-bandwidth", "\(link.type.bandwidth.bytesPerSecond)"),
        data("e-latencySeconds", "\(Double(link.type.latency.picoseconds) / 1e12)"), "    </edge>",
      ]
    }
    return (lines + ["  </graph>", "</graphml>"]).joined(separator: "\n") + "\n"
  }

  private func data(_ key: String, _ value: String, indent: Int = 6) -> String {
    "\(String(repeating: " ", count: indent))<data key=\"\(key)\">\(XMLText.escaped(value))</data>"
  }
}

/// Text as XML holds it.
enum XMLText {
  static func escaped(_ text: String) -> String {
    TopologyText.plain(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
  }
}
