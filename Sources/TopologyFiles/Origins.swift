import ClusterModel
import Diagnostics

/// Where the parts of a composition come from in its files, so that errors found later still point at a line.
struct Origins {
  /// Blocks and device rows by their names from the outermost block.
  private var parts: [[String]: SourceRange] = [:]
  /// Links by the block that holds them and their number there.
  private var wirings: [[String]: [SourceRange]] = [:]
  /// Exceptions in the order of `Composition.changes`.
  private(set) var changes: [SourceRange] = []
  /// The whole description; where nothing nearer is known.
  var whole: SourceRange

  init(whole: SourceRange) { self.whole = whole }

  mutating func note(part path: [String], at range: SourceRange) {
    // What a shipped system says is better shown where the user names it.
    if parts[path] == nil { parts[path] = range }
  }

  mutating func note(wiringIn path: [String], at range: SourceRange) { wirings[path, default: []].append(range) }

  mutating func note(changeAt range: SourceRange) { changes.append(range) }

  /// The place of a part, or of the nearest block around it.
  func place(ofPart path: [String]) -> SourceRange {
    var path = path
    while !path.isEmpty {
      if let range = parts[path] { return range }
      path.removeLast()
    }
    return whole
  }

  /// The place of a link, or of the block that holds it.
  func place(ofWiring index: Int, in path: [String]) -> SourceRange {
    guard let ranges = wirings[path], ranges.indices.contains(index) else { return place(ofPart: path) }
    return ranges[index]
  }
}
