import Collectives
import Diagnostics
import Documents
import Estimation
import Interchange
import TopologyFiles

/// Reads library profiles of the user's own: what `calibrate` wrote, or whole ones.
struct ProfileLoader {
  private let environment: any Environment

  init(_ environment: any Environment) { self.environment = environment }

  /// The profile in a file.
  /// - Throws: `Failure` when there is no such file or it is wrong.
  func profile(_ path: String) throws(Failure) -> LibraryProfile {
    let bytes: [UInt8]
    do throws(FileAccess.Failure) { bytes = try environment.files.read(path) } catch {
      throw Failure(error, path: path)
    }
    var list = DiagnosticList()
    guard let source = SourceText.decoding(bytes, name: path, &list) else {
      throw Failure(list.diagnostics, status: .badData)
    }
    let profile = SiteProfile.profile(source, &list)
    guard let profile, !list.hasErrors else {
      throw Failure(list.diagnostics, in: [path: source], status: .badData)
    }
    return profile
  }
}

extension TopologyLoader {
  /// The estimator of a topology with a profile of the user's own, where one is named.
  /// - Throws: `Failure` when one of the files is wrong.
  func estimator(
    for argument: String, _ importer: (any Importer)? = nil, profile path: String?
  ) throws(Failure) -> Estimator {
    try estimator(for: argument, importer).with(profile: path, environment)
  }
}

extension Estimator {
  /// The estimator with a profile of the user's own, where one is named.
  /// - Throws: `Failure` when the file is wrong.
  func with(profile path: String?, _ environment: any Environment) throws(Failure) -> Estimator {
    guard let path else { return self }
    return Estimator(cluster, subject: subject, profile: try ProfileLoader(environment).profile(path))
  }
}
