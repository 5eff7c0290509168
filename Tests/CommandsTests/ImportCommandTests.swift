import Diagnostics
import Foundation
import Testing

@testable import Commands

@Suite struct ImportCommandTests {
  /// Two boxes behind one switch as three tools see them, and a box that stands nowhere.
  private static func machine(nodes: [String]) -> FakeEnvironment {
    let environment = FakeEnvironment()
    let node = Run("export nccl-xml dgx-h100:nodes=2", in: FakeEnvironment()).output
    let fabric = Run("export ibnetdiscover dgx-h100:nodes=2", in: FakeEnvironment()).output
    try? environment.write(fabric, to: "fabric.out")
    for name in nodes { try? environment.write(node, to: "dumps/\(name).xml") }
    return environment
  }

  private func answer(_ line: String, in environment: FakeEnvironment) throws -> [String: Any] {
    let run = Run(line + " --format json", in: environment)
    #expect(run.status == .done, "\(run.complaints)")
    let last = run.output.firstRange(of: "{\n").map { run.output[$0.lowerBound...] } ?? ""
    return try #require(JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
  }

  // MARK: One file

  @Test("A file goes to standard output as a topology that other commands take")
  func one() throws {
    let environment = FakeEnvironment(files: ["tree.conf": "SwitchName=leaf Nodes=gpu[1-4]\n"])
    let run = Run("import slurm tree.conf --system DGX-H100", in: environment)
    #expect(run.status == .done && run.complaints.isEmpty, "\(run.complaints)")
    #expect(run.output.contains("isochrone: 1\n") && run.output.contains("# Not said by the source: "))
    try environment.write(run.output, to: "own.yaml")
    let told = try answer("describe own.yaml", in: FakeEnvironment(files: environment.contents))
    #expect(told["acceleratorCount"] as? Int == 32)
  }

  @Test(
    "Files of other tools are taken in place of a topology, as they are said to be or by their content",
    arguments: ["describe tree.conf", "describe tree.conf --from slurm", "estimate all-reduce tree.conf --sizes 1MiB"])
  func direct(_ line: String) throws {
    let told = try answer(line, in: FakeEnvironment(files: ["tree.conf": "SwitchName=leaf Nodes=gpu[1-4]\n"]))
    #expect(told["acceleratorCount"] as? Int ?? told["ranks"] as? Int == 4)
  }

  @Test(
    "What cannot be read ends with the contract's status and says where and why",
    arguments: [
      ("import slurm none.conf", Commands.ExitStatus.noInput, "no such file: 'none.conf'"),
      ("import slurn tree.conf", .usage, "did you mean 'slurm'?"),
      ("import slurm bad.conf", .badData, "bad.conf:2:1: error: unknown key 'Nods'"),
      ("import slurm", .usage, "give either one file, or --nodes and --fabric"),
      ("import slurm tree.conf --nodes tree.conf", .usage, "give either one file, or --nodes and --fabric"),
      ("import slurm tree.conf --system DGX-H10", .badData, "did you mean 'DGX-H100'"),
      ("import slurm tree.conf -o taken.yaml", .usage, "'taken.yaml' exists already"),
      ("import slurm tree.conf -o /nowhere/a.yaml", .noInput, "No such file or directory"),
      ("describe notes.txt", .badData, "notes.txt"),
      ("describe tree.conf --from slurn", .usage, "did you mean 'slurm'?"),
    ])
  func refusals(_ line: String, _ status: Commands.ExitStatus, _ message: String) {
    let files = [
      "tree.conf": "SwitchName=leaf Nodes=gpu[1-4]\n", "bad.conf": "SwitchName=leaf Nodes=gpu1\nNods=gpu[1-4]\n",
      "taken.yaml": "mine", "notes.txt": "Dear reader,\n",
    ]
    let environment = FakeEnvironment(files: files)
    let run = Run(line, in: environment)
    #expect(run.status == status && run.output.isEmpty)
    #expect(run.complaints.contains(message), "\(run.complaints)")
    #expect(environment.contents == files)
  }

  @Test("An existing file is overwritten with --force, and only then")
  func force() {
    let environment = FakeEnvironment(files: ["tree.conf": "SwitchName=leaf Nodes=gpu[1-4]\n", "out.yaml": "mine"])
    #expect(Run("import slurm tree.conf -o out.yaml", in: environment).status == .usage)
    #expect(environment.contents["out.yaml"] == "mine")
    #expect(Run("import slurm tree.conf -o out.yaml --force", in: environment).status == .done)
    #expect(environment.contents["out.yaml"]?.contains("isochrone: 1") ?? false)
    #expect(Run("export dot dgx-h100 -o out.yaml", in: environment).status == .usage)
    #expect(Run("export dot dgx-h100 -o out.yaml --force", in: environment).status == .done)
    #expect(environment.contents["out.yaml"]?.hasPrefix("graph ") ?? false)
  }

  @Test("A gigabyte is refused unread, with the limit named")
  func gigabyte() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "isochrone-\(UUID().uuidString).xml")
    try Data("<system>".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let handle = try FileHandle(forWritingTo: file)
    try handle.truncate(atOffset: 1 << 30)
    try handle.close()
    do throws(Failure) {
      _ = try ForeignLoader(ProcessEnvironment()).text(of: file.path)
      Issue.record("a gigabyte was read")
    } catch {
      #expect(error.status == .badData)
      let message = error.diagnostics.first?.message ?? ""
      #expect(message.contains("64 MiB") || message.contains("67108864"), "\(message)")
    }
  }

  /// What becomes of a file that holds some bytes.
  private static func text(_ bytes: [UInt8]) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "isochrone-\(UUID().uuidString).xml")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    do throws(Failure) {
      return try ForeignLoader(ProcessEnvironment()).text(of: file.path).text
    } catch {
      return "\(error.status): "
        + (error.diagnostics.first.map { ([$0.message] + $0.notes).joined(separator: "; ") } ?? "")
    }
  }

  @Test("Marks of the byte order are passed over, other encodings and binary files refused")
  func encodings() throws {
    #expect(try Self.text([0xEF, 0xBB, 0xBF] + Array("<system/>".utf8)) == "<system/>")
    #expect(try Self.text([]).isEmpty)
    #expect(try Self.text([0xFF, 0xFE, 0x3C, 0x00]).contains("it looks like UTF-16"))
    #expect(try Self.text([0x3C, 0x86, 0x00]).contains("badData: the file is not UTF-8"))
  }

  @Test("Line breaks of Windows change nothing", arguments: ["nccl-xml", "ibnetdiscover", "slurm-tree", "graphml"])
  func lineBreaks(_ format: String) throws {
    let text = Run("export \(format) dgx-h100:nodes=2", in: FakeEnvironment()).output
    let name = format == "slurm-tree" ? "slurm" : format
    let plain = Run("import \(name) a", in: FakeEnvironment(files: ["a": text]))
    let other = Run("import \(name) a", in: FakeEnvironment(files: ["a": text.replacing("\n", with: "\r\n")]))
    #expect(plain.status == .done && plain.output == other.output)
  }

  @Test("A folder and a named pipe are no files, and are refused at once")
  func noFiles() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "isochrone-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let pipe = folder.appending(path: "pipe")
    try #require(mkfifo(pipe.path, 0o600) == 0)
    for (path, message) in [(folder.path, "is a folder"), (pipe.path, "it is a named pipe")] {
      do throws(Failure) {
        _ = try ForeignLoader(ProcessEnvironment()).text(of: path)
        Issue.record("\(path) was read")
      } catch {
        #expect(error.status == .noInput && error.diagnostics.first?.message.contains(message) ?? false)
      }
    }
  }

  // MARK: Several files

  @Test("Dumps of nodes and one of the fabric are one cluster: the shipped one that they were made of")
  func joined() throws {
    let environment = Self.machine(nodes: ["node1", "node2"])
    let run = Run("import nccl-xml --nodes dumps/*.xml --fabric fabric.out -o own.yaml", in: environment)
    #expect(run.status == .done && run.complaints.isEmpty, "\(run.complaints)")
    #expect(try DescribedFacts("own.yaml", in: environment) == DescribedFacts("dgx-h100:nodes=2", in: environment))
  }

  @Test("Nodes are told by the GUIDs of their adapters, whatever their files are called")
  func identities() throws {
    let environment = Self.machine(nodes: ["dump-0"])
    let run = Run("import nccl-xml --nodes dumps/dump-0.xml --fabric fabric.out", in: environment)
    #expect(run.status == .done)
    #expect(run.complaints == "warning: not joined: 1 host of the fabric without a node: node2\n")
    #expect(run.output.contains("# Not joined: 1 host of the fabric without a node: node2."))
  }

  @Test("Switches that serve hosts only which nobody describes are left out")
  func pruned() throws {
    let environment = Self.machine(nodes: ["node1", "node2"])
    let fabric = Run("export ibnetdiscover dgx-h100:nodes=33", in: FakeEnvironment()).output
    try environment.write(fabric, to: "fabric.out")
    let run = Run("import nccl-xml --nodes dumps/*.xml --fabric fabric.out -o own.yaml", in: environment)
    #expect(run.status == .done, "\(run.complaints)")
    // One leaf group and the spines above it, not the other group's leaves.
    let tiers = try answer("describe own.yaml", in: environment)["tiers"] as? [[String: Any]]
    #expect(tiers?.compactMap { $0["tier"] as? String } == ["board", "leaf", "spine"])
  }

  @Test("What does not join is listed, on standard error and in the file")
  func unjoined() {
    let environment = Self.machine(nodes: ["node1", "node2", "spare", "stock"])
    let run = Run("import nccl-xml --nodes dumps/*.xml --fabric fabric.out", in: environment)
    #expect(run.status == .done)
    #expect(run.complaints == "warning: not joined: 2 nodes that the fabric does not hold: spare, stock\n")
    #expect(run.output.contains("# Not joined: 2 nodes that the fabric does not hold: spare, stock."))
  }

  @Test(
    "Nodes that nothing joins are refused",
    arguments: [
      ("import nccl-xml --nodes dumps/*.xml", "nothing says how the 2 nodes are joined"),
      ("import nccl-xml --nodes dumps/*.xml --fabric other.conf", "no node is in the fabric"),
    ])
  func strangers(_ line: String, _ message: String) throws {
    let environment = Self.machine(nodes: ["a", "b"])
    try environment.write("SwitchName=leaf Nodes=cpu[1-4]\n", to: "other.conf")
    let run = Run(line, in: environment)
    #expect(run.status == .badData && run.complaints.contains(message), "\(run.complaints)")
  }

  @Test("A pattern that no file fits is a missing file")
  func pattern() {
    let run = Run("import nccl-xml --nodes dumps/*.txt --fabric fabric.out", in: Self.machine(nodes: ["node1"]))
    #expect(run.status == .noInput && run.complaints.contains("no file matches 'dumps/*.txt'"))
  }
}
