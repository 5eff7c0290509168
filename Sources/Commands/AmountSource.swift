import Collectives
import Diagnostics
import Documents
import Estimation
import Quantities
import TopologyFiles

/// Unequal parts of an all-to-all as the command line or a file gives them, with the places of what is wrong.
struct AmountSource {
  /// What pairs of ranks exchange.
  let amounts: Question.Amounts
  private let source: SourceText

  /// One rank that receives more than others.
  init(skew: Double) {
    amounts = .skew(skew)
    source = SourceText(name: "--skew", text: "\(skew)")
  }

  /// A file with a row for each sender: comma-separated values, or (`.yaml`, `.yml`) a list of lists.
  /// - Throws: `Failure` with every mistake at its place.
  init(matrix path: String, files: FileAccess) throws(Failure) {
    let text = try AmountSource.text(path, files)
    var list = DiagnosticList()
    let isYAML = [".yaml", ".yml"].contains { path.lowercased().hasSuffix($0) }
    let table = isYAML ? AmountTable(yaml: text, &list) : AmountTable(csv: text, &list)
    table.checkSides(in: text, &list)
    var matrix: UnequalAllToAll?
    if !list.hasErrors {
      do throws(UnequalAllToAll.AmountError) {
        matrix = try UnequalAllToAll(bytes: table.values, ranks: table.values.count)
      } catch {
        list.error("matrix.amounts", error.sentence, at: table.place(of: error) ?? text.range(line: 1, column: 1))
      }
      if matrix?.size.count == 0 {
        list.error("matrix.empty", "no rank has anything for another", at: text.range(line: 1, column: 1))
      }
    }
    guard let matrix, !list.hasErrors else {
      throw Failure(list.diagnostics, in: [text.name: text], status: .badData)
    }
    source = text
    amounts = .matrix(matrix)
  }

  private static func text(_ path: String, _ files: FileAccess) throws(Failure) -> SourceText {
    do throws(FileAccess.Failure) {
      return SourceText(name: path, text: String(decoding: try files.read(path), as: UTF8.self))
    } catch {
      switch error {
      case .notFound: throw Failure("file.not-found", "there is no file '\(path)'", status: .noInput)
      case .isFolder: throw Failure("file.is-folder", "'\(path)' is a folder", status: .noInput)
      case .tooLarge:
        throw Failure(
          "file.too-large", "\(path):1:1: the file is too large: at most \(SourceText.largestFile >> 20) MiB are read",
          status: .badData)
      case .unreadable(let reason): throw Failure("file.unreadable", "'\(path)': \(reason)", status: .noInput)
      }
    }
  }

  /// Why the amounts do not fit the ranks, at their place.
  func failure(_ error: UnequalAllToAll.AmountError) -> Failure {
    let (place, status): (SourceRange, ExitStatus) =
      switch amounts {
      case .skew: (source.whole, .usage)
      case .matrix: (source.range(line: 1, column: 1), .badData)
      }
    return Failure(
      [Diagnostic(.error, id: "usage.amounts", error.sentence, at: place)], in: [source.name: source], status: status)
  }
}

extension UnequalAllToAll.AmountError {
  /// The fault as one sentence without a full stop.
  var sentence: String {
    switch self {
    case .rows(let rows, let ranks): "the matrix is for \(rows) ranks, but \(ranks) take part"
    case .columns(let columns, _, let ranks): "\(columns) amounts in a row of a matrix for \(ranks) ranks"
    case .negative: "an amount below zero"
    case .overflow: "the amounts of a row add up to more bytes than can be counted"
    case .tooManyRanks(let ranks, let limit): "amounts are taken for at most \(limit) ranks, not \(ranks)"
    case .skew(let skew, let ranks):
      "a factor from 1 to \(max(1, ranks - 1)), the number of other ranks, is needed, not \(skew)"
    case .groups(let error): "\(error)"
    }
  }
}
