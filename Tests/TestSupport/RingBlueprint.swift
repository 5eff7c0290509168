package import ClusterModel
import Quantities

/// Small tori and dragonflies, from a seed.
package enum RingBlueprint {
  /// A link with a latency in nanoseconds.
  package static func link(_ latency: Int64, _ gigabytes: Double = 100) -> LinkType {
    LinkType(
      name: "link\(latency)", technology: .ici, bandwidth: .gigabytesPerSecond(gigabytes),
      latency: .nanoseconds(latency))
  }

  /// A torus of relaying accelerators with its order of ranks.
  /// - Parameter sizes: Ranks along each dimension, the outermost first; those of one member have no ring.
  package static func torus(_ sizes: [Int], latency: Int64 = 300) throws -> (blueprint: Blueprint, order: RankOrder) {
    var root = Composition.Block(
      name: "", devices: [.init(name: "chip", count: sizes[sizes.count - 1], kind: .accelerator, relays: true)])
    var path = ["chip"]
    for place in sizes.indices.dropLast().reversed() {
      root.name = "d\(place)"
      root.count = sizes[place]
      path.insert(root.name, at: 0)
      root = Composition.Block(name: "", blocks: [root])
    }
    root.tier = .rack
    for (place, size) in sizes.enumerated() where size > 1 {
      root.wirings.append(
        .init(from: path, to: path, match: .ring(.init(step: place)), link: link(latency), tier: .rack))
    }
    let compiled = try Composition(root: root).compiled()
    return (compiled.blueprint, compiled.ranks)
  }

  /// A dragonfly of accelerators with one adapter each.
  package static func dragonfly(
    boxes: Int, gpus: Int = 2, ports: Int = 8, switches: Int? = nil, endpoints: Int? = nil, global: Int? = nil
  ) throws -> (blueprint: Blueprint, order: RankOrder, result: FabricResult) {
    let block = Composition.Block(
      name: "box", count: boxes, tier: .board,
      devices: [.init(name: "gpu", count: gpus, kind: .accelerator), .init(name: "nic", count: gpus, kind: .nic)],
      wirings: [
        .init(from: ["gpu"], to: ["gpu"], match: .mesh, link: link(100), tier: .board),
        .init(from: ["gpu"], to: ["nic"], match: .aligned, link: link(50), tier: .device),
      ])
    var spec = FabricSpec(
      kind: "dragonfly", switchPart: "switch", ports: ports, portBandwidth: .gigabytesPerSecond(100),
      accessLink: link(300), trunkLink: link(300))
    spec.switchesPerGroup = switches
    spec.endpointsPerSwitch = endpoints
    spec.globalLinks = global
    spec.globalLink = link(700)
    let result = try Dragonfly.attach([FabricSite(block: block, nicPath: ["nic"])], spec)
    let compiled = try Composition(root: result.root, changes: result.changes).compiled()
    return (compiled.blueprint, compiled.ranks, result)
  }
}
