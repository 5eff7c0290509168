import Diagnostics
import Documents
import HardwareCatalog
import Interchange
import TopologyFiles

/// Reads files of other tools.
struct ForeignLoader {
  private let environment: any Environment
  private let options: ImportOptions

  init(_ environment: any Environment, system: String? = nil) {
    self.environment = environment
    options = ImportOptions(system: system)
  }

  /// A path without its folders.
  static func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  /// The text of a file.
  /// - Throws: `Failure` where there is none, or it is not text.
  func text(of path: String) throws(Failure) -> SourceText {
    let bytes: [UInt8]
    do throws(FileAccess.Failure) {
      bytes = try environment.largeFiles.read(path)
    } catch {
      switch error {
      case .notFound: throw Failure("file.not-found", "no such file: '\(path)'", status: .noInput)
      case .isFolder: throw Failure("file.unreadable", "'\(path)' is a folder", status: .noInput)
      case .tooLarge(let size):
        let diagnostic = SourceText.tooLarge(path, byteCount: size, limit: Importers.largestFile)
        throw Failure([diagnostic], status: .badData)
      case .unreadable(let reason):
        throw Failure("file.unreadable", "'\(path)' cannot be read: \(reason)", status: .noInput)
      }
    }
    var list = DiagnosticList()
    guard let text = SourceText.decoding(bytes, name: path, limit: Importers.largestFile, &list) else {
      throw Failure(list.diagnostics, status: .badData)
    }
    return text
  }

  /// What a file describes.
  /// - Parameter importer: Its format; nil: the one that it looks like.
  func site(of path: String, _ importer: (any Importer)?) throws(Failure) -> Site {
    try site(of: try text(of: path), importer)
  }

  /// What a text describes.
  func site(of text: SourceText, _ importer: (any Importer)?) throws(Failure) -> Site {
    var list = DiagnosticList()
    guard let importer = importer ?? Importers.recognising(text) else {
      throw Failure(
        "import.unknown-format", "'\(text.name)' is of no format that is known",
        notes: ["known: \(Importers.all.map { $0.name }.joined(separator: ", "))"], status: .badData)
    }
    guard var site = importer.site(text, options, &list), !list.hasErrors else {
      throw Failure(list.diagnostics, in: [text.name: text], status: .badData)
    }
    let name = ForeignLoader.fileName(text.name)
    if site.hosts.count == 1, ["host", "node"].contains(site.hosts[0].name) {
      site.hosts[0].name = name.split(separator: ".").first.map(String.init) ?? name
    }
    return site
  }

  /// Several nodes and the fabric between them.
  func joined(nodes patterns: [String], _ importer: any Importer, fabric: String?) throws(Failure) -> Site {
    var sites: [Site] = []
    for pattern in patterns {
      let paths = pattern.contains("*") ? environment.paths(matching: pattern) : [pattern]
      if paths.isEmpty { throw Failure("file.not-found", "no file matches '\(pattern)'", status: .noInput) }
      for path in paths { sites.append(try site(of: path, importer)) }
    }
    let joint = SiteJoint(sites, fabric: try fabric.map { path throws(Failure) in try site(of: path, nil) })
    do throws(SiteJoint.Mistake) {
      return try joint.site()
    } catch {
      throw Failure("import.unjoined", error.message, notes: error.notes, status: .badData)
    }
  }

  /// Makes sure that a text which this program has written can be read by it.
  func check(_ text: String, named name: String) throws(Failure) {
    let reading = TopologyReader(files: environment.files).read(SourceText(name: name, text: text))
    guard reading.cluster == nil else { return }
    let mistakes = reading.diagnostics.map { Diagnostic($0.severity, id: $0.id, $0.message, notes: $0.notes) }
    throw Failure(
      [
        Diagnostic(
          .error, id: "import.not-a-topology", "what the file describes cannot be a topology",
          at: SourceRange(file: name, start: .init(line: 1, column: 1)), notes: mistakes.prefix(5).map(\.message))
      ], status: .badData)
  }

  /// The cluster of a file of another tool.
  func reading(of text: SourceText, _ importer: (any Importer)?) throws(Failure) -> TopologyReading {
    let site = try site(of: text, importer)
    let own = TopologyText(site, origin: "\(text.name)").text
    let reading = TopologyReader(files: environment.files).read(SourceText(name: text.name, text: own))
    if reading.cluster == nil { try check(own, named: text.name) }
    return reading
  }
}

extension Environment {
  /// Whether there is something at a path.
  func exists(_ path: String) -> Bool {
    do throws(FileAccess.Failure) {
      _ = try files.read(path)
      return true
    } catch {
      return error != .notFound
    }
  }

  /// The paths of files whose names fit a pattern with `*` in its last step, sorted as people count.
  func paths(matching pattern: String) -> [String] {
    let steps = pattern.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard let last = steps.last else { return [] }
    let folder = steps.dropLast().joined(separator: "/")
    let prefix = steps.count > 1 ? folder + "/" : ""
    return names(inFolder: steps.count > 1 ? (folder.isEmpty ? "/" : folder) : ".")
      .filter { NamePattern.matches($0, last) }.map { prefix + $0 }
  }
}

/// Names with `*` for any part.
enum NamePattern {
  /// Whether a name fits a pattern.
  static func matches(_ name: String, _ pattern: String) -> Bool {
    let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    guard let first = pieces.first, let last = pieces.last, pieces.count > 1 else { return name == pattern }
    guard name.hasPrefix(first), name.hasSuffix(last), name.count >= first.count + last.count else { return false }
    var rest = name.dropFirst(first.count).dropLast(last.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let found = rest.firstRange(of: piece) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }
}
