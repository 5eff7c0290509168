/// The parts of one family, complete with what they take over.
struct PartTable: Sendable {
  /// Their names in file order.
  private(set) var names: [String] = []
  private var records: [String: PartRecord] = [:]

  /// A part by its name, without regard to case.
  subscript(name: String) -> PartRecord? { records[name.lowercased()] }

  /// Adds a part, or replaces the one of its name.
  mutating func insert(_ record: PartRecord) {
    if records.updateValue(record, forKey: record.name.lowercased()) == nil { names.append(record.name) }
  }
}
