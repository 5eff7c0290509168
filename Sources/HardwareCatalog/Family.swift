import ClusterModel
import Documents

/// A family of parts: one data file of the catalogue, one mapping under `parts` in a file of the user's.
public enum Family: String, Sendable, Hashable, CaseIterable {
  case accelerators, cpus, nics, switches, links

  /// One member of the family, as messages call it: `accelerator`.
  public var singular: String {
    switch self {
    case .accelerators: "accelerator"
    case .cpus: "processor"
    case .nics: "NIC"
    case .switches: "switch"
    case .links: "link"
    }
  }
}

/// Something that a part of a family may state besides its figures.
struct AttributeRule {
  var name: String
  var kind: Schema.Kind
  var isRequired = false
  var about: String
}

/// A figure that a part of a family may state, with what it is measured in.
struct FigureRule {
  enum Dimension { case count, bytes, bandwidth, latency, operations, power }

  var name: String
  var dimension: Dimension
  var isRequired = false
  /// Whether zero makes sense.
  var mayBeZero = false
  var about: String
}

extension Family {
  /// What every part may state.
  static let commonAttributes: [AttributeRule] = [
    AttributeRule(name: "about", kind: .text, about: "What it is, in one sentence."),
    AttributeRule(name: "like", kind: .name(of: "a part of the family"), about: "A part that it takes over."),
    AttributeRule(name: "vendor", kind: .text, about: "Who makes it."),
    AttributeRule(name: "state", kind: .choice(PartState.allCases.map(\.rawValue)), about: "Whether it can be had."),
  ]

  /// What parts of the family may state besides.
  var attributes: [AttributeRule] {
    switch self {
    case .accelerators:
      [
        AttributeRule(
          name: "generation", kind: .text, about: "The generation as communication libraries tell it, such as `hopper`."
        ),
        AttributeRule(name: "link", kind: .name(of: "a link"), about: "The kind of its scale-up links."),
      ]
    case .cpus:
      [
        AttributeRule(
          name: "kind", kind: .text, isRequired: true,
          about: "How communication libraries tell it, such as `x86-intel` or `arm-grace`.")
      ]
    case .nics:
      [
        AttributeRule(
          name: "transport", kind: .choice(LinkTechnology.allCases.map(\.rawValue)), isRequired: true,
          about: "The family of its transport."),
        AttributeRule(
          name: "transport-version", kind: .text, about: "The version that libraries tell apart, such as `efa4`."),
        AttributeRule(name: "link", kind: .name(of: "a link"), isRequired: true, about: "The kind of link of a port."),
      ]
    case .switches:
      [
        AttributeRule(
          name: "kind", kind: .choice([DeviceKind.networkSwitch.rawValue, DeviceKind.scaleUpSwitch.rawValue]),
          isRequired: true, about: "Whether it joins racks and boxes, or accelerators of one domain."),
        AttributeRule(name: "link", kind: .name(of: "a link"), isRequired: true, about: "The kind of link of a port."),
      ]
    case .links:
      [
        AttributeRule(
          name: "technology", kind: .choice(LinkTechnology.allCases.map(\.rawValue)), isRequired: true,
          about: "The family of the link."),
        AttributeRule(name: "label", kind: .text, about: "Its short name in answers; its name in lower case without."),
      ]
    }
  }

  /// The figures that parts of the family may state; further ones are kept as they are written.
  var figures: [FigureRule] {
    switch self {
    case .accelerators:
      [
        FigureRule(name: "memory", dimension: .bytes, about: "Memory on the package."),
        FigureRule(name: "memory-bandwidth", dimension: .bandwidth, about: "Rate of that memory."),
        FigureRule(name: "peak-bf16", dimension: .operations, about: "Dense BF16 rate."),
        FigureRule(name: "peak-fp16", dimension: .operations, about: "Dense FP16 rate, where it has no BF16."),
        FigureRule(name: "peak-fp8", dimension: .operations, about: "Dense FP8 rate."),
        FigureRule(name: "peak-fp4", dimension: .operations, about: "Dense FP4 rate."),
        FigureRule(name: "power", dimension: .power, about: "Greatest power."),
        FigureRule(name: "links", dimension: .count, about: "Scale-up links."),
        FigureRule(name: "scale-up-bandwidth", dimension: .bandwidth, about: "All scale-up links, one direction."),
      ]
    case .cpus:
      [
        FigureRule(name: "cores", dimension: .count, about: "Cores."),
        FigureRule(name: "memory", dimension: .bytes, about: "Memory of one processor."),
        FigureRule(name: "socket-bandwidth", dimension: .bandwidth, about: "Rate to the next socket, one direction."),
      ]
    case .nics:
      [
        FigureRule(name: "ports", dimension: .count, isRequired: true, about: "Network ports."),
        FigureRule(
          name: "port-bandwidth", dimension: .bandwidth, isRequired: true, about: "Rate of a port, one direction."),
      ]
    case .switches:
      [
        FigureRule(name: "ports", dimension: .count, isRequired: true, about: "Ports."),
        FigureRule(
          name: "port-bandwidth", dimension: .bandwidth, isRequired: true, about: "Rate of a port, one direction."),
        FigureRule(
          name: "latency", dimension: .latency, mayBeZero: true,
          about: "Delay through it, for reference: the latency of a link holds the port it ends in."),
        FigureRule(name: "throughput", dimension: .bandwidth, about: "All ports, both directions."),
        FigureRule(
          name: "sharp", dimension: .count,
          about: "Generation of the protocol by which it reduces (SHARP); without it, it does not."),
      ]
    case .links:
      [
        FigureRule(name: "bandwidth", dimension: .bandwidth, isRequired: true, about: "Rate in one direction."),
        FigureRule(
          name: "latency", dimension: .latency, isRequired: true, mayBeZero: true,
          about: "Delay of the link with the port it ends in, one way."),
        FigureRule(
          name: "delay-per-kilometre", dimension: .latency, about: "Delay that each kilometre adds, one way."),
        FigureRule(name: "nccl-bandwidth", dimension: .bandwidth, about: "Rate that NCCL counts in its search."),
      ]
    }
  }
}
