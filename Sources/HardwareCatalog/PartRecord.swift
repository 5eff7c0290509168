/// Whether a part can be had.
public enum PartState: String, Sendable, Hashable, CaseIterable {
  case shipping, announced
}

/// All that the catalogue says of a part, as it is written.
public struct PartRecord: Sendable, Hashable {
  /// A figure by its name.
  public struct NamedFigure: Sendable, Hashable {
    /// Its name: `memory-bandwidth`.
    public var name: String
    /// Its text with the unit, and its origin.
    public var figure: Figure<String>
  }

  /// Its family.
  public var family: Family
  /// Its name.
  public var name: String
  /// What it states besides its figures, by key.
  public var attributes: [String: String]
  /// Its figures, those it takes over first.
  public var figures: [NamedFigure]

  /// A figure by its name.
  /// - Complexity: O(figures).
  public func figure(_ name: String) -> Figure<String>? { figures.first { $0.name == name }?.figure }

  /// Takes over what another part states, under the own name.
  mutating func inherit(from base: PartRecord) {
    // The sentence about the base would be wrong here, except for a correction of the same part.
    var inherited = base.attributes
    if base.name != name { inherited["about"] = nil }
    attributes.merge(inherited) { own, _ in own }
    let own = figures
    figures = base.figures
    for entry in own {
      if let index = figures.firstIndex(where: { $0.name == entry.name }) {
        figures[index] = entry
      } else {
        figures.append(entry)
      }
    }
  }
}

/// A part of the catalogue with its figures typed.
public protocol Part: Sendable {
  /// All that is said of it, as it is written.
  var record: PartRecord { get }
}

extension Part {
  /// Its name.
  public var name: String { record.name }
  /// What it is, in one sentence; empty where nothing is said.
  public var about: String { record.attributes["about"] ?? "" }
  /// Who makes it; empty where unknown.
  public var vendor: String { record.attributes["vendor"] ?? "" }
  /// Whether it can be had.
  public var state: PartState { record.attributes["state"].flatMap(PartState.init) ?? .shipping }
}
