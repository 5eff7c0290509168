/// Reads the output of nccl-tests and rccl-tests as people have it.
///
/// Bytes come in pieces of any length, so that a log of any length takes little memory. What is not part of a table is
/// passed over: launchers' prefixes, colours, messages of the library, fences of a paste. Nothing that is read here is
/// ever an error; rows that cannot be used say why.
public struct BenchmarkLogReader: Sendable {
  /// Rows beyond so many are counted and left out.
  public static let mostRows = 100_000
  /// So many characters of a line are looked at; tables have shorter lines.
  static let longestLine = 16_384
  /// A report in JSON is read whole, up to so many bytes; anything longer is read as text.
  static let largestReport = 64 << 20

  private var tables: [TableBuilder] = []
  private var current = TableBuilder()
  private var pendingName: String?
  private var networks: [String] = []
  private var networkAdapters: Int?
  private var rowCount = 0
  private var rowsLeftOut = 0
  private var line: [UInt8] = []
  private var lineIsTooLong = false
  /// All bytes so far of what may be a report in JSON; nil once it is known to be none.
  private var report: [UInt8]? = []

  /// A reader that has read nothing.
  public init() {}

  /// Reads a whole log.
  public init(_ text: String) {
    read(Array(text.utf8)[...])
  }

  /// Takes the next piece of the log.
  /// - Complexity: O(length of the piece).
  public mutating func read(_ piece: ArraySlice<UInt8>) {
    guard var whole = report else { return readText(piece) }
    // Only one reference may remain, or every piece would copy all before it.
    report = nil
    whole += piece
    report = whole
    let first = whole.first { !($0 <= 0x20 || [0xEF, 0xBB, 0xBF].contains($0)) }
    if first.map({ $0 != UInt8(ascii: "{") }) ?? false || whole.count > BenchmarkLogReader.largestReport {
      report = nil
      readText(whole[...])
    }
  }

  /// What the log holds.
  public consuming func finished() -> BenchmarkLog {
    if let whole = report {
      if let tables = TableBuilder.tables(ofReport: whole) {
        return BenchmarkLog(tables: tables.filter { !$0.rows.isEmpty }.map(\.table))
      }
      report = nil
      readText(whole[...])
    }
    endLine()
    endTable()
    return BenchmarkLog(
      tables: tables.map(\.table), networks: networks, networkAdapters: networkAdapters, rowsLeftOut: rowsLeftOut)
  }

  private mutating func readText(_ piece: ArraySlice<UInt8>) {
    var rest = piece
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      append(rest[..<end])
      endLine()
      rest = rest[(end + 1)...]
    }
    append(rest)
  }

  private mutating func append(_ part: ArraySlice<UInt8>) {
    let room = BenchmarkLogReader.longestLine - line.count
    line += part.prefix(room)
    if part.count > room { lineIsTooLong = true }
  }

  private mutating func endLine() {
    // The beginning of an overlong line would look like a line that is cut off.
    if !line.isEmpty, !lineIsTooLong { read(LogLine(line[...])) }
    line.removeAll(keepingCapacity: true)
    lineIsTooLong = false
  }

  private mutating func endTable() {
    if !current.rows.isEmpty { tables.append(current) }
  }

  /// Begins a table that knows nothing of the one before, unless the current one still waits for rows.
  private mutating func beginRun() {
    guard !current.rows.isEmpty else { return }
    endTable()
    current = TableBuilder()
    current.name = pendingName
    pendingName = nil
  }

  /// Begins a further table of the same run.
  private mutating func continueRun() {
    endTable()
    current = current.withoutRows
    if let name = pendingName {
      current.name = name
      pendingName = nil
    }
  }

  private mutating func read(_ line: LogLine) {
    let words = line.words
    if let row = PrintedRow(words) {
      add(row)
    } else if words.contains("nThread"), let gpus = line.number(after: "ngpus") {
      beginRun()
      let (product, overflow) = gpus.multipliedReportingOverflow(by: max(1, line.number(after: "nthread") ?? 1))
      if !overflow, product >= 1 { current.gpusPerProcess = product }
      if let graph = line.number(after: "graph:") { current.graphLaunch = graph > 0 }
    } else if words.contains("starting:"), let name = words.last {
      beginRun()
      current.name = name
    } else if words.contains("concluded:") || (words.contains("bus") && words.contains("Avg")) {
      current.isEnded = true
    } else if words.contains("time") || words.contains("cputime"), words.contains("algbw"), words.contains("busbw") {
      if !current.rows.isEmpty { continueRun() }
      current.reportsProcessorTime = words.contains("cputime")
    } else if let place = words.firstIndex(where: { $0 == "Rank" || $0 == "#Rank" }), words.contains("device") {
      readRank(words[(place + 1)...])
    } else {
      readProse(line)
    }
  }

  private mutating func add(_ row: PrintedRow) {
    guard rowCount < BenchmarkLogReader.mostRows else {
      rowsLeftOut += 1
      return
    }
    if current.isEnded, !current.rows.isEmpty { continueRun() }
    rowCount += 1
    current.append(row)
  }

  /// A line that names a rank: `Rank 0 Group 0 Pid 12 on host device 0 [0000:53:00] NVIDIA H100 80GB HBM3`.
  private mutating func readRank(_ words: ArraySlice<String>) {
    guard let rank = words.first.flatMap({ Int($0) }), (0..<1 << 30).contains(rank) else { return }
    beginRun()
    let line = words.map { $0 }
    func word(after name: String) -> String? {
      line.firstIndex(of: name).flatMap { $0 + 1 < line.count ? line[$0 + 1] : nil }
    }
    let host = word(after: "on") ?? ""
    current.add(
      rank: rank, group: word(after: "Group").flatMap { Int($0) } ?? 0, host: host,
      process: word(after: "Pid").map { "\(host) \($0)" })
    if let bus = line.firstIndex(where: { $0.hasPrefix("[") }), bus + 1 < line.count {
      current.add(gpu: line[(bus + 1)...].joined(separator: " "))
    }
  }

  /// Lines that are no part of a table but tell of the run: command lines and messages of the library.
  private mutating func readProse(_ line: LogLine) {
    if line.words.contains("INFO") {
      if let count = line.number(after: "nranks"), (1..<1 << 30).contains(count), current.rows.isEmpty {
        current.toldRanks = count
      }
      if let place = line.words.firstIndex(of: "network"), place > 0, line.words[place - 1] == "Using",
        place + 1 < line.words.count, networks.count < 8, !networks.contains(line.words[place + 1])
      {
        networks.append(line.words[place + 1])
      }
      if let place = line.words.firstIndex(of: "Using") {
        let listed = line.words[(place + 1)...].count(where: BenchmarkLogReader.isAdapter)
        if listed > 0 { networkAdapters = min(networkAdapters ?? listed, listed) }
      }
    } else if let name = line.words.lazy.compactMap({ CollectiveNames.program($0) }).first {
      if current.rows.isEmpty {
        current.name = name
      } else {
        pendingName = name
        if name != current.name { current.isEnded = true }
      }
    }
  }
}

extension BenchmarkLogReader {
  /// Whether a word of the library's message names one adapter: `[3]mlx5_4:1/RoCE`.
  private static func isAdapter(_ word: String) -> Bool {
    guard word.hasPrefix("["), let end = word.firstIndex(of: "]") else { return false }
    let number = word[word.index(after: word.startIndex)..<end]
    let port = word[end...].dropFirst().split(separator: ":", omittingEmptySubsequences: false)
    return Int(number) != nil && port.count == 2 && !port[0].isEmpty && port[1].contains("/")
  }
}

extension TableBuilder {
  /// Notes a rank; a run of more hosts or processes than are kept counts those that are.
  mutating func add(rank: Int, group: Int, host: String, process: String?) {
    highestRank = max(highestRank ?? 0, rank)
    if groups.count < TableBuilder.mostNames { groups.insert(group) }
    if !host.isEmpty, hosts.count < TableBuilder.mostNames { hosts.insert(host) }
    if let process, processes.count < TableBuilder.mostNames { processes.insert(process) }
  }

  /// Notes a GPU's name.
  mutating func add(gpu: String) {
    if gpus.count < 16, !gpus.contains(gpu) { gpus.append(gpu) }
  }

  private static let mostNames = 100_000
}
