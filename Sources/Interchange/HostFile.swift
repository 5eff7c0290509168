import ClusterModel
public import Diagnostics
import Documents

/// Hosts in the order of ranks: a host file as launchers of MPI take it, or nodes as Slurm lists them.
///
/// A line is `node01`, `node01 slots=4`, `node01:4`, `node[01-16]` or a path such as `rack[0]/tray[2]`; a name that is
/// repeated counts its accelerators one by one where every line names one rank.
public struct HostFile: Sendable {
  private struct Line {
    var name: String
    var slots: Int?
    var place: SourceRange
  }

  private let text: SourceText

  /// A host file.
  public init(_ text: SourceText) { self.text = text }

  /// The hosts of the file in a cluster; an error for each name that is none of its hosts.
  public func places(in cluster: ExportedCluster, _ list: inout DiagnosticList) -> [Placement.Place] {
    let names = Dictionary(cluster.hostNames.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var places: [Placement.Place] = []
    var used: Set<Int> = []
    for line in lines(&list) {
      let hosts = found(line.name, names, cluster)
      if hosts.isEmpty {
        list.unknown(
          "hosts.unknown", "no host is called '\(line.name.prefix(80))'", line.name, at: line.place,
          among: cluster.hostNames, otherwise: "hosts: \(cluster.hostNames.prefix(8).joined(separator: ", "))")
        continue
      }
      for host in hosts {
        let all = cluster.accelerators(ofHost: host)
        if let last = places.last, last.host == host, line.slots == nil {
          // One line for each rank: those before count one each.
          places[places.count - 1].accelerators = (last.accelerators ?? 1) + 1
        } else if used.insert(host).inserted {
          places.append(.init(host: host, accelerators: line.slots))
        } else {
          list.error("hosts.twice", "'\(line.name.prefix(80))' is named in two places", at: line.place)
          continue
        }
        if (places.last?.accelerators ?? 0) > all {
          list.error("hosts.slots", "'\(line.name.prefix(80))' has \(all) accelerators, not more", at: line.place)
        }
      }
    }
    if places.isEmpty, !list.hasErrors {
      list.error("hosts.empty", "the file names no host", at: text.range(line: 1, column: 1))
    }
    return places
  }

  /// The hosts of a name, of a list of one name in brackets, or of a path.
  private func found(_ name: String, _ names: [String: Int], _ cluster: ExportedCluster) -> [Int] {
    if let host = names[name] { return [host] }
    if let single = try? HostList.expanded(name), single.count == 1, let host = names[single[0]] { return [host] }
    return path(name).map(cluster.hosts(at:)) ?? []
  }

  private func path(_ name: String) -> [Composition.SelectorStep]? {
    name.contains("[") ? try? DevicePath.parse(name) : nil
  }

  private func lines(_ list: inout DiagnosticList) -> [Line] {
    var result: [Line] = []
    var number = 0
    for raw in text.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      let words = raw.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
      guard let first = words.first else { continue }
      let place = text.range(line: number, column: 1, length: max(1, raw.unicodeScalars.count))
      var name = String(first)
      var slots: Int?
      for word in words.dropFirst() {
        let sides = word.split(separator: "=", maxSplits: 1)
        guard sides.count == 2, ["slots", "max_slots", "max-slots"].contains(sides[0]), let count = Int(sides[1]),
          count >= 1
        else {
          list.error("hosts.syntax", "'\(word.prefix(40))' is not understood here: slots=N is", at: place)
          continue
        }
        if sides[0] == "slots" { slots = count }
      }
      if let colon = name.lastIndex(of: ":"), let count = Int(name[name.index(after: colon)...]), count >= 1 {
        slots = count
        name = String(name[..<colon])
      }
      result += names(name, at: place, &list).map { Line(name: $0, slots: slots, place: place) }
    }
    return result
  }

  /// A list of nodes, or a path with brackets of its own.
  private func names(_ text: String, at place: SourceRange, _ list: inout DiagnosticList) -> [String] {
    if text.contains("/") || text.contains("..") || text.contains("[*]") { return [text] }
    do throws(HostList.Mistake) {
      let names = try HostList.expanded(text)
      // A single part by its index is a path: tray[3].
      return names.count == 1 && text.hasSuffix("]") ? [text] : names
    } catch {
      list.error("hosts.syntax", "'\(text.prefix(60))' is no list of names such as node[01-16]", at: place)
      return []
    }
  }
}
