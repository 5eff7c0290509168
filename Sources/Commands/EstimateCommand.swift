import ArgumentParser
import Collectives
import Estimation
import Reports
import Routing

/// The command `isochrone estimate COLLECTIVE TOPOLOGY`.
struct EstimateCommand: AnsweringCommand {
  /// One size in 16 over the range that training and inference use.
  static let defaultSizes = "1KiB..16GiB*16"
  /// One size for what would otherwise be long.
  static let scheduleSizes = "1GiB"

  static let configuration = CommandConfiguration(
    commandName: "estimate",
    abstract: "How long a collective takes on a topology, which link decides it, and how sure that is.")

  @Argument(help: .init("One of \(Collective.names).", valueName: "collective"))
  var collective: String

  @Argument(help: "A file or a shipped name with parameters: gb200-nvl72:racks=8.")
  var topology: String

  @Option(
    help: .init(
      "Message sizes as nccl-tests counts them: 8B,64KiB,1GB or a range 8B..16GiB (steps of 2; 8B..16GiB*4: of 4). "
        + "Otherwise 1KiB..16GiB*16; 1GiB with --schedule.",
      valueName: "list"))
  var sizes: String?

  @OptionGroup var participants: RankOptions

  @Option(
    help: .init(
      "All-to-all of unequal parts: a CSV or YAML file with a row for each sender and its bytes for each receiver; the "
        + "size is what the rank with most for others has for them.", valueName: "file"))
  var matrix: String?

  @Option(
    help: .init(
      "All-to-all of unequal parts: rank 0 receives this many times what it would of equal parts (1 to ranks - 1), the "
        + "others share the rest evenly; every rank sends as much as before.", valueName: "factor"))
  var skew: Double?

  @Option(help: .init("Only this algorithm; otherwise the fastest.", valueName: "name"))
  var algorithm: String?

  @Option(
    name: .customLong("protocol"),
    help: .init("Only this protocol: LL, LL128 or simple; otherwise the fastest.", valueName: "name"))
  var messageProtocol: String?

  @Option(help: .init("The communication library; otherwise the usual one for the accelerators.", valueName: "name"))
  var library: String?

  @Option(
    help: .init("A profile that 'calibrate' wrote, or one of your own, in place of a library's.", valueName: "file"))
  var profile: String?

  @Option(help: .init("GPUs that one process drives.", valueName: "n"))
  var gpusPerProcess = 1

  @Flag(help: "Launches are replayed from a graph.")
  var graphLaunch = false

  @Option(help: .init("What issues the collectives: nccl-tests or torch.", valueName: "name"))
  var launcher = Question.Harness.Launcher.ncclTests.rawValue

  @Option(
    help: .init(
      "Whether switches reduce: auto (inside an NVLink domain where the hardware has it), on or off.",
      valueName: "when"))
  var inSwitch = Question.InSwitch.auto.rawValue

  @Flag(
    help: "Every message goes through the NICs, also between GPUs of one host (NVLink and shared memory switched off).")
  var networkOnly = false

  @Option(
    help: .init(
      "Which of the library's algorithms is taken: fastest, or library (the one that it picks by its own reckoning; "
        + "what a faster one would take is then told).",
      valueName: "how"))
  var selection = Question.Selection.fastest.rawValue

  @Flag(name: .customLong("no-bound"), help: "Leave out the time that no algorithm can beat, which may take longest.")
  var leavesOutBound = false

  @Option(
    help: .init(
      "How traffic is divided among paths: equal-split, weighted-split, single-path, or rail-aligned (what changes rails "
        + "does so inside the NVLink domain, before the network).", valueName: "policy"))
  var routing = RoutingPolicy.equalSplit.rawValue

  @Flag(help: "Tell how each time is made up, what else was considered, and the sources.")
  var explain = false

  @Flag(help: "Print the schedule in place of the times: who sends what to whom, phase by phase, at each size.")
  var schedule = false

  @Flag(help: "With --schedule: every message, rank by rank, for up to 1,024 ranks.")
  var expand = false

  @OptionGroup var foreign: ForeignOptions

  @Option(
    help: .init(
      "Hosts in the order of ranks: a host file, or a list of nodes as Slurm writes it.", valueName: "file"))
  var hosts: String?

  @OptionGroup var page: PageOptions

  @Option(help: .init("text, json, csv or markdown.", valueName: "form"))
  var format = ReportFormat.text.rawValue

  func answer(in environment: any Environment) throws -> ExitStatus {
    var reader = ArgumentReader()
    let collective: Collective? = reader.choice(collective, "COLLECTIVE")
    let sizes = reader.sizes(
      sizes ?? (schedule ? EstimateCommand.scheduleSizes : EstimateCommand.defaultSizes), "--sizes")
    let messageProtocol: MessageProtocol? = messageProtocol.flatMap { reader.choice($0, "--protocol") }
    let launcher: Question.Harness.Launcher? = reader.choice(launcher, "--launcher")
    let inSwitch: Question.InSwitch? = reader.choice(inSwitch, "--in-switch")
    let selection: Question.Selection? = reader.choice(selection, "--selection")
    let routing: RoutingPolicy? = reader.choice(routing, "--routing")
    let format: ReportFormat? = reader.choice(format, "--format")
    let (ranks, groups) = participants.read(&reader)
    let gpusPerProcess = reader.positive(gpusPerProcess, "--gpus-per-process")
    try reader.check()
    guard let collective, let sizes, let launcher, let inSwitch, let selection, let routing, let format,
      let gpusPerProcess
    else {
      return .internalError
    }
    let amounts = try self.amounts(in: environment)
    let placed = try TopologyLoader(environment).placed(for: topology, foreign.importer(), hosts: hosts)
    var question = Question(
      collective, sizes: sizes, ranks: ranks ?? placed.ranks, grouping: groups?.grouping, amounts: amounts?.amounts,
      algorithm: algorithm,
      messageProtocol: messageProtocol,
      library: library,
      harness: .init(gpusPerProcess: gpusPerProcess, graphLaunch: graphLaunch, launcher: launcher),
      inSwitch: inSwitch)
    question.selection = selection
    question.includesBound = !leavesOutBound
    question.routing = routing
    let estimator = try placed.estimator.with(profile: profile, environment).limited(toNetwork: networkOnly)
    let answer = try estimator.answering(question, groups, amounts)
    if expand {
      try list(answer, as: format, in: environment)
    } else if schedule {
      let report = ScheduleReport(answer)
      try environment.write(report, to: page)
      try environment.print(report, as: format)
    } else {
      let report = EstimateReport(
        answer, explains: explain, layout: page.html == nil ? nil : try? estimator.describe(ranks: placed.ranks))
      try environment.write(report, to: page)
      try environment.print(report, as: format)
    }
    return .done
  }

  /// Writes every message of the schedules, step by step.
  private func list(_ answer: Answer, as format: ReportFormat, in environment: any Environment) throws {
    guard format != .markdown else { throw Failure.noForm(format) }
    let messages: MessageListReport
    do throws(AlgorithmError) {
      messages = try MessageListReport(answer)
    } catch {
      throw Failure("usage.expand", "\(error)", notes: ["--schedule without --expand has any number"], status: .usage)
    }
    try messages.write(as: format) { try environment.print($0) }
  }

  private func amounts(in environment: any Environment) throws(Failure) -> AmountSource? {
    if let matrix { return try AmountSource(matrix: matrix, files: environment.files) }
    return skew.map { AmountSource(skew: $0) }
  }

  func validate() throws {
    if matrix != nil, skew != nil { throw ValidationError("--matrix and --skew both say who has how much; give one.") }
    if matrix != nil, sizes != nil {
      throw ValidationError("--matrix says how many bytes there are; leave out --sizes.")
    }
    if expand, matrix != nil || skew != nil {
      throw ValidationError("--expand lists equal parts; unequal ones are messages of every rank to every other.")
    }
    if expand, !schedule { throw ValidationError("--expand goes with --schedule.") }
    if schedule, explain { throw ValidationError("--schedule and --explain are answers of their own; ask for one.") }
  }
}

extension Collective {
  /// All names in one line.
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension Estimator {
  /// The estimator, or that of the cluster without anything but its network.
  /// - Throws: `Failure` when the cluster has no network that joins its accelerators.
  func limited(toNetwork: Bool) throws(Failure) -> Estimator {
    guard toNetwork else { return self }
    do throws(EstimationError) { return try networkOnly() } catch {
      throw Failure(error, topology: subject.topology)
    }
  }

  /// Answers a question.
  /// - Parameters:
  ///   - groups: Where the question's groups of ranks were written.
  ///   - amounts: Where its unequal parts were written.
  /// - Throws: `Failure` when the question does not fit the cluster.
  func answering(
    _ question: Question, _ groups: GroupList? = nil, _ amounts: AmountSource? = nil
  ) throws(Failure) -> Answer {
    do throws(EstimationError) {
      return try answer(question)
    } catch {
      if case .grouping(let fault) = error, let groups { throw groups.failure(fault) }
      if case .amounts(let fault) = error, let amounts { throw amounts.failure(fault) }
      throw Failure(error, topology: subject.topology)
    }
  }
}
