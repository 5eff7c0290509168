import Commands
import Foundation
import Testing

@Suite struct ShareCommandTests {
  @Test("Every job is told with what holds it back, and every period with the speeds")
  func answer() throws {
    let environment = FakeEnvironment()
    let words = [
      "share", "dgx-h100:nodes=16", "all-reduce 1GiB name=train", "all-to-all 256MiB ranks=64..127 start=2ms",
      "--format", "json",
    ]
    #expect(Isochrone.run(words, in: environment) == .done)
    let answer = try #require(
      JSONSerialization.jsonObject(with: Data(environment.output.utf8)) as? [String: Any])
    let jobs = try #require(answer["jobs"] as? [[String: Any]])
    #expect(jobs.map { $0["name"] as? String } == ["train", "job 2"])
    #expect(jobs.map { $0["firstRank"] as? Int } == [0, 64] && jobs.map { $0["ranks"] as? Int } == [128, 64])
    #expect(jobs[1]["startSeconds"] as? Double == 0.002)
    let slowdown = try #require(jobs[1]["slowdown"] as? Double)
    #expect(slowdown > 1)
    let holder = try #require(jobs[1]["heldBackBy"] as? [String: Any])
    #expect(holder["jobs"] as? [String] == ["train", "job 2"])
    let periods = try #require(answer["periods"] as? [[String: Any]])
    #expect((periods[0]["shares"] as? [Any])?.last is NSNull)
  }

  @Test(
    "A job that is wrong is shown at its mistake",
    arguments: [
      ("all-reduce", "JOB:1:1: error: a job is a collective and a size"),
      ("all-reduec 1GiB", "JOB:1:1: error: unknown value 'all-reduec'"),
      ("all-reduce 1GX", "JOB:1:12: error: "),
      ("all-reduce 0B", "JOB:1:12: error: "),
      ("all-reduce 1GiB rank=0..7", "JOB:1:17: error: a job has no option 'rank'"),
      ("all-reduce 1GiB ranks=7..0", "JOB:1:23: error: ranks are written"),
      ("all-reduce 1GiB ranks=-1", "JOB:1:23: error: ranks are written"),
      ("all-reduce 1GiB ranks=0..9223372036854775807", "JOB:1:23: error: ranks are written"),
      ("all-reduce 1GiB ranks=0..7 ranks=0..3", "JOB:1:28: error: 'ranks' is given twice"),
      ("all-reduce 1GiB fast", "JOB:1:17: error: an option of a job has a name and a value"),
      ("all-reduce 1GiB start=soon", "JOB:1:23: error: 'soon' is not a time"),
      ("all-reduce 1GiB along=data", "JOB:1:23: error: an axis of groups is named"),
      ("all-reduce 1GiB group=tensor=7,data=*", "JOB:1:32: error: the other axes make 7 ranks"),
      ("all-reduce 1GiB group=tensor=8,data=* along=date", "JOB:1:45: error: there is no axis 'date'"),
      ("all-reduce 1GiB ranks=60..80", "JOB:1:1: error: 81 ranks are asked for"),
      ("all-reduce 1GiB algorithm=rin", "JOB:1:1: error: unknown algorithm 'rin'"),
      ("all-reduce 1GiB protocol=LL127", "JOB:1:26: error: unknown value 'LL127'"),
    ])
  func mistakes(_ job: String, _ message: String) {
    let environment = FakeEnvironment()
    #expect(Isochrone.run(["share", "gb200-nvl72", job], in: environment) == .usage)
    #expect(environment.output.isEmpty && environment.complaints.hasPrefix(message), "\(environment.complaints)")
  }

  @Test("Mistakes of several jobs are told at once, each in its own text")
  func several() {
    let environment = FakeEnvironment()
    let words = ["share", "gb200-nvl72", "all-reduce 1GiB", "all-reduce 1", "all-gather 1GiB ranks=x"]
    #expect(Isochrone.run(words, in: environment) == .usage)
    #expect(environment.complaints.contains("JOB (2):1:12") && environment.complaints.contains("JOB (3):1:23"))
  }
}
