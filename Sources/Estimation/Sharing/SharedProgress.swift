import Routing

/// How several courses of work get on that share links, from event to event.
///
/// A course is a row of phases. A phase alone takes its duration and keeps each link busy for a share of it; at a rate of
/// x it takes 1/x times as long. At every moment the rates are max-min fair, and none exceeds 1.
struct SharedProgress {
  /// Work that overlaps with itself.
  struct Phase {
    /// How long it takes alone, in seconds.
    var duration: Double
    /// The links that it keeps busy, with the shares of the duration: at most 1.
    var uses: [SharedLinks.Use]
  }

  /// Phases one after another.
  struct Course {
    /// When it begins, in seconds.
    var start: Double
    var phases: [Phase]
  }

  /// A stretch of time in which nothing begins or ends.
  struct Period {
    var start: Double
    var end: Double
    /// By course: its rate; nil while it does not run.
    var rates: [Double?]
    /// By course: the link that holds it back; nil where none does.
    var holders: [Int?]
  }

  private(set) var periods: [Period] = []
  /// By course: when it ends.
  private(set) var ends: [Double]

  /// Runs all courses to their ends.
  /// - Parameter links: How many links there are.
  /// - Complexity: One max-min filling for each phase of each course.
  init(_ courses: [Course], links: Int) throws(SharedLinks.Failure) {
    ends = courses.map(\.start)
    var phases = courses.map { ArraySlice($0.phases.filter { $0.duration > 0 }) }
    var rest = phases.map { $0.first?.duration ?? 0 }
    var now = courses.map(\.start).min() ?? 0
    while true {
      let running = courses.indices.filter { !phases[$0].isEmpty && courses[$0].start <= now }
      let next = courses.indices.filter { !phases[$0].isEmpty && courses[$0].start > now }.map { courses[$0].start }
        .min()
      guard !running.isEmpty else {
        guard let next else { break }
        now = next
        continue
      }
      // A link of each course's own keeps its rate at 1.
      let shared = try SharedLinks(
        capacities: [Double](repeating: 1, count: links + running.count),
        flows: running.enumerated().map { place, course in
          (phases[course].first?.uses ?? []) + [SharedLinks.Use(link: links + place, amount: 1)]
        })
      let filled = try shared.maxMinRates()
      let step = running.indices.map { rest[running[$0]] / filled.rates[$0] }.min() ?? 0
      let end = next.map { min($0, now + step) } ?? now + step
      var period = Period(
        start: now, end: end, rates: courses.map { _ in nil }, holders: courses.map { _ in nil })
      for (place, course) in running.enumerated() {
        period.rates[course] = filled.rates[place]
        if filled.bottlenecks[place] < links { period.holders[course] = filled.bottlenecks[place] }
        rest[course] -= filled.rates[place] * (end - now)
        guard let phase = phases[course].first, rest[course] <= phase.duration * 1e-12 else { continue }
        phases[course].removeFirst()
        rest[course] = phases[course].first?.duration ?? 0
        if phases[course].isEmpty { ends[course] = end }
      }
      periods.append(period)
      now = end
    }
  }
}
