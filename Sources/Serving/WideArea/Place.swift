import Foundation

/// Somewhere that requests come from or go to.
public struct Place: Sendable, Hashable {
  /// A region of a cloud provider.
  public struct Region: Sendable, Hashable {
    /// The provider's key: `aws`.
    public var provider: String
    /// The region's code: `us-east-1`.
    public var code: String

    /// A region of a provider.
    public init(provider: String, code: String) {
      self.provider = provider
      self.code = code
    }
  }

  /// The name that answers call it by.
  public var name: String
  /// The city; nil for bare coordinates.
  public var city: String?
  /// The country in English; nil for bare coordinates.
  public var country: String?
  /// Where it is.
  public var point: GlobePoint
  /// The region; nil for a city or coordinates.
  public var region: Region?

  /// A place of its parts.
  public init(name: String, city: String? = nil, country: String? = nil, point: GlobePoint, region: Region? = nil) {
    self.name = name
    self.city = city
    self.country = country
    self.point = point
    self.region = region
  }
}

/// Why a text names no place.
public enum PlaceError: Error, Sendable, Hashable {
  /// No city or region has the name; names that are near, nearest first.
  case unknown(String, near: [String])
  /// The word before the colon is no provider; those that are.
  case unknownProvider(String, known: [String])
  /// The provider has no such region; regions that are near.
  case unknownRegion(String, provider: String, near: [String])
  /// Two numbers that are no latitude and longitude.
  case coordinates(String)
}

extension String {
  /// The letters and digits in lower case without accents, by which names are compared.
  var nameKey: String {
    folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil).lowercased()
      .filter { $0.isLetter || $0.isNumber }
  }
}
