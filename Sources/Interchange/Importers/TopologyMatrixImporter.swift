import ClusterModel
public import Diagnostics
import HardwareCatalog
import Quantities

/// The matrix that `nvidia-smi topo -m` prints, also as it is pasted: spaces for tabs, colours, Markdown tables, parts.
public struct TopologyMatrixImporter: Importer {
  /// The name in commands.
  public let name = "nvidia-smi-topo"
  /// What it is.
  public let about = "the matrix of nvidia-smi topo -m or -mp"

  /// An importer.
  public init() {}

  /// Whether a header with GPU0 is followed by its row.
  public func recognises(_ text: SourceText) -> Bool {
    guard text.firstElement == nil else { return false }
    let words = MatrixLines(text).lines.prefix(400).map(\.words)
    return words.contains { $0.first?.text == "GPU0" && $0.count > 1 }
      || words.contains { $0.first?.text.hasPrefix("GPU") ?? false && $0.dropFirst().contains { $0.text == "X" } }
  }

  /// Reads a matrix as one host.
  public func site(_ text: SourceText, _ options: ImportOptions, _ list: inout DiagnosticList) -> Site? {
    var reader = TopologyMatrixReader(text, options)
    return reader.read(&list) ? reader.site : nil
  }
}

/// The words of each line with their places, without colours and the bars of tables.
struct MatrixLines {
  struct Word {
    var text: String
    var column: Int
  }

  struct Line {
    var number: Int
    var words: [Word]
    var isIndented: Bool
  }

  private(set) var lines: [Line] = []

  init(_ source: SourceText) {
    var number = 0
    for line in source.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      var words: [Word] = []
      var word = ""
      var start = 1
      var column = 0
      var isEscape = false
      func close() {
        if !word.isEmpty { words.append(Word(text: word, column: start)) }
        word = ""
      }
      for scalar in line.unicodeScalars {
        column += 1
        if isEscape {
          // A colour ends with a letter.
          if scalar.properties.isAlphabetic { isEscape = false }
        } else if scalar == "\u{1B}" {
          isEscape = true
        } else if scalar == " " || scalar == "\t" || scalar == "|" || scalar == "`" || scalar == "*"
          || scalar == "\u{A0}"
        {
          close()
        } else {
          if word.isEmpty { start = column }
          word.unicodeScalars.append(scalar)
        }
      }
      close()
      let first = line.unicodeScalars.first
      lines.append(Line(number: number, words: words, isIndented: first == " " || first == "\t" || first == "|"))
    }
  }
}

/// Reads the matrix into a site.
struct TopologyMatrixReader {
  private let source: SourceText
  private(set) var site: Site
  private var columns: [String] = []
  /// Relations by row and column name.
  private var cells: [String: [String: String]] = [:]
  private var rows: [String] = []
  private var affinity: [String: String] = [:]

  init(_ source: SourceText, _ options: ImportOptions) {
    self.source = source
    site = Site(name: "node", parts: OwnParts(catalog: options.catalog))
  }

  private static func isGPU(_ name: String) -> Bool {
    name.hasPrefix("GPU") && name.count > 3 && name.dropFirst(3).allSatisfy(\.isNumber)
  }

  private static func isAdapter(_ name: String) -> Bool {
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
    if TopologyMatrixReader.isGPU(name), rest.count > 1 { affinity[name] = rest[1] }
  }

  /// The relation of two devices, from whichever of their rows is there.
  private func relation(_ one: String, _ other: String) -> String? { cells[one]?[other] ?? cells[other]?[one] }

  // MARK: Building

  /// Devices that share a PCIe switch, a host bridge or a NUMA node, by the relations among them.
  private func groups(_ names: [String], _ isTogether: (String) -> Bool) -> [Int] {
    var group = Array(names.indices)
    for left in names.indices {
      for right in names.indices where right > left {
        guard let cell = relation(names[left], names[right]), isTogether(cell), group[left] != group[right] else {
          continue
        }
        let (low, high) = (min(group[left], group[right]), max(group[left], group[right]))
        for index in group.indices where group[index] == high { group[index] = low }
      }
    }
    return group
  }

  private mutating func build() {
    let names = columns
    let gpus = names.filter(TopologyMatrixReader.isGPU)
    let host = site.add(Site.Host(name: "host"))
    let most = gpus.flatMap { one in gpus.compactMap { relation(one, $0).flatMap(TopologyMatrixReader.linkCount) } }
      .max()
    let part = accelerator(links: most)
    var devices: [String: Int] = [:]
    for name in gpus {
      devices[name] = site.add(.init(name: name, kind: .accelerator, part: part, host: host))
    }
    if gpus.contains(where: { cells[$0] == nil }) {
      site.note(.unsaid, "the rows of some GPUs: their relations are taken from the columns of others")
    }
    linkAccelerators(gpus, devices, part, host: host)
    buildTree(names, &devices, host: host)
  }

  private mutating func accelerator(links: Int?) -> String {
    site.note(.unsaid, "the model of the GPUs and the speed of PCIe and of the adapters")
    let model =
      switch links {
      case 6: "V100"
      case 12: "A100"
      case 18: "H100"
      default: ""
      }
    guard !model.isEmpty else { return "" }
    site.note(.assumed, "GPUs with \(links ?? 0) NVLinks are \(model)")
    return model
  }

  private mutating func linkAccelerators(_ gpus: [String], _ devices: [String: Int], _ part: String, host: Int) {
    let pairs = gpus.indices.flatMap { left in
      gpus.indices.dropFirst(left + 1).compactMap { right -> (Int, Int, Int)? in
        relation(gpus[left], gpus[right]).flatMap(TopologyMatrixReader.linkCount).map { (left, right, $0) }
      }
    }
    guard let first = pairs.first else { return }
    let (link, _) = site.parts.scaleUpLink(of: part)
    if part.isEmpty { site.note(.assumed, "an NVLink carries what \(link) does") }
    let isUniform = pairs.count == gpus.count * (gpus.count - 1) / 2 && pairs.allSatisfy { $0.2 == first.2 }
    // More links to each of several peers than a GPU has in all can only be those to switches.
    if isUniform, gpus.count > 2, first.2 * (gpus.count - 1) > (part.isEmpty ? 18 : first.2) {
      let device = site.add(
        .init(
          name: "nvswitch", kind: .scaleUpSwitch, part: site.parts.scaleUpSwitch(portsOf: link), host: host))
      for name in gpus { if let gpu = devices[name] { site.link(gpu, device, count: first.2, link) } }
      site.note(.unsaid, "how many NVSwitch chips there are: the links of each GPU end in one")
      site.inSwitchReduction = site.parts.reducesInSwitches(part)
    } else {
      for (left, right, count) in pairs {
        if let one = devices[gpus[left]], let other = devices[gpus[right]] { site.link(one, other, count: count, link) }
      }
    }
  }

  /// PCIe switches for what is PIX or PXB apart, processors for what is PHB or NODE apart.
  private mutating func buildTree(_ names: [String], _ devices: inout [String: Int], host: Int) {
    let pcie = "PCIe-5-x16"
    site.note(.assumed, "all PCIe links are \(pcie) and an adapter carries 400 Gb/s")
    let sockets = groups(names) { ["PIX", "PXB", "PHB", "NODE", "PSB"].contains($0) }
    let bridges = groups(names) { ["PIX", "PXB", "PSB"].contains($0) }
    // What NVLink hides of the tree the affinities tell.
    var nodeOf: [String: String] = [:]
    for (index, name) in names.enumerated() {
      nodeOf[name] = affinity[name].flatMap { $0.allSatisfy(\.isNumber) ? $0 : nil } ?? nodeOf[name]
      if nodeOf[name] == nil,
        let mate = names.indices.first(where: { sockets[$0] == sockets[index] && affinity[names[$0]] != nil })
      {
        nodeOf[name] = affinity[names[mate]].flatMap { $0.allSatisfy(\.isNumber) ? $0 : nil }
      }
    }
    var processors: [String: Int] = [:]
    for (index, name) in names.enumerated() {
      let key = nodeOf[name].map { "numa \($0)" } ?? "group \(sockets[index])"
      if processors[key] == nil {
        processors[key] = site.add(.init(name: "cpu\(processors.count)", kind: .cpu, host: host))
      }
      guard let processor = processors[key] else { continue }
      let isAdapter = TopologyMatrixReader.isAdapter(name)
      if isAdapter {
        let part = site.parts.nic(.infiniband, .gigabitsPerSecond(400))
        devices[name] = site.add(.init(name: name, kind: .nic, part: part, host: host))
      }
      guard let device = devices[name] else { continue }
      let hasMate = bridges.indices.contains { $0 != index && bridges[$0] == bridges[index] }
      guard hasMate else {
        site.link(device, processor, pcie)
        continue
      }
      let bridgeKey = "bridge \(bridges[index])"
      if let bridge = processors[bridgeKey] {
        site.link(device, bridge, pcie)
      } else {
        let bridge = site.add(.init(name: "pcie\(bridges[index])", kind: .pcieSwitch, host: host))
        processors[bridgeKey] = bridge
        site.link(bridge, processor, pcie)
        site.link(device, bridge, pcie)
      }
    }
    let own = site.indices(of: .cpu)
    guard own.count > 1 else { return }
    site.note(.assumed, "processors are joined pair by pair by UPI-Sapphire-Rapids")
    for (index, one) in own.enumerated() {
      for other in own[(index + 1)...] { site.link(one, other, "UPI-Sapphire-Rapids") }
    }
  }
}
