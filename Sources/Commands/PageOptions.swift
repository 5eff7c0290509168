import ArgumentParser
import Reports

/// Where an answer goes besides standard output.
struct PageOptions: ParsableArguments {
  @Option(help: .init("Also write the answer as an HTML page with charts and drawings.", valueName: "file"))
  var html: String?
}

extension Environment {
  /// Writes a report to standard output.
  /// - Throws: `Failure` where the report has no such form.
  func print(_ report: some Report, as format: ReportFormat) throws {
    guard let text = report.rendered(as: format, style: style, reproducedBy: commandLine) else {
      throw Failure.noForm(format)
    }
    try print(text)
  }

  /// Writes a report as an HTML page where one was asked for.
  func write(_ report: some Report, to page: PageOptions) throws(WriteError) {
    if let file = page.html { try write(report.html(reproducedBy: commandLine), to: file) }
  }

  /// What the terminal takes: colours and charts only where somebody looks, and no more than it can show.
  private var style: TextStyle {
    let isPlain = !isTerminal || variable("TERM") == "dumb"
    let isUnicode =
      ["LC_ALL", "LC_CTYPE", "LANG"].compactMap(variable).first { !$0.isEmpty }
      .map { $0.uppercased().contains("UTF") } ?? false
    return TextStyle(
      width: terminalWidth, isColoured: !isPlain && (variable("NO_COLOR") ?? "").isEmpty,
      charts: isPlain ? .none : isUnicode ? .unicode : .ascii)
  }
}
