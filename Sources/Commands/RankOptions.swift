import ArgumentParser

/// Which accelerators take part in a collective, and in what groups.
struct RankOptions: ParsableArguments {
  @Option(help: .init("Only the first so many accelerators in rank order.", valueName: "n"))
  var ranks: Int?

  @Option(
    help: .init(
      """
      Groups of ranks that run the collective side by side: tensor=8,data=* numbers the ranks with the first axis \
      fastest; '*' is what remains. The sizes must multiply to the ranks.
      """, valueName: "axes"))
  var group: String?

  @Option(
    help: .init(
      "The axis of --group along which the collective runs; otherwise the first: with --along data the ranks of a group "
        + "differ in 'data' only.", valueName: "axis"))
  var along: String?

  /// The values; a mistake is added to the reader's.
  func read(_ reader: inout ArgumentReader) -> (ranks: Int?, groups: GroupList?) {
    (
      ranks.flatMap { reader.positive($0, "--ranks") },
      reader.groups(group, "--group", along: along, "--along")
    )
  }
}
