import ClusterModel
public import Documents
import HardwareCatalog

/// The topology language: what each mapping of a file may hold.
///
/// The reader checks against it and the reference is printed from it.
public enum Language {
  /// The version that this reader knows; files with a lower number are read for ever.
  public static let version = 1

  /// The mappings in the order of the reference: those of the language itself, then those of parts.
  public static let schemas: [Schema] =
    own + [HardwareCatalog.partsSchema] + Family.allCases.map(\.schema) + [Figure<String>.schema]

  package static let own: [Schema] = [
    file, parameter, Source.schema, fact, cluster, clusterBlock, fabric, torus, datacenter, datacenterLink, estate,
    block,
    device, link, graph, graphDevice, graphLink, exception, linkFault, replacement, system,
  ]

  /// The reference of the language as Markdown.
  public static var reference: String { schemas.reference }

  static let file = Schema(
    "file", "A topology file. It holds one of `cluster`, `datacenters`, `estate` and `graph`.",
    keys: [
      .required("isochrone", .integer, "Version of the language: 1."),
      .optional("name", .text, "Name of the topology, for people."),
      .optional("description", .text, "Prose."),
      .optional(
        "imports", .list(.text),
        "Files, relative to this one, whose `parts`, `systems` and `sources` are known here as well."),
      .optional("sources", .named(.mapping("source")), "Where figures come from, by a key of one's own."),
      .optional("facts", .list(.mapping("fact")), "What the description rests on, with its source."),
      .optional("parameters", .named(.mapping("parameter")), "Values that a reader may set: `name:racks=8`."),
      .optional("parts", .mapping("parts"), "Parts of one's own, or corrections to shipped ones."),
      .optional("systems", .named(.mapping("system")), "Racks and boxes of one's own."),
      .optional("cluster", .mapping("cluster"), "Racks or boxes and the fabric between them."),
      .optional("datacenters", .list(.mapping("datacenter")), "Several clusters at a distance."),
      .optional("estate", .mapping("estate"), "A composition by hand: blocks in blocks, devices, links by rule."),
      .optional("graph", .mapping("graph"), "A list of devices and links, for an irregular fabric."),
      .optional("links", .list(.mapping("datacenter link")), "Links between datacenters."),
      .optional("exceptions", .list(.mapping("exception")), "What is absent, failed, degraded or of another kind."),
    ])

  static let library = Schema(
    "imported file", "A file that others import.",
    keys: file.keys.filter {
      ["isochrone", "name", "description", "imports", "sources", "facts", "parts", "systems"].contains($0.name)
    })

  static let parameter = Schema(
    "parameter", "A value that a reader may set.",
    keys: [
      .required("default", .either([.number, .choice(["one of the choices"])]), "The value when none is given."),
      .optional("range", .text, "Lowest and highest value: `1..18`."),
      .optional("choices", .list(.text), "The words that the parameter may be, for one that is no number."),
      .optional("about", .text, "What it means."),
    ])

  static let fact = Schema(
    "fact", "Something that the description rests on.",
    keys: [
      .required("says", .text, "The fact."),
      .optional("source", .name(of: "a source"), "Where it is from."),
      .optional("assumed", .boolean, "Whether it is an assumption."),
      .optional("note", .text, "What to know of it."),
    ])

  static let cluster = Schema(
    "cluster", "Alike racks or boxes, or a few kinds of them, and the fabric between them.",
    keys: clusterBlock.keys.filter { $0.name != "name" } + [
      .optional("blocks", .list(.mapping("cluster block")), "Several kinds of racks or boxes with one fabric."),
      .optional("fabric", .mapping("fabric"), "The network between them; may be left out for a single one."),
      .optional("torus", .mapping("torus"), "Instead of all these: accelerators in a torus, without a network."),
    ])

  static let clusterBlock = Schema(
    "cluster block", "So many racks or boxes of one system.",
    keys: [
      .optional("name", .name(of: "the block in paths"), "Left out: `rack` or `box`, then `rack2`, …"),
      .optional("racks", .counted(of: "name of a system that is a rack"), "`8 × GB200-NVL72`."),
      .optional("boxes", .counted(of: "name of a system that is a box"), "`16 × DGX-H100`."),
      .optional(
        "in-use", .named(.count), "Lowest indices in use, by block or device: `{tray: 16}`; the rest stays in place."),
      .optional("with", .named(.name(of: "a part")), "Other parts for device rows of the system: `{nic: EFAv4-400G}`."),
    ])

  static let fabric = Schema(
    "fabric", "The network between racks or boxes; counts of switches follow from ports and speeds.",
    keys: [
      .required(
        "kind",
        .either([.choice(FabricKinds.all.map { $0.name }), .name(of: "a parameter")]),
        "How leaves and spines are laid out."),
      .required("switch", .name(of: "a switch"), "The switch of every tier."),
      .optional("oversubscription", .count, "Downlink over uplink capacity at the leaf; 1 or more."),
      .optional("planes", .count, "Independent copies of the fabric that every NIC is striped over."),
      .optional("rails", .count, "Rails; left out: the NICs of one tray or box."),
      .optional("racks-per-leaf", .count, "Racks or boxes that share leaf switches; left out: as many as fit."),
      .optional("link", .name(of: "a link"), "Kind of all its links; left out: those of the NIC and of the switch."),
      .optional(
        "in-switch-reduction", .boolean, "Whether its switches are set up to reduce (SHARP); false if left out."),
      .optional("switches-per-group", .count, "For `dragonfly`: left out, half as many as a switch has ports."),
      .optional(
        "endpoints-per-switch", .count, "For `dragonfly`: ports that serve NICs; left out, a quarter of a switch's."),
      .optional(
        "global-links", .count,
        "For `dragonfly`: ports of a switch that lead to other groups; left out, as the oversubscription asks."),
      .optional(
        "global-link", .name(of: "a link"), "For `dragonfly`: kind of the links between groups, if it is another."),
    ])

  static let torus = Schema(
    "torus", "Accelerators with direct links to their neighbours; every dimension closes into a ring.",
    keys: [
      .required("chip", .name(of: "an accelerator"), "What each of them is; it passes traffic of others on."),
      .required(
        "dimensions", .list(.count),
        "How many there are along each of up to four dimensions: `[16, 20, 28]`; a ring of two is one link."),
      .optional("link", .name(of: "a link"), "Kind of link between neighbours; left out: that of the accelerator."),
      .optional("links-per-neighbour", .count, "Parallel links to each neighbour; 1 if left out."),
    ])

  static let datacenter = Schema(
    "datacenter", "A cluster at one place.",
    keys: [
      .required("name", .name(of: "the datacenter in paths"), "Its name."),
      .required("cluster", .mapping("cluster"), "What stands there."),
    ])

  static let datacenterLink = Schema(
    "datacenter link", "A link between two datacenters; it needs `latency` or `distance`.",
    keys: [
      .required("between", .list(.name(of: "a datacenter")), "The two ends."),
      .required("link", .name(of: "a link"), "Kind of each channel."),
      .optional("count", .count, "Parallel channels; 1 if left out."),
      .optional("latency", .quantity("`60 ms`"), "Delay in one direction."),
      .optional("distance", .quantity("`12000 km`"), "Length of the fibre, from which the delay follows."),
    ])

  static let estate = Schema(
    "estate", "A composition by hand.",
    keys: block.keys.filter { ["blocks", "devices", "links", "in-use"].contains($0.name) } + [
      .optional("in-switch-reduction", .boolean, "Whether scale-up switches reduce."),
      .optional(
        "in-use", .named(.count), "Lowest indices in use, by block or device: `{tray: 16}`; the rest stays in place."),
    ])

  static let block = Schema(
    "block", "A repeated part of an estate with devices, links and further blocks in it.",
    keys: [
      .optional("count", .count, "How many there are in each enclosing block; 1 if left out."),
      .optional("tier", .choice(tierNames), "The tier that joins what is inside one of it."),
      .optional("system", .name(of: "a system"), "A rack or box whose content this is."),
      .optional("blocks", .named(.mapping("block")), "Blocks inside."),
      .optional("devices", .named(.mapping("device")), "Devices directly inside."),
      .optional("links", .list(.mapping("link")), "Links between parts inside."),
    ])

  static let device = Schema(
    "device", "A row of alike devices in a block.",
    keys: [
      .optional("count", .count, "How many there are in each block; 1 if left out."),
      .optional("part", .name(of: "an accelerator, CPU, NIC or switch"), "What they are; decides the kind."),
      .optional("kind", .choice(deviceKinds), "The kind, for a row without a part."),
      .optional("relays", .boolean, "Whether traffic of others may pass through; accelerators do not."),
    ])

  static let link = Schema(
    "link", "Links between two rows of devices by rule.",
    keys: [
      .required("from", .text, "Names from this block down to the device: `hall/leaf`."),
      .required("to", .text, "Likewise."),
      .optional(
        "match", .choice(["all", "aligned", "mesh"]),
        "`all`: every one with every one. `aligned`: index i with index i; rows of different length are divided into "
          + "equal runs. `mesh`: every one with every other of the same row."),
      .optional("depth", .integer, "For `aligned`: how many trailing names make up the index; 1 if left out."),
      .optional("per-pair", .count, "Parallel links between each linked pair; 1 if left out."),
      .required("link", .name(of: "a link"), "Kind of link."),
      .optional("tier", .choice(tierNames), "The tier that the link belongs to; left out: what its ends suggest."),
    ])

  static let graph = Schema(
    "graph", "A list of devices and links.",
    keys: [
      .required("devices", .named(.mapping("graph device")), "Devices by name; `\"gpu[0..7]\"` stands for eight."),
      .required("links", .list(.mapping("graph link")), "Links between them."),
      .optional("in-switch-reduction", .boolean, "Whether scale-up switches reduce."),
    ])

  static let graphDevice = Schema(
    "graph device", "A device, or a numbered row of them.", keys: device.keys.filter { $0.name != "count" })

  static let graphLink = Schema(
    "graph link", "Links between two devices, or between all of two numbered rows.",
    keys: [
      .required("between", .list(.text), "The two ends: `[\"gpu[0]\", sw0]`."),
      .required("link", .name(of: "a link"), "Kind of link."),
      .optional("count", .count, "Parallel links of each pair; 1 if left out."),
      .optional("tier", .choice(tierNames), "The tier; left out: what its ends suggest."),
    ])

  static let exception = Schema(
    "exception", "One thing that is not as the rules say.",
    keys: [
      .optional("absent", .selector, "Parts that are not there: `rack[3]/tray[17]`."),
      .optional("failed", .either([.selector, .mapping("link fault")]), "Parts or links that have failed."),
      .optional("degraded", .mapping("link fault"), "Links that carry less."),
      .optional("replaced", .mapping("replacement"), "A rack or box of another system with the same layout."),
    ])

  static let linkFault = Schema(
    "link fault", "Links between two selected rows.",
    keys: [
      .required("from", .selector, "One end."),
      .required("to", .selector, "The other end."),
      .optional("count", .count, "How many links of each pair have failed; all if left out."),
      .optional("bandwidth", .quantity("`200 Gb/s`"), "What each degraded link carries."),
      .optional("share", .number, "The same as a share of what it would carry: 0.5."),
    ])

  static let replacement = Schema(
    "replacement", "Racks or boxes that are another system.",
    keys: [
      .required("part", .selector, "Which ones: `rack[2]`."),
      .required("with", .name(of: "a system"), "A system of the same layout; its links take effect."),
    ])

  static let system = Schema(
    "system", "A rack or box.",
    keys: [
      .optional("system", .name(of: "the system"), "Its name, in a file of its own."),
      .required("unit", .choice(["rack", "box"]), "What one of it is."),
      .optional("about", .text, "What it is, in one sentence."),
      .optional("sources", .named(.mapping("source")), "Where its facts come from."),
      .optional("facts", .list(.mapping("fact")), "What the description rests on, with its source."),
      .optional("in-switch-reduction", .boolean, "Whether its scale-up switches reduce; false if left out."),
      .optional("network-ports", .text, "The device row that faces the fabric: `tray/nic`."),
      .optional("nic-ports", .count, "Ports of each of them in use; left out: what the part has."),
      .optional("blocks", .named(.mapping("block")), "Blocks inside."),
      .optional("devices", .named(.mapping("device")), "Devices directly inside."),
      .optional("links", .list(.mapping("link")), "Links between parts inside."),
    ])

  static let tierNames = ["device", "board", "rack", "leaf", "spine", "core", "core2", "datacenter", "wide-area"]
  static let deviceKinds = [
    "accelerator", "cpu", "numa-node", "pcie-switch", "nic", "scale-up-switch", "switch", "gateway",
  ]
}
