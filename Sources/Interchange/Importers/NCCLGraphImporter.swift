import ClusterModel
public import Diagnostics
import HardwareCatalog
import Quantities

/// Graph files of NCCL: the rings and trees that a communicator has chosen.
public struct NCCLGraphImporter: Importer {
  /// The name in commands.
  public let name = "nccl-graph"
  /// What it is.
  public let about = "NCCL graph XML (NCCL_GRAPH_DUMP_FILE)"

  /// An importer.
  public init() {}

  /// Whether the first element is `<graphs>`.
  public func recognises(_ text: SourceText) -> Bool { text.firstElement == "graphs" }

  /// Reads a file as one host whose GPUs meet in one switch at the rate that all channels have together.
  public func site(_ text: SourceText, _ options: ImportOptions, _ list: inout DiagnosticList) -> Site? {
    guard let root = XMLReader.root(of: text, &list) else { return nil }
    guard root.name == "graphs" else {
      list.error("import.format", "the outermost element is <\(root.name)>, not <graphs>", at: root.range(in: text))
      return nil
    }
    let before = list.count
    var found = Found()
    for graph in root.children("graph") { found.read(graph, text, &list) }
    guard list.count == before else { return nil }
    guard !found.gpus.isEmpty else {
      list.error("import.no-accelerator", "no channel names a GPU", at: root.range(in: text))
      return nil
    }
    return found.site(options)
  }

  /// What the graphs say together.
  private struct Found {
    /// GPUs in the order of the first ring.
    var gpus: [Int] = []
    var adapters: [Int] = []
    var intra: (rate: Bandwidth, kind: String, channels: Int)?
    var inter: Bandwidth?
    var patterns: [String] = []

    mutating func read(_ graph: XMLElement, _ text: SourceText, _ list: inout DiagnosticList) {
      let names = ["0": "ring", "1": "tree", "2": "CollNet chain", "3": "NVLS", "4": "CollNet direct"]
      let id = graph["id"] ?? ""
      let channels = graph.children("channel")
      if let said = graph.integer("nchannels", in: 0...1024, text, &list), said != channels.count {
        list.error(
          "import.count", "nchannels is \(said), but \(channels.count) channels follow", at: graph.range(in: text))
      }
      patterns.append("\(names[id] ?? "graph \(id)") of \(channels.count) channels")
      for channel in channels {
        for child in channel.children {
          // Several hosts of one domain stand in the upper byte.
          guard let device = NCCLGraphImporter.integer(child["dev"]) else {
            list.error("import.number", "'dev' must be a number", at: child.range(in: text))
            continue
          }
          if child.name == "gpu", !gpus.contains(device) { gpus.append(device) }
          if child.name == "net", !adapters.contains(device) { adapters.append(device) }
        }
      }
      guard let speed = graph["speedintra"].flatMap(Double.init), speed.isFinite, speed > 0, speed < 1e6,
        !channels.isEmpty
      else { return }
      let rate = Bandwidth.gigabytesPerSecond(speed * Double(channels.count))
      if intra.map({ $0.rate < rate }) ?? true { intra = (rate, graph["typeintra"] ?? "", channels.count) }
      if let speed = graph["speedinter"].flatMap(Double.init), speed.isFinite, speed > 0, speed < 1e6 {
        let rate = Bandwidth.gigabytesPerSecond(speed * Double(channels.count))
        inter = max(inter ?? rate, rate)
      }
    }

    func site(_ options: ImportOptions) -> Site {
      var site = Site(name: "NCCL graphs", parts: OwnParts(catalog: options.catalog))
      site.note(.found, patterns.joined(separator: ", "))
      site.note(.unsaid, "the GPUs' model and the links themselves: the file holds what NCCL has chosen of them")
      let host = site.add(Site.Host(name: "host"))
      let isNVLink = ["NVL", "NVB"].contains(intra?.kind ?? "")
      let rate = intra?.rate ?? .gigabytesPerSecond(12)
      let link = site.parts.add(
        OwnParts.name("channels-\(OwnParts.text(rate))"), to: .links,
        "{like: \(isNVLink ? "NVLink-4" : "PCIe-4-x16"), label: channels, figures: {bandwidth: "
          + "\(OwnParts.figure(rate, note: "all channels together, \(intra?.kind ?? "")"))}}")
      site.note(.assumed, "GPUs meet in one switch at \(OwnParts.text(rate)) each, what their channels carry together")
      let hub = site.add(
        .init(name: "hub", kind: isNVLink ? .scaleUpSwitch : .pcieSwitch, host: host))
      for device in gpus.sorted() {
        let gpu = site.add(.init(name: "gpu\(device)", kind: .accelerator, host: host))
        site.link(gpu, hub, link)
      }
      guard !adapters.isEmpty, let inter else { return site }
      let share = inter * (1 / Double(adapters.count))
      let part = site.parts.nic(.infiniband, share)
      let pcie = site.add(.init(name: "pcie", kind: .pcieSwitch, host: host))
      for gpu in site.indices(of: .accelerator) { site.link(gpu, pcie, "PCIe-5-x16") }
      for device in adapters.sorted() {
        let nic = site.add(.init(name: "net\(device)", kind: .nic, part: part, host: host))
        site.link(nic, pcie, "PCIe-5-x16")
      }
      return site
    }
  }

  /// A number as NCCL writes it: decimal, or hexadecimal with `0x`.
  private static func integer(_ text: String?) -> Int? {
    guard let text = text?.lowercased() else { return nil }
    return text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
  }
}
