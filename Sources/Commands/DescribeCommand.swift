import ArgumentParser
import Estimation
import Reports

/// The command `isochrone describe TOPOLOGY`.
struct DescribeCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "What is in a topology: devices, tiers with bandwidth and latency, links, bisection, diameter.")

  @Argument(help: "A file or a shipped name with parameters: gb200-nvl72:racks=8.")
  var topology: String

  @OptionGroup var foreign: ForeignOptions

  @Option(
    help: .init(
      "Hosts in the order of ranks: a host file, or a list of nodes as Slurm writes it.", valueName: "file"))
  var hosts: String?

  @OptionGroup var page: PageOptions

  @Option(help: .init("text, json or markdown.", valueName: "form"))
  var format = ReportFormat.text.rawValue

  func answer(in environment: any Environment) throws -> ExitStatus {
    var reader = ArgumentReader()
    let format: ReportFormat? = reader.choice(format, "--format")
    try reader.check()
    guard let format else { return .internalError }
    let placed = try TopologyLoader(environment).placed(for: topology, foreign.importer(), hosts: hosts)
    let description = try placed.estimator.described(ranks: placed.ranks)
    let report = DescriptionReport(description)
    try environment.write(report, to: page)
    try environment.print(report, as: format)
    return .done
  }
}

extension Estimator {
  /// Describes the cluster, or its first ranks.
  /// - Throws: `Failure` when the graph cannot be built.
  func described(ranks: Int? = nil) throws(Failure) -> Description {
    do { return try describe(ranks: ranks) } catch { throw Failure(error, topology: subject.topology) }
  }
}
