import ClusterModel
public import Diagnostics
import Documents
import HardwareCatalog
import Quantities

/// Infrastructure files of InfraGraph: devices of components, instances of devices, edges.
public struct InfraGraphImporter: Importer {
  /// The name in commands.
  public let name = "infragraph"
  /// What it is.
  public let about = "an infrastructure in YAML of InfraGraph"

  /// An importer.
  public init() {}

  /// Whether there are devices and instances.
  public func recognises(_ text: SourceText) -> Bool {
    let keys = text.outermostKeys
    return keys.contains("infrastructure") || keys.contains("devices") && keys.contains("instances")
  }

  /// Reads an infrastructure: instances with accelerators are hosts, others stand between them.
  public func site(_ text: SourceText, _ options: ImportOptions, _ list: inout DiagnosticList) -> Site? {
    guard var root = text.document(&list)?.mapping("the file", &list) else { return nil }
    if let inner = root["infrastructure"]?.mapping { root = inner }
    var reader = InfraGraphReader(options)
    return reader.read(root, &list) ? reader.site : nil
  }
}
