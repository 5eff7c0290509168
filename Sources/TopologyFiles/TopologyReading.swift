public import ClusterModel
public import Diagnostics
public import HardwareCatalog

/// What came of reading a topology: the cluster, or every mistake that was found.
public struct TopologyReading: Sendable {
  /// The cluster; nil when there were errors.
  public var cluster: Cluster?
  /// The catalogue with the parts of the files that were read.
  public var catalog = HardwareCatalog()
  /// Errors and warnings, sorted by place.
  public var diagnostics: [Diagnostic]
  /// The texts that were read, by the names that places use.
  public var sources: [String: SourceText]

  /// Whether the file that was asked for does not exist.
  public var isMissing: Bool { diagnostics.contains { $0.id == "file.not-found" && $0.range == nil } }

  /// The diagnostics as people read them.
  public var rendered: String { diagnostics.rendered(in: sources) }

  /// The text of a file with every unambiguous fix-it applied, and how many were; nil for a file that was not read.
  public func fixed(_ file: String) -> (text: String, applied: Int)? {
    sources[file]?.applyingFixIts(of: diagnostics)
  }

  /// The cluster.
  /// - Throws: `DiagnosticsError` with all diagnostics when there is none.
  public func get() throws(DiagnosticsError) -> Cluster {
    guard let cluster else { throw DiagnosticsError(diagnostics) }
    return cluster
  }
}
