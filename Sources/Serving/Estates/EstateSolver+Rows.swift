import Documents
import Foundation
import Quantities

extension EstateSolver {
  /// From this use on the model of lines is known to err.
  private static let strained = 0.95

  func siteRow(
    _ site: ServingSite, _ performance: ServingSite.Performance, carried: Double, overflow: Double
  ) -> RequestAnswer.SiteRow {
    let replicas = site.replicas.decoding + site.replicas.reading
    let accelerators = replicas * site.replica.parallelism.accelerators
    let batch = max(1, Int(performance.batching.meanBatch.rounded(.up)))
    return RequestAnswer.SiteRow(
      site: site.site.name, place: site.site.place, provider: site.site.provider,
      utilisation: performance.utilisation, offered: carried + overflow, carried: carried, overflow: overflow,
      replicas: replicas, accelerators: accelerators,
      price: (estate.providers[site.site.provider]?.price ?? 0) * Double(accelerators),
      step: site.step(batch: min(batch, site.batchLimit)), batch: batch)
  }

  /// Whether a site's provider takes or refuses without a line.
  private func refuses(_ site: ServingSite) -> Bool {
    (estate.providers[site.site.provider]?.refusalShare ?? 0) > 0
  }

  func warnings(_ site: ServingSite, _ performance: ServingSite.Performance) -> [String] {
    var warnings: [String] = []
    let batching = performance.batching
    if performance.utilisation >= Self.strained || !refuses(site) && batching.waitProbability > 0.05 {
      let load = (performance.utilisation * 100).rounded() / 100
      // Simulation of geometric and of fixed lengths at 0.96 of saturation: mean +2 to +10 %, 99th percentile +21 %.
      warnings.append(
        "\(site.site.name) is at \(load) of saturation: there the mean time is up to 10 % and the 99th percentile up to "
          + "21 % above that of simulated fixed lengths, and a small error of the load is a large one of the wait")
    }
    if performance.prefillLine.error > 0.05 {
      warnings.append(
        "the wait for reading prompts at \(site.site.name) is interpolated, with an error of up to "
          + "\(Int(performance.prefillLine.error * 100)) %")
    }
    return warnings
  }

  func row(
    _ population: Estate.Population, _ site: ServingSite, _ performance: ServingSite.Performance, trip: RoundTrip,
    share: Double, loss: Double
  ) -> RequestAnswer.Row {
    let request = estate.request
    let network = self.network(trip)
    let batching = performance.batching
    let roofline = "roofline of \(site.replica.accelerator.name) and collectives of \(site.site.cluster.value)"
    let length = "\(roofline), length of the prompt"
    let perToken = batching.timePerToken
    let refuses = refuses(site)
    var stages = [
      RequestAnswer.Stage(
        name: "connection", delay: connection(network), source: "TCP and TLS 1.3: two round trips where one is opened"),
      .init(name: "network", delay: network, source: "\(trip.basis.rawValue): \(trip.source)"),
      .init(
        name: "prefill queue", delay: performance.prefillLine.wait,
        source: "M/G/c, \(performance.prefillLine.method.rawValue)"),
      .init(
        name: "prefill", delay: .gamma(mean: site.prefill.total, scv: request.promptVariability), source: length),
    ]
    if site.replicas.reading > 0 {
      stages.append(
        .init(
          name: "cache transfer", delay: .gamma(mean: site.transfer, scv: request.promptVariability),
          source: "caches of the prompt over the fabric of \(site.site.cluster.value)"))
    }
    stages += [
      .init(
        name: "batch queue", delay: refuses ? .constant(0) : batching.wait,
        source: refuses ? "refused instead of waiting" : "birth–death process of continuous batching"),
      .init(
        name: "first token",
        delay: .sum([.constant(batching.timePerToken), .gamma(mean: max(batching.residualStep, 1e-9), scv: 1.0 / 3)]),
        source: roofline),
    ]
    let first = Delay.sum(stages.map(\.delay))
    stages.append(
      .init(
        name: "decode",
        delay: .gamma(mean: max(0, request.output - 1) * perToken, scv: request.outputVariability), source: roofline))
    let call = Delay.sum(stages.map(\.delay))
    return RequestAnswer.Row(
      from: population.name, origin: population.place.point, site: site.site.name, provider: site.site.provider,
      share: share, model: site.site.model.name, stages: stages, timeToFirstToken: first,
      timePerOutputToken: tokenDelay(site, batching), endToEnd: request.agent?.delay(call: call) ?? call,
      lossProbability: loss)
  }

  /// A round trip: nine tenths of its usual length are certain, the rest varies.
  private func network(_ trip: RoundTrip) -> Delay {
    let typical = trip.typical.value
    let certain = 0.9 * typical
    let jitter = ModelCatalog.shipped?.constants.jitter ?? 0
    let varying = typical - certain
    return .sum([.constant(certain), .gamma(mean: varying, scv: Power.of(jitter * typical / varying, 2))])
  }

  private func connection(_ network: Delay) -> Delay {
    let share = estate.request.newConnections
    return .mixture([
      .init(weight: 1 - share, delay: .constant(0)),
      .init(weight: share, delay: .repeated(network, counts: [0, 0, 1])),
    ])
  }

  /// The time between tokens as the batches of a request's steps vary.
  private func tokenDelay(_ site: ServingSite, _ batching: BatchingServer) -> Delay {
    let busy = batching.meanBatch
    guard busy > 0 else { return .constant(batching.timePerToken) }
    let context = site.context
    var (mean, square) = (0.0, 0.0)
    for (batch, probability) in batching.occupancy.enumerated() where batch > 0 && probability > 1e-12 {
      let time = site.replica.timePerToken(batch: min(batch, site.batchLimit), context: context)
      // A request sees a batch in proportion to how many are in it.
      let weight = probability * Double(batch) / busy
      mean += weight * time
      square += weight * time * time
    }
    let stretch = mean > 0 ? batching.timePerToken / mean : 1
    return .gamma(mean: mean * stretch, scv: max(0, square / (mean * mean) - 1))
  }
}
