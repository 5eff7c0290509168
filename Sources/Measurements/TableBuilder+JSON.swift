import Foundation

extension TableBuilder {
  /// The tables of a report that a newer nccl-tests wrote with `-J`; nil for anything else.
  static func tables(ofReport bytes: [UInt8]) -> [TableBuilder]? {
    guard let root = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
      let results = root["results"] as? [[String: Any]]
    else { return nil }
    var table = TableBuilder()
    if let program = (root["args"] as? [String])?.lazy.compactMap({ CollectiveNames.program($0) }).first {
      table.name = program
    }
    let config = root["config"] as? [String: Any] ?? [:]
    if let gpus = whole(config["ngpus"]) {
      let (product, overflow) = gpus.multipliedReportingOverflow(by: max(1, whole(config["nthreads"]) ?? 1))
      if !overflow, product >= 1 { table.gpusPerProcess = product }
    }
    if let graph = whole(config["graph"]) { table.graphLaunch = graph > 0 }
    for device in config["devices"] as? [[String: Any]] ?? root["devices"] as? [[String: Any]] ?? [] {
      guard let rank = whole(device["rank"]), (0..<1 << 30).contains(rank) else { continue }
      let host = device["hostname"] as? String ?? ""
      table.add(
        rank: rank, group: whole(device["group"]) ?? 0, host: host,
        process: whole(device["pid"]).map { "\(host) \($0)" })
      if let gpu = device["device_info"] as? String { table.add(gpu: gpu) }
    }
    for result in results.prefix(BenchmarkLogReader.mostRows) {
      guard let size = whole(result["size"]), size >= 0 else { continue }
      if table.name == nil {
        table.name = (result["experiment_name"] as? String).flatMap { CollectiveNames.program($0) }
      }
      let buffers = ["out_of_place", "in_place"].compactMap { result[$0] as? [String: Any] }
      if buffers.contains(where: { $0["cpu_time"] != nil }) { table.reportsProcessorTime = true }
      table.append(
        PrintedRow(
          bytes: Int64(size), reduction: (result["redop"] as? String)?.lowercased(),
          samples: buffers.map { buffer in
            PrintedRow.Sample(
              time: number(buffer["time"] ?? buffer["cpu_time"]), algorithmBandwidth: number(buffer["alg_bw"]),
              busBandwidth: number(buffer["bus_bw"]), wrong: number(buffer["nwrong"]))
          }))
    }
    return [table]
  }

  private static func number(_ value: Any?) -> Double? {
    let number = (value as? NSNumber)?.doubleValue ?? (value as? String).flatMap { Double($0) }
    return number.flatMap { $0.isFinite ? $0 : nil }
  }

  private static func whole(_ value: Any?) -> Int? { number(value).flatMap { Int(exactly: $0) } }
}
