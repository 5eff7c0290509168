import Commands
import Foundation
import Testing

/// Whole answers, compared with those recorded beside the tests; `Scripts/snapshots` records them anew.
@Suite struct SnapshotTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Snapshots")
  private static let isRecording = ProcessInfo.processInfo.environment["ISOCHRONE_RECORD_SNAPSHOTS"] == "1"

  @Test(
    "The answer is the recorded one",
    arguments: [
      ("help", "--help"),
      ("help-estimate", "estimate --help"),
      ("help-compare", "compare --help"),
      ("describe-rack", "describe gb300-nvl72"),
      ("estimate-rack", "estimate all-reduce gb200-nvl72"),
      ("compare-racks", "compare gb200-nvl72:racks=8 gb300-nvl72:racks=8 --sizes 1MiB..16GiB*16"),
      ("help-diagnose", "diagnose --help"),
      ("help-calibrate", "calibrate --help"),
      ("diagnose-slow", "diagnose slow.log --on dgx-h100 --fail-below 0.9"),
      ("calibrate-box", "calibrate healthy.log --on dgx-h100"),
      ("catalog-switch", "catalog Quantum-2"),
      ("help-bound", "bound --help"),
      ("help-what-if", "what-if --help"),
      ("help-share", "share --help"),
      ("request-two-sites", "request two-sites --explain"),
      ("rtt-fitted", "rtt Tokyo Frankfurt"),
      ("usage-mistakes", "estimate all-reduec gb200-nvl72 --sizes 8B,3MX,0B --format yaml"),
    ])
  func recorded(_ name: String, _ line: String) throws {
    let run = Run(line, in: FakeEnvironment(files: Logs.files, terminalWidth: 100))
    let answer = "status \(run.status.rawValue)\n--- output\n\(run.output)--- complaints\n\(run.complaints)"
    let file = SnapshotTests.folder.appending(path: "\(name).txt")
    if SnapshotTests.isRecording { try Data(answer.utf8).write(to: file) }
    #expect(answer == String(decoding: try Data(contentsOf: file), as: UTF8.self))
  }

  @Test(
    "The page is the recorded one",
    arguments: [
      ("page-compare", "compare gb200-nvl72:racks=8 gb300-nvl72:racks=8 --sizes 1MiB,64MiB,4GiB"),
      ("page-estimate", "estimate all-reduce dgx-h100:nodes=4 --sizes 64KiB,16MiB,1GiB --explain"),
      ("page-describe", "describe gb300-nvl72:racks=8"),
      ("page-what-if", "what-if all-reduce gb200-nvl72:racks=2 --fail rack[0]/nvswitch[0]"),
      ("page-diagnose", "diagnose slow.log --on dgx-h100"),
      ("page-bound", "bound all-gather gb200-nvl72:racks=2 --sizes 1MiB,1GiB"),
      ("page-request", "request two-sites"),
      ("page-day", "request two-sites --day"),
    ])
  func pages(_ name: String, _ line: String) throws {
    let environment = FakeEnvironment(files: Logs.files)
    #expect(Run("\(line) --html page.html", in: environment).status == .done)
    let page = try #require(environment.contents["page.html"])
    let file = SnapshotTests.folder.appending(path: "\(name).html")
    if SnapshotTests.isRecording { try Data(page.utf8).write(to: file) }
    #expect(page == String(decoding: try Data(contentsOf: file), as: UTF8.self))
    #expect(page.utf8.count < 300_000)
  }

  private static let validator = "/usr/bin/tidy"

  /// What the validator says of a page.
  private func complaints(of page: Data) throws -> String {
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: SnapshotTests.validator)
    process.arguments = ["-quiet", "-errors"]
    (process.standardInput, process.standardOutput, process.standardError) = (input, Pipe(), output)
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: page)
    try input.fileHandleForWriting.close()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }

  @Test(
    "A validator finds nothing to say of the recorded pages",
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: validator),
      "not installed: tidy (Scripts/install-dependencies --test-tools installs it)"))
  func valid() throws {
    let pages = try FileManager.default.contentsOfDirectory(atPath: SnapshotTests.folder.path)
      .filter { $0.hasSuffix(".html") }
    #expect(pages.count >= 8)
    for name in pages {
      let page = try Data(contentsOf: SnapshotTests.folder.appending(path: name))
      #expect(try complaints(of: page) == "", "\(name)")
      let broken = String(decoding: page, as: UTF8.self).replacing("</h1>", with: "</h2>")
      #expect(try complaints(of: Data(broken.utf8)) != "")
    }
  }
}
