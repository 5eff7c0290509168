import ClusterModel
import Diagnostics
import Documents

extension CompositionReader {
  private static let forms = ["cluster", "datacenters", "estate", "graph"]

  /// The cluster that a file describes in one of its forms; nil after an error.
  /// - Parameter mayBeLibrary: Whether a file of parts and systems alone, for others to import, is right as it is.
  mutating func cluster(of fields: Fields, named name: String, mayBeLibrary: Bool) -> Cluster? {
    let forms = CompositionReader.forms.filter { fields[$0] != nil }
    guard let form = forms.first, let node = fields[form] else {
      checkOwnSystems()
      guard !mayBeLibrary || fields["parts"] == nil && fields["systems"] == nil else { return nil }
      list.error(
        "file.no-form", "the file describes no cluster: it needs one of 'cluster', 'datacenters', 'estate' and 'graph'",
        at: fields.mapping.range)
      return nil
    }
    for other in forms.dropFirst() {
      list.error(
        "file.several-forms", "a file holds one of 'cluster', 'datacenters', 'estate' and 'graph'",
        at: fields.place(of: other))
    }
    if form != "datacenters", let place = fields.place(of: "links") {
      list.error("file.links", "'links' of a file join datacenters; here they belong inside of '\(form)'", at: place)
    }
    let exceptionNodes = fields.sequence("exceptions", &list) + furtherExceptions
    origins.whole = fields.place(of: form) ?? node.range
    if form == "graph" {
      let cluster = graph(node, exceptions: exceptionNodes, named: name)
      checkOwnSystems()
      return cluster
    }
    let draft = draft(node, form: form, fields)
    checkOwnSystems()
    guard var draft else { return nil }
    exceptions(exceptionNodes, in: &draft)
    return compiled(draft, named: name)
  }

  /// Reads the systems of the user's own for their mistakes alone; what is read again is reported once.
  private mutating func checkOwnSystems() {
    var reader = self
    reader.substitutes = [:]
    for name in scope.systems.keys.sorted() { _ = reader.system(Located(name, at: origins.whole), at: Position()) }
    list = reader.list
  }

  private mutating func draft(_ node: Node, form: String, _ fields: Fields) -> Draft? {
    switch form {
    case "cluster": return cluster(node, at: Position())
    case "estate": return estate(node)
    default:
      guard let nodes = node.sequence(form, &list) else { return nil }
      let draft = datacenters(nodes, links: fields.sequence("links", &list))
      if nodes.isEmpty { list.error("cluster.empty", "'datacenters' lists none", at: node.range) }
      return draft
    }
  }

  private mutating func graph(_ node: Node, exceptions: [Node], named name: String) -> Cluster? {
    guard let fields = Fields(node, Language.graph, &list) else { return nil }
    var reader = GraphReader(reader: self)
    var cluster: Cluster?
    if reader.read(fields) {
      reader.exceptions(exceptions)
      cluster = reader.cluster(fields, name: name)
    }
    self = reader.reader
    return cluster
  }
}
