import ClusterModel
public import Estimation
import Quantities

/// What is in a topology.
public struct DescriptionReport: Report {
  /// What is reported.
  public var description: Description

  /// A report of a description.
  public init(_ description: Description) { self.description = description }

  /// The sentence that matters first, then devices, links and tiers.
  public var page: Page {
    Page(
      title: description.subject.title, answer: headline,
      sections: [
        .init("The layout", [.figure(TopologyDrawing(description))], in: .document),
        section("Devices", devices), section("Tiers", tiers), section("Links", links),
        .init(
          nil,
          [
            .sentences([
              "Bisection \(description.bisection)\(diameter).",
              "\(counted(description.vertexCount, "vertex", "vertices")) and "
                + "\(counted(description.linkCount, "link")), held as \(counted(description.cellCount, "cell")).",
            ])
          ]),
        .remarks(description.remarks), .assumptions(description.assumptions),
      ])
  }

  private var headline: [String] {
    let used = counted(description.acceleratorCount, "GPU")
    let idle = description.acceleratorsPresent - description.acceleratorCount
    var sentence = "\(description.subject.title): \(used)"
    if idle > 0 { sentence += " in use of \(description.acceleratorsPresent)" }
    let reach = outermost.map { "\(bytesAndBits($0.bandwidthPerAccelerator)) each \($0.tier.whereabouts)" }
    if !reach.isEmpty { sentence += "; " + reach.joined(separator: ", ") }
    return [sentence + ".", description.subject.fullName]
  }

  /// Of neighbouring tiers with one bandwidth the outermost.
  private var outermost: [Description.TierRow] {
    let tiers = description.tiers
    return tiers.indices.filter { index in
      index + 1 == tiers.count || tiers[index].bandwidthPerAccelerator != tiers[index + 1].bandwidthPerAccelerator
    }.map { tiers[$0] }
  }

  private var diameter: String {
    guard let diameter = description.diameter else { return "; some accelerators cannot reach each other" }
    let hops = description.diameterHops.map { ", over \(counted($0, "link"))" } ?? ""
    return "; farthest pair \(diameter) apart\(hops)"
  }

  private func section(_ title: String, _ table: TextTable) -> Page.Section {
    .init(title, table.rows.isEmpty ? [] : [.table(table)])
  }

  private var devices: TextTable {
    let isWhole = description.devices.allSatisfy { $0.missing == 0 }
    let missing: [TextTable.Column] = isWhole ? [] : [.init("missing", isNumeric: true)]
    var table = TextTable(
      [.init("count", isNumeric: true)] + missing + [.init("kind"), .init("part"), .init("name", rank: 1)])
    for device in description.devices {
      table.append(
        ["\(device.count)"] + (isWhole ? [] : ["\(device.missing)"])
          + [device.kind.rawValue, device.part.isEmpty ? "–" : device.part, device.name])
    }
    return table
  }

  private var tiers: TextTable {
    var table = TextTable([
      .init("tier"), .init("groups", isNumeric: true), .init("GPUs each", isNumeric: true),
      .init("per GPU, one direction"), .init("farthest pair", isNumeric: true),
      .init("switches between", isNumeric: true, rank: 2), .init("oversubscription", isNumeric: true, rank: 1),
    ])
    for row in description.tiers {
      table.append([
        "\(row.tier)", "\(row.groups)", "\(row.acceleratorsPerGroup)", bytesAndBits(row.bandwidthPerAccelerator),
        row.latency?.description ?? "unreachable", row.switchHops.map(String.init) ?? "–",
        DecimalPrefix.significant(row.oversubscription, digits: 3) + " : 1",
      ])
    }
    return table
  }

  private var links: TextTable {
    let isWhole = description.links.allSatisfy { $0.missing == 0 }
    let missing: [TextTable.Column] = isWhole ? [] : [.init("missing", isNumeric: true)]
    var table = TextTable(
      [.init("count", isNumeric: true)] + missing + [
        .init("link"), .init("tier"), .init("between"), .init("at each", isNumeric: true, rank: 2),
        .init("one direction", isNumeric: true), .init("latency", isNumeric: true, rank: 1),
      ])
    for row in description.links {
      table.append(
        ["\(row.count)"] + (isWhole ? [] : ["\(row.missing)"]) + [
          row.link.name, "\(row.tier)", row.between.joined(separator: " – "),
          DecimalPrefix.significant(row.perMember, digits: 3), "\(row.link.bandwidth)", "\(row.link.latency)",
        ])
    }
    return table
  }
}

extension DescriptionReport {
  /// Counts, devices, links and tiers.
  public var json: JSON {
    .object([
      Release.member,
      ("topology", .string(description.subject.topology)),
      ("title", .string(description.subject.title)),
      ("parameters", description.subject.parametersJSON),
      ("acceleratorCount", .count(description.acceleratorCount)),
      ("acceleratorsPresent", .count(description.acceleratorsPresent)),
      ("vertexCount", .count(description.vertexCount)),
      ("linkCount", .count(description.linkCount)),
      ("cellCount", .count(description.cellCount)),
      ("devices", .array(description.devices, \.json)),
      ("links", .array(description.links, \.json)),
      ("tiers", .array(description.tiers, \.json)),
      ("bisectionBandwidth", .number(description.bisection.bytesPerSecond)),
      ("diameterSeconds", description.diameter.map { .number($0.seconds.value) } ?? .null),
      ("diameterHops", description.diameterHops.map { .count($0) } ?? .null),
      ("remarks", .array(description.remarks, JSON.string)),
      ("assumptions", .array(description.assumptions, \.json)),
    ])
  }
}

extension Description.DeviceCount {
  var json: JSON {
    .object([
      ("name", .string(name)), ("kind", .string(kind.rawValue)), ("part", part.isEmpty ? .null : .string(part)),
      ("count", .count(count)), ("missing", .count(missing)),
    ])
  }
}

extension Description.LinkCount {
  var json: JSON {
    .object([
      ("link", .string(link.name)),
      ("technology", .string(link.technology.rawValue)),
      ("tier", .string(tier.description)),
      ("between", .array(between, JSON.string)),
      ("count", .count(count)),
      ("missing", .count(missing)),
      ("perMember", .number(perMember)),
      ("bandwidth", .number(link.bandwidth.bytesPerSecond)),
      ("latencySeconds", .number(link.latency.seconds.value)),
    ])
  }
}

extension Description.TierRow {
  var json: JSON {
    .object([
      ("tier", .string(tier.description)),
      ("groups", .count(groups)),
      ("acceleratorsPerGroup", .count(acceleratorsPerGroup)),
      ("bandwidthPerAccelerator", .number(bandwidthPerAccelerator.bytesPerSecond)),
      ("latencySeconds", latency.map { .number($0.seconds.value) } ?? .null),
      ("switchHops", switchHops.map { .count($0) } ?? .null),
      ("oversubscription", .number(oversubscription)),
    ])
  }
}
