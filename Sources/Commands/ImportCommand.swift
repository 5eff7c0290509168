import ArgumentParser
import Diagnostics
import Interchange
import TopologyFiles

/// The command `isochrone import FORMAT FILE`.
struct ImportCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "A topology file of this program from what another tool has written.",
    discussion: """
      FORMAT is one of \(Importers.all.map { $0.name }.joined(separator: ", ")). The topology goes to standard output, \
      or with --output to a file. Several files of nodes and one of the fabric between them make one cluster: \
      import nccl-xml --nodes dump-0.xml --nodes dump-1.xml --fabric ibnetdiscover.out; they are joined by the GUIDs \
      of their adapters or the names of their files.
      """)

  @Argument(help: .init("What the file is.", valueName: "format"))
  var format: String

  @Argument(help: "The file of another tool.")
  var file: String?

  @Option(name: .shortAndLong, help: .init("Write here instead of standard output.", valueName: "file"))
  var output: String?

  @Flag(help: "Overwrite the output file if it exists.")
  var force = false

  @Option(
    help: .init("The shipped box that each host is, where the file does not show it: DGX-H100.", valueName: "name"))
  var system: String?

  @Option(
    parsing: .upToNextOption,
    help: .init("Files of nodes in the format; * stands for any part of a file's name.", valueName: "files"))
  var nodes: [String] = []

  @Option(help: .init("The file of the fabric between the nodes, of any format.", valueName: "file"))
  var fabric: String?

  func answer(in environment: any Environment) throws -> ExitStatus {
    guard let importer = Importers.named(format.lowercased()) else {
      throw Failure(
        "usage.choice", "unknown format '\(format)'",
        notes: Failure.help(for: format, among: Importers.all.map { $0.name }),
        status: .usage)
    }
    if let output, !force, environment.exists(output) {
      throw Failure(
        "file.exists", "'\(output)' exists already", notes: ["--force overwrites it"], status: .usage)
    }
    let loader = ForeignLoader(environment, system: system)
    let site: Site
    let origin: String
    if let file, nodes.isEmpty, fabric == nil {
      site = try loader.site(of: file, importer)
      origin = "\(importer.name) \(ForeignLoader.fileName(file))"
    } else if file == nil, !nodes.isEmpty {
      site = try loader.joined(nodes: nodes, importer, fabric: fabric)
      origin = "\(importer.name) files of nodes" + (fabric.map { " and \(ForeignLoader.fileName($0))" } ?? "")
    } else {
      throw Failure(
        "usage.import", "give either one file, or --nodes and --fabric", status: .usage)
    }
    let text = TopologyText(site, origin: origin).text
    try loader.check(text, named: output ?? file ?? "import")
    if let output { try environment.write(text, to: output) } else { try environment.print(text) }
    for note in site.notes where note.kind == .unjoined { environment.complain("warning: not joined: \(note.text)\n") }
    return .done
  }
}
