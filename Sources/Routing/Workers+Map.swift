import Dispatch

extension Workers {
  /// Works on several blocks at once, as many as there are processors.
  /// - Parameter body: Takes the number of a block; its result must not depend on the others.
  /// - Returns: The results in order.
  static func map<Result: Sendable>(_ blocks: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    guard blocks > 1 else { return (0..<blocks).map(body) }
    return [Result](unsafeUninitializedCapacity: blocks) { buffer, filled in
      guard let start = buffer.baseAddress else { return }
      nonisolated(unsafe) let results = start
      DispatchQueue.concurrentPerform(iterations: blocks) { (results + $0).initialize(to: body($0)) }
      filled = blocks
    }
  }
}
