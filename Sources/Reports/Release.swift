/// Which program and which form of answers this is.
public enum Release {
  /// The program's version.
  public static let version = "0.1.0"
  /// The number of the JSON form; keys are only added within one.
  public static let format = 1

  /// The first member of every JSON answer.
  static let member: (key: String, value: JSON) = (
    "isochrone", .object([("format", .integer(Int64(format))), ("version", .string(version))])
  )
}
