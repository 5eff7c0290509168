extension LibraryProfile {
  /// What was different before a release.
  public struct Earlier: Sendable {
    /// The first release that is as later ones.
    public var before: LibraryVersion
    /// Figures that had other values.
    public var figures: [String: Figure]
    /// Algorithms and protocols that there were not, by generation of accelerators, or for `all`.
    public var lacks: [String: [String]]

    /// A difference of its parts.
    public init(before: LibraryVersion, figures: [String: Figure], lacks: [String: [String]]) {
      self.before = before
      self.figures = figures
      self.lacks = lacks
    }
  }

  /// The releases that a profile tells apart.
  public struct Releases: Sendable {
    /// The earliest that is known.
    public var oldest: LibraryVersion
    /// The one that the profile is of.
    public var newest: LibraryVersion
    /// What was different before, the latest change first.
    public var earlier: [Earlier] = []
  }

  /// The profile of a release; nil where it does not tell so early ones apart, or none.
  ///
  /// Releases after the newest are taken to be like it.
  public func release(_ version: LibraryVersion) -> LibraryProfile? {
    guard let releases, version >= releases.oldest else { return nil }
    var profile = self
    for change in releases.earlier where version < change.before {
      profile.figures.merge(change.figures) { $1 }
      profile.lacks.merge(change.lacks) { $0 + $1 }
    }
    profile.name = "\(name)@\(version)"
    profile.tuner = tuner.map { "\($0)@\(version)" }
    return profile
  }

  /// Whether the library has an algorithm or protocol for a generation of accelerators.
  func has(_ name: String, for generation: String) -> Bool {
    !["all", generation].contains { lacks[$0]?.contains(name) ?? false }
  }
}
