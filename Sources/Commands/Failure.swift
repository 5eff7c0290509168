import Diagnostics
import Estimation
import Reports

/// Why a command has no answer: what is wrong, where, and the status it ends with.
struct Failure: Error {
  /// What is wrong, in order.
  var diagnostics: [Diagnostic]
  /// The texts that the places lie in, by name: files, or arguments.
  var sources: [String: SourceText]
  /// What the process returns.
  var status: ExitStatus

  /// A failure of its parts.
  init(_ diagnostics: [Diagnostic], in sources: [String: SourceText] = [:], status: ExitStatus) {
    self.diagnostics = diagnostics
    self.sources = sources
    self.status = status
  }

  /// A single mistake.
  init(_ id: String, _ message: String, notes: [String] = [], status: ExitStatus) {
    self.init([Diagnostic(.error, id: id, message, notes: notes)], status: status)
  }

  /// Something that cannot be written.
  init(_ error: WriteError) {
    self.init(
      "file.unwritable", "\(error.target.map { "'\($0)'" } ?? "standard output") cannot be written: \(error.reason)",
      status: error.target == nil ? .internalError : .noInput)
  }

  /// An answer that is not made of rows.
  static func noForm(_ format: ReportFormat) -> Failure {
    Failure(
      "usage.format", "this answer has no form '\(format.rawValue)'", notes: ["it has text and json"], status: .usage)
  }

  /// What to show on standard error, ending with a line break.
  var text: String { diagnostics.rendered(in: sources) + "\n" }
}

extension Failure {
  /// A question that does not fit its cluster.
  /// - Parameter topology: The topology's name as asked.
  init(_ error: EstimationError, topology: String) {
    switch error {
    case .ranks(let asked, let available):
      self.init(
        "usage.ranks", "\(asked) ranks are asked for, but '\(topology)' has \(available) accelerators in use",
        status: .usage)
    case .grouping(let fault):
      self.init("usage.group", "the groups of ranks do not fit '\(topology)': \(fault)", status: .usage)
    case .amounts(let fault):
      self.init("usage.amounts", "the parts of the all-to-all cannot be used: \(fault)", status: .usage)
    case .amountsOfOther(let collective):
      self.init("usage.amounts", "only an all-to-all has unequal parts, not \(collective)", status: .usage)
    case .unknownAlgorithm(let name, let known):
      self.init(unknown: "algorithm", name, among: known)
    case .unknownLibrary(let name, let known):
      self.init(unknown: "library", name, among: known)
    case .notApplicable(let algorithm, let reason, let applicable):
      self.init(
        "usage.algorithm", "the algorithm '\(algorithm)' does not run here: \(Failure.withoutFullStop(reason))",
        notes: applicable.isEmpty ? [] : ["these do: \(applicable.joined(separator: ", "))"], status: .usage)
    case .protocolNotOffered(let algorithm, let offered):
      self.init(
        "usage.protocol", "'\(algorithm)' does not run with this protocol",
        notes: offered.isEmpty ? [] : ["it runs with \(offered.joined(separator: ", "))"], status: .usage)
    case .noCandidate(let reasons):
      self.init("usage.no-algorithm", "no algorithm can run here", notes: reasons, status: .usage)
    case .unreachable(let reason):
      self.init("topology.unreachable", Failure.withoutFullStop(reason), status: .badData)
    case .graph(let reason):
      self.init("topology.graph", Failure.withoutFullStop(reason), status: .badData)
    }
  }

  private init(unknown kind: String, _ name: String, among known: [String]) {
    self.init(
      "usage.\(kind)", "unknown \(kind) '\(name)'", notes: Failure.help(for: name, among: known), status: .usage)
  }

  /// What a misspelt word may have been meant to be, else all there is.
  static func help(for word: String, among known: [String]) -> [String] {
    if let note = Suggestions.note(Suggestions.nearest(to: word, among: known)) { return [note] }
    return known.isEmpty ? [] : ["known are: \(known.joined(separator: ", "))"]
  }

  /// A sentence as a diagnostic's message.
  static func withoutFullStop(_ sentence: String) -> String {
    sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
  }
}
