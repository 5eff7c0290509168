public import Quantities

/// A collective among others that run at the same time on one cluster.
public struct Job: Sendable, Hashable {
  /// What people call it.
  public var name: String
  /// The collective at one size; `ranks` counts from `firstRank`.
  public var question: Question
  /// The first of its ranks.
  public var firstRank: Int
  /// When it begins.
  public var start: Seconds

  /// A job of its parts.
  public init(name: String, question: Question, firstRank: Int = 0, start: Seconds = .zero) {
    self.name = name
    self.question = question
    self.firstRank = firstRank
    self.start = start
  }

  /// The size of its message.
  public var bytes: Bytes { question.sizes.first ?? Bytes(0) }
}

/// Why jobs cannot be put side by side.
public enum SharingError: Error, Sendable {
  /// A job (its place) that has no answer alone.
  case job(Int, EstimationError)
  /// A job (its place) whose ranks lie where the others' links cannot be told apart; in one sentence.
  case placement(Int, String)
  /// The jobs as a whole; in one sentence.
  case all(String)
}
