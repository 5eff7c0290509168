import Diagnostics
import Documents
import HardwareCatalog

/// The files of one reading: the topology's own and those it imports, each read once.
struct FileSet {
  private static let mostFiles = 64

  let access: FileAccess
  private(set) var sources: [String: SourceText] = [:]

  init(access: FileAccess) { self.access = access }

  mutating func add(_ source: SourceText) { sources[source.name] = source }

  /// Reads a file's text; nil after an error.
  /// - Parameter place: Where the file is named, for a file that another imports.
  mutating func text(_ path: String, at place: SourceRange?, _ list: inout DiagnosticList) -> SourceText? {
    do throws(FileAccess.Failure) {
      let bytes = try access.read(path)
      guard let source = SourceText.decoding(bytes, name: path, &list) else { return nil }
      sources[path] = source
      return source
    } catch {
      switch error {
      case .notFound: list.error("file.not-found", "no such file: \(excerpt(path))", at: place)
      case .isFolder: list.error("file.unreadable", "\(excerpt(path)) is a folder", at: place)
      case .tooLarge(let size): list.append(SourceText.tooLarge(path, byteCount: size))
      case .unreadable(let reason):
        list.error("file.unreadable", "\(excerpt(path)) cannot be read: \(reason)", at: place)
      }
      return nil
    }
  }

  /// The files that a file imports, those they import before them, each once.
  /// - Parameter chain: The files that led here, the outermost first.
  mutating func imports(
    of fields: Fields, in path: String, chain: [String], _ list: inout DiagnosticList
  ) -> [Fields] {
    var libraries: [Fields] = []
    for node in fields.sequence("imports", &list) {
      guard let name = node.text("imports", &list) else { continue }
      let target = FileSet.path(name.value, relativeTo: path)
      if let start = chain.firstIndex(of: target) {
        let cycle = (chain[start...] + [target]).joined(separator: " → ")
        list.error("import.cycle", "files import each other in a circle", at: name.range, notes: [cycle])
        continue
      }
      guard sources[target] == nil else { continue }
      guard sources.count < FileSet.mostFiles else {
        list.error("import.too-many", "more than \(FileSet.mostFiles) files are imported", at: name.range)
        return libraries
      }
      guard let text = text(target, at: name.range, &list), let node = text.document(&list),
        let mapping = node.mapping("the file", &list), FileSet.hasKnownVersion(mapping, &list)
      else { continue }
      let library = Fields(mapping, Language.library, &list)
      libraries += imports(of: library, in: target, chain: chain + [target], &list)
      libraries.append(library)
    }
    return libraries
  }

  /// Whether the file's version is one that this reader knows; a newer file is not read further.
  static func hasKnownVersion(_ mapping: Mapping, _ list: inout DiagnosticList) -> Bool {
    guard let node = mapping["isochrone"] else { return true }
    guard let number = node.integer("isochrone", in: 1...1_000_000, &list) else { return false }
    guard number.value > Language.version else { return true }
    list.error(
      "file.newer-version",
      "the file is of version \(number.value) of the language; this program knows up to \(Language.version)",
      at: number.range)
    return false
  }

  /// A path as a file of another path means it, without `.` and `..`.
  static func path(_ name: String, relativeTo file: String) -> String {
    let isAbsolute = name.hasPrefix("/")
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    var steps: [Substring] = []
    for step in (isAbsolute ? [] : folder) + name.split(separator: "/", omittingEmptySubsequences: false) {
      switch step {
      case ".", "": continue
      case "..":
        if let last = steps.last, last != ".." { steps.removeLast() } else { steps.append(step) }
      default: steps.append(step)
      }
    }
    let path = steps.joined(separator: "/")
    return isAbsolute || file.hasPrefix("/") ? "/" + path : path
  }
}
