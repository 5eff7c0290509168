import Diagnostics
import Documents

/// The cities and the providers' regions that the program knows.
public struct Gazetteer: Sendable {
  /// A city.
  public struct City: Sendable, Hashable {
    /// Its name in English or its own language.
    public var name: String
    /// Its country in English.
    public var country: String
    /// Where its centre is.
    public var point: GlobePoint
    var aliases: [String]
  }

  /// A region of a provider.
  public struct Region: Sendable, Hashable {
    /// The provider's key and the region's code.
    public var id: Place.Region
    /// Names that the provider or lists of regions give it.
    public var names: [String]
    /// The city that it is in or near.
    public var city: String
  }

  /// The cities by name.
  public private(set) var cities: [String: City] = [:]
  /// The keys of the providers, in the order of the data.
  public private(set) var providers: [String] = []
  /// The providers' names by their keys.
  public private(set) var providerNames: [String: String] = [:]
  /// The regions in the order of the data.
  public private(set) var regions: [Region] = []
  /// The countries' codes of two letters by their names.
  public private(set) var countryCodes: [String: String] = [:]
  private var citiesByKey: [String: String] = [:]
  private var regionsByKey: [String: [String: Int]] = [:]
  private var countriesByKey: [String: String] = [:]

  /// The shipped places.
  public static let shipped: Gazetteer = {
    var list = DiagnosticList()
    return Gazetteer(&list)
  }()

  /// Reads the shipped places anew, with every mistake in them.
  init(_ list: inout DiagnosticList) {
    readCities(&list)
    readRegions(&list)
  }

  private mutating func readCities(_ list: inout DiagnosticList) {
    guard let data = ServingData.mapping("cities", &list) else { return }
    for entry in data["countries"]?.mapping?.entries ?? [] {
      let name = entry.key.value
      guard let code = entry.value.text(name, &list)?.value else { continue }
      countryCodes[name] = code
      countriesByKey[name.nameKey] = name
      countriesByKey[code.nameKey] = name
    }
    for entry in data["places"]?.mapping?.entries ?? [] {
      let name = entry.key.value
      let fields = entry.value.mapping
      guard let country = fields?["country"]?.text("country", &list)?.value,
        let at = fields?["at"]?.sequence("at", &list), at.count == 2,
        let latitude = at[0].number("latitude", in: -90...90, &list)?.value,
        let longitude = at[1].number("longitude", in: -180...180, &list)?.value,
        let point = GlobePoint(latitude: latitude, longitude: longitude)
      else {
        list.error("data.city", "\(name) has no country and place", at: entry.key.range)
        continue
      }
      if countryCodes[country] == nil {
        list.error("data.country", "the country of \(name) has no code", at: entry.key.range)
      }
      let aliases = (fields?["also"]?.sequence ?? []).compactMap { $0.text("also", &list)?.value }
      cities[name] = City(name: name, country: country, point: point, aliases: aliases)
      for key in ([name] + aliases).map(\.nameKey) {
        guard let other = citiesByKey.updateValue(name, forKey: key), other != name else { continue }
        list.error("data.city", "\(name) and \(other) share a name", at: entry.key.range)
      }
    }
  }

  private mutating func readRegions(_ list: inout DiagnosticList) {
    guard let data = ServingData.mapping("regions", &list) else { return }
    for provider in data["providers"]?.mapping?.entries ?? [] {
      let key = provider.key.value
      providers.append(key)
      providerNames[key] = provider.value.mapping?["name"]?.text("name", &list)?.value
      for entry in provider.value.mapping?["regions"]?.mapping?.entries ?? [] {
        let fields = entry.value.mapping
        guard let city = fields?["city"]?.text("city", &list)?.value, cities[city] != nil else {
          list.error("data.region", "\(entry.key.value) is in no known city", at: entry.key.range)
          continue
        }
        let names = (fields?["names"]?.sequence ?? []).compactMap { $0.text("names", &list)?.value }
        regions.append(
          Region(id: .init(provider: key, code: entry.key.value), names: names, city: city))
      }
    }
    // Codes come before names and names before cities, so that each is found by what is most its own.
    for (index, region) in regions.enumerated() { learn([region.id.code], for: index) }
    for (index, region) in regions.enumerated() { learn(region.names, for: index) }
    for (index, region) in regions.enumerated() { learn(names(ofCity: region.city), for: index) }
  }

  private mutating func learn(_ words: [String], for index: Int) {
    let provider = regions[index].id.provider
    for key in words.map(\.nameKey) where regionsByKey[provider]?[key] == nil {
      regionsByKey[provider, default: [:]][key] = index
    }
  }

  private func names(ofCity name: String) -> [String] { [name] + (cities[name]?.aliases ?? []) }

  /// The place of a region.
  public func place(of region: Region) -> Place? {
    cities[region.city].map {
      Place(
        name: "\(region.id.provider):\(region.id.code)", city: $0.name, country: $0.country, point: $0.point,
        region: region.id)
    }
  }

  /// The country of a name or code of two letters, without regard to case and accents; nil where there is none.
  public func country(_ text: String) -> String? { countriesByKey[text.nameKey] }

  /// The countries' names, sorted.
  public var countries: [String] { countryCodes.keys.sorted() }

  /// Finds what a text names: `aws:us-east-1`, `azure:Japan East`, `tokyo` or `35.6,139.7`.
  ///
  /// Case, accents, spaces and hyphens do not matter.
  /// - Throws: `PlaceError`.
  public func place(_ text: String) throws(PlaceError) -> Place {
    if let place = try coordinates(text) { return place }
    if let colon = text.firstIndex(of: ":") {
      return try region(String(text[text.index(after: colon)...]), provider: String(text[..<colon]))
    }
    let key = text.nameKey
    if let name = citiesByKey[key], let city = cities[name] {
      return Place(name: city.name, city: city.name, country: city.country, point: city.point)
    }
    for provider in providers {
      if let index = regionsByKey[provider]?[key], let place = place(of: regions[index]) { return place }
    }
    throw .unknown(text, near: Suggestions.nearest(to: key, among: citiesByKey.keys).compactMap { citiesByKey[$0] })
  }

  private func region(_ text: String, provider: String) throws(PlaceError) -> Place {
    guard let known = providers.first(where: { $0.nameKey == provider.nameKey }) else {
      throw .unknownProvider(provider, known: providers)
    }
    let keys = regionsByKey[known] ?? [:]
    if let index = keys[text.nameKey], let place = place(of: regions[index]) { return place }
    let near = Suggestions.nearest(to: text.nameKey, among: keys.keys.sorted()).compactMap { keys[$0] }
    var names: [String] = []
    for name in near.map({ "\(known):\(regions[$0].id.code)" }) where !names.contains(name) { names.append(name) }
    throw .unknownRegion(text, provider: known, near: names)
  }

  private func coordinates(_ text: String) throws(PlaceError) -> Place? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.filter { !$0.isWhitespace } }
    guard parts.count == 2, let latitude = Double(parts[0]), let longitude = Double(parts[1]) else { return nil }
    guard let point = GlobePoint(latitude: latitude, longitude: longitude) else { throw .coordinates(text) }
    return Place(name: "\(latitude),\(longitude)", point: point)
  }
}
