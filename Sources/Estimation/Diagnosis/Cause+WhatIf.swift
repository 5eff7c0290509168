import ClusterModel
import Collectives
import Quantities

/// A grade of a cause as a changed cluster, profile and question.
struct WhatIf {
  var cluster: Cluster
  var profile: LibraryProfile
  var inSwitch: Question.InSwitch
  /// Added to every time.
  var delay = Seconds.zero
}

extension Cause.Grade {
  /// Whether the same algorithms run over the same kinds of links, so that the same figures matter.
  var keepsAlgorithms: Bool {
    share != .asHostLink && !withoutInSwitch && onlyAlgorithms.isEmpty && withoutProtocols.isEmpty
  }
}

extension WhatIf {
  /// The cluster as it would be with a cause; nil where the cause cannot be there.
  func with(_ grade: Cause.Grade, fabric: FabricView) -> WhatIf? {
    var changed = self
    if let links = grade.links, let share = grade.share {
      guard cluster.has(links), let cluster = cluster.changing(links, share, fabric: fabric) else { return nil }
      changed.cluster = cluster
      if links == .network, fabric.domainCount == 1 { return nil }
    }
    if grade.withoutInSwitch {
      guard fabric.switchesReduce, inSwitch != .off else { return nil }
      changed.inSwitch = .off
    }
    changed.delay += grade.delay
    changed.profile.change(grade.added) { $0 + $1 }
    changed.profile.change(grade.multiplied) { $0 * $1 }
    for (collective, offers) in profile.offers {
      let left = offers.compactMap { $0.without(grade) }
      // Collectives that know nothing else are not touched by such a choice.
      if !left.isEmpty { changed.profile.offers[collective] = left }
    }
    return changed
  }
}

extension Cluster {
  fileprivate func changing(_ links: Cause.Links, _ share: Cause.Share, fabric: FabricView) -> Cluster? {
    switch share {
    case .fixed(let share):
      return changing(links) { $0.slower(share) }
    case .oneLess:
      let ports = fabric.hostPorts
      // With one port nothing would be left, and with two it is the case of half the rails.
      guard ports >= 3 else { return nil }
      return changing(links) { $0.slower(1 - 1 / ports) }
    case .asHostLink:
      let ports = fabric.topology.ports
      guard let host = ports.host, ports.scaleUp > host.bandwidth else { return nil }
      let share = host.bandwidth.bytesPerSecond / ports.scaleUp.bytesPerSecond
      var changed = changing(links) { link in
        var slower = link.slower(share)
        slower.technology = .pcie
        return slower
      }
      changed.inSwitchReduction = false
      return changed
    }
  }
}

extension Cause.Share {
  /// How many of a host's network ports carry anything; nil where the share is of no ports.
  func remaining(of ports: Double) -> Double? {
    switch self {
    case .fixed(let share): ports * share
    case .oneLess: ports - 1
    case .asHostLink: nil
    }
  }
}

extension FabricView {
  /// Network ports of the hosts, for each as many accelerators as a host has.
  var hostPorts: Double {
    (topology.ports.networkPortsPerAccelerator * Double(wholeLadder.levels.first?.largestSize ?? 1)).rounded()
  }

  /// How many scale-up domains the ranks span.
  fileprivate var domainCount: Int {
    ladder.scaleUpLevel.map { ladder.levels[$0].groupCount } ?? ladder.ranks
  }
}

extension LinkType {
  fileprivate func slower(_ share: Double) -> LinkType {
    var link = self
    link.bandwidth = bandwidth * share
    return link
  }
}

extension LibraryProfile.Offer {
  /// What remains of the offer; nil where nothing does.
  fileprivate func without(_ grade: Cause.Grade) -> LibraryProfile.Offer? {
    guard grade.onlyAlgorithms.isEmpty || grade.onlyAlgorithms.contains(algorithm) else { return nil }
    let left = protocols.filter { !grade.withoutProtocols.contains($0) }
    return left.isEmpty ? nil : LibraryProfile.Offer(algorithm: algorithm, protocols: left)
  }
}

extension LibraryProfile {
  /// Changes figures; the names of changes may have `*` for one part.
  mutating func change(_ changes: [Cause.FigureChange], _ combine: (Double, Double) -> Double) {
    for change in changes {
      for name in figures.keys where LibraryProfile.matches(name, change.figure) {
        if let value = figures[name]?.value { figures[name]?.value = combine(value, change.amount) }
      }
    }
  }

  /// Whether a figure's name is meant by a pattern.
  static func matches(_ name: String, _ pattern: String) -> Bool {
    let parts = name.split(separator: ".")
    let wanted = pattern.split(separator: ".")
    return parts.count == wanted.count && zip(parts, wanted).allSatisfy { $1 == "*" || $0 == $1 }
  }
}
