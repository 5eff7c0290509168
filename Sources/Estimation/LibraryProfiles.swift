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
  /// - Throws: `DiagnosticsError` when the shipped file is wrong, which the tests rule out.
  public static func shipped(named name: String) throws(DiagnosticsError) -> LibraryProfile? {
    if let profile = known.withLock({ $0[name] }) { return profile }
    let profile = try reading(name)
    known.withLock { $0[name] = profile }
    return profile
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
