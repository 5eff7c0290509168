import ClusterModel

/// Graphviz DOT: hosts as clusters of devices, links with their number and rate.
public struct DotExporter: Exporter {
  /// The name in commands.
  public let name = "dot"
  /// What it is.
  public let about = "Graphviz DOT, for drawing"

  /// An exporter.
  public init() {}

  /// Writes the graph.
  public func text(of cluster: ExportedCluster) throws(ExportRefusal) -> String {
    var lines = [
      "graph \(quoted(cluster.cluster.name)) {", "  layout=dot; rankdir=BT; node [shape=box, fontname=sans];",
      "  edge [fontname=sans, fontsize=9];",
    ]
    let members = Dictionary(grouping: cluster.graph.devices.indices) { cluster.hostOf[$0] ?? -1 }
    for (index, host) in cluster.hosts.enumerated() {
      lines.append("  subgraph cluster_\(index) {")
      lines.append("    label=\(quoted(host.name));")
      lines += (members[index] ?? []).map { "  " + node($0, cluster) }
      lines.append("  }")
    }
    lines += (members[-1] ?? []).map { node($0, cluster) }
    for link in cluster.graph.links {
      let count = link.count == 1 ? "" : "\(link.count) × "
      lines.append("  n\(link.from) -- n\(link.to) [label=\(quoted("\(count)\(link.type.name)"))];")
    }
    return (lines + ["}"]).joined(separator: "\n") + "\n"
  }

  private func node(_ index: Int, _ cluster: ExportedCluster) -> String {
    let device = cluster.graph.devices[index]
    let part = device.part.isEmpty ? device.kind.rawValue : device.part
    let shape =
      switch device.kind {
      case .networkSwitch, .scaleUpSwitch, .pcieSwitch: ", shape=ellipse"
      case .gateway: ", shape=diamond"
      default: ""
      }
    // A line break in a label is written as a backslash and an n.
    let label = quoted(device.name).dropLast() + "\\n" + quoted(part).dropFirst()
    return "  n\(index) [label=\(label)\(shape)];"
  }

  private func quoted(_ text: String) -> String {
    "\"" + TopologyText.plain(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
