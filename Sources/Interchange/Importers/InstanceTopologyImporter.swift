import ClusterModel
public import Diagnostics
import Documents

/// The answer of `aws ec2 describe-instance-topology`.
public struct InstanceTopologyImporter: Importer {
  /// The name in commands.
  public let name = "aws-instance-topology"
  /// What it is.
  public let about = "the JSON of aws ec2 describe-instance-topology"

  /// The shipped systems of instance types.
  private static let systems = [
    "p3dn.24xlarge": "AWS-P3dn", "p4d.24xlarge": "AWS-P4d", "p4de.24xlarge": "AWS-P4d", "p5.48xlarge": "AWS-P5",
    "p5e.48xlarge": "AWS-P5", "p5en.48xlarge": "AWS-P5en",
  ]

  /// An importer.
  public init() {}

  /// Whether it is JSON with network nodes.
  public func recognises(_ text: SourceText) -> Bool {
    let start = text.text.prefix(4000)
    return start.trimming.hasPrefix("{") && start.contains("\"NetworkNodes\"")
      || start.trimming.hasPrefix("{") && start.contains("\"Instances\"") && text.text.contains("\"NetworkNodes\"")
  }

  /// Reads an answer: a tree of network nodes with instances at its leaves.
  public func site(_ text: SourceText, _ options: ImportOptions, _ list: inout DiagnosticList) -> Site? {
    guard let root = text.document(&list)?.mapping("the file", &list) else { return nil }
    guard let instances = (root["Instances"] ?? root["CapacityReservations"])?.sequence("Instances", &list) else {
      list.error("import.format", "there is no list 'Instances'", at: root.range)
      return nil
    }
    let before = list.count
    var tree = HostTree()
    var numberOf: [String: Int] = [:]
    var types: Set<String> = []
    for node in instances {
      guard let instance = node.mapping("an instance", &list) else { continue }
      let names = instance["NetworkNodes"]?.sequence("NetworkNodes", &list)?
        .compactMap { $0.text("a network node", &list) }
      guard let id = (instance["InstanceId"] ?? instance["CapacityReservationId"])?.text("InstanceId", &list) else {
        list.error("import.record", "an instance needs its 'InstanceId'", at: node.range)
        continue
      }
      guard let names, !names.isEmpty else {
        list.error("import.record", "\(id.value) has no 'NetworkNodes'", at: node.range)
        continue
      }
      for (level, name) in names.enumerated() {
        let number = numberOf[name.value] ?? tree.switches.count
        if number == tree.switches.count {
          numberOf[name.value] = number
          tree.switches.append(.init(name: name.value, place: name.range))
        }
        if level > 0, let above = numberOf[names[level - 1].value],
          !tree.switches[above].children.contains(where: { $0.name == name.value })
        {
          tree.switches[above].children.append(.init(name: name.value, place: name.range))
        }
        if level == names.count - 1 { tree.switches[number].hosts.append(.init(name: id.value, place: id.range)) }
      }
      if let type = instance["InstanceType"]?.scalar?.text {
        types.insert(type)
        if let system = InstanceTopologyImporter.systems[type] { tree.systems[id.value] = system }
      }
      addDomain(instance, id, to: &tree)
    }
    guard list.count == before else { return nil }
    let place = SourceRange(file: text.name, start: root.range.start)
    var site = tree.site(named: "AWS instances", options, at: place, &list)
    site?.note(.found, "instance types: \(types.sorted().joined(separator: ", "))")
    if let token = root["NextToken"]?.scalar, !token.isNull, token.text != "null" {
      site?.note(.unsaid, "further instances: the answer goes on at its NextToken")
    }
    return site
  }

  /// Capacity blocks of rack-scale instances are NVLink domains.
  private func addDomain(_ instance: Mapping, _ id: Located<String>, to tree: inout HostTree) {
    guard let block = instance["CapacityBlockId"]?.scalar, !block.isNull, block.text != "null",
      instance["InstanceType"]?.scalar?.text.hasPrefix("p6e") ?? false
    else { return }
    let host = HostTree.Located(name: id.value, place: id.range)
    if let place = tree.domains.firstIndex(where: { $0.name == block.text }) {
      tree.domains[place].hosts.append(host)
    } else {
      tree.domains.append(.init(name: block.text, hosts: [host]))
    }
  }
}
