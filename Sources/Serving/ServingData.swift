import Diagnostics
import Documents
import Quantities

/// The data files that the binary carries for serving: places, round trips, models and prices.
enum ServingData {
  private static let dataFolder = "Data"
  private static let estateFolder = "Estates"

  /// The text of a data file.
  static func text(_ name: String) -> SourceText? { text(folder: dataFolder, name: name) }

  /// The names of the data files that begin with a prefix, sorted.
  static func names(withPrefix prefix: String) -> [String] {
    names(in: dataFolder).filter { $0.hasPrefix(prefix) }
  }

  /// The names of the estates.
  static var estateNames: [String] { names(in: estateFolder) }

  /// The text of an estate's file.
  static func estate(_ name: String) -> SourceText? { text(folder: estateFolder, name: name) }

  /// The outermost mapping of a data file; nil after an error.
  static func mapping(_ name: String, _ list: inout DiagnosticList) -> Mapping? {
    guard let text = text(name) else {
      list.error("file.not-found", "the program carries no data file '\(name)'", at: nil)
      return nil
    }
    return text.document(&list)?.mapping(name, &list)
  }

  private static func names(in folder: String) -> [String] {
    EmbeddedData.files.filter { $0.folder == folder }.map(\.name).sorted()
  }

  private static func text(folder: String, name: String) -> SourceText? {
    let wanted = name.lowercased()
    return EmbeddedData.files.first { $0.folder == folder && $0.name.lowercased() == wanted }.map {
      SourceText(name: "\($0.name).yaml", text: $0.text.description)
    }
  }
}

extension Mapping {
  /// The value of a constant with its origin: `{value: 400 km, assumed: true, note: why}`.
  func constant<Value: UnitParsable & Sendable>(
    _ key: String, as _: Value.Type, _ list: inout DiagnosticList
  ) -> Value? {
    self[key]?.mapping?["value"]?.quantity(key, as: Value.self, &list)?.value
  }

  /// The value of a constant without a unit.
  func constant(_ key: String, in range: ClosedRange<Double>, _ list: inout DiagnosticList) -> Double? {
    self[key]?.mapping?["value"]?.number(key, in: range, &list)?.value
  }
}
