import ArgumentParser
import Foundation
import Quantities

/// Whether a command tells how far its work has come.
struct ProgressOptions: ParsableArguments {
  @Flag(help: "Do not tell on the terminal how far long work has come.")
  var quiet = false
}

/// Tells on the terminal how far long work has come, at what rate, and how much time is left.
///
/// It writes one line of standard error again and again and takes it away at the end, so that answers and what they are
/// piped into are the same with it and without it.
final class Progress {
  /// Work that is done sooner is not told of.
  private static let patience = 0.5
  /// The least time between two lines.
  private static let pause = 0.1

  private let environment: any Environment
  private let noun: String
  private let isTold: Bool
  private let started: Double
  private var lastTold: Double?

  /// Work that begins now.
  /// - Parameter noun: What is done one after the other, in the plural: `tables`.
  init(of noun: String, in environment: any Environment, isQuiet: Bool) {
    self.environment = environment
    self.noun = noun
    isTold = environment.showsComplaints && !isQuiet
    started = environment.seconds
  }

  /// Tells that so many are done.
  func reached(_ done: Int, of total: Int) {
    let now = environment.seconds
    guard isTold, done > 0, done < total, now - started >= Self.patience, now - (lastTold ?? 0) >= Self.pause else {
      return
    }
    lastTold = now
    let rate = Double(done) / (now - started)
    let left = Seconds(Double(total - done) / rate)
    environment.complain(
      "\r\(done) of \(total) \(noun), \(DecimalPrefix.significant(rate, digits: 2)) a second, \(left) left\u{1B}[K")
  }

  /// Takes the line away.
  func finish() {
    if lastTold != nil { environment.complain("\r\u{1B}[K") }
    lastTold = nil
  }
}

extension Environment {
  /// Does something with each of a list and tells how far it has come.
  func working<Item, Result>(
    on items: some Collection<Item>, _ noun: String, isQuiet: Bool, _ work: (Item) throws -> Result
  ) rethrows -> [Result] {
    let progress = Progress(of: noun, in: self, isQuiet: isQuiet)
    defer { progress.finish() }
    let total = items.count
    return try items.enumerated().map { place, item in
      let result = try work(item)
      progress.reached(place + 1, of: total)
      return result
    }
  }
}
