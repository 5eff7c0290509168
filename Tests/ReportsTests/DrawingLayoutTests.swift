import ClusterModel
import Foundation
import Quantities
import Serving
import Testing

@testable import Estimation
@testable import Reports

/// Where the texts of a drawing lie, as wide as they can become.
struct DrawingLayout {
  struct Text {
    var text: String
    var left: Double
    var right: Double
    var base: Double
  }

  var width = 0.0
  var height = 0.0
  var texts: [Text] = []

  init(_ drawing: Markup) throws {
    let source = drawing.source
    let box = try #require(source.firstMatch(of: #/viewBox="0 0 ([0-9.]+) ([0-9.]+)"/#))
    width = try #require(Double(box.output.1))
    height = try #require(Double(box.output.2))
    for match in source.matches(of: #/<text x="([-0-9.]+)" y="([-0-9.]+)"([^>]*)>(?:<title>[^<]*<\/title>)?([^<]*)</#) {
      let x = try #require(Double(match.output.1))
      let text = String(match.output.4)
        .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
        .replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
      let length = TextMeasure.width(text)
      let left =
        match.output.3.contains("\"end\"") ? x - length : match.output.3.contains("middle") ? x - length / 2 : x
      texts.append(Text(text: text, left: left, right: left + length, base: try #require(Double(match.output.2))))
    }
  }

  /// Texts that leave the drawing, and pairs that cover each other.
  var faults: [String] {
    let outside = texts.filter { text in
      text.left < -0.5 || text.right > width + 0.5 || text.base < 9 || text.base > height
    }.map { "\($0.text) leaves the drawing" }
    let covered = texts.indices.flatMap { first in
      texts.indices.filter { $0 > first }.compactMap { second -> String? in
        let (one, other) = (texts[first], texts[second])
        let touches = one.left < other.right && other.left < one.right && abs(one.base - other.base) < 11
        return touches ? "\(one.text) covers \(other.text)" : nil
      }
    }
    return outside + covered
  }
}

@Suite struct DrawingLayoutTests {
  private static let names = [
    "a", "gb200-nvl72:racks=8", String(repeating: "W", count: 200), "<b>&\"'", "שלום עולם", "長い名前の計算機群",
  ]

  @Test("No text of a line chart leaves it or covers another", arguments: names)
  func lineCharts(_ name: String) throws {
    for axis in [ChartAxis.times, .bandwidths, .ratios] {
      for values in [[1e-6, 2e-6], [1e-6, 1.0], [3e-3, 3.1e-3]] {
        let chart = LineChart(
          title: name, horizontal: .sizes, vertical: axis,
          series: (0..<5).map { line in
            .init(
              name: name + (line == 0 ? "" : "\(line)"),
              points: (0..<32).map { size in
                .init(Double(1 << (size + 3)), size < 16 ? values[0] : values[1], range: values[0]...values[1])
              })
          }, reference: 1, marks: [.init(x: 8e9, label: "\(name.prefix(30)) faster from here")])
        let layout = try DrawingLayout(try #require(chart.svg()))
        #expect(layout.texts.count > 8)
        #expect(layout.faults == [])
      }
    }
  }

  @Test("No text of a bar chart leaves it or covers another", arguments: names)
  func barCharts(_ name: String) throws {
    let chart = BarChart(
      title: name, axis: .shares("share"), parts: (0..<6).map { "\(name)\($0)" },
      bars: (0..<12).map { .init(name: "\(name)\($0)", values: [0.1, 0.2, 0.3, 0.1, 0.2, 0.1], note: "12.3 ms") })
    #expect(try DrawingLayout(try #require(chart.svg())).faults == [])
  }

  @Test("No text of a topology leaves its drawing or covers another", arguments: names)
  func topologies(_ name: String) throws {
    var description = Samples.description(title: name)
    description.devices.append(.init(name: name, kind: .networkSwitch, part: name, count: 9))
    description.links.append(
      .init(
        link: LinkType(name: name, technology: .infiniband, bandwidth: .gigabytesPerSecond(50), latency: .zero),
        tier: .leaf, between: ["rack/gpu", name], count: 9, perMember: 1))
    let drawing = TopologyDrawing(
      description, decisions: [.init(link: "nvlink5", tier: .rack, what: "all-reduce at 16 GiB")])
    let layout = try DrawingLayout(try #require(drawing.svg()))
    #expect(layout.texts.contains { $0.text == "decides all-reduce at 16 GiB" })
    #expect(layout.faults == [])
  }

  @Test("What is missing is told, crossed out and laid out", arguments: names)
  func missingParts(_ name: String) throws {
    var description = Samples.description(title: name)
    let whole = try #require(TopologyDrawing(description).svg()).source
    #expect(!whole.contains("missing"))
    description.devices[0].missing = 3
    description.links[0].missing = 5
    let drawing = try #require(TopologyDrawing(description).svg())
    #expect(drawing.source.matches(of: #/<path [^>]*class="missing"/#).count >= 1)
    let layout = try DrawingLayout(drawing)
    #expect(layout.texts.contains { $0.text == "3 of \(description.devices[0].count + 3) missing" })
    #expect(layout.texts.contains { $0.text.contains("5 missing") })
    #expect(layout.faults == [])
  }

  @Test(
    "No text of a map leaves it or covers another, and a ring that crosses the edge is broken there", arguments: names)
  func maps(_ name: String) throws {
    let tokyo = try #require(GlobePoint(latitude: 35.7, longitude: 139.7))
    let ring = try (0...36).map { step in
      let angle = Double(step) * .pi / 18
      let east = 139.7 + 45 * sin(angle)
      return try #require(
        GlobePoint(latitude: 35.7 + 30 * cos(angle), longitude: east > 180 ? east - 360 : east))
    }
    let map = WorldMap(
      title: name,
      sites: try (0..<40).map { index in
        .init(
          name: "\(name)\(index)",
          point: try #require(
            GlobePoint(latitude: Double(index) * 3 - 50, longitude: Double(index * 37 % 360) - 180)),
          note: "", serves: index.isMultiple(of: 2))
      }, routes: [.init(from: tokyo, to: try #require(GlobePoint(latitude: 37, longitude: -122)))],
      isochrones: [WideArea.Isochrone(roundTrip: Seconds(0.08), line: ring)])
    let drawing = try #require(map.svg())
    let layout = try DrawingLayout(drawing)
    #expect(layout.texts.contains { $0.text == "80.0 ms" })
    #expect(layout.faults == [])
    for line in drawing.source.matches(of: #/<polyline points="([^"]*)"/#) {
      let xs = line.output.1.split(separator: " ").compactMap { $0.split(separator: ",").first.flatMap { Double($0) } }
      #expect(zip(xs, xs.dropFirst()).allSatisfy { abs($0 - $1) < 470 })
    }
  }

  @Test("Values that are no numbers leave no mark", arguments: [Double.nan, .infinity, -1, 0])
  func unusable(_ value: Double) throws {
    let chart = LineChart(
      title: "t", horizontal: .sizes, vertical: .times,
      series: [.init(name: "a", points: [.init(8, value), .init(16, 1)])])
    let source = try #require(chart.svg()).source
    #expect(!source.contains("nan") && !source.contains("inf"))
    #expect(source.matches(of: #/<circle/#).count == 1)
  }
}
