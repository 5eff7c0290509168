import Collectives

/// The names that benchmark programs have for collectives.
enum CollectiveNames {
  private static let collectives: [String: Collective] = [
    "all_reduce": .allReduce, "allreduce": .allReduce, "all_gather": .allGather, "allgather": .allGather,
    "reduce_scatter": .reduceScatter, "reducescatter": .reduceScatter, "alltoall": .allToAll,
    "all_to_all": .allToAll, "broadcast": .broadcast, "bcast": .broadcast, "reduce": .reduce, "gather": .gather,
    "scatter": .scatter, "sendrecv": .sendReceive, "send_recv": .sendReceive,
  ]

  private static let endings = ["_perf_mpi", "_perf", "_bench"]

  /// The program that a word names, if its name is that of a benchmark: `./build/all_reduce_perf`.
  static func program(_ word: String) -> String? {
    let base = word.split(separator: "/").last.map(String.init) ?? word
    let name = String(base.drop { !$0.isLetter }.reversed().drop { !$0.isLetter }.reversed())
    return endings.contains { name.hasSuffix($0) && name.count > $0.count } ? name : nil
  }

  /// The collective of a program or operation; nil for one that is none of ours.
  static func collective(_ name: String) -> Collective? {
    var name = name.lowercased()
    for ending in endings where name.hasSuffix(ending) {
      name.removeLast(ending.count)
      break
    }
    return collectives[name] ?? Collective(rawValue: name)
  }
}
