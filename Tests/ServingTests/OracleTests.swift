import Foundation
import Matrices
import Quantities
import Serving
import TestSupport
import Testing

/// Runs reference cases of the kinds that serving answers for.
@Suite("Reference cases")
struct OracleTests {
  private static let own = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/oracles")

  @Test("Every case of a known kind gives the expected values")
  func cases() throws {
    let run = try OracleRun(
      own: OracleTests.own,
      runners: [
        "erlang": erlang, "mmc_sojourn": sojourn, "mgc": generalService, "jackson": jackson,
        "jackson_node_absorbs": absorbing, "llm_birth_death": batching, "overflow": overflow,
        "phase_type_tail": phaseType, "great_circle": greatCircle,
      ])
    #expect(run.count > 0, "no cases")
    #expect(run.failures.isEmpty, "\(run.failures.joined(separator: "\n"))")
  }

  private func numbers(_ json: JSON) throws -> [Double] { try json.array.map { try $0.number } }

  private func erlang(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
    let (servers, load) = (try oracle.input["c"].number, try oracle.input["offered"].number)
    try findings.compare("erlang_b", .number(Erlang.lossProbability(servers: servers, load: load)))
    if let wait = Erlang.waitProbability(servers: servers, load: load) {
      try findings.compare("erlang_c", .number(wait))
      try findings.compare("mean_wait_over_service", .number(wait / (servers - load)))
    } else {
      try findings.compare("erlang_c", .null)
    }
  }

  private func sojourn(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
    let queue = try MultiServerQueue(
      arrivalRate: oracle.input["lam"].number, serviceRate: oracle.input["mu"].number,
      servers: oracle.input["c"].integer)
    try findings.compare("erlang_c", .number(queue.waitProbability))
    try findings.compare("mean", .number(queue.meanSojourn))
    try findings.compare("p50", .number(queue.sojournPercentile(0.5)))
    try findings.compare("p99", .number(queue.sojournPercentile(0.99)))
    try findings.compare("p999", .number(queue.sojournPercentile(0.999)))
    try findings.compare("wait_p99", .number(queue.waitPercentile(0.99)))
    try findings.compare("tail_at_1", .number(queue.sojournTail(1)))
  }

  private func generalService(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
    let servers = try oracle.input["c"].integer
    let (scv, mean) = (try oracle.input["scv"].number, try oracle.input["mean_service"].number)
    let rate = try oracle.input["rho"].number * Double(servers) / mean
    let queue = try MultiServerQueue(arrivalRate: rate, serviceRate: 1 / mean, servers: servers)
    let service = try #require(TwoPhaseService(mean: mean, scv: scv))
    let exact = try PhaseQueue(arrivalRate: rate, service: service, servers: servers)
    try findings.compare("exact_mean_wait", .number(exact.meanWait))
    try findings.compare("exact_prob_wait", .number(exact.waitProbability))
    try findings.compare("allen_cunneen", .number(GeneralServiceQueue.scaledWait(queue, scv: scv)))
    try findings.compare("kimura_cosmetatos", .number(GeneralServiceQueue.interpolatedWait(queue, scv: scv)))
  }

  private func network(_ oracle: OracleCase) throws -> QueueingNetwork {
    let routing = try oracle.input["P"].array.map { try numbers($0) }
    let arrivals = try numbers(oracle.input["gamma"])
    let servers = try oracle.input.object["c"].map { try numbers($0) } ?? arrivals.map { _ in 1 }
    let rates = try oracle.input.object["mu"].map { try numbers($0) } ?? arrivals.map { _ in 1 }
    return try QueueingNetwork(
      nodes: zip(servers, rates).map { .init(servers: Int($0), serviceRates: [$1]) },
      classes: [.init(arrivals: arrivals, routing: Matrix(rows: routing))])
  }

  private func jackson(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
    let network = try network(oracle)
    try findings.compare("lam", .array(network.throughput.column(0).map(JSON.number)))
    try findings.compare("mean_number", .array(try network.meanNumbers().column(0).map(JSON.number)))
    try findings.compare("mean_response", .number(try network.meanResponse()))
  }

  private func absorbing(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
    let flows = try network(oracle).flowsWithEachNodeAbsorbing()
    try findings.compare("lam", .array(flows.column(try oracle.input["failed"].integer).map(JSON.number)))
  }

  private func batching(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
    let (fixed, each) = (try oracle.input["t0"].number, try oracle.input["t1"].number)
    let server = try BatchingServer(
      arrivalRate: oracle.input["lam"].number, meanTokens: oracle.input["mean_tokens"].number,
      stepTimes: (1...oracle.input["batch_cap"].integer).map { fixed + each * Double($0) })
    try findings.compare("mean_number", .number(server.meanNumber))
    try findings.compare("mean_sojourn", .number(server.meanSojourn))
    try findings.compare("mean_sojourn_plus_residual_step", .number(server.meanResponse))
    try findings.compare("mean_batch", .number(server.meanBatch))
    try findings.compare("p_empty", .number(server.occupancy[0]))
    try findings.compare("mean_time_between_tokens", .number(server.meanSojourn / server.meanTokens))
  }

  private func overflow(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
    let servers = (first: try oracle.input["c1"].integer, second: try oracle.input["c2"].integer)
    let load = try oracle.input["a1"].number
    let pools = try Overflow(servers: servers, load: load, ownLoad: oracle.input["a2"].number)
    try findings.compare("p_overflow_from_A", .number(pools.overflowProbability))
    try findings.compare("p_lost_class1", .number(pools.lossProbability))
    try findings.compare("p_blocked_at_B", .number(pools.blockingProbability))
    try findings.compare("overflow_mean", .number(pools.overflowMean))
    try findings.compare("overflow_variance", .number(pools.overflowVariance))
    try findings.compare("peakedness", .number(pools.peakedness))
    let both = Erlang.lossProbability(servers: Double(servers.first + servers.second), load: load)
    try findings.compare("p_lost_closed_form_erlangB_c1_plus_c2", .number(both))
  }

  private func phaseType(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
    let chain = try PhaseTypeChain(rates: numbers(oracle.input["rates"]))
    try findings.compare("tail", .number(chain.tail(oracle.input["t"].number)))
  }

  private func greatCircle(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
    let ends = try ["a", "b"].map { key in
      let numbers = try numbers(oracle.input[key])
      return try #require(GlobePoint(latitude: numbers[0], longitude: numbers[1]))
    }
    let distance = ends[0].distance(to: ends[1])
    let delay = distance.fibreDelay(
      stretch: try oracle.input["stretch"].number, refraction: try oracle.input["fibre_index"].number)
    try findings.compare("km", .number(distance.kilometres))
    try findings.compare("one_way_ms", .number(delay.value * 1000))
  }
}
