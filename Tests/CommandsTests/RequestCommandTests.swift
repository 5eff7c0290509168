import Commands
import Foundation
import Testing

@Suite struct RequestCommandTests {
  private static let estate = """
    isochrone: 1
    requests: {rate: 60, model: DeepSeek-V3, prompt: 1000, output: 300}
    sites:
      - {name: here, place: "aws:us-east-1", cluster: "CLUSTER:racks=2", replica: {tensor: 8, expert: 128}}
    populations:
      - {name: New-York, place: new york, weight: 1}

    """

  private func run(_ line: String, cluster: String = "gb200-nvl72") -> Run {
    Run(line, in: FakeEnvironment(files: ["mine.yaml": Self.estate.replacing("CLUSTER", with: cluster)]))
  }

  private func answer(_ run: Run) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any], "\(run.complaints)")
  }

  private func share(_ cluster: String, model: String, replica: String) throws -> Double {
    let text = Self.estate.replacing("CLUSTER", with: cluster).replacing("DeepSeek-V3", with: model)
      .replacing("{tensor: 8, expert: 128}", with: replica)
    let run = Run("request mine.yaml --rate 1 --format json", in: FakeEnvironment(files: ["mine.yaml": text]))
    let sites = try answer(run)["sites"] as? [[String: Any]]
    return try #require(sites?.first?["communicationShare"] as? Double)
  }

  @Test("Every request has its stages, percentiles in order, and every site its use")
  func json() throws {
    let answer = try answer(run("request mine.yaml --format json"))
    let requests = try #require(answer["requests"] as? [[String: Any]])
    let request = try #require(requests.first)
    for key in ["timeToFirstToken", "timePerOutputToken", "endToEnd"] {
      let times = try #require(request[key] as? [String: Double])
      let values = try ["p50", "p99", "p999"].map { try #require(times[$0]) }
      #expect(values == values.sorted() && times["mean"] ?? 0 > 0)
    }
    let stages = try #require(request["stages"] as? [[String: Any]])
    #expect(stages.contains { $0["name"] as? String == "network" } && stages.allSatisfy { $0["source"] is String })
    #expect(request["lossProbability"] as? Double == 0 || request["lossProbability"] as? Int == 0)
    let site = try #require((answer["sites"] as? [[String: Any]])?.first)
    #expect(["site", "utilisation", "offered", "carried", "overflow"].allSatisfy { site[$0] != nil })
  }

  @Test(
    "Across racks a quicker fabric takes a smaller share of a decoding step, within a rack the same links the same",
    arguments: [
      ("DeepSeek-V3", "{tensor: 8, expert: 128}", true), ("Llama-3.1-405B", "{tensor: 144}", true),
      ("Llama-3.1-405B", "{tensor: 8}", false),
    ])
  func fabric(_ model: String, _ replica: String, _ crossesRacks: Bool) throws {
    let slow = try share("gb200-nvl72", model: model, replica: replica)
    let quick = try share("gb300-nvl72", model: model, replica: replica)
    #expect(slow > 0.05 && slow < 1)
    #expect(crossesRacks ? quick < slow : abs(quick - slow) < 0.01 * slow)
  }

  @Test("Overload is an answer with status 1 that says what would do")
  func overload() {
    let overload = run("request mine.yaml --rate 1e7")
    #expect(overload.status == .checkFailed && overload.output.isEmpty)
    #expect(overload.complaints.contains("no steady state: offered") && overload.complaints.contains("would need"))
  }

  @Test("A model that does not fit is an error at the site that says by how much")
  func memory() {
    let run = Run(
      "check mine.yaml",
      in: FakeEnvironment(files: [
        "mine.yaml": Self.estate.replacing("CLUSTER", with: "gb200-nvl72")
          .replacing("DeepSeek-V3", with: "Llama-3.1-405B").replacing("{tensor: 8, expert: 128}", with: "{tensor: 2}")
      ]))
    #expect(run.status == .badData)
    #expect(
      run.complaints.contains("mine.yaml:4:") && run.complaints.contains("TB are missing")
        || run.complaints.contains("GB are missing"))
  }

  @Test("Mistakes of the command line and of the file have their statuses")
  func mistakes() {
    #expect(Run("request nowhere").status == .noInput)
    #expect(run("request mine.yaml --hour 24").status == .usage)
    let negative = run("request mine.yaml --rate -3")
    #expect(negative.status == .usage && negative.complaints.contains("--rate lies between"))
    #expect(run("request mine.yaml --fail there").status == .usage)
    #expect(run("request mine.yaml --fail here").status == .checkFailed)
    #expect(run("request mine.yaml --from Boston").status == .usage)
    #expect(run("request mine.yaml", cluster: "gb200-nvl27").status == .badData)
    #expect(run("request mine.yaml --model Llama").status == .badData)
    #expect(Run("rtt tokio london").complaints.contains("did you mean 'Tokyo'?"))
    #expect(Run("rtt tokyo").status == .usage)
  }

  @Test("A day has 24 hours, and an estate beside itself differs by nothing")
  func sideBySide() throws {
    #expect((try answer(run("request mine.yaml --day --format json"))["hours"] as? [Any])?.count == 24)
    let subjects =
      try answer(run("request mine.yaml --compare mine.yaml --format json"))["subjects"] as? [[String: Any]]
    #expect(subjects?.last?["ratioToFirst"] as? Double == 1 || subjects?.last?["ratioToFirst"] as? Int == 1)
  }

  @Test("A round trip has the contract's keys, and southern coordinates are no options")
  func roundTrip() throws {
    let answer = try answer(Run("rtt -33.9,151.2 aws:us-east-1 --format json"))
    let trip = try #require(answer["roundTripSeconds"] as? [String: Double])
    let (low, middle, high) = (try #require(trip["low"]), try #require(trip["p50"]), try #require(trip["high"]))
    #expect(low < middle && middle < high && answer["basis"] as? String == "fitted")
    #expect(answer["kilometres"] as? Double ?? 0 > 15_000)
  }

  @Test("Every shipped estate answers")
  func shipped() {
    for name in ["two-sites", "google-five-countries", "azure-first-refusal", "stargate"] {
      let run = Run("request \(name)")
      #expect(run.status == .done, "\(name): \(run.complaints)")
    }
  }
}
