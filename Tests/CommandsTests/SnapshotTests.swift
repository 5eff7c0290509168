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
      ("usage-mistakes", "estimate all-reduec gb200-nvl72 --sizes 8B,3MX,0B --format yaml"),
    ])
  func recorded(_ name: String, _ line: String) throws {
    let run = Run(line, in: FakeEnvironment(files: Logs.files, terminalWidth: 100))
    let answer = "status \(run.status.rawValue)\n--- output\n\(run.output)--- complaints\n\(run.complaints)"
    let file = SnapshotTests.folder.appending(path: "\(name).txt")
    if SnapshotTests.isRecording { try Data(answer.utf8).write(to: file) }
    #expect(answer == String(decoding: try Data(contentsOf: file), as: UTF8.self))
  }
}
