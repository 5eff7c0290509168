import Dispatch
import Foundation

/// Work in blocks on several threads, each block by one of them.
package enum Workers {
  /// As many threads as there are processors.
  package static var available: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Runs every block once.
  /// - Parameter body: Takes the blocks of one thread, which it may work through with scratch space of its own.
  static func run(_ blocks: Int, threads: Int, _ body: @Sendable ([Int]) -> Void) {
    let workers = max(1, min(threads, blocks))
    guard workers > 1 else {
      body(Array(0..<blocks))
      return
    }
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      body(Array(stride(from: worker, to: blocks, by: workers)))
    }
  }
}
