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
  ///
  /// A fabric may have put blocks around those of the file, so leading names are left out where nothing is known.
  func place(ofPart path: [String]) -> SourceRange {
    for start in path.indices {
      var rest = path[start...]
      while !rest.isEmpty {
        if let range = parts[Array(rest)] { return range }
        rest.removeLast()
      }
    }
    return whole
  }

  /// The place of a link, or of the block that holds it.
  func place(ofWiring index: Int, in path: [String]) -> SourceRange {
    for start in 0...path.count {
      if let ranges = wirings[Array(path[start...])], ranges.indices.contains(index) { return ranges[index] }
    }
    return place(ofPart: path)
  }
}
