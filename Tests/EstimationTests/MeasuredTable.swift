import Collectives
import Foundation
import Quantities

/// One public nccl-tests table: in the project's own compact form, or in the form of collections that name every row.
struct MeasuredTable {
  let id: String
  let collective: Collective
  let gpu: String
  let ranks: Int
  let gpusPerProcess: Int
  let graphLaunch: Bool
  let isHealthy: Bool
  /// The shipped topology with parameters; nil where none describes the cluster.
  let topology: String?
  /// Size and the mean of the times in place and out of place.
  let rows: [(bytes: Bytes, time: Seconds)]

  enum ReadingError: Error { case unusable(String) }

  init(contentsOf file: URL) throws {
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    guard let object = json as? [String: Any], let id = object["id"] as? String,
      let word = object["collective"] as? String, let gpu = object["gpu"] as? String,
      let ranks = object["ranks"] as? Int
    else { throw ReadingError.unusable(file.lastPathComponent) }
    let names: [String: Collective] = [
      "all_reduce": .allReduce, "all_gather": .allGather, "reduce_scatter": .reduceScatter, "alltoall": .allToAll,
      "broadcast": .broadcast, "reduce": .reduce, "gather": .gather, "scatter": .scatter, "sendrecv": .sendReceive,
    ]
    guard let collective = Collective(rawValue: word) ?? names[word] else { throw ReadingError.unusable(id) }
    self.id = id
    self.collective = collective
    self.gpu = gpu
    self.ranks = ranks
    gpusPerProcess = object["gpusPerProcess"] as? Int ?? object["gpus_per_process"] as? Int ?? 1
    graphLaunch = object["graphLaunch"] as? Bool ?? object["graph_launch"] as? Bool ?? false
    isHealthy = object["healthy"] as? Bool ?? true
    topology = object["topology"] as? String ?? MeasuredTable.shippedTopology(for: object)
    rows = object["columns"] == nil ? MeasuredTable.namedRows(object) : MeasuredTable.compactRows(object)
  }

  private static func compactRows(_ object: [String: Any]) -> [(bytes: Bytes, time: Seconds)] {
    let rows = object["rows"] as? [[Any]] ?? []
    return rows.compactMap { row in
      let numbers = row.map { $0 as? Double }
      guard let bytes = numbers.first ?? nil else { return nil }
      let times = numbers.dropFirst().compactMap { $0 }.filter { $0 > 0 }
      return times.isEmpty ? nil : (Bytes(Int64(bytes)), Seconds.microseconds(times.reduce(0, +) / Double(times.count)))
    }
  }

  private static func namedRows(_ object: [String: Any]) -> [(bytes: Bytes, time: Seconds)] {
    var times: [Int64: [Double]] = [:]
    for row in object["rows"] as? [[String: Any]] ?? [] {
      guard let bytes = row["bytes"] as? Double, let time = row["time_us"] as? Double, time > 0 else { continue }
      times[Int64(bytes), default: []].append(time)
    }
    return times.sorted { $0.key < $1.key }.map { bytes, times in
      (Bytes(bytes), Seconds.microseconds(times.reduce(0, +) / Double(times.count)))
    }
  }

  /// The shipped topology that a table's own words describe.
  private static func shippedTopology(for object: [String: Any]) -> String? {
    let gpu = object["gpu"] as? String ?? ""
    let inside = object["intra_node"] as? String ?? ""
    let outside = object["inter_node"] as? String ?? ""
    let cloud = object["cloud_instance"] as? String ?? ""
    let library = object["library"] as? String ?? ""
    guard let nodes = object["nodes"] as? Int, let perNode = object["gpus_per_node"] as? Int, nodes > 0,
      library == "NCCL" || library == "RCCL", !inside.contains("not used"), !inside.contains("disabled")
    else { return nil }
    if inside.contains("NVL72") {
      let racks = object["racks"] as? Int ?? 1
      guard nodes % racks == 0, perNode == 4, !outside.contains("8x400G") || gpu == "GB300" else { return nil }
      let place = cloud.hasPrefix("OCI") ? "oci-" : cloud.hasPrefix("CoreWeave") ? "coreweave-" : ""
      let name = gpu == "GB200" ? "gb200" : "gb300"
      let shipped = place.isEmpty ? "\(name)-nvl72" : "\(place)\(name)"
      return "\(shipped):racks=\(racks),trays=\(nodes / racks)"
    }
    let rdma = nodes == 1 || ["InfiniBand", "RoCE"].contains { outside.contains($0) }
    guard rdma, perNode <= 8, !outside.contains("IPoIB") else { return nil }
    let boxes = ["A100": "dgx-a100", "H100": "dgx-h100", "B200": "dgx-b200"]
    guard let box = boxes.first(where: { gpu.hasPrefix($0.key) })?.value else { return nil }
    return "\(box):nodes=\(nodes),gpus=\(perNode)"
  }

  /// All tables of a folder, in the order of their names.
  static func all(in folder: URL) throws -> [MeasuredTable] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "json" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
      .map { try MeasuredTable(contentsOf: $0) }
  }
}
