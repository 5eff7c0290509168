import ClusterModel
import Diagnostics
import Estimation
import Quantities
import TopologyFiles

/// A change of a cluster as an option of `what-if` writes it.
struct Alteration {
  /// The options that name changes.
  enum Option: String {
    case fail = "--fail"
    case degrade = "--degrade"
    case upgrade = "--upgrade"
    case add = "--add"

    fileprivate var form: String {
      switch self {
      case .fail: "a part 'leaf[0]', links 'leaf[0]--spine[1]' or some of them 'leaf[0]--spine[1]=1'"
      case .degrade: "a share of more than 0 and less than 1: 'leaf[0]--spine[1]=0.5' or 'ndr-400g=0.5'"
      case .upgrade: "a kind of link with its new bandwidth: 'ndr-400g=800 Gb/s', 'ndr-400g@spine=800 Gb/s'"
      case .add: "a parameter or kind of link with how much more: 'racks=8', 'ndr-400g@spine=1'"
      }
    }
  }

  /// What is done.
  enum Action {
    /// The text of an entry of `exceptions`.
    case exception(SourceText)
    /// More of a parameter that is a number, or of links.
    case addition(String, count: Int)
    /// Another bandwidth of links.
    case bandwidth(LinkSelector, @Sendable (Bandwidth) -> Bandwidth)
  }

  /// The change as it was written: `--fail leaf[0]`.
  let name: String
  let option: Option
  let action: Action

  /// Reads the value of an option.
  /// - Throws: `Failure` when it is not written as the option asks.
  init(_ option: Option, _ text: String) throws(Failure) {
    self.option = option
    name = "\(option.rawValue) \(text)"
    let misuse = Failure(
      "usage.change", "'\(text)' is not what \(option.rawValue) takes", notes: ["it takes \(option.form)"],
      status: .usage)
    // The text becomes part of a description, so nothing in it may end a quoted string.
    let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 32 && $0 != "\"" && $0 != "\\" && $0.value != 127 }
    guard isPlain, !text.isEmpty, text.utf8.count <= 1000 else { throw misuse }
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let value = sides.count > 1 ? sides[1] : nil
    let ends = Alteration.ends(sides[0])
    if option != .fail, value == nil || sides[0].isEmpty { throw misuse }
    switch option {
    case .fail:
      guard let ends else {
        guard value == nil else { throw misuse }
        action = .exception(SourceText(name: option.rawValue, text: "failed: \"\(text)\""))
        return
      }
      let count = value.flatMap(Int.init)
      guard value == nil || count.map({ $0 >= 1 }) ?? false else { throw misuse }
      let part = count.map { ", count: \($0)" } ?? ""
      action = .exception(
        SourceText(name: option.rawValue, text: "failed: {from: \"\(ends.0)\", to: \"\(ends.1)\"\(part)}"))
    case .degrade:
      guard let share = value.flatMap(Double.init), share > 0, share < 1 else { throw misuse }
      if let ends {
        action = .exception(
          SourceText(
            name: option.rawValue, text: "degraded: {from: \"\(ends.0)\", to: \"\(ends.1)\", share: \(share)}"))
      } else {
        action = .bandwidth(LinkSelector(parsing: sides[0])) { $0 * share }
      }
    case .upgrade:
      guard let value, ends == nil else { throw misuse }
      do throws(QuantityError) {
        let bandwidth = try Bandwidth(parsing: value)
        guard !bandwidth.isZero else { throw QuantityError.outOfRange }
        action = .bandwidth(LinkSelector(parsing: sides[0])) { _ in bandwidth }
      } catch {
        throw misuse
      }
    case .add:
      guard let count = value.flatMap(Int.init), count >= 1, ends == nil else { throw misuse }
      action = .addition(sides[0], count: count)
    }
  }

  /// The two ends of a text `leaf[0]--spine[1]`; nil where it names one part.
  private static func ends(_ text: String) -> (String, String)? {
    let characters = Array(text)
    guard let place = characters.indices.dropLast().first(where: { characters[$0] == "-" && characters[$0 + 1] == "-" })
    else { return nil }
    return (String(characters[..<place]), String(characters[(place + 2)...]))
  }
}

extension TopologyLoader {
  /// The estimator of a topology with changes.
  /// - Parameters:
  ///   - argument: The topology as the command line names it.
  ///   - base: The cluster as it is.
  /// - Throws: `Failure` when a change does not fit the topology.
  func estimator(
    for argument: String, as base: Cluster, with alterations: [Alteration]
  ) throws(Failure) -> Estimator {
    var (reference, _) = try reading(argument)
    var texts: [SourceText] = []
    var changes: [(Alteration, (Cluster) -> Cluster?)] = []
    for alteration in alterations {
      switch alteration.action {
      case .exception(let text): texts.append(text)
      case .bandwidth(let links, let change):
        changes.append((alteration, { $0.changing(links, bandwidth: change) }))
      case .addition(let name, let count):
        if let present = base.parameters[name] {
          reference.overrides.removeAll { $0.name == name }
          let value = present + Double(count)
          let text = Int64(exactly: value).map(String.init) ?? "\(value)"
          reference.overrides.append(.init(name: name, value: text))
        } else {
          changes.append((alteration, { $0.adding(count, to: LinkSelector(parsing: name)) }))
        }
      }
    }
    let reading = reading(reference, exceptions: texts)
    guard var cluster = reading.cluster else {
      let isOfOptions = reading.diagnostics.allSatisfy { $0.range?.file.hasPrefix("--") ?? true }
      throw Failure(
        reading.diagnostics, in: reading.sources,
        status: isOfOptions ? .usage : Failure.status(of: reading.diagnostics))
    }
    for (alteration, change) in changes {
      guard let changed = change(cluster) else { throw Failure(noLinks: alteration, in: cluster) }
      cluster = changed
    }
    return Estimator(cluster, subject: Subject(cluster, reference))
  }
}

extension Failure {
  fileprivate init(noLinks alteration: Alteration, in cluster: Cluster) {
    let text = String(alteration.name.dropFirst(alteration.option.rawValue.count + 1))
    let name = String(text.prefix { $0 != "=" })
    let parameters = alteration.option == .add ? cluster.parameters.keys.sorted() : []
    self.init(
      "usage.change", "\(alteration.option.rawValue): there is no '\(name)' that could be changed so",
      notes: Failure.help(for: name, among: parameters + cluster.linkNames), status: .usage)
  }
}
