/// Where a figure comes from.
public struct Source: Sendable, Hashable {
  /// Its short name in the file.
  public var key: String
  /// What it is called.
  public var title: String
  /// Its address; nil where none is recorded.
  public var url: String?
  /// Its date as published, or `undated`.
  public var date: String?

  /// A source of its parts.
  public init(key: String, title: String, url: String? = nil, date: String? = nil) {
    self.key = key
    self.title = title
    self.url = url
    self.date = date
  }
}

extension Source: CustomStringConvertible {
  /// The title, address and date in one line.
  public var description: String { [title, url, date].compactMap { $0 }.joined(separator: ", ") }
}

/// A value of the hardware with its origin.
public struct Figure<Value: Sendable>: Sendable {
  /// The value.
  public var value: Value
  /// Where it comes from, or what an assumed value leans on; nil where nothing is stated.
  public var source: Source?
  /// Whether nobody has published it for this part.
  public var isAssumed: Bool
  /// What else there is to say: how it was derived, how sources differ, why it was assumed.
  public var note: String?

  /// A value with its origin.
  public init(_ value: Value, source: Source? = nil, isAssumed: Bool = false, note: String? = nil) {
    self.value = value
    self.source = source
    self.isAssumed = isAssumed
    self.note = note
  }

  /// Another value with the same origin; nil where the transformation gives nil.
  func compactMap<Other: Sendable>(_ transform: (Value) -> Other?) -> Figure<Other>? {
    transform(value).map { Figure<Other>($0, source: source, isAssumed: isAssumed, note: note) }
  }

  /// Whether it can be traced: it has a source, or is marked assumed with a reason.
  public var isAccountedFor: Bool { isAssumed ? note != nil : source != nil }

  /// The origin in one line: the source, or `assumed` with the reason.
  public var origin: String {
    guard isAssumed else { return source?.description ?? "no source stated" }
    return note.map { "assumed: \($0)" } ?? "assumed"
  }
}

extension Figure: Equatable where Value: Equatable {}
extension Figure: Hashable where Value: Hashable {}
