public import Diagnostics
import Documents
public import HardwareCatalog
import Quantities
public import Serving

/// Makes an estate's sites ready: what their replicas take on the clusters that stand there.
public struct EstateBuilder: Sendable {
  private let catalog: HardwareCatalog
  /// The estimators of the clusters, by how the file names them.
  private let estimators: [String: Estimator]

  /// A builder.
  /// - Parameter estimators: One for each topology that the estate names.
  public init(catalog: HardwareCatalog, estimators: [String: Estimator]) {
    self.catalog = catalog
    self.estimators = estimators
  }

  /// What sites on the same cluster have in common.
  private struct Shared {
    struct Key: Hashable {
      var cluster: String
      var parallelism: Parallelism
    }

    var available: [String: Int] = [:]
    var prices: [Key: CollectivePrices] = [:]
  }

  /// A solver of an estate; nil after an error, which is added at its place in the file.
  public func solver(_ estate: Estate, _ list: inout DiagnosticList) -> EstateSolver? {
    guard let network = WideArea.shipped, let models = ModelCatalog.shipped else { return nil }
    let before = list.count
    var shared = Shared()
    let counts = limited(estate.sites.map { count($0, &shared, &list) }, estate)
    let sites = zip(estate.sites, counts).compactMap {
      site($0, count: $1, of: estate, constants: models.constants, &shared, &list)
    }
    return list.count == before ? EstateSolver(estate: estate, sites: sites, network: network) : nil
  }

  /// How many replicas a site has by its cluster and its own limits; none after an error.
  private func count(_ site: Estate.Site, _ shared: inout Shared, _ list: inout DiagnosticList) -> Int {
    let place = site.cluster.range
    let cluster = site.cluster.value
    guard let estimator = estimators[cluster] else { return 0 }
    guard let available = shared.available[cluster] ?? (try? estimator.describe())?.acceleratorCount else {
      list.error("site.cluster", "the cluster of this site cannot be routed", at: place)
      return 0
    }
    shared.available[cluster] = available
    let wanted = site.parallelism.accelerators
    guard wanted <= available else {
      list.error(
        "site.replica", "a replica takes \(wanted) accelerators, the cluster has \(available)", at: place)
      return 0
    }
    if let replicas = site.replicas, replicas.value > available / wanted {
      list.error(
        "site.replicas", "the cluster holds \(available / wanted) replicas of \(wanted) accelerators",
        at: replicas.range)
    }
    if let most = site.accelerators, !(wanted...available).contains(most.value) {
      list.error(
        "site.accelerators", "a replica takes \(wanted) accelerators, the cluster has \(available)", at: most.range)
    }
    return site.replicas?.value ?? (site.accelerators?.value ?? available) / wanted
  }

  /// Replicas of the sites such that no provider has more than its limit, each site in proportion but at least one.
  private func limited(_ counts: [Int], _ estate: Estate) -> [Int] {
    var counts = counts
    for provider in estate.providers.values {
      let own = estate.sites.indices.filter { estate.sites[$0].provider == provider.key }
      func use(_ index: Int) -> Int {
        provider.replicas == nil ? counts[index] * estate.sites[index].parallelism.accelerators : counts[index]
      }
      guard let most = provider.replicas ?? provider.accelerators else { continue }
      let used = own.reduce(0) { $0 + use($1) }
      guard used > most else { continue }
      for index in own { counts[index] = max(1, Int(Double(counts[index]) * Double(most) / Double(used))) }
    }
    return counts
  }

  private func site(
    _ site: Estate.Site, count: Int, of estate: Estate, constants: ModelCatalog.Constants, _ shared: inout Shared,
    _ list: inout DiagnosticList
  ) -> ServingSite? {
    let place = site.cluster.range
    let wanted = site.parallelism.accelerators
    guard count > 0, let estimator = estimators[site.cluster.value] else { return nil }
    let bits = site.model.weightBits
    guard let figures = AcceleratorFigures(estimator.cluster, catalog: catalog, weightBits: bits) else {
      list.error(
        "site.accelerator", "the catalogue has no memory or arithmetic for the accelerators of this cluster", at: place)
      return nil
    }
    let key = Shared.Key(cluster: site.cluster.value, parallelism: site.parallelism)
    let prices: CollectivePrices
    do {
      prices = try shared.prices[key] ?? CollectivePrices(estimator, parallelism: site.parallelism)
    } catch {
      list.error("site.collectives", "the collectives of a step cannot run here: \(error)", at: place)
      return nil
    }
    shared.prices[key] = prices
    let replica = Replica(
      model: site.model, parallelism: site.parallelism, accelerator: figures,
      speculation: estate.request.speculation, constants: constants
    ) { kind, ranks, bytes in prices.time(kind, ranks: ranks, bytes: bytes) }
    let context = estate.request.prompt + estate.request.output / 2
    guard replica.missingMemory <= 0 else {
      let missing = DecimalPrefix.format(replica.missingMemory, unit: "B")
      list.error(
        "site.memory", "\(site.model.name) does not fit a replica of \(wanted) \(figures.name): \(missing) are missing",
        at: place,
        notes: [
          "weights take \(DecimalPrefix.format(replica.weightBytes, unit: "B")), "
            + "\(DecimalPrefix.format(replica.usableMemory, unit: "B")) are free for them"
        ])
      return nil
    }
    let limit = replica.batchLimit(context: context, limit: site.batchLimit)
    guard limit >= 1 else {
      let cache = DecimalPrefix.format(context * replica.cacheBytesPerToken, unit: "B")
      list.error(
        "site.cache", "no request's cache fits beside \(site.model.name): one takes \(cache)", at: place)
      return nil
    }
    let probe = 1e9
    let sending = prices.time(.sendReceive, ranks: 2, bytes: probe)
    return ServingSite(
      site: site, replica: replica, count: count, batchLimit: limit,
      request: estate.request,
      transferRate: sending > 0 ? probe / sending * Double(wanted) : 0)
  }
}
