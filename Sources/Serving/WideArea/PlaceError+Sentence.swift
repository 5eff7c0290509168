import Diagnostics
import Documents

extension PlaceError {
  /// What is wrong, in one sentence without a full stop.
  public var sentence: String {
    switch self {
    case .unknown(let text, _): "unknown place \(excerpt(text))"
    case .unknownProvider(let text, _): "unknown provider \(excerpt(text))"
    case .unknownRegion(let text, let provider, _): "\(provider) has no region \(excerpt(text))"
    case .coordinates(let text): "\(excerpt(text)) is not on the globe"
    }
  }

  /// What may have been meant.
  public var notes: [String] {
    switch self {
    case .unknown(_, let near):
      [Suggestions.note(near) ?? "a place is a city, PROVIDER:REGION, or LATITUDE,LONGITUDE"]
    case .unknownProvider(let text, let known):
      [Suggestions.note(Suggestions.nearest(to: text, among: known)) ?? "known are: \(known.joined(separator: ", "))"]
    case .unknownRegion(_, _, let near):
      [Suggestions.note(near) ?? "a region is named by its code, its name or its city"]
    case .coordinates: ["a latitude lies between -90 and 90, a longitude between -180 and 180"]
    }
  }
}
