package import Foundation

/// A reference case: an input, and the figures that any correct program finds for it.
package struct OracleCase: Sendable {
  package var id: String
  /// What is asked; names the runner.
  package var kind: String
  package var input: JSON
  package var expected: JSON
  /// How far a figure may be off, relative to itself.
  package var tolerance: Double

  package init(contentsOf file: URL) throws {
    let root = try JSONDecoder().decode(JSON.self, from: Data(contentsOf: file))
    id = try root["id"].string
    kind = try root["kind"].string
    input = try root["input"]
    expected = try root["expected"]
    tolerance = try root.object["tolerance_rel"]?.number ?? 1e-9
  }
}

/// What a runner found for one case.
package struct OracleFindings: Sendable {
  private var unseen: Set<String>
  private let oracle: OracleCase
  /// Where the figures differ.
  package private(set) var disagreements: [String] = []
  /// Keys of the case that nothing computes yet.
  package private(set) var skipped: [String] = []

  init(_ oracle: OracleCase) throws {
    self.oracle = oracle
    unseen = Set(try oracle.expected.object.keys)
  }

  /// Compares what was computed with a key of the case, if it states the key.
  package mutating func compare(_ key: String, _ computed: JSON) throws {
    unseen.remove(key)
    if let expected = try oracle.expected.object[key] { compare(computed, expected, at: key) }
  }

  /// Compares where equality is not what is asked, if the case states the key.
  /// - Parameter holds: Whether what was computed meets the case's figure.
  package mutating func require(
    _ key: String, _ computed: some CustomStringConvertible, _ holds: (JSON) throws -> Bool
  ) throws {
    unseen.remove(key)
    if let expected = try oracle.expected.object[key], try !holds(expected) {
      disagreements.append("\(key): computed \(computed), expected \(expected)")
    }
  }

  /// Names keys that may be there and are not compared.
  package mutating func skip(_ keys: String...) {
    for key in keys where unseen.remove(key) != nil { skipped.append(key) }
  }

  mutating func finish() {
    for key in unseen.sorted() { disagreements.append("\(key): nothing computes this key") }
  }

  mutating func fail(_ error: any Error) { disagreements.append("\(error)") }

  private mutating func compare(_ computed: JSON, _ expected: JSON, at path: String) {
    switch (computed, expected) {
    case (.number(let left), .number(let right)):
      if !(abs(left - right) <= oracle.tolerance * max(abs(left), abs(right)) + 1e-300) {
        disagreements.append("\(path): computed \(left), expected \(right)")
      }
    case (.array(let left), .array(let right)) where left.count == right.count:
      for index in left.indices { compare(left[index], right[index], at: "\(path)[\(index)]") }
    case (.object(let left), .object(let right)) where Set(left.keys) == Set(right.keys):
      for key in left.keys.sorted() { compare(left[key] ?? .null, right[key] ?? .null, at: "\(path).\(key)") }
    default:
      if computed != expected { disagreements.append("\(path): computed \(computed), expected \(expected)") }
    }
  }
}

/// Runs the cases of a folder by their kinds.
///
/// The folder is the one that `ISOCHRONE_ORACLES` names, else the project's own. When `ISOCHRONE_CASE_REPORT` names a
/// file, one line per case is appended to it: `passed`, `failed` or `unsupported`, the id and the kind. Several test
/// targets may write to one report, each knowing some kinds.
package struct OracleRun {
  package typealias Runner = (OracleCase, inout OracleFindings) throws -> Void

  /// Cases that did not agree, each with why.
  package private(set) var failures: [String] = []
  /// How many cases were found, of kinds known or not.
  package private(set) var count = 0

  /// - Parameters:
  ///   - own: The project's own cases.
  ///   - runners: By kind, what computes and compares.
  package init(own: URL, runners: [String: Runner]) throws {
    let environment = ProcessInfo.processInfo.environment
    let named = environment["ISOCHRONE_ORACLES"].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0) }
    let folder = named ?? own
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    for file in files.sorted(by: { $0.lastPathComponent < $1.lastPathComponent }) where file.pathExtension == "json" {
      count += 1
      let line = run(file, runners)
      print(line)
      if let report = environment["ISOCHRONE_CASE_REPORT"] { try OracleRun.append(line + "\n", to: report) }
    }
  }

  private mutating func run(_ file: URL, _ runners: [String: Runner]) -> String {
    let oracle: OracleCase
    do {
      oracle = try OracleCase(contentsOf: file)
    } catch {
      failures.append("\(file.lastPathComponent): \(error)")
      return "failed \(file.deletingPathExtension().lastPathComponent) unreadable"
    }
    guard let runner = runners[oracle.kind] else { return "unsupported \(oracle.id) \(oracle.kind)" }
    let disagreements: [String]
    do {
      var findings = try OracleFindings(oracle)
      do {
        try runner(oracle, &findings)
        findings.finish()
      } catch {
        findings.fail(error)
      }
      for key in findings.skipped { print("skipped \(oracle.id) \(key)") }
      disagreements = findings.disagreements
    } catch {
      disagreements = ["\(error)"]
    }
    failures += disagreements.map { "\(oracle.id): \($0)" }
    return "\(disagreements.isEmpty ? "passed" : "failed") \(oracle.id) \(oracle.kind)"
  }

  /// One write at the end of the file, so that targets that run side by side do not mix lines.
  private static func append(_ line: String, to path: String) throws {
    guard let file = fopen(path, "a") else { throw CocoaError(.fileWriteUnknown) }
    defer { fclose(file) }
    guard fputs(line, file) >= 0 else { throw CocoaError(.fileWriteUnknown) }
  }
}
