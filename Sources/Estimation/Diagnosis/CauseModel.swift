import ClusterModel
import Collectives
import Foundation
import Matrices
import Quantities

/// The healthy cluster and every cause on it as hypotheses on the times of some questions, ready to be compared with
/// any log of these questions.
struct CauseModel {
  /// A cause in one severity.
  struct Entry {
    let cause: Cause
    let source: HypothesisSource
    let hypothesis: Hypothesis
    /// How many network ports of a host carry anything with it; nil for what leaves them alone.
    var portsLeft: Double?
  }

  /// What a log says besides times.
  struct Messages {
    /// What it calls the network.
    var networks: [String] = []
    /// The fewest network adapters of a host.
    var networkAdapters: Int?
  }

  /// A cause with how much better it explains a log than a healthy cluster does.
  struct Ranked {
    let cause: Cause
    /// Other causes with the same times, between which the log cannot decide.
    var alike: [Cause] = []
    /// Rise of the logarithm of the likelihood, less what the choice among severities costs.
    let gain: Double
  }

  let healthy: Hypothesis
  private let healthySource: HypothesisSource
  let entries: [Entry]
  private let catalog: CauseCatalog
  /// Network ports of a host.
  private let hostPorts: Double

  /// Prices everything that can be wrong.
  /// - Parameters:
  ///   - questions: The questions; the rows of logs are all sizes of the first, then of the second, and so on.
  ///   - profile: The library's profile.
  /// - Complexity: A routing solve for each cause that changes links, and a pricing for each figure with an interval.
  init(
    _ questions: [Question], on cluster: Cluster, profile: LibraryProfile, catalog: CauseCatalog
  ) throws(EstimationError) {
    self.catalog = catalog
    let base = WhatIf(cluster: cluster, profile: profile, inSwitch: questions.first?.inSwitch ?? .auto)
    var graphs: [QuestionGraph] = []
    for question in questions { graphs.append(try QuestionGraph(question, on: cluster, profile: profile)) }
    let misfit = CauseModel.misfit(questions, catalog)
    healthySource = try HypothesisSource(base, graphs, misfit: misfit, noise: catalog.noise)
    healthy = healthySource.hypothesis()
    var entries: [Entry] = []
    guard let fabric = graphs.first?.fabric else {
      self.entries = []
      hostPorts = 0
      return
    }
    for cause in catalog.causes {
      for grade in cause.grades {
        guard let whatIf = base.with(grade, fabric: fabric) else { continue }
        do throws(EstimationError) {
          var changed = graphs
          if grade.links != nil {
            changed = []
            for question in questions {
              changed.append(try QuestionGraph(question, on: whatIf.cluster, profile: profile))
            }
          }
          let source = try HypothesisSource(
            whatIf, changed, misfit: misfit, noise: catalog.noise,
            figures: grade.keepsAlgorithms ? healthySource.figures : nil)
          let hypothesis = source.hypothesis()
          let isFelt = zip(hypothesis.means, healthy.means).contains { abs($0 - $1) > 1e-6 }
          if isFelt {
            entries.append(
              Entry(
                cause: cause, source: source, hypothesis: hypothesis,
                portsLeft: grade.links == .network ? grade.share?.remaining(of: fabric.hostPorts) : nil))
          }
        } catch {
          // A question that has no answer with the cause, such as a fabric cut in two, is no explanation of times.
          continue
        }
      }
    }
    self.entries = entries
    hostPorts = fabric.hostPorts
  }

  /// The causes by how well they explain a log, the best first, each in its best severity.
  /// - Parameters:
  ///   - times: The measured times, by row.
  ///   - messages: What the log says besides.
  func ranking(of times: [Seconds], _ messages: Messages = Messages()) -> [Ranked] {
    let logarithms = times.map { log($0.value) }
    var best: [String: (entry: Entry, score: Double, bonus: Double)] = [:]
    for entry in entries {
      // A list of fewer adapters than the hosts have is a proof, whatever the times are.
      let isListed = messages.networkAdapters.map { leaves($0, entry) } ?? false
      guard isListed || explainsShortfall(entry.hypothesis, logarithms) else { continue }
      let count = entries.reduce(0) { $0 + ($1.cause.id == entry.cause.id ? 1 : 0) }
      // A message that names the network speaks for the cause, but is no proof by itself.
      let isNamed = entry.cause.network.map { messages.networks.contains($0) } ?? false
      let bonus =
        (isNamed ? catalog.leastGain / 2 : 0) + (isListed ? 2 * catalog.leastGain : 0) - log(Double(count))
      let score = entry.hypothesis.explain(logarithms).logLikelihood + bonus
      if score > best[entry.cause.id]?.score ?? -.infinity { best[entry.cause.id] = (entry, score, bonus) }
    }
    let order = Dictionary(uniqueKeysWithValues: catalog.causes.enumerated().map { ($1.id, $0) })
    var ranked = best.values.sorted { one, other in
      one.score != other.score
        ? one.score > other.score : order[one.entry.cause.id] ?? 0 < order[other.entry.cause.id] ?? 0
    }
    let plain = healthy.explain(logarithms).logLikelihood
    guard let first = ranked.first, first.score - plain >= catalog.leastGain else {
      return ranked.map { Ranked(cause: $0.entry.cause, gain: $0.score - plain) }
    }
    for place in ranked.indices.prefix(CauseModel.mostRefined) {
      let entry = ranked[place].entry
      ranked[place].score = refined(entry.hypothesis, entry.source, logarithms) + ranked[place].bonus
    }
    ranked.sort { $0.score > $1.score }
    let reference = refined(healthy, healthySource, logarithms)
    return ranked.map { Ranked(cause: $0.entry.cause, gain: $0.score - reference) }
  }

  /// Whether a cause leaves as many ports as the library lists adapters, of more that there are.
  private func leaves(_ adapters: Int, _ entry: Entry) -> Bool {
    guard let left = entry.portsLeft, Double(adapters) < hostPorts - 0.5 else { return false }
    return abs(left - Double(adapters)) < 0.5
  }

  /// Whether a log strays from the healthy times toward those of a hypothesis: a cause that makes some sizes slower does
  /// not explain that others are fast.
  private func explainsShortfall(_ hypothesis: Hypothesis, _ logarithms: [Double]) -> Bool {
    var along = 0.0
    var length = 0.0
    for row in logarithms.indices {
      let effect = hypothesis.means[row] - healthy.means[row]
      along += effect * (logarithms[row] - healthy.means[row])
      length += effect * effect
    }
    return along >= length * CauseModel.leastPart
  }

  /// So much of a cause's effect must be seen at least.
  private static let leastPart = 0.2

  /// How likely a log is under a hypothesis, wherever the figures stand.
  ///
  /// The model bends where another algorithm becomes the fastest, so that the straight line through the means may miss
  /// a cluster some deviations away: the line is laid anew where the figures most likely stand.
  private func refined(_ hypothesis: Hypothesis, _ source: HypothesisSource, _ logarithms: [Double]) -> Double {
    var latest = hypothesis.explain(logarithms)
    var best = latest.logLikelihood
    for _ in 0..<CauseModel.refinements {
      latest = source.hypothesis(around: latest.likeliest).explain(logarithms)
      let rise = latest.logLikelihood - best
      best = max(best, latest.logLikelihood)
      if rise < 0.1 { break }
    }
    return best
  }

  private static let refinements = 3
  /// So many of the likeliest causes are looked at more closely.
  private static let mostRefined = 3

  /// The causes that explain a log clearly better than a healthy cluster does, the best first, without those that are
  /// far less likely than the best.
  ///
  /// Causes with the same times are one finding.
  func findings(in times: [Seconds], _ messages: Messages = Messages()) -> [Ranked] {
    let ranking = ranking(of: times, messages)
    guard let best = ranking.first?.gain, best >= catalog.leastGain else { return [] }
    var findings: [Ranked] = []
    for one in ranking where one.gain >= max(best - catalog.leastGain, catalog.leastGain) {
      // A message of the log may still speak for one of two causes with the same times.
      if let place = findings.firstIndex(where: {
        abs($0.gain - one.gain) < catalog.leastGain / 4 && areAlike($0.cause, one.cause)
      }) {
        findings[place].alike.append(one.cause)
      } else {
        findings.append(one)
      }
    }
    return findings
  }

  /// Whether two causes have severities that give the same times, but for noise.
  private func areAlike(_ one: Cause, _ other: Cause) -> Bool {
    entries.contains { first in
      first.cause.id == one.id
        && entries.contains { second in
          second.cause.id == other.id
            && zip(first.hypothesis.means, second.hypothesis.means).allSatisfy { abs($0 - $1) < catalog.noise / 3 }
        }
    }
  }

  /// The model's error as a smooth function of the size: hats over the logarithm, each of the regime's deviation.
  private static func misfit(_ questions: [Question], _ catalog: CauseCatalog) -> Matrix {
    let doublingsPerHat = 4.0
    let hats = Int(64 / doublingsPerHat) + 1
    let rows = questions.enumerated().flatMap { place, question in question.sizes.map { (place, $0) } }
    return Matrix(rows: rows.count, columns: hats * questions.count) { row, column in
      let (place, size) = rows[row]
      guard column / hats == place else { return 0 }
      let distance = abs(log2(Double(max(size.count, 1))) / doublingsPerHat - Double(column % hats))
      return max(0, 1 - distance) * (catalog.misfit[MessageRegime(size)] ?? 0)
    }
  }
}
