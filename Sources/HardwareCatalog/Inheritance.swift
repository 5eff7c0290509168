import Diagnostics
import Documents

/// Completes the parts of a file by what they take over: from the part named by `like`, else from the known part of the
/// same name, which they correct.
struct Inheritance {
  private struct Completed {
    var record: PartRecord
    /// How many parts take over one another up to this one.
    var row: Int
  }

  private static let longestRow = 16

  private let family: Family
  private let known: PartTable
  private var own: [String: PartEntry] = [:]
  /// Parts that have been looked at; nil where that failed.
  private var completed: [String: Completed?] = [:]

  /// Completes parts and adds them to those that are known.
  ///
  /// Parts that take over one that is unknown, or one another in a circle, or that lack what their family needs, are
  /// reported and left out.
  /// - Complexity: O(parts · figures of a part).
  static func table(
    of entries: [PartEntry], family: Family, onto known: PartTable, _ list: inout DiagnosticList
  ) -> PartTable {
    var inheritance = Inheritance(family: family, known: known)
    for entry in entries {
      let key = entry.record.name.lowercased()
      guard inheritance.own.updateValue(entry, forKey: key) != nil else { continue }
      list.error("part.twice", "\(excerpt(entry.record.name)) is given twice", at: entry.range)
    }
    var table = known
    for entry in entries {
      guard let part = inheritance.complete(entry.record.name.lowercased(), path: [], &list) else { continue }
      if entry.hasAll(of: part.record, &list) { table.insert(part.record) }
    }
    return table
  }

  private init(family: Family, known: PartTable) {
    self.family = family
    self.known = known
  }

  /// Completes a part of the file; the recursion is as deep as the longest row.
  private mutating func complete(_ key: String, path: [String], _ list: inout DiagnosticList) -> Completed? {
    if let result = completed[key] { return result }
    let result = own[key].flatMap { entry in completion(of: entry, key: key, path: path + [key], &list) }
    completed.updateValue(result, forKey: key)
    return result
  }

  private mutating func completion(
    of entry: PartEntry, key: String, path: [String], _ list: inout DiagnosticList
  ) -> Completed? {
    var result = Completed(record: entry.record, row: 1)
    if let corrected = known[key] { result.record.name = corrected.name }
    guard let wanted = entry.base else {
      if let corrected = known[key] { result.record.inherit(from: corrected) }
      return result
    }
    let wantedKey = wanted.value.lowercased()
    if wantedKey != key, own[wantedKey] != nil {
      guard !path.contains(wantedKey), path.count < Inheritance.longestRow else {
        reportRow(wanted, &list)
        return nil
      }
      guard let base = complete(wantedKey, path: path, &list) else { return nil }
      guard base.row < Inheritance.longestRow else {
        reportRow(wanted, &list)
        return nil
      }
      result.record.inherit(from: base.record)
      result.row = base.row + 1
      return result
    }
    guard let base = known[wantedKey] else {
      list.unknown(
        "part.unknown", "unknown \(family.singular) \(excerpt(wanted.value))", wanted,
        among: known.names + own.values.map(\.record.name).sorted(),
        otherwise: "known: \(known.names.joined(separator: ", "))")
      return nil
    }
    result.record.inherit(from: base)
    return result
  }

  private func reportRow(_ wanted: Located<String>, _ list: inout DiagnosticList) {
    list.error(
      "part.circle", "parts take over one another in a circle or in too long a row", at: wanted.range,
      notes: ["at most \(Inheritance.longestRow) in a row"])
  }
}

extension PartEntry {
  /// Whether a completed part states all that its family needs.
  fileprivate func hasAll(of record: PartRecord, _ list: inout DiagnosticList) -> Bool {
    let attributes = record.family.attributes.filter { $0.isRequired && record.attributes[$0.name] == nil }
    let figures = record.family.figures.filter { $0.isRequired && record.figure($0.name) == nil }
    for rule in attributes {
      list.error("part.incomplete", "\(excerpt(record.name)) needs '\(rule.name)'", at: range, notes: [rule.about])
    }
    for rule in figures {
      list.error(
        "part.incomplete", "\(excerpt(record.name)) needs '\(rule.name)' among its figures", at: range,
        notes: [rule.about])
    }
    return attributes.isEmpty && figures.isEmpty
  }
}
