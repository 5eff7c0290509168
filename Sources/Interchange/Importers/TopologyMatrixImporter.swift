public import Diagnostics

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
