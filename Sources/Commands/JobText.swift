import Collectives
import Diagnostics
import Estimation
import Quantities

/// A job as the command line writes it: `all-reduce 1GiB ranks=0..511 group=tensor=8,data=* along=data name=train`.
struct JobText {
  static let form = "such as 'all-reduce 1GiB ranks=0..511'"
  private static let keys = ["name", "ranks", "group", "along", "start", "algorithm", "protocol", "library"]

  /// The job.
  let job: Job
  /// Where its groups are written.
  let groups: GroupList?
  /// All of it.
  let source: SourceText

  /// Reads a job; mistakes are added at their places, and there is none then.
  /// - Parameter number: Its place among the jobs, from 1: it is named by it where the text gives no name.
  init?(_ source: SourceText, number: Int, _ list: inout DiagnosticList) {
    self.source = source
    let before = list.count
    let words = Piece(source).split(at: " ").filter { !$0.text.isEmpty }
    guard words.count >= 2 else {
      list.error("usage.job", "a job is a collective and a size", at: source.whole, notes: [JobText.form])
      return nil
    }
    let collective = Collective.allCases.first { $0.rawValue == words[0].text.lowercased() }
    if collective == nil {
      list.error(
        "usage.choice", "unknown value '\(words[0].text)'", at: words[0].range,
        notes: Failure.help(for: words[0].text, among: Collective.allCases.map(\.rawValue)))
    }
    let bytes = SizeList.size(words[1], &list)
    var values: [String: Piece] = [:]
    for word in words.dropFirst(2) { JobText.note(word, in: &values, &list) }
    let range = values["ranks"].flatMap { JobText.range($0, &list) }
    let start = values["start"].flatMap { JobText.start($0, &list) }
    let messageProtocol = values["protocol"].flatMap { JobText.messageProtocol($0, &list) }
    groups = JobText.groups(values, in: source, &list)
    guard list.count == before, let collective, let bytes else { return nil }
    job = Job(
      name: values["name"]?.text ?? "job \(number)",
      question: Question(
        collective, sizes: [bytes], ranks: range?.count, grouping: groups?.grouping,
        algorithm: values["algorithm"]?.text, messageProtocol: messageProtocol, library: values["library"]?.text),
      firstRank: range?.lowerBound ?? 0, start: start ?? .zero)
  }

  /// What is wrong with the job, at the job.
  func placed(_ diagnostic: Diagnostic) -> Diagnostic {
    Diagnostic(
      diagnostic.severity, id: diagnostic.id, diagnostic.message, at: diagnostic.range ?? source.whole,
      notes: diagnostic.notes)
  }

  private static func note(_ word: Piece, in values: inout [String: Piece], _ list: inout DiagnosticList) {
    let sides = word.split(at: "=")
    guard sides.count >= 2, !sides[1].text.isEmpty else {
      list.error("usage.job", "an option of a job has a name and a value", at: word.range, notes: [form])
      return
    }
    let key = sides[0].text
    guard keys.contains(key) else {
      list.error(
        "usage.job", "a job has no option '\(key)'", at: sides[0].range, notes: Failure.help(for: key, among: keys))
      return
    }
    guard values[key] == nil else {
      list.error("usage.job", "'\(key)' is given twice", at: word.range)
      return
    }
    values[key] = word.dropping(key.unicodeScalars.count + 1)
  }

  private static func start(_ piece: Piece, _ list: inout DiagnosticList) -> Seconds? {
    do throws(QuantityError) {
      return try Seconds(parsing: piece.text)
    } catch {
      list.error("usage.job-start", "'\(piece.text)' is not a time", at: piece.range, notes: ["such as 'start=2ms'"])
      return nil
    }
  }

  /// `0..511`, both ends among the ranks, or one rank.
  private static func range(_ piece: Piece, _ list: inout DiagnosticList) -> Range<Int>? {
    let ends = piece.split(at: "..").map { Int($0.text) }
    guard let first = ends.first.flatMap({ $0 }), let last = ends.last.flatMap({ $0 }), ends.count <= 2,
      first >= 0, last >= first, last < .max
    else {
      list.error(
        "usage.job-ranks", "ranks are written as the first and the last, such as '0..511'", at: piece.range)
      return nil
    }
    return first..<last + 1
  }

  private static func messageProtocol(_ piece: Piece, _ list: inout DiagnosticList) -> MessageProtocol? {
    let known = MessageProtocol.allCases
    if let found = known.first(where: { $0.rawValue.lowercased() == piece.text.lowercased() }) { return found }
    list.error(
      "usage.choice", "unknown value '\(piece.text)'", at: piece.range,
      notes: Failure.help(for: piece.text, among: known.map(\.rawValue)))
    return nil
  }

  private static func groups(
    _ values: [String: Piece], in source: SourceText, _ list: inout DiagnosticList
  ) -> GroupList? {
    guard let group = values["group"] else {
      if let along = values["along"] {
        list.error("usage.along", "an axis of groups is named, but there are no groups", at: along.range)
      }
      return nil
    }
    return GroupList(group, along: values["along"], in: [source], &list)
  }
}
