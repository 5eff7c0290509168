public import Diagnostics

/// What a user names a topology by: a file or a shipped name, with parameters: `gb200-nvl72:racks=8,trays=16`.
public struct TopologyReference: Sendable, Hashable {
  /// A parameter with its value as written.
  public struct Override: Sendable, Hashable {
    /// The parameter.
    public var name: String
    /// Its value.
    public var value: String

    /// A parameter with a value.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The path of a file or the name of a shipped topology.
  public var name: String
  /// The parameters in the order written.
  public var overrides: [Override]

  /// A topology by its name and parameters.
  public init(name: String, overrides: [Override] = []) {
    self.name = name
    self.overrides = overrides
  }

  /// Reads a reference as written on a command line.
  ///
  /// What follows the first `:` is read as parameters when every comma-separated part of it has a `=`; otherwise it
  /// belongs to the path.
  /// - Throws: `DiagnosticsError` for a parameter without a name or value, or given twice.
  public init(parsing text: String) throws(DiagnosticsError) {
    for colon in text.indices where text[colon] == ":" {
      let parts = text[text.index(after: colon)...].split(separator: ",", omittingEmptySubsequences: false)
      guard parts.allSatisfy({ $0.contains("=") && !$0.prefix { $0 != "=" }.contains(":") }) else { continue }
      self.init(name: String(text[..<colon]), overrides: try TopologyReference.overrides(parts, in: text))
      return
    }
    self.init(name: text)
  }

  /// The name that answers call it by: the shipped name, or the file's name without folder and `.yaml`.
  public var shortName: String {
    let file = name.split(separator: "/").last.map(String.init) ?? name
    for ending in [".yaml", ".yml"] where file.hasSuffix(ending) { return String(file.dropLast(ending.count)) }
    return file
  }

  private static func overrides(_ parts: [Substring], in text: String) throws(DiagnosticsError) -> [Override] {
    var list = DiagnosticList()
    var overrides: [Override] = []
    for part in parts {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let override = Override(name: String(sides[0]), value: String(sides[1]))
      if override.name.isEmpty || override.value.isEmpty {
        list.error("reference.parameter", "a parameter is written NAME=VALUE, not '\(part)'", at: nil)
      } else if overrides.contains(where: { $0.name == override.name }) {
        list.error("reference.parameter", "the parameter '\(override.name)' is given twice", at: nil)
      }
      overrides.append(override)
    }
    try list.throwIfErrors()
    return overrides
  }
}
