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

  /// A solver of an estate; nil after an error, which is added at its place in the file.
  public func solver(_ estate: Estate, _ list: inout DiagnosticList) -> EstateSolver? {
    guard let network = WideArea.shipped, let models = ModelCatalog.shipped else { return nil }
    let before = list.count
    let sites = estate.sites.compactMap { site($0, of: estate, constants: models.constants, &list) }
    return list.count == before ? EstateSolver(estate: estate, sites: sites, network: network) : nil
  }

  private func site(
    _ site: Estate.Site, of estate: Estate, constants: ModelCatalog.Constants, _ list: inout DiagnosticList
  ) -> ServingSite? {
    let place = site.cluster.range
    guard let estimator = estimators[site.cluster.value] else { return nil }
    let bits = site.model.weightBits
    guard let figures = AcceleratorFigures(estimator.cluster, catalog: catalog, weightBits: bits) else {
      list.error(
        "site.accelerator", "the catalogue has no memory or arithmetic for the accelerators of this cluster", at: place)
      return nil
    }
    guard let available = (try? estimator.describe())?.acceleratorCount else {
      list.error("site.cluster", "the cluster of this site cannot be routed", at: place)
      return nil
    }
    let wanted = site.parallelism.accelerators
    guard wanted <= available else {
      list.error(
        "site.replica", "a replica takes \(wanted) accelerators, the cluster has \(available)", at: place)
      return nil
    }
    if let replicas = site.replicas, replicas.value > available / wanted {
      list.error(
        "site.replicas", "the cluster holds \(available / wanted) replicas of \(wanted) accelerators",
        at: replicas.range)
    }
    let prices: CollectivePrices
    do { prices = try CollectivePrices(estimator, parallelism: site.parallelism) } catch {
      list.error("site.collectives", "the collectives of a step cannot run here: \(error)", at: place)
      return nil
    }
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
      site: site, replica: replica, count: site.replicas?.value ?? available / wanted, batchLimit: limit,
      request: estate.request,
      transferRate: sending > 0 ? probe / sending * Double(wanted) : 0)
  }
}
