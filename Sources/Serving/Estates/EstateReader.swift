public import Diagnostics
import Documents
import Quantities

/// Reads estates, with every mistake of the file located.
public struct EstateReader: Sendable {
  /// More than these are no longer assigned within seconds.
  private static let (mostSites, mostPopulations) = (200, 500)

  private let network: WideArea
  private let catalog: ModelCatalog
  private var models: [String: LanguageModel] = [:]

  /// A reader on the shipped places and models; nil where their data are damaged.
  public init?() {
    guard let network = WideArea.shipped, let catalog = ModelCatalog.shipped else { return nil }
    self.network = network
    self.catalog = catalog
  }

  /// The names of the shipped estates.
  public static var shippedNames: [String] { ServingData.estateNames }

  /// The file of a shipped estate, by its name without regard to case; nil where there is none.
  public static func shippedText(named name: String) -> SourceText? { ServingData.estate(name) }

  /// Whether a text is an estate and not a topology.
  public static func isEstate(_ source: SourceText) -> Bool {
    var list = DiagnosticList()
    return source.document(&list)?.mapping?[EstateLanguage.mark] != nil
  }

  /// Reads an estate; nil after an error.
  /// - Parameter asking: The model that is asked instead of the file's; sites that name one keep it.
  public mutating func read(
    _ source: SourceText, asking: String? = nil, _ list: inout DiagnosticList
  ) -> Estate? {
    let before = list.count
    guard let node = source.document(&list), let file = Fields(node, EstateLanguage.file, &list) else { return nil }
    let version = file.integer("isochrone", in: 1...1_000_000, &list)
    if let version, version.value > EstateLanguage.version {
      list.error(
        "file.newer-version",
        "the file is of version \(version.value) of the language; this program knows up to \(EstateLanguage.version)",
        at: version.range)
      return nil
    }
    for entry in file.named("models", &list) {
      models[entry.key.value.nameKey] = LanguageModel(
        name: entry.key.value, entry.value, sources: file["sources"]?.mapping, &list)
    }
    for model in catalog.models where models[model.name.nameKey] == nil { models[model.name.nameKey] = model }
    let providers = self.providers(file.named("providers", &list), &list)
    guard let asked = file["requests"].flatMap({ Fields($0, EstateLanguage.requests, &list) }) else { return nil }
    var model = asked["model"].flatMap { self.model($0, &list) }
    if let asking {
      model = models[asking.nameKey]
      if model == nil {
        list.unknown(
          "model.unknown", "unknown model \(excerpt(asking))", asking, at: nil,
          among: models.values.map(\.name).sorted(),
          otherwise: "known: \(models.values.map(\.name).sorted().joined(separator: ", "))")
      }
    }
    let rate = asked.number("rate", in: 0...1e12, &list)?.value
    let shape = request(asked, &list)
    for (key, most) in [("sites", Self.mostSites), ("populations", Self.mostPopulations)] {
      guard let node = file[key], (node.sequence?.count ?? 0) > most else { continue }
      list.error("estate.too-large", "an estate has at most \(most) \(key)", at: node.range)
      return nil
    }
    let sites = file.sequence("sites", &list).compactMap { site($0, asked: model, &list) }
    let populations = file.sequence("populations", &list).compactMap { population($0, &list) }
    var places: [String: SourceRange] = [:]
    for node in file.sequence("sites", &list) + file.sequence("populations", &list) {
      guard let name = node.mapping?["name"]?.text("name", &list) else { continue }
      if places.updateValue(name.range, forKey: name.value) != nil {
        list.error("name.clash", "\(excerpt(name.value)) is described twice", at: name.range)
      }
    }
    let links = self.links(file.sequence("links", &list), known: Set(places.keys), &list)
    let objective = file.choice("objective", as: Estate.Objective.self, &list)?.value ?? .latency
    let facts = self.facts(file.sequence("facts", &list), sources: file["sources"]?.mapping, &list)
    let known = Set(sites.map(\.provider))
    for (population, node) in zip(populations, file.sequence("populations", &list)) {
      checkProviders(node.mapping?["providers"], known: known, &list)
      checkResidency(population, sites: sites, at: node.mapping?["countries"]?.range ?? node.range, &list)
    }
    let name = file.text("name", &list)?.value ?? source.name
    _ = file.text("description", &list)
    if sites.isEmpty, list.count == before {
      list.error("estate.sites", "an estate has a site", at: file["sites"]?.range)
    }
    if populations.isEmpty, list.count == before {
      list.error("estate.populations", "an estate has a population", at: file["populations"]?.range)
    }
    let parts = providers.values.count { $0.refusalShare > 0 && $0.refusalShare < 1 }
    if parts > FirstRefusal.mostParts {
      list.error(
        "provider.parts", "at most \(FirstRefusal.mostParts) providers may have first refusal on a part",
        at: file["providers"]?.range)
    }
    guard list.count == before, let rate, let shape else { return nil }
    var rules = providers
    for site in sites where rules[site.provider] == nil {
      rules[site.provider] = .init(
        key: site.provider, preference: rules.count + 1, refusalShare: 0, price: catalog.constants.price)
    }
    return Estate(
      name: name, rate: rate, request: shape, sites: sites, populations: populations, providers: rules, links: links,
      objective: objective, facts: facts)
  }

  /// A population's own order names providers that have a site, each once.
  private func checkProviders(_ node: Node?, known: Set<String>, _ list: inout DiagnosticList) {
    guard let node else { return }
    let names = (node.sequence ?? []).compactMap { $0.text("providers", &list) }
    for name in names where !known.contains(name.value) {
      list.unknown(
        "provider.unknown", "no site is of the provider \(excerpt(name.value))", name, among: known.sorted(),
        otherwise: "sites are of \(known.sorted().joined(separator: ", "))")
    }
    if names.isEmpty || Set(names.map(\.value)).count < names.count {
      list.error("population.providers", "an order of providers names at least one, and each once", at: node.range)
    }
  }

  private func checkResidency(
    _ population: Estate.Population, sites: [Estate.Site], at range: SourceRange, _ list: inout DiagnosticList
  ) {
    let own = sites.filter { population.providers?.contains($0.provider) ?? true }
    guard let countries = population.countries, !own.isEmpty else { return }
    let has = own.contains { $0.place.country.map(countries.contains) ?? false }
    if !has {
      list.error(
        "estate.residency",
        "\(excerpt(population.name)) may be served only from \(countries.sorted().joined(separator: ", ")), where no site is",
        at: range)
    }
  }

  func model(_ node: Node, _ list: inout DiagnosticList) -> LanguageModel? {
    guard let name = node.text("model", &list) else { return nil }
    if let model = models[name.value.nameKey] { return model }
    let known = models.values.map(\.name).sorted()
    list.unknown(
      "model.unknown", "unknown model \(excerpt(name.value))", name, among: known,
      otherwise: "known: \(known.joined(separator: ", "))")
    return nil
  }

  private func place(_ node: Node?, _ list: inout DiagnosticList) -> Place? {
    guard let text = node?.text("place", &list) else { return nil }
    do { return try network.gazetteer.place(text.value) } catch {
      list.error("place.unknown", error.sentence, at: text.range, notes: error.notes)
      return nil
    }
  }

  private func site(_ node: Node, asked: LanguageModel?, _ list: inout DiagnosticList) -> Estate.Site? {
    guard let fields = Fields(node, EstateLanguage.site, &list) else { return nil }
    let name = fields.name("name", &list)
    let place = place(fields["place"], &list)
    let provider = fields.name("provider", &list)?.value ?? place?.region?.provider
    let cluster = fields.text("cluster", &list)
    let own = fields["model"].flatMap { model($0, &list) }
    let replicas = fields.integer("replicas", in: 1...100_000_000, &list)
    let accelerators = fields.integer("accelerators", in: 1...1_000_000_000, &list)
    if let accelerators, replicas != nil {
      list.error(
        "site.capacity", "capacity is stated in replicas or in accelerators, not in both", at: accelerators.range)
    }
    let batch = fields.integer("batch", in: 1...100_000, &list)?.value
    let prefill = fields.number("prefill", in: 0.01...0.99, &list)?.value
    var spread: Parallelism?
    if let inner = fields["replica"].flatMap({ Fields($0, EstateLanguage.replica, &list) }) {
      let tensor = inner.integer("tensor", in: 1...100_000, &list)
      let expert = inner.integer("expert", in: 1...100_000, &list)
      let pipeline = inner.integer("pipeline", in: 1...1000, &list)
      if let tensor {
        spread = Parallelism(tensor: tensor.value, expert: expert?.value ?? 1, pipeline: pipeline?.value ?? 1)
      }
      if let expert, let tensor, expert.value > 1,
        max(expert.value, tensor.value) % min(expert.value, tensor.value) != 0
      {
        list.error(
          "replica.shape", "the accelerators of experts and of tensors must divide each other", at: expert.range)
      }
      if let expert, expert.value > 1, let model = own ?? asked, model.experts.map({ $0.count < expert.value }) ?? true
      {
        list.error(
          "replica.experts", "\(model.name) has fewer experts than accelerators that share them", at: expert.range)
      }
      if let pipeline, let model = own ?? asked, pipeline.value > model.layers {
        list.error("replica.stages", "\(model.name) has \(model.layers) layers", at: pipeline.range)
      }
    }
    guard let name, let place, let cluster, let spread, let model = own ?? asked else { return nil }
    return Estate.Site(
      name: name.value, place: place, provider: provider ?? name.value, cluster: cluster, model: model,
      parallelism: spread, replicas: replicas, accelerators: accelerators, batchLimit: batch, prefillShare: prefill)
  }

  private func population(_ node: Node, _ list: inout DiagnosticList) -> Estate.Population? {
    guard let fields = Fields(node, EstateLanguage.population, &list) else { return nil }
    let name = fields.name("name", &list)
    let place = place(fields["place"], &list)
    let weight = fields.number("weight", in: 0...1e12, &list)
    let peak = fields.number("peak", in: 0...24, &list)?.value
    let trough = fields.number("trough", in: 0...1, &list)?.value
    var countries: Set<String>?
    for node in fields.sequence("countries", &list) {
      guard let text = node.text("countries", &list) else { continue }
      if let country = network.gazetteer.country(text.value) {
        countries = (countries ?? []).union([country])
      } else {
        list.unknown(
          "country.unknown", "unknown country \(excerpt(text.value))", text, among: network.gazetteer.countries,
          otherwise: "a country is named in English or by its code of two letters")
      }
    }
    let listed = fields["providers"].map { _ in fields.sequence("providers", &list) }
    let order = listed.map { $0.compactMap { $0.text("providers", &list)?.value } }
    guard let name, let place, let weight else { return nil }
    var evening = 20 - place.point.longitude / 15
    if evening >= 24 { evening -= 24 }
    return Estate.Population(
      name: name.value, place: place, weight: weight.value, countries: countries, providers: order,
      peakHour: peak ?? evening, trough: trough ?? 0.3)
  }

  private func providers(
    _ entries: [Mapping.Entry], _ list: inout DiagnosticList
  ) -> [String: Estate.Provider] {
    var result: [String: Estate.Provider] = [:]
    for (index, entry) in entries.enumerated() {
      guard let fields = Fields(entry.value, EstateLanguage.provider, &list) else { continue }
      result[entry.key.value] = .init(
        key: entry.key.value,
        preference: fields.integer("preference", in: 1...1000, &list)?.value ?? index + 1,
        refusalShare: refusalShare(fields, &list),
        replicas: fields.integer("replicas", in: 1...100_000_000, &list)?.value,
        accelerators: fields.integer("accelerators", in: 1...1_000_000_000, &list)?.value,
        price: fields.number("price", in: 0...1e6, &list)?.value ?? catalog.constants.price)
    }
    return result
  }

  /// Yes, no, or a share.
  private func refusalShare(_ fields: Fields, _ list: inout DiagnosticList) -> Double {
    guard let node = fields["first-refusal"] else { return 0 }
    if let share = node.scalar.flatMap({ Double($0.text) }), share.isFinite {
      return fields.number("first-refusal", in: 0...1, &list)?.value ?? share
    }
    return fields.boolean("first-refusal", &list)?.value == true ? 1 : 0
  }

  private func links(
    _ nodes: [Node], known: Set<String>, _ list: inout DiagnosticList
  ) -> [Set<String>: Double] {
    var result: [Set<String>: Double] = [:]
    for node in nodes {
      guard let fields = Fields(node, EstateLanguage.link, &list) else { continue }
      let ends = fields.sequence("between", &list).compactMap { $0.text("between", &list) }
      let time = fields.quantity("round-trip", as: Seconds.self, isPositive: true, &list)
      for end in ends where !known.contains(end.value) {
        list.unknown(
          "link.end", "\(excerpt(end.value)) is neither a population nor a site", end, among: known.sorted())
      }
      guard ends.count == 2, ends[0].value != ends[1].value else {
        list.error("link.ends", "a link has two ends", at: node.range)
        continue
      }
      if let time { result[Set(ends.map(\.value))] = time.value.value }
    }
    return result
  }

  private func facts(
    _ nodes: [Node], sources: Mapping?, _ list: inout DiagnosticList
  ) -> [(says: String, source: String)] {
    nodes.compactMap { node in
      guard let fact = node.mapping("fact", &list), let says = fact["says"]?.text("says", &list)?.value else {
        return nil
      }
      if fact["assumed"]?.boolean("assumed", &list)?.value == true {
        return (says, "assumed" + (fact["note"]?.scalar.map { ": \($0.text)" } ?? ""))
      }
      guard let key = fact["source"]?.text("source", &list) else { return (says, "no source stated") }
      guard let source = sources?[key.value]?.mapping else {
        list.unknown(
          "source.unknown", "unknown source \(excerpt(key.value))", key, among: sources?.keys ?? [],
          otherwise: "a source is an entry of the file's 'sources'")
        return nil
      }
      return (says, ["title", "url", "date"].compactMap { source[$0]?.scalar?.text }.joined(separator: ", "))
    }
  }
}
