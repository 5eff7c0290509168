public import Diagnostics
public import HardwareCatalog

/// A format of another tool that can be read.
public protocol Importer: Sendable {
  /// The name in commands: `nccl-xml`.
  var name: String { get }
  /// What it is, in a few words.
  var about: String { get }
  /// Whether a text looks like this format; texts of others must not.
  func recognises(_ text: SourceText) -> Bool
  /// Reads a text.
  /// - Returns: What it describes, or nil after an error.
  func site(_ text: SourceText, _ options: ImportOptions, _ list: inout DiagnosticList) -> Site?
}

/// What an import is told beside the file.
public struct ImportOptions: Sendable {
  /// The parts that come with the project.
  public var catalog: HardwareCatalog
  /// The shipped box that each host is, where the source does not show what is in hosts.
  public var system: String?

  /// Options; by default nothing is said of hosts.
  public init(catalog: HardwareCatalog = HardwareCatalog(), system: String? = nil) {
    self.catalog = catalog
    self.system = system
  }
}

/// The formats that can be read.
public enum Importers {
  /// All of them; to add one, a file and its line here.
  public static let all: [any Importer] = [
    NCCLTopologyImporter(),
    NCCLGraphImporter(),
    TopologyMatrixImporter(),
    FabricDiscoveryImporter(),
    SlurmImporter(),
    InstanceTopologyImporter(),
    AstraSimImporter(),
    InfraGraphImporter(),
    HardwareLocalityImporter(),
    GraphMLImporter(),
    TopographImporter(),
  ]

  /// The importer of a name.
  public static func named(_ name: String) -> (any Importer)? { all.first { $0.name == name } }

  /// The importer whose format a text looks like.
  public static func recognising(_ text: SourceText) -> (any Importer)? { all.first { $0.recognises(text) } }

  /// The largest file that is read, in bytes: 64 MiB.
  public static let largestFile = 64 << 20
}
