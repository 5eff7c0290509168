import ClusterModel
public import Diagnostics

/// What `ibnetdiscover` prints of an InfiniBand fabric.
public struct FabricDiscoveryImporter: Importer {
  /// The name in commands.
  public let name = "ibnetdiscover"
  /// What it is.
  public let about = "the output of ibnetdiscover"

  /// An importer.
  public init() {}

  /// Whether a line begins a switch, an adapter or a router.
  public func recognises(_ text: SourceText) -> Bool {
    text.text.prefix(20_000).split(whereSeparator: \.isNewline).contains { line in
      let words = line.split(maxSplits: 3, whereSeparator: \.isWhitespace)
      return words.count >= 3 && ["Switch", "Ca", "Rt"].contains(words[0]) && Int(words[1]) != nil
        && words[2].hasPrefix("\"")
    }
  }

  /// Reads a fabric: hosts with their adapters, switches and cables.
  public func site(_ text: SourceText, _ options: ImportOptions, _ list: inout DiagnosticList) -> Site? {
    let before = list.count
    var reader = FabricDiscoveryReader(text)
    reader.read(&list)
    guard list.count == before else { return nil }
    var builder = DiscoveredFabric(reader.nodes, text, options, &list)
    return builder.build(&list) ? builder.site : nil
  }
}

/// Reads the records of `ibnetdiscover`.
struct FabricDiscoveryReader {
  /// A switch, adapter or router.
  struct Node {
    enum Kind { case adapter, fabricSwitch, router }

    var kind: Kind
    var identity: String
    var description: String
    var ports: Int
    var system: String
    var line: Int
    /// Whether only its peers are described.
    var isImplied = false
    var cables: [Cable] = []
  }

  /// A cable as one end lists it.
  struct Cable {
    var port: Int
    var peer: String
    var peerPort: Int
    /// `4xNDR`; empty where the file does not say it.
    var rate: String
    /// What the peer is called.
    var peerDescription: String
    var line: Int
  }

  private let source: SourceText
  private(set) var nodes: [Node] = []
  private var numberOf: [String: Int] = [:]
  private var system = ""

  init(_ source: SourceText) { self.source = source }

  mutating func read(_ list: inout DiagnosticList) {
    var number = 0
    for line in source.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      // Bytes are looked at, not characters: files have a hundred thousand lines.
      let bytes = line.utf8
      guard let first = bytes.first(where: { $0 != 0x20 && $0 != 0x09 }) else { continue }
      switch first {
      case UInt8(ascii: "#"): continue
      case UInt8(ascii: "["): cable(line, number, &list)
      case UInt8(ascii: "S"), UInt8(ascii: "C"), UInt8(ascii: "R"): node(line, number, &list)
      case UInt8(ascii: "s"): if line.hasPrefix("sysimgguid=") { system = identity(line.dropFirst(11)) }
      default: break
      }
    }
    addPeers()
  }

  /// Peers that a partial file names without describing them are known by their cables.
  private mutating func addPeers() {
    for cable in nodes.flatMap(\.cables) where numberOf[cable.peer] == nil {
      guard let first = cable.peer.first,
        let kind: Node.Kind = ["H": .adapter, "S": .fabricSwitch, "R": .router][first]
      else { continue }
      numberOf[cable.peer] = nodes.count
      nodes.append(
        Node(
          kind: kind, identity: cable.peer, description: cable.peerDescription, ports: 0, system: "", line: cable.line,
          isImplied: true))
    }
  }

  /// The digits of a GUID without `0x` and leading zeros.
  private func identity(_ text: Substring) -> String {
    var digits = text.trimming
    if digits.hasPrefix("0x") { digits = digits.dropFirst(2) }
    return String(digits.prefix { $0.isHexDigit }.drop { $0 == "0" })
  }

  private mutating func node(_ line: Substring, _ number: Int, _ list: inout DiagnosticList) {
    let words = line.split(maxSplits: 2, whereSeparator: { $0 == " " || $0 == "\t" })
    let kinds: [Substring: Node.Kind] = ["Switch": .fabricSwitch, "Ca": .adapter, "Rt": .router]
    guard let word = words.first, let kind = kinds[word] else { return }
    guard words.count == 3, let ports = Int(words[1]), ports >= 0, ports < 100_000,
      let identity = quoted(words[2])
    else {
      list.error(
        "import.record", "\(word) must be followed by its number of ports and its identity in quotes",
        at: source.range(line: number, column: 1, length: line.count))
      return
    }
    let comment = words[2].split(separator: "#", maxSplits: 1).dropFirst().first
    let node = Node(
      kind: kind, identity: String(identity), description: comment.flatMap(quoted).map(String.init) ?? "", ports: ports,
      system: system, line: number)
    system = ""
    guard numberOf[node.identity] == nil else {
      list.error(
        "import.twice", "\(node.identity) is described twice",
        at: source.range(line: number, column: 1, length: line.count))
      return
    }
    numberOf[node.identity] = nodes.count
    nodes.append(node)
  }

  /// What stands between the first two quotes.
  private func quoted(_ text: Substring) -> Substring? {
    guard let open = text.firstIndex(of: "\"") else { return nil }
    let rest = text[text.index(after: open)...]
    guard let close = rest.firstIndex(of: "\"") else { return nil }
    return rest[..<close]
  }

  private mutating func cable(_ line: Substring, _ number: Int, _ list: inout DiagnosticList) {
    func wrong(_ what: String) {
      list.error("import.record", what, at: source.range(line: number, column: 1, length: max(1, line.count)))
    }
    guard !nodes.isEmpty else { return wrong("a port before the first switch or adapter") }
    guard let (port, rest) = bracketed(line) else { return wrong("a port is a number in brackets") }
    guard let open = rest.firstIndex(of: "\"") else {
      return wrong("port \(port) must name what it is cabled to, in quotes")
    }
    let peerText = rest[open...]
    guard let peer = quoted(peerText) else { return wrong("port \(port): the name of its peer is not closed") }
    guard let (peerPort, tail) = bracketed(peerText[peer.endIndex...].dropFirst()) else {
      return wrong("port \(port): the port of its peer is missing")
    }
    let comment = tail.split(separator: "#", maxSplits: 1).dropFirst().first ?? ""
    // The rate stands behind the quoted description; an adapter's line has the switch's description in it.
    let behind = comment.lastIndex(of: "\"").map { comment[comment.index(after: $0)...] } ?? comment
    let rate = behind.split(whereSeparator: { $0 == " " || $0 == "\t" }).first { SignallingRate.looksLike($0) } ?? ""
    nodes[nodes.count - 1].cables.append(
      Cable(
        port: port, peer: String(peer), peerPort: peerPort, rate: String(rate),
        peerDescription: quoted(comment).map(String.init) ?? "", line: number))
  }

  /// The number in the brackets that a text begins with, and what follows.
  private func bracketed(_ text: Substring) -> (Int, Substring)? {
    guard let open = text.firstIndex(of: "["), text[..<open].allSatisfy(\.isWhitespace),
      let close = text[open...].firstIndex(of: "]"),
      let number = Int(text[text.index(after: open)..<close].trimming), number >= 0, number < 1_000_000
    else { return nil }
    return (number, text[text.index(after: close)...])
  }
}
