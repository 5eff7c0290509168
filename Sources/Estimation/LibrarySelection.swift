import Collectives
import Foundation
import Quantities

/// What a library picks by its own reckoning, which need not be the fastest.
struct LibrarySelection {
  private let entries: [CandidateSet.Entry]
  private let prepared: [CostModel.Prepared]
  private let times: LinkTimes
  private let model: CostModel

  /// - Parameters:
  ///   - entries: The candidates.
  ///   - model: With the profile of what the library reckons with.
  ///   - times: What the links take of the candidates by that profile.
  init(_ entries: [CandidateSet.Entry], model: CostModel, times: LinkTimes) {
    self.entries = entries
    self.times = times
    self.model = model
    prepared = entries.map { model.prepare($0.schedule, using: $0.messageProtocol) }
  }

  /// The candidate that the library picks at a size; the first of equal ones.
  func pick(_ bytes: Bytes) -> Int? {
    entries.indices.filter { entries[$0].isOffered }.map { (time: time(of: $0, bytes), index: $0) }
      .min { ($0.time, $0.index) < ($1.time, $1.index) }?.index
  }

  /// What the library reckons the candidate to take that it picks.
  func reckoned(_ bytes: Bytes) -> Seconds? { pick(bytes).map { time(of: $0, bytes) } }

  private func time(of candidate: Int, _ bytes: Bytes) -> Seconds {
    let link = times.slowest[candidate].secondsPerByte * Double(bytes.count) / correction(of: candidate, bytes)
    return model.cost(of: prepared[candidate], bytes: bytes, linkTime: Seconds(link)).total
  }

  /// What a tree reaches of its bandwidth by the library's table.
  private func correction(of candidate: Int, _ bytes: Bytes) -> Double {
    let entry = entries[candidate]
    guard entry.schedule.algorithm == "tree", entry.schedule.collective == .allReduce, bytes.count >= 64,
      let shares = model.profile.treeCorrection[entry.messageProtocol]
    else { return 1 }
    let place = Int(log2(Double(bytes.count) / 64))
    return shares.indices.contains(place) ? shares[place] : 1
  }

  /// Where the library's picks are not the fastest, in sentences.
  static func findings(_ estimates: [Estimate], _ profile: LibraryProfile, _ tuner: LibraryProfile?) -> [String] {
    guard let tuner else {
      return ["What \(profile.name) picks by itself is not known; the fastest of its algorithms are shown."]
    }
    return estimates.compactMap { estimate in
      guard let fastest = estimate.candidates.first, fastest.time < estimate.time else { return nil }
      return
        "\(estimate.bytes): \(tuner.name) picks \(estimate.algorithm) \(estimate.messageProtocol.rawValue), "
        + "\(estimate.time); \(fastest.algorithm) \(fastest.messageProtocol.rawValue) would take \(fastest.time)."
    }
  }
}
