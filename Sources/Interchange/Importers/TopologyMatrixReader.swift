import Diagnostics

/// Reads the matrix into a site.
struct TopologyMatrixReader {
  private let source: SourceText
  var site: Site
  var columns: [String] = []
  /// Relations by row and column name.
  var cells: [String: [String: String]] = [:]
  private var rows: [String] = []
  /// The NUMA node of each GPU as it is written.
  var affinity: [String: String] = [:]
  /// GPUs whose memory is a NUMA node of its own, as behind a Grace processor.
  var hasOwnNode: Set<String> = []

  init(_ source: SourceText, _ options: ImportOptions) {
    self.source = source
    site = Site(name: "node", parts: OwnParts(catalog: options.catalog))
  }

  static func isGPU(_ name: String) -> Bool {
    name.hasPrefix("GPU") && name.count > 3 && name.dropFirst(3).allSatisfy(\.isNumber)
  }

  static func isAdapter(_ name: String) -> Bool {
    let name = name.lowercased()
    return ["nic", "mlx", "bnxt", "efa", "rdma", "hsi", "cxi", "ib", "roce", "ionic", "eth", "irdma"]
      .contains { name.hasPrefix($0) } && name.last?.isNumber == true
  }

  static func isRelation(_ cell: String) -> Bool {
    ["X", "SYS", "NODE", "PHB", "PXB", "PIX", "PSB", "SOC"].contains(cell) || linkCount(cell) != nil
  }

  static func linkCount(_ cell: String) -> Int? {
    guard cell.hasPrefix("NV") else { return nil }
    let digits = cell.dropFirst(2)
    return digits.count <= 3 ? Int(digits) : nil
  }

  mutating func read(_ list: inout DiagnosticList) -> Bool {
    let before = list.count
    for line in MatrixLines(source).lines {
      guard let first = line.words.first?.text else { continue }
      if first.hasPrefix("Legend") || first == "NIC" && line.words.dropFirst().first?.text.hasPrefix("Legend") == true {
        if !rows.isEmpty { break }
        continue
      }
      if header(line) { continue }
      if (TopologyMatrixReader.isGPU(first) || TopologyMatrixReader.isAdapter(first)), line.words.count > 1 {
        row(line, first, &list)
      }
    }
    guard list.count == before else { return false }
    guard !columns.isEmpty else {
      list.error(
        "import.format", "there is no header with the columns GPU0, GPU1, …", at: source.range(line: 1, column: 1))
      return false
    }
    guard rows.contains(where: TopologyMatrixReader.isGPU) else {
      list.error(
        "import.truncated", "the file ends before the first row of the matrix",
        at: source.range(line: source.lineCount, column: 1))
      return false
    }
    build()
    return true
  }

  /// Takes up a line that names columns; false for any other.
  private mutating func header(_ line: MatrixLines.Line) -> Bool {
    guard columns.isEmpty else { return false }
    let words = line.words.map(\.text)
    let named = words.prefix { TopologyMatrixReader.isGPU($0) || TopologyMatrixReader.isAdapter($0) }
    guard let first = named.first, TopologyMatrixReader.isGPU(first) else { return false }
    // A row begins with its own name, too, but relations follow.
    guard named.count == words.count || !TopologyMatrixReader.isRelation(words[named.count]) else { return false }
    columns = Array(named)
    return true
  }

  private mutating func row(_ line: MatrixLines.Line, _ name: String, _ list: inout DiagnosticList) {
    guard !columns.isEmpty else { return }
    let values = line.words.dropFirst()
    let relations = values.prefix(columns.count)
    for (column, word) in zip(columns, relations) {
      guard TopologyMatrixReader.isRelation(word.text) else {
        list.error(
          "import.relation", "'\(word.text.prefix(40))' is no relation of \(name) to \(column)",
          at: source.range(line: line.number, column: word.column, length: word.text.unicodeScalars.count),
          notes: ["relations are X, SYS, NODE, PHB, PXB, PIX and NV with a number"])
        return
      }
    }
    guard relations.count == columns.count else {
      list.error(
        "import.truncated", "the row of \(name) has \(relations.count) of \(columns.count) columns",
        at: source.range(line: line.number, column: line.words.last?.column ?? 1))
      return
    }
    guard cells[name] == nil else { return }
    if let own = cells.isEmpty ? columns.firstIndex(of: name) : nil, relations[relations.startIndex + own].text != "X" {
      list.error(
        "import.relation", "\(name) must have X to itself",
        at: source.range(line: line.number, column: relations[relations.startIndex + own].column))
      return
    }
    rows.append(name)
    cells[name] = Dictionary(zip(columns, relations.map(\.text)), uniquingKeysWith: { first, _ in first })
    let rest = values.dropFirst(columns.count).map(\.text)
    guard TopologyMatrixReader.isGPU(name), rest.count > 1 else { return }
    affinity[name] = rest[1]
    if rest.count > 2, rest[2].allSatisfy(\.isNumber) { hasOwnNode.insert(name) }
  }

  /// The relation of two devices, from whichever of their rows is there.
  func relation(_ one: String, _ other: String) -> String? { cells[one]?[other] ?? cells[other]?[one] }
}
