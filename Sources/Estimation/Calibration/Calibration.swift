public import Collectives

/// Factors of a site fitted to logs, and how much better estimates become.
public struct Calibration: Sendable {
  /// A log as it was used.
  public struct Source: Sendable, Hashable {
    /// Its name as given.
    public var name: String
    /// How many rows were used.
    public var rows: Int
  }

  /// What was calibrated.
  public var subject: Subject
  /// The result.
  public var profile: SiteProfile
  /// The logs.
  public var sources: [Source]
  /// Rows that were left out, with why.
  public var leftOut: [String]
  /// The median of |estimate / measured − 1| by regime with rows, before and after.
  public var errors: [MessageRegime: Change]

  /// An error before and after.
  public struct Change: Sendable, Hashable {
    /// With the library's profile.
    public var before: Double
    /// With the calibrated profile.
    public var after: Double
  }
}

/// Why a calibration has no result.
public enum CalibrationError: Error, Sendable, Hashable {
  /// The question does not fit the cluster.
  case estimation(EstimationError)
  /// No row can be used; why not.
  case noRows([String])
  /// The rows do not determine the factors.
  case undetermined
}
