public import Collectives
public import Diagnostics
import HardwareCatalog
import Synchronization

/// The library profiles that the binary carries.
public enum LibraryProfiles {
  /// Their names in alphabetical order.
  public static var names: [String] { HardwareCatalog.libraryNames }

  /// Those that were read before: an estate asks for the same one at every site.
  private static let known = Mutex<[String: LibraryProfile]>([:])

  /// A shipped profile, which is read once; nil for a name that is not among `names`.
  /// - Parameter name: The name, of a certain release with `@` and its number: `nccl@2.20`. Nil as well for a release
  ///   that the profile does not tell apart.
  /// - Throws: `DiagnosticsError` when the shipped file is wrong, which the tests rule out.
  public static func shipped(named name: String) throws(DiagnosticsError) -> LibraryProfile? {
    let parts = name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { return try whole(named: name) }
    guard let version = LibraryVersion(parts[1]) else { return nil }
    return try whole(named: parts[0])?.release(version)
  }

  private static func whole(named name: String) throws(DiagnosticsError) -> LibraryProfile? {
    if let profile = known.withLock({ $0[name] }) { return profile }
    let profile = try reading(name)
    known.withLock { $0[name] = profile }
    return profile
  }

  /// What there is in place of a name that is not known: the releases of a library, else all libraries.
  static func alternatives(to name: String) -> [String] {
    let library = String(name.prefix { $0 != "@" })
    guard library != name, let releases = ((try? shipped(named: library)) ?? nil)?.releases else { return names }
    return ["\(library)@\(releases.oldest) to \(library)@\(releases.newest)"]
  }

  private static func reading(_ name: String) throws(DiagnosticsError) -> LibraryProfile? {
    guard let text = HardwareCatalog.libraryText(named: name) else { return nil }
    var list = DiagnosticList()
    // A base extends nothing, so that no chain of files can run in a circle.
    let profile = LibraryProfile(text, &list) { name in
      var ignored = DiagnosticList()
      return HardwareCatalog.libraryText(named: name).flatMap { LibraryProfile($0, &ignored) }
    }
    try list.throwIfErrors()
    return profile
  }

  /// The name of the profile that is usual for a vendor's accelerators; the plain alpha-beta model where there is none.
  public static func usualName(forVendor vendor: String) -> String {
    switch vendor {
    case "nvidia": "nccl"
    case "amd": "rccl"
    default: "alpha-beta"
    }
  }
}
