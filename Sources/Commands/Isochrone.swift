import ArgumentParser
import Diagnostics
import Foundation
import Matrices
import Reports

/// The command line.
public enum Isochrone {
  /// Runs the command line of this process and ends it.
  public static func run() -> Never {
    // A question's products are small, and on one thread their sums come out the same on every machine.
    BLASThreads.set(1)
    exit(run(Array(CommandLine.arguments.dropFirst()), in: ProcessEnvironment()).rawValue)
  }

  /// Runs one command line.
  /// - Parameters:
  ///   - arguments: The words after the program's name.
  ///   - environment: Where files come from and answers go.
  /// - Returns: How it ended; everything there is to say has been written.
  public static func run(_ arguments: [String], in environment: any Environment) -> ExitStatus {
    do {
      let command = try RootCommand.parseAsRoot(arguments.map(southern))
      guard let command = command as? any AnsweringCommand else {
        // Help, asked for by its own command.
        var command = command
        try command.run()
        return .done
      }
      return try command.answer(in: environment)
    } catch {
      return ended(by: error, arguments, in: environment)
    }
  }

  /// A latitude south of the equator begins with a minus, which would be taken for an option's.
  private static func southern(_ word: String) -> String {
    word.contains(/^-[0-9.]+ *,/) ? " " + word : word
  }

  private static func ended(
    by error: any Error, _ arguments: [String], in environment: any Environment
  ) -> ExitStatus {
    switch error {
    case let failure as Failure:
      environment.complain(failure.text)
      return failure.status
    case let error as WriteError:
      return ended(by: Failure(error), arguments, in: environment)
    default:
      break
    }
    let text = RootCommand.fullMessage(for: error, columns: environment.terminalWidth ?? 80)
    switch RootCommand.exitCode(for: error) {
    case .success:
      do { try environment.print(text + "\n") } catch { return ended(by: error, arguments, in: environment) }
      return .done
    case .validationFailure:
      environment.complain(text + "\n" + misspelling(in: arguments))
      return .usage
    default:
      environment.complain("error: \(text)\n")
      return .internalError
    }
  }

  /// A note on the command that may have been meant, where the first word is none.
  private static func misspelling(in arguments: [String]) -> String {
    guard let word = arguments.first, !word.hasPrefix("-") else { return "" }
    let commands = RootCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
    guard !commands.contains(word) else { return "" }
    return Failure.help(for: word, among: commands).map { "  = note: \($0)\n" }.joined()
  }
}

/// A command that answers on standard output.
protocol AnsweringCommand: ParsableCommand {
  /// Answers, and says how it ended.
  /// - Throws: `Failure` when there is no answer, `WriteError` when it cannot be written.
  func answer(in environment: any Environment) throws -> ExitStatus
}

/// The command that holds all others; to add one, a file and its line here.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "isochrone",
    abstract: "How long collectives take on a described GPU cluster, and why.",
    discussion: """
      A TOPOLOGY is a file, or the name of a shipped one ('isochrone catalog' lists them), optionally with parameters: \
      gb200-nvl72:racks=8,trays=16. Files named in ISOCHRONE_TOPOLOGIES come before the shipped ones.

      Exit status: 0 done, 1 a check that was asked for failed, 64 wrong usage, 65 bad data in a file, 66 no such file, \
      70 internal error.
      """,
    version: Release.version,
    subcommands: [
      EstimateCommand.self,
      CompareCommand.self,
      DescribeCommand.self,
      BoundCommand.self,
      WhatIfCommand.self,
      ShareCommand.self,
      DiagnoseCommand.self,
      CalibrateCommand.self,
      CheckCommand.self,
      CatalogCommand.self,
      ImportCommand.self,
      ExportCommand.self,
      ValidateCommand.self,
      RequestCommand.self,
      RTTCommand.self,
    ])
}
