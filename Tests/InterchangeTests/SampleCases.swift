import Foundation

/// Files of other tools: the project's own cases, or those of a folder that the environment names.
struct SampleCase: Sendable {
  /// The name in reports: folder and file.
  var id: String
  /// The format; the folder's name, or what the file looks like where the folder says nothing.
  var kind: String
  var path: String

  static let isOwn = ProcessInfo.processInfo.environment["ISOCHRONE_SAMPLES"].map(\.isEmpty) ?? true

  static let folder: URL =
    ProcessInfo.processInfo.environment["ISOCHRONE_SAMPLES"].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0) }
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Cases")

  /// Folders that are called otherwise than their format.
  private static let kinds = ["nccl-topology": "nccl-xml", "wide-area": "graphml"]

  static let all: [SampleCase] = {
    guard
      let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])?
        .allObjects as? [URL]
    else { return [] }
    let base = folder.standardizedFileURL.resolvingSymlinksInPath().path
    return files.compactMap { file in
      guard (try? file.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true,
        !file.lastPathComponent.hasPrefix("."), file.lastPathComponent != "SOURCES.md"
      else { return nil }
      let path = file.standardizedFileURL.resolvingSymlinksInPath().path
      let id = String(path.dropFirst(base.count + 1))
      let name = file.deletingLastPathComponent().lastPathComponent
      return SampleCase(id: id.replacing(" ", with: "-"), kind: kinds[name] ?? name, path: path)
    }.sorted { $0.id < $1.id }
  }()

  var bytes: [UInt8] { get throws { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) } }
}
