public import Diagnostics

/// Topology files of NCCL and RCCL: what a rank has detected, or what a cloud ships for its instances.
public struct NCCLTopologyImporter: Importer {
  /// The name in commands.
  public let name = "nccl-xml"
  /// What it is.
  public let about = "NCCL or RCCL topology XML (NCCL_TOPO_DUMP_FILE)"

  /// An importer.
  public init() {}

  /// Whether the first element is `<system>`.
  public func recognises(_ text: SourceText) -> Bool { text.firstElement == "system" }

  /// Reads a dump: one host for each `host_hash`.
  public func site(_ text: SourceText, _ options: ImportOptions, _ list: inout DiagnosticList) -> Site? {
    guard let root = XMLReader.root(of: text, &list) else { return nil }
    guard root.name == "system" else {
      list.error("import.format", "the outermost element is <\(root.name)>, not <system>", at: root.range(in: text))
      return nil
    }
    var reader = NCCLTopologyReader(text, options)
    return reader.read(root, &list) ? reader.site : nil
  }
}

extension SourceText {
  /// The name of the first element of an XML text; nil for other texts.
  var firstElement: String? {
    var rest = Substring(text.prefix(100_000))
    while let open = rest.firstIndex(of: "<") {
      guard rest[..<open].allSatisfy(\.isWhitespace) else { return nil }
      rest = rest[open...]
      let end: String
      if rest.hasPrefix("<!--") {
        end = "-->"
      } else if rest.hasPrefix("<?") {
        end = "?>"
      } else if rest.hasPrefix("<!") {
        // Declarations inside of a document type are refused when it is read.
        end = rest.prefix { $0 != ">" }.contains("[") ? "]>" : ">"
      } else {
        let name = rest.dropFirst().prefix { $0.isLetter || $0.isNumber || "_-.:".contains($0) }
        return name.isEmpty ? nil : name.split(separator: ":").last.map(String.init)
      }
      guard let range = rest.firstRange(of: end) else { return nil }
      rest = rest[range.upperBound...]
    }
    return nil
  }
}
