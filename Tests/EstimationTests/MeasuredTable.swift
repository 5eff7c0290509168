import Collectives
import Foundation
import Quantities

/// One public nccl-tests table: in the project's own compact form, or in the form of collections that name every row.
struct MeasuredTable {
  let id: String
  /// The collective; nil for an operation that is none of ours.
  let collective: Collective?
  let gpu: String
  let ranks: Int
  let gpusPerProcess: Int
  let graphLaunch: Bool
  let isHealthy: Bool
  /// The library's profile; nil: the one usual for the accelerators.
  let library: String?
  /// The algorithm, where the table names it.
  let algorithm: String?
  /// Whether every message went through the NICs.
  let isNetworkOnly: Bool
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
    self.id = id
    collective = Collective(rawValue: word) ?? names[word]
    self.gpu = gpu
    self.ranks = ranks
    gpusPerProcess = object["gpusPerProcess"] as? Int ?? object["gpus_per_process"] as? Int ?? 1
    graphLaunch = object["graphLaunch"] as? Bool ?? object["graph_launch"] as? Bool ?? false
    isHealthy = object["healthy"] as? Bool ?? true
    let library = object["library"] as? String ?? ""
    let isCTRAN = library.hasPrefix("NCCLX CTRAN")
    self.library =
      object["profile"] as? String ?? (library.hasPrefix("MSCCL++") ? "mscclpp" : isCTRAN ? "nccl-ctran" : nil)
    algorithm =
      object["algorithm"] as? String ?? (isCTRAN ? library.hasSuffix("ctsrd") ? "halving-doubling" : "ring" : nil)
    let inside = object["intra_node"] as? String ?? ""
    isNetworkOnly = object["networkOnly"] as? Bool ?? ["not used", "disabled"].contains { inside.hasPrefix($0) }
    topology =
      object["topology"] as? String
      ?? (isNetworkOnly ? MeasuredTable.networkTopology(for: object) : MeasuredTable.shippedTopology(for: object))
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
      guard let bytes = row["bytes"] as? Double else { continue }
      // Where only the bus bandwidth is published, the time follows from it.
      let bandwidth = row["busbw_GBps"] as? Double ?? 0
      let factor = object["factor"] as? Double ?? 0
      let time = row["time_us"] as? Double ?? (bandwidth > 0 ? factor * bytes / bandwidth / 1000 : 0)
      if time > 0 { times[Int64(bytes), default: []].append(time) }
    }
    return times.sorted { $0.key < $1.key }.map { bytes, times in
      (Bytes(bytes), Seconds.microseconds(times.reduce(0, +) / Double(times.count)))
    }
  }

  /// Shipped topologies by the beginning of the GPU's name and a word about the site or its network; the first that fits.
  private static let shipped: [(gpu: String, word: String, topology: String)] = [
    ("GB200", "GB200-v3", "oci-gb200-v3"), ("GB200", "OCI", "oci-gb200"), ("GB200", "CoreWeave", "coreweave-gb200"),
    ("GB200", "a4x", "gcp-a4x"), ("GB200", "Azure", "azure-nd-gb200-v6"), ("GB200", "AWS", "aws-p6e-gb200"),
    ("GB200", "", "gb200-nvl72"), ("GB300", "OCI", "oci-gb300"), ("GB300", "CoreWeave", "coreweave-gb300"),
    ("GB300", "a4x", "gcp-a4x-max"), ("GB300", "Azure", "azure-nd-gb300-v6"), ("GB300", "AWS", "aws-p6e-gb300"),
    ("GB300", "", "gb300-nvl72"), ("GH200", "Slingshot", "alps-gh200"), ("V100", "p3dn", "aws-p3dn"),
    ("V100", "DGX-2", "dgx2"), ("A100", "p4de", "aws-p4de"), ("A100", "p4d", "aws-p4d"),
    ("A100", "Azure", "azure-ndv4"), ("A100", "OCI", "oci-a100"), ("A100", "", "dgx-a100"), ("H100", "p5", "aws-p5"),
    ("H100", "a3-high", "gcp-a3-high"), ("H100", "a3-mega", "gcp-a3-mega"), ("H100", "Azure", "azure-ndv5"),
    ("H100", "OCI", "oci-h100"), ("H100", "", "dgx-h100"), ("H200", "p5en", "aws-p5en"),
    ("H200", "a3-ultra", "gcp-a3-ultra"), ("H200", "", "dgx-h200"), ("B200", "a4-", "gcp-a4"),
    ("B200", "p6", "aws-p6-b200"), ("B200", "", "dgx-b200"), ("B300", "OCI", "oci-b300"), ("B300", "", "dgx-b300"),
    ("MI300X", "OCI", "oci-mi300x"), ("MI300X", "", "mi300x"), ("MI355X", "OCI", "oci-mi355x"),
    ("MI355X", "", "mi355x"), ("RTX PRO 6000", "", "rtx-pro-6000-pcie"), ("RTX 6000D", "", "rtx-6000d"),
  ]

  /// The shipped topology that a table's own words describe; nil for hardware, libraries and ways of running that none
  /// of them is.
  private static func shippedTopology(for object: [String: Any]) -> String? {
    func word(_ key: String) -> String { object[key] as? String ?? "" }
    let site = ["cloud_instance", "intra_node", "inter_node"].map(word).joined(separator: " ")
    guard let nodes = object["nodes"] as? Int, let perNode = object["gpus_per_node"] as? Int, nodes > 0,
      ["NCCL", "RCCL"].contains(word("library")) || word("library").hasPrefix("MSCCL++"),
      !["not used", "disabled", "IPoIB", "TCP sockets"].contains(where: { site.contains($0) }),
      let name = shipped.first(where: { word("gpu").hasPrefix($0.gpu) && ($0.word.isEmpty || site.contains($0.word)) })
    else { return nil }
    guard name.gpu.hasPrefix("GB") else { return "\(name.topology):nodes=\(nodes),gpus=\(perNode)" }
    let racks = object["racks"] as? Int ?? 1
    return nodes % racks == 0 && perNode == 4 ? "\(name.topology):racks=\(racks),trays=\(nodes / racks)" : nil
  }

  /// The shipped topology for a run through the NICs alone, by the number and rate of the NICs of a GPU.
  ///
  /// It does not matter then which GPUs share a host. One-sided messages that GPUs post are of no library of ours.
  private static func networkTopology(for object: [String: Any]) -> String? {
    let (gpu, library) = (object["gpu"] as? String ?? "", object["library"] as? String ?? "")
    guard let ranks = object["ranks"] as? Int, library == "NCCL" || library.hasPrefix("NCCLX CTRAN") else { return nil }
    let words = object["inter_node"] as? String ?? ""
    switch gpu {
    case "GB200" where words.hasPrefix("2 RDMA NICs"): return "oci-gb200-v3:racks=1,trays=\((ranks + 3) / 4)"
    case "GB300": return "gb300-nvl72:racks=1,trays=\((ranks + 3) / 4)"
    case "H100": return "dgx-h100:nodes=\((ranks + 7) / 8)"
    default: return nil
    }
  }

  /// All tables of a folder, in the order of their names.
  static func all(in folder: URL) throws -> [MeasuredTable] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "json" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
      .map { try MeasuredTable(contentsOf: $0) }
  }
}
