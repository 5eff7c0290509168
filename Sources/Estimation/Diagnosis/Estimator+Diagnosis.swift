import ClusterModel
public import Collectives
public import Measurements
import Quantities

/// How a log was made, where its reader knows better than the log.
public struct LogContext: Sendable, Hashable {
  /// The collective; nil: as the log says.
  public var collective: Collective?
  /// The first so many ranks of the cluster took part; nil: all.
  public var ranks: Int?
  /// The communication library's profile; nil: the usual one.
  public var library: String?
  /// GPUs that one process drove; nil: as the log says, else 1.
  public var gpusPerProcess: Int?
  /// Whether launches were replayed from a graph; nil: as the log says, else not.
  public var graphLaunch: Bool?
  /// The program that issued the collectives.
  public var launcher: Question.Harness.Launcher
  /// Whether switches reduce.
  public var inSwitch: Question.InSwitch

  /// What is known of a log besides itself.
  public init(
    collective: Collective? = nil, ranks: Int? = nil, library: String? = nil, gpusPerProcess: Int? = nil,
    graphLaunch: Bool? = nil, launcher: Question.Harness.Launcher = .ncclTests, inSwitch: Question.InSwitch = .auto
  ) {
    self.collective = collective
    self.ranks = ranks
    self.library = library
    self.gpusPerProcess = gpusPerProcess
    self.graphLaunch = graphLaunch
    self.launcher = launcher
    self.inSwitch = inSwitch
  }
}

extension Estimator {
  /// Sets a log against the estimate, row by row, and looks for what explains the difference.
  ///
  /// Each cause is tried as a what-if on the model; one is named only when the log is much likelier with it than on a
  /// healthy cluster whose figures stray as healthy ones do.
  /// - Throws: `EstimationError` when the estimate itself cannot be made.
  public func diagnose(_ log: BenchmarkLog, _ context: LogContext = LogContext()) throws(EstimationError) -> Diagnosis {
    let matching = try LogMatch(log, on: self, context)
    var judge = Judge(matching)
    var questions: [Question] = []
    for question in matching.questions {
      judge.take(try answer(question), to: questions.count)
      questions.append(question)
    }
    var findings = matching.findings
    if !judge.times.isEmpty, let catalog = CauseCatalog.shipped() {
      let model = try CauseModel(
        judge.questions(questions), on: cluster, profile: try profile(named: context.library), catalog: catalog)
      let causes = model.findings(
        in: judge.times, .init(networks: log.networks, networkAdapters: log.networkAdapters))
      findings += causes.map { finding($0, best: causes.first?.gain ?? 0) }
      if causes.isEmpty { findings += judge.unexplained }
    }
    return Diagnosis(
      subject: subject, library: try profile(named: context.library).name, ranks: matching.ranks, rows: judge.rows,
      findings: findings, remarks: matching.remarks)
  }

  private func finding(_ ranked: CauseModel.Ranked, best: Double) -> Diagnosis.Finding {
    let tier = tier(of: ranked.cause.place)
    // What is less than e times as likely is no worse an explanation.
    let strength = ranked.gain == best ? "Fits best" : best - ranked.gain < 1 ? "Fits as well" : "Fits less well"
    let others = ranked.alike.map { "; or, which this log cannot tell apart (\($0.id)): \($0.says)" }.joined()
    let places = ([ranked.cause] + ranked.alike).map(\.lookAt).joined(separator: ", ")
    return Diagnosis.Finding(
      id: ranked.cause.id,
      message: "\(strength)\(tier.map { ", in tier \($0)" } ?? ""): \(ranked.cause.says)\(others). "
        + "Look at: \(places).",
      tier: tier, gain: ranked.gain)
  }

  /// The innermost tier of a cause's links.
  private func tier(of place: Cause.Place) -> Tier? {
    guard let links = Cause.Links(rawValue: place.rawValue) else { return nil }
    switch cluster.graph {
    case .blueprint(let blueprint):
      return blueprint.rules.filter { rule in
        links.contains(
          blueprint.templates[rule.from.index].kind, blueprint.templates[rule.to.index].kind, tier: rule.tier)
      }.map(\.tier).min()
    case .explicit(let topology, _, _):
      return topology.arcs.filter {
        links.contains(topology.cells[$0.from.index].kind, topology.cells[$0.to.index].kind, tier: $0.tier)
      }.map(\.tier).min()
    }
  }
}
