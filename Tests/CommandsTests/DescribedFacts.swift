import Commands
import Foundation
import Testing

/// What `describe` says of a topology, apart from names and from the order and direction in which links are listed.
struct DescribedFacts: Equatable {
  var counts: [String: Double] = [:]
  var tiers: [String]
  var devices: [String: Int]
  var links: [String: Int]

  init(_ line: String, in environment: FakeEnvironment) throws {
    let run = Run("describe \(line) --format json", in: FakeEnvironment(files: environment.contents))
    try #require(run.status == .done, "\(run.complaints)")
    let value = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    func rows(_ key: String) -> [[String: Any]] { value[key] as? [[String: Any]] ?? [] }
    func text(_ row: [String: Any], _ keys: String...) -> String {
      keys.map { "\(row[$0] ?? "")" }.joined(separator: " ")
    }
    let scalars = [
      "acceleratorCount", "vertexCount", "linkCount", "bisectionBandwidth", "diameterSeconds", "diameterHops",
    ]
    for key in scalars { counts[key] = value[key] as? Double }
    tiers = rows("tiers").map {
      text(
        $0, "tier", "groups", "acceleratorsPerGroup", "bandwidthPerAccelerator", "latencySeconds", "switchHops",
        "oversubscription")
    }
    devices = Dictionary(
      rows("devices").map { (text($0, "kind", "part"), $0["count"] as? Int ?? 0) }, uniquingKeysWith: +)
    links = Dictionary(
      rows("links").map { (text($0, "link", "tier", "bandwidth", "latencySeconds"), $0["count"] as? Int ?? 0) },
      uniquingKeysWith: +)
  }
}
