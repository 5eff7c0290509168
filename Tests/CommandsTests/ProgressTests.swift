import Testing

@testable import Commands

@Suite struct ProgressTests {
  @Test("Long work is told with its rate and the time left, and the line is taken away")
  func told() {
    let environment = FakeEnvironment(showsComplaints: true)
    let squares = environment.working(on: 1...4, "numbers", isQuiet: false) { $0 * $0 }
    #expect(squares == [1, 4, 9, 16])
    #expect(
      environment.complaints
        == "\r1 of 4 numbers, 1.0 a second, 3.00 s left\u{1B}[K\r2 of 4 numbers, 1.0 a second, 2.00 s left\u{1B}[K"
        + "\r3 of 4 numbers, 1.0 a second, 1.00 s left\u{1B}[K\r\u{1B}[K")
    #expect(environment.output.isEmpty)
  }

  @Test("Nothing is told where nobody watches, and with --quiet")
  func silent() throws {
    let pipe = FakeEnvironment()
    _ = pipe.working(on: 1...4, "numbers", isQuiet: false) { $0 }
    #expect(pipe.complaints.isEmpty)
    for (words, isSilent) in [("", false), (" --quiet", true)] {
      let terminal = FakeEnvironment(showsComplaints: true)
      #expect(Run("request two-sites --day\(words)", in: terminal).status == .done)
      #expect(terminal.complaints.isEmpty == isSilent)
      #expect(terminal.complaints.contains("1 of 2 half days") != isSilent)
    }
  }

  @Test("The line is taken away also where the work fails")
  func failing() {
    struct Broken: Error {}
    let environment = FakeEnvironment(showsComplaints: true)
    #expect(throws: Broken.self) {
      try environment.working(on: 1...9, "numbers", isQuiet: false) { if $0 == 4 { throw Broken() } }
    }
    #expect(environment.complaints.hasSuffix("\r\u{1B}[K"))
  }
}
