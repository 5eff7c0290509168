import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog

extension CompositionReader {
  /// A composition by hand.
  mutating func estate(_ node: Node) -> Draft? {
    guard let fields = Fields(node, Language.estate, &list) else { return nil }
    let before = list.count
    var root = Composition.Block(name: "")
    content(of: fields, into: &root, at: Position())
    var draft = Draft(composition: Composition(root: root), inSwitchReduction: false, transport: nil)
    draft.inSwitchReduction = fields.boolean("in-switch-reduction", &list)?.value ?? reducesInSwitches
    limit(fields, in: root, at: [], of: &draft)
    let devices = CompositionIndex(root).parts.compactMap(\.device)
    if list.count == before, !devices.contains(where: { $0.kind == .accelerator }) {
      list.error("estate.no-accelerator", "there is no accelerator in the estate", at: fields.mapping.range)
    }
    if let nic = devices.first(where: { $0.kind == .nic }).flatMap({ scope.catalog.nic($0.part) }) {
      draft.transport = nic.transport
      draft.transportVersion = nic.transportVersion
    }
    return list.count == before ? draft : nil
  }
}
