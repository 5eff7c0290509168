import ClusterModel
import Quantities
import TestSupport

/// The fabric of the template cases: NVLink racks, rail leaves, spines, cores and wide-area routers, whose accelerators
/// pass others' traffic on.
struct NVLClos {
  static let axisNames = ["site", "pod", "rg", "rack", "tray", "gpu", "nvs", "spine", "core"]
  static let gpu = TemplateID(0)

  private static let parents: [Int?] = [nil, 0, 1, 2, 3, 2, 3, 1, 0]
  private static let templates: [(name: String, kind: DeviceKind, axes: [Int])] = [
    ("gpu", .accelerator, [0, 1, 2, 3, 4, 5]), ("nvs", .scaleUpSwitch, [0, 1, 2, 3, 6]),
    ("leaf", .networkSwitch, [0, 1, 2, 5]), ("spine", .networkSwitch, [0, 1, 7]), ("core", .networkSwitch, [0, 8]),
    ("wan", .gateway, [0]),
  ]

  var blueprint: Blueprint
  /// By rule: what a link carries.
  var capacities: [Double]

  /// - Parameters:
  ///   - sizes: Of the axes, in the order of their names.
  ///   - latencies: Of the rules but the one between core and wide-area router.
  init(sizes: [Int], nvc: Double, nic: Double, up: Double, latencies: [Int64], leafUp: Int, spineUp: Int) {
    let axes = zip(NVLClos.axisNames, sizes).enumerated().map { index, axis in
      Blueprint.Axis(name: axis.0, size: axis.1, parent: NVLClos.parents[index].map { AxisID($0) })
    }
    let several = sizes[0] > 1
    let templates = NVLClos.templates.dropLast(several ? 0 : 1).map { name, kind, axes in
      Blueprint.Template(path: [.init(name: name, axes: axes.map { AxisID($0) })], kind: kind, relays: true)
    }
    typealias Wiring = (
      from: Int, to: Int, same: [Int], different: [Int], links: Int, capacity: Double, latency: Int64, tier: Tier
    )
    var wirings: [Wiring] = [
      (0, 1, [0, 1, 2, 3], [], 1, nvc, latencies[0], .rack),
      (0, 2, [0, 1, 2, 5], [], 1, nic, latencies[1], .leaf),
      (2, 3, [0, 1], [], leafUp, up, latencies[2], .spine),
      (3, 4, [0], [], spineUp, up, latencies[3], .core(1)),
    ]
    if several {
      wirings.append((4, 5, [0], [], 1, 400, 1000, .datacenter))
      wirings.append((5, 5, [], [0], 4, 400, latencies[4], .wideArea))
    }
    capacities = wirings.map(\.capacity)
    let rules = wirings.map { wiring in
      Blueprint.Rule(
        from: TemplateID(wiring.from), to: TemplateID(wiring.to), same: Set(wiring.same.map { AxisID($0) }),
        different: Set(wiring.different.map { AxisID($0) }), linksPerPair: wiring.links,
        link: LinkType(
          name: "", technology: .other, bandwidth: Bandwidth(bytesPerSecond: wiring.capacity),
          latency: Latency(picoseconds: wiring.latency)),
        tier: wiring.tier)
    }
    blueprint = Blueprint(axes: axes, templates: Array(templates), rules: rules)
  }

  /// Reads a case's input.
  init(_ input: JSON) throws {
    let parameters = try input["link_params"]
    self.init(
      sizes: try input["args_site_pod_rg_rack_tray_gpu_nvs_spine_core"].array.map { try $0.integer },
      nvc: try parameters["nvc"].number, nic: try parameters["nic"].number, up: try parameters["up"].number,
      latencies: try parameters["lat"].array.map { Int64(try $0.integer) },
      leafUp: try parameters["leaf_up"].integer, spineUp: try parameters["sp_up"].integer)
    for failure in try input["failed"].array {
      let parts = try failure.array
      blueprint.exceptions.append(
        .failedLinks(
          RuleID(try parts[0].integer), from: try NVLClos.selection(parts[1]), to: try NVLClos.selection(parts[2]),
          count: try parts[3].integer))
    }
  }

  private static func selection(_ indices: JSON) throws -> Blueprint.Selection {
    var ranges: [AxisID: [Range<Int>]] = [:]
    for (name, index) in try indices.object {
      guard let axis = axisNames.firstIndex(of: name) else { throw JSON.Mismatch(description: "no axis '\(name)'") }
      ranges[AxisID(axis)] = [try index.integer..<index.integer + 1]
    }
    return Blueprint.Selection(ranges)
  }

  /// The one accelerator whose indices are all zero.
  static let firstGPU = Blueprint.Selection(
    Dictionary(uniqueKeysWithValues: templates[0].axes.map { (AxisID($0), [0..<1]) }))

  /// The accelerators by site, pod, rail group, rack, tray and rail.
  static let rankOrder = RankOrder(
    segments: [.init(template: gpu, digits: templates[0].axes.map { AxisID($0) })],
    levels: [
      .init(tier: .board, leadingDigits: [5]), .init(tier: .rack, leadingDigits: [4]),
      .init(tier: .leaf, leadingDigits: [3]), .init(tier: .spine, leadingDigits: [2]),
      .init(tier: .core(1), leadingDigits: [1]), .init(tier: .wideArea, leadingDigits: [0]),
    ],
    scaleUpLevel: 1, railDigits: [1])
}
