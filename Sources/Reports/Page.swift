import ClusterModel

/// What a report says, before it takes a form: sentences, tables and drawings in the order of reading.
///
/// One page is written as text, Markdown or HTML; a report therefore says everything once.
public struct Page: Sendable {
  /// What a part of a page shows.
  enum Block: Sendable {
    /// Whole sentences, each a paragraph.
    case sentences([String])
    /// Points without an order.
    case list([String])
    /// Lines that keep their spaces.
    case lines([String])
    /// Rows of fields.
    case table(TextTable)
    /// A chart or drawing.
    case figure(any Figure)
  }

  /// A heading and what belongs under it.
  struct Section: Sendable {
    /// What stands above it; nil continues what came before.
    var heading: String?
    /// What it shows.
    var blocks: [Block]
    /// Where it is shown.
    var media: Media

    init(_ heading: String? = nil, _ blocks: [Block], in media: Media = .all) {
      self.heading = heading
      self.blocks = blocks
      self.media = media
    }
  }

  /// The forms that a section belongs to.
  struct Media: OptionSet, Sendable {
    let rawValue: Int

    /// A terminal or a plain file.
    static let text = Media(rawValue: 1)
    /// Markdown and HTML.
    static let document = Media(rawValue: 2)
    static let all: Media = [.text, .document]
  }

  /// A name for the whole: `All-reduce on gb200-nvl72`.
  var title: String
  /// What was asked, as a sentence; empty where the title says it.
  var question: String
  /// The answer in sentences, the one that matters first.
  var answer: [String]
  /// Everything else.
  var sections: [Section]

  init(title: String, question: String = "", answer: [String], sections: [Section]) {
    self.title = title
    self.question = question
    self.answer = answer
    self.sections = sections.filter { !$0.blocks.isEmpty }
  }

  /// The sections of a form.
  func sections(for media: Media) -> [Section] { sections.filter { $0.media.contains(media) } }
}

extension Page.Section {
  /// Things worth knowing, as most reports end with; nothing where there are none.
  static func remarks(_ remarks: [String]) -> Page.Section {
    .init("Worth knowing", remarks.isEmpty ? [] : [.list(remarks)])
  }

  /// The figures that an answer rests on, with their sources.
  static func assumptions(_ assumptions: [Cluster.Assumption]) -> Page.Section {
    var table = TextTable([.init("figure"), .init("value"), .init("source")])
    for assumption in assumptions { table.append([assumption.name, assumption.value, assumption.source]) }
    return .init("What it rests on", assumptions.isEmpty ? [] : [.table(table)], in: .document)
  }
}
