import Dispatch
import Foundation

/// Work in blocks on several threads, each block by one of them.
package enum Workers {
  /// As many threads as there are processors.
  package static var available: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Runs every block once.
  /// - Parameter body: Takes the blocks of one thread, which it may work through with scratch space of its own.
  package static func run(_ blocks: Int, threads: Int, _ body: @Sendable ([Int]) -> Void) {
    let workers = max(1, min(threads, blocks))
    guard workers > 1 else {
      body(Array(0..<blocks))
      return
    }
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      body(Array(stride(from: worker, to: blocks, by: workers)))
    }
  }

  /// Works on several blocks at once, as many as there are processors.
  /// - Parameter body: Takes the number of a block; its result must not depend on the others.
  /// - Returns: The results in order.
  package static func map<Result: Sendable>(_ blocks: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    guard blocks > 1 else { return (0..<blocks).map(body) }
    return [Result](unsafeUninitializedCapacity: blocks) { buffer, filled in
      guard let start = buffer.baseAddress else { return }
      // Every block initialises its own element, so that none has two writers.
      nonisolated(unsafe) let results = start
      DispatchQueue.concurrentPerform(iterations: blocks) { (results + $0).initialize(to: body($0)) }
      filled = blocks
    }
  }
}
