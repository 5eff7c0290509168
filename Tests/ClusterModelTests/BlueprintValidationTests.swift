import ClusterModel
import Quantities
import TestSupport
import Testing

@Suite("Blueprint validation") struct BlueprintValidationTests {
  private static let rack = AxisID(0)
  private static let tray = AxisID(1)
  private static let port = AxisID(2)
  private static let gpu = TemplateID(0)
  private static let hub = TemplateID(1)
  private static let link = LinkType(
    name: "link", technology: .other, bandwidth: .gigabytesPerSecond(1), latency: .nanoseconds(1))

  private static let valid = Blueprint(
    axes: [
      .init(name: "rack", size: 4), .init(name: "tray", size: 3, parent: rack), .init(name: "port", size: 2),
    ],
    templates: [
      .init(path: [.init(name: "gpu", axes: [rack, tray])], kind: .accelerator, relays: false),
      .init(path: [.init(name: "hub", axes: [rack, tray, port])], kind: .networkSwitch, relays: true),
    ],
    rules: [.init(from: gpu, to: hub, same: [rack], link: link, tier: .rack)])

  struct Fault: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var error: BlueprintError
    var change: @Sendable (inout Blueprint) -> Void

    init(_ description: String, _ error: BlueprintError, _ change: @escaping @Sendable (inout Blueprint) -> Void) {
      testDescription = description
      self.error = error
      self.change = change
    }
  }

  private static func changed(_ edit: (inout LinkType) -> Void) -> LinkType {
    var link = link
    edit(&link)
    return link
  }

  private static let unlimited = changed { $0.bandwidth.bytesPerSecond = .infinity }
  private static let early = changed { $0.latency.picoseconds = -1 }
  private static let deaf = changed { $0.bandwidth.bytesPerSecond = 0 }

  static let faults: [Fault] = [
    Fault("an axis without indices", .axisSize(tray)) { $0.axes[1].size = 0 },
    Fault("a parent after its child", .axisParent(rack)) { $0.axes[0].parent = tray },
    Fault("an axis that is its own parent", .axisParent(rack)) { $0.axes[0].parent = rack },
    Fault("a template with an axis twice", .templateAxis(gpu, rack)) {
      $0.templates[0].path[0].axes = [rack, tray, rack]
    },
    Fault("a template with an unknown axis", .templateAxis(gpu, AxisID(9))) {
      $0.templates[0].path[0].axes.append(AxisID(9))
    },
    Fault("a template without an enclosing axis", .templateScope(gpu, tray)) { $0.templates[0].path[0].axes = [tray] },
    Fault("a rule to an unknown template", .ruleTemplates(RuleID(0))) { $0.rules[0].to = TemplateID(7) },
    Fault("a same axis that one end lacks", .ruleAxis(RuleID(0), port)) { $0.rules[0].same.insert(port) },
    Fault("an axis both same and different", .ruleAxis(RuleID(0), rack)) { $0.rules[0].different.insert(rack) },
    Fault("a same axis inside a free one", .ruleScope(RuleID(0), tray)) { $0.rules[0].same = [tray] },
    Fault("a different axis inside a free one", .ruleScope(RuleID(0), tray)) {
      $0.rules[0].same = []
      $0.rules[0].different = [tray]
    },
    Fault("links of a vertex with itself", .linkToItself(RuleID(0))) { $0.rules[0].to = gpu },
    Fault("no links per pair", .linksPerPair(RuleID(0))) { $0.rules[0].linksPerPair = 0 },
    Fault("an unlimited bandwidth", .bandwidth(unlimited)) { $0.rules[0].link = unlimited },
    Fault("no bandwidth", .bandwidth(deaf)) { $0.rules[0].link = deaf },
    Fault("a negative latency", .latency(early)) { $0.rules[0].link = early },
    Fault("an exception about an unknown rule", .exceptionSubject(exception: 0)) {
      $0.exceptions = [.failedLinks(RuleID(5), from: .init(), to: .init(), count: nil)]
    },
    Fault("an exception about an unknown template", .exceptionSubject(exception: 0)) {
      $0.exceptions = [.absent(TemplateID(5), .init())]
    },
    Fault("a negative number of failed links", .failedLinkCount(exception: 0)) {
      $0.exceptions = [.failedLinks(RuleID(0), from: .init(), to: .init(), count: -1)]
    },
    Fault("a selection on an axis that the template lacks", .selectionAxis(exception: 0, port)) {
      $0.exceptions = [.absent(gpu, .init([port: [0..<1]]))]
    },
    Fault("a selection outside its axis", .selectionRange(exception: 0, rack)) {
      $0.exceptions = [.absent(gpu, .init([rack: [3..<5]]))]
    },
    Fault("a selection of nothing", .selectionRange(exception: 0, rack)) {
      $0.exceptions = [.absent(nil, .init([rack: []]))]
    },
    Fault("overlapping ranges", .selectionRange(exception: 0, rack)) {
      $0.exceptions = [.absent(gpu, .init([rack: [0..<2, 1..<3]]))]
    },
    Fault("more vertices than can be counted", .tooManyVertices(hub)) { $0.axes[2].size = 1 << 62 },
    Fault("more links than can be counted", .tooManyLinks(RuleID(0))) {
      $0.axes[0].size = 1 << 30
      $0.axes[1].size = 1 << 20
    },
  ]

  @Test("A blueprint without faults is valid")
  func noFault() {
    #expect(BlueprintValidationTests.valid.validate().isEmpty)
  }

  @Test("A fault is named", arguments: faults)
  func named(fault: Fault) {
    var blueprint = BlueprintValidationTests.valid
    fault.change(&blueprint)
    #expect(blueprint.validate() == [fault.error])
    #expect(throws: fault.error) { try blueprint.topology() }
    #expect(throws: fault.error) { try blueprint.expanded() }
  }

  @Test("All faults of one kind are found at once")
  func several() {
    var blueprint = BlueprintValidationTests.valid
    blueprint.axes[0].size = -3
    blueprint.axes[2].size = 0
    #expect(
      blueprint.validate() == [.axisSize(BlueprintValidationTests.rack), .axisSize(BlueprintValidationTests.port)])
  }

  @Test("A mark outside its axis is refused")
  func mark() {
    let outside = Blueprint.Selection([BlueprintValidationTests.rack: [4..<5]])
    #expect(throws: BlueprintError.selectionRange(exception: nil, BlueprintValidationTests.rack)) {
      try BlueprintValidationTests.valid.topology(marking: [outside])
    }
  }

  @Test("Random blueprints of the generator are valid", arguments: 0..<50)
  func generator(seed: Int) {
    #expect(RandomBlueprint.make(seed: seed).validate().isEmpty)
  }
}
