/// The command line.
public enum Isochrone {
  /// Runs the command line of this process.
  public static func run() {}
}
