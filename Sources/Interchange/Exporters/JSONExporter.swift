import ClusterModel
import Quantities

/// JSON: hosts, devices and links as plain lists.
public struct JSONExporter: Exporter {
  /// The name in commands.
  public let name = "json"
  /// What it is.
  public let about = "JSON lists of hosts, devices and links"

  /// The number of this form; keys are only added within one.
  private static let format = 1

  /// An exporter.
  public init() {}

  /// Writes the lists.
  public func text(of cluster: ExportedCluster) throws(ExportRefusal) -> String {
    let rank = Dictionary(uniqueKeysWithValues: cluster.graph.ranks.enumerated().map { ($1, $0) })
    let hosts = cluster.hosts.map { host in
      "{\"name\": \(quoted(host.name)), \"accelerators\": \(host.accelerators)}"
    }
    let devices = cluster.graph.devices.enumerated().map { index, device in
      "{\"name\": \(quoted(device.name)), \"kind\": \(quoted(device.kind.rawValue)), "
        + "\"part\": \(device.part.isEmpty ? "null" : quoted(device.part)), "
        + "\"host\": \(cluster.hostOf[index].map(String.init) ?? "null"), "
        + "\"rank\": \(rank[index].map(String.init) ?? "null")}"
    }
    let links = cluster.graph.links.map { link in
      "{\"from\": \(link.from), \"to\": \(link.to), \"count\": \(link.count), \"link\": \(quoted(link.type.name)), "
        + "\"technology\": \(quoted(link.type.technology.rawValue)), \"tier\": \(quoted("\(link.tier)")), "
        + "\"bandwidth\": \(number(link.type.bandwidth.bytesPerSecond)), "
        + "\"latencySeconds\": \(number(Double(link.type.latency.picoseconds) / 1e12))}"
    }
    let head = [
      "{", "  \"isochrone\": {\"format\": \(JSONExporter.format)},", "  \"name\": \(quoted(cluster.cluster.name)),",
    ]
    return (head + list("hosts", hosts) + [","] + list("devices", devices) + [","] + list("links", links) + ["}"])
      .joined(separator: "\n").replacing("]\n,", with: "],") + "\n"
  }

  private func list(_ key: String, _ members: [String]) -> [String] {
    ["  \"\(key)\": ["]
      + members.enumerated().map { "    \($1)\($0 + 1 < members.count ? "," : "")" } + ["  ]"]
  }

  private func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }

  private func quoted(_ text: String) -> String {
    "\"" + TopologyText.plain(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
