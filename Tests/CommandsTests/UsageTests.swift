import Commands
import Testing

@Suite struct UsageTests {
  @Test("--version prints the version and nothing else")
  func version() {
    let run = Run("--version")
    #expect(run.status == .done && run.complaints.isEmpty)
    #expect(run.output.wholeMatch(of: #/\d+\.\d+\.\d+\n/#) != nil)
  }

  @Test("Help goes to standard output", arguments: ["--help", "help", "help estimate", "compare --help"])
  func help(_ line: String) {
    let run = Run(line)
    #expect(run.status == .done && run.complaints.isEmpty)
    #expect(run.output.contains("USAGE: isochrone"))
  }

  @Test(
    "Wrong usage ends with status 64, says so on standard error and leaves standard output empty",
    arguments: [
      ("estimat all-reduce gb200-nvl72", "did you mean 'estimate'?"),
      ("frobnicate", "known are: estimate, compare, describe"),
      ("estimate", "Missing expected argument"),
      ("estimate all-reduce", "Missing expected argument"),
      ("estimate all-reduec gb200-nvl72", "did you mean 'all-reduce'?"),
      ("estimate all-reduce gb200-nvl72 --size 8B", "Did you mean '--sizes'?"),
      ("estimate all-reduce gb200-nvl72 --sizes 8", "--sizes:1:1: error: '8' needs a unit"),
      ("estimate all-reduce gb200-nvl72 --format jsn", "did you mean 'json'?"),
      ("estimate all-reduce gb200-nvl72 --protocol LL182", "did you mean 'LL128'?"),
      ("estimate all-reduce gb200-nvl72 --launcher torsh", "did you mean 'torch'?"),
      ("estimate all-reduce gb200-nvl72 --in-switch maybe", "known are: auto, on, off"),
      ("estimate all-reduce gb200-nvl72 --ranks many", "--ranks"),
      ("estimate all-reduce gb200-nvl72 --ranks 0", "at least 1"),
      ("estimate all-reduce gb200-nvl72 --gpus-per-process 0", "at least 1"),
      ("estimate all-reduce gb200-nvl72 dgx-h100", "Unexpected argument"),
      ("compare gb200-nvl72", "at least two"),
      ("compare gb200-nvl72 gb300-nvl72 --collective all-reduc", "did you mean 'all-reduce'?"),
      ("catalog GB2000", "did you mean 'GB200'"),
      ("catalog --check GB200", "takes no name"),
      ("catalog --format csv", "has no form 'csv'"),
    ])
  func wrong(_ line: String, _ message: String) {
    let run = Run(line)
    #expect(run.status == .usage)
    #expect(run.output.isEmpty)
    #expect(run.complaints.contains(message), "\(run.complaints)")
  }

  @Test("All mistakes of a command line are told at once")
  func several() {
    let run = Run("estimate all-reduec gb200-nvl72 --sizes 8B,3MX --format yaml")
    for part in ["all-reduec", "3MX", "yaml"] { #expect(run.complaints.contains(part)) }
  }

  @Test("Each value of an option that is given twice is shown at its own mistake")
  func repeated() {
    let run = Run("compare gb200-nvl72 gb300-nvl72 --collective foo --collective barbaz")
    #expect(run.complaints.contains("1 | foo") && run.complaints.contains("1 | barbaz"))
  }
}
