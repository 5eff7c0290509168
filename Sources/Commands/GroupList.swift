import ClusterModel
import Diagnostics
import Estimation

/// Groups of ranks as the command line writes them: `tensor=8,data=*`, the axis that neighbouring ranks differ in first.
struct GroupList {
  private static let form = "such as 'tensor=8,data=*'"

  /// The groups, with the axis along which the collective runs.
  let grouping: RankGrouping
  private let whole: SourceRange
  private let places: [SourceRange]
  private let along: SourceRange?
  private let sources: [String: SourceText]

  /// Reads a list; a mistake is added at its place, and there are no groups then.
  /// - Parameters:
  ///   - source: The list.
  ///   - along: The name of an axis; nil: the first one.
  init?(_ source: SourceText, along: SourceText?, _ list: inout DiagnosticList) {
    self.init(Piece(source), along: along.map(Piece.init), in: [source] + (along.map { [$0] } ?? []), &list)
  }

  /// Reads a list that is a part of a text.
  /// - Parameters:
  ///   - piece: The list.
  ///   - along: The name of an axis; nil: the first one.
  ///   - sources: The texts that these lie in.
  init?(_ piece: Piece, along: Piece?, in sources: [SourceText], _ list: inout DiagnosticList) {
    let before = list.count
    let pieces = piece.split(at: ",")
    let axes = pieces.compactMap { GroupList.axis($0, &list) }
    if list.count > before { return nil }
    grouping = RankGrouping(axes, along: along.map { $0.split(at: ",").map(\.text).joined(separator: ",") })
    whole = piece.range
    self.along = along?.range
    self.sources = Dictionary(sources.map { ($0.name, $0) }) { first, _ in first }
    places = pieces.map(\.range)
  }

  private static func axis(_ piece: Piece, _ list: inout DiagnosticList) -> RankGrouping.Axis? {
    let sides = piece.split(at: "=")
    guard sides.count == 2 else {
      list.error("usage.group", "an axis has a name and a size", at: piece.range, notes: [form])
      return nil
    }
    guard !sides[0].text.isEmpty, sides[0].text.allSatisfy({ $0.isLetter || $0.isNumber || "_-".contains($0) }) else {
      list.error("usage.group-name", "a name of letters is needed", at: piece.range, notes: [form])
      return nil
    }
    if sides[1].text == "*" { return .init(name: sides[0].text, size: nil) }
    guard let size = Int(sides[1].text), size >= 1 else {
      list.error(
        "usage.group-size", "the size of an axis is a whole number from 1, or '*' for what remains",
        at: sides[1].text.isEmpty ? piece.range : sides[1].range)
      return nil
    }
    return .init(name: sides[0].text, size: size)
  }

  /// Why the groups cannot be formed, at its place.
  func failure(_ fault: EstimationError.GroupingFault) -> Failure {
    switch fault {
    case .unlike(let reason):
      return failure("usage.group-borders", String(reason.dropLast()), at: whole)
    case .misfit(let error): return failure(error)
    }
  }

  private func failure(_ error: RankGroupingError) -> Failure {
    switch error {
    case .noAxes: failure("usage.group", "no axis is named", at: whole, notes: [GroupList.form])
    case .size(let axis): failure("usage.group-size", "an axis has at least one value", at: places[axis])
    case .repeatedName(let axis):
      failure("usage.group-name", "a second axis '\(grouping.axes[axis].name)'", at: places[axis])
    case .secondRemainder(let axis):
      failure("usage.group-size", "only one axis can take what remains", at: places[axis])
    case .product(let product?, let ranks):
      failure(
        "usage.group-product", "the axes make \(product) ranks, but there are \(ranks)", at: whole,
        notes: ["'*' stands for what remains; --ranks takes the first so many"])
    case .product(nil, let ranks):
      failure("usage.group-product", "the axes make more than the \(ranks) ranks that there are", at: whole)
    case .remainder(let axis, let others, let ranks):
      failure(
        "usage.group-product",
        "the other axes make \(others) ranks, which do not divide the \(ranks) ranks that there are",
        at: places[axis], notes: ["--ranks takes the first so many"])
    case .unknownAxis(let name, let known):
      failure(
        "usage.along", "there is no axis '\(name)'", at: along ?? whole,
        notes: Failure.help(for: name, among: known))
    }
  }

  private func failure(_ id: String, _ message: String, at place: SourceRange, notes: [String] = []) -> Failure {
    Failure([Diagnostic(.error, id: id, message, at: place, notes: notes)], in: sources, status: .usage)
  }
}
