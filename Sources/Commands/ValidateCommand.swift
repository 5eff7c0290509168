import ArgumentParser
import Collectives
import Diagnostics
import Estimation
import Reports

/// The command `isochrone validate`.
struct ValidateCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "The model against the public measurements that the program carries: errors fitted and left out.",
    discussion: """
      Errors are medians over tables of the median over a table's sizes of |predicted / measured - 1| of time; small is \
      up to 64 KiB, large from 64 MiB. Left out: the figures are fitted anew without the table, or without its family \
      of hardware, each time.
      """)

  @Flag(help: "Tell the refitted figures as well, in the form of a profile's file.")
  var figures = false

  @Option(help: .init("The library whose tables and figures are taken: nccl or nccl-ctran.", valueName: "name"))
  var library = "nccl"

  @OptionGroup var page: PageOptions
  @OptionGroup var progress: ProgressOptions

  @Option(help: .init("text, json or markdown.", valueName: "form"))
  var format = ReportFormat.text.rawValue

  func answer(in environment: any Environment) throws -> ExitStatus {
    var reader = ArgumentReader()
    let format: ReportFormat? = reader.choice(format, "--format")
    try reader.check()
    guard let format else { return .internalError }
    let tables = try MeasurementTable.shipped(of: library)
    guard let profile = try LibraryProfiles.shipped(named: library), !tables.isEmpty else {
      throw Failure(
        "usage.library", "there are no tables that the figures of '\(library)' are fitted on",
        notes: ["there are of nccl (RCCL's among them) and of nccl-ctran"], status: .usage)
    }
    let evidence = try Evidence(tables, profile: profile)
    let fits = Progress(of: "fits", in: environment, isQuiet: progress.quiet)
    let validation = Validation(ProfileFit(profile, to: evidence), reached: fits.reached)
    fits.finish()
    let rivals = try Rivals(tables).comparisons(validation.leftOutError)
    let report = ValidationReport(validation, rivals: rivals, showsFigures: figures)
    try environment.write(report, to: page)
    try environment.print(report, as: format)
    return .done
  }
}
