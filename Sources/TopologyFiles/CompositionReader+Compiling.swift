import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog

extension CompositionReader {
  /// The cluster of a composition, or nil after an error at the line that caused it.
  mutating func compiled(_ draft: Draft, named name: String) -> Cluster? {
    let compiled: Composition.Compiled
    do throws(CompositionError) {
      compiled = try draft.composition.compiled()
    } catch {
      report(error, in: draft.composition)
      return nil
    }
    if let fault = compiled.blueprint.validate().first {
      list.error("composition.invalid", "this cannot be built: \(fault)", at: origins.whole)
      return nil
    }
    guard isConnected(compiled), hasRanks(compiled) else { return nil }
    let index = CompositionIndex(draft.composition.root)
    return Cluster(
      name: name, parameters: scope.parameters.numbers, words: scope.parameters.words,
      graph: .blueprint(compiled.blueprint), ranks: compiled.ranks,
      accelerators: compiled.ranks.segments.map { segment in
        let template = compiled.blueprint.templates[segment.template.index]
        return scope.accelerator(template.part, cpu: index.hostPart(of: template.path.map(\.name)))
      },
      inSwitchReduction: draft.inSwitchReduction, networkReduction: draft.networkReduction,
      transport: draft.transport, transportVersion: draft.transportVersion, remarks: draft.remarks,
      assumptions: scope.assumptions)
  }

  private mutating func hasRanks(_ compiled: Composition.Compiled) -> Bool {
    do throws(TierLadder.LadderError) {
      _ = try TierLadder(compiled.ranks, in: compiled.blueprint)
      return true
    } catch {
      switch error {
      case .ranks:
        list.error("exception.nothing-left", "no accelerator is left", at: origins.changes.last ?? origins.whole)
      case .tooManyRuns:
        list.error("exception.too-many", "too many groups of accelerators differ from each other", at: origins.whole)
      }
      return false
    }
  }

  /// Reports a composition's fault: at the exceptions that have it alone, else at the part or link it names.
  private mutating func report(_ error: CompositionError, in composition: Composition) {
    var plain = composition
    let own = origins.changes.count
    plain.changes = Array(composition.changes.dropLast(own))
    do throws(CompositionError) {
      _ = try plain.compiled()
    } catch {
      report(error, at: place(of: error, in: composition))
      return
    }
    var isLocated = false
    for (change, range) in zip(composition.changes.suffix(own), origins.changes) where !list.isFull {
      var single = plain
      single.changes.append(change)
      do throws(CompositionError) {
        _ = try single.compiled()
      } catch {
        report(error, at: range)
        isLocated = true
      }
    }
    if !isLocated { report(error, at: origins.changes.last ?? origins.whole) }
  }

  private func place(of error: CompositionError, in composition: Composition) -> SourceRange {
    switch error {
    case .count(let path, _), .duplicateName(let path): return origins.place(ofPart: path)
    case .unknownPart(let wiring, _, _), .notADevice(let wiring, _), .unequalRows(let wiring, _, _),
      .incompatibleRows(let wiring), .mesh(let wiring), .linksPerPair(let wiring),
      .ring(let wiring), .brokenRing(let wiring), .tooManyLinks(let wiring):
      return composition.root.place(ofWiring: wiring).map { origins.place(ofWiring: $0.index, in: $0.path) }
        ?? origins.whole
    default: return origins.whole
    }
  }

  private mutating func report(_ error: CompositionError, at range: SourceRange) {
    switch error {
    case .unknownStep(let name, let known):
      list.error(
        "selector.unknown", "there is no block or device \(excerpt(name)) there", at: range,
        notes: [
          Suggestions.note(Suggestions.nearest(to: name, among: known))
            ?? (known.isEmpty ? "there is nothing inside" : "known there: \(known.prefix(20).joined(separator: ", "))")
        ])
    case .indexOutOfRange(let step, let index, let count):
      list.error(
        "selector.index", "there is no \(step)[\(index)]: indices of '\(step)' there are 0 to \(count - 1)", at: range)
    case .notLinked(let from, let to):
      list.error("exception.no-link", "there are no links between '\(from)' and '\(to)'", at: range)
    case .tooMany(let what):
      list.error("composition.too-large", "there are too many \(what)", at: range)
    case .noAccelerators:
      list.error("estate.no-accelerator", "there is no accelerator in it", at: range)
    case .incompatibleRows, .unequalRows:
      list.error(
        "link.misaligned", "these rows cannot be aligned: other links divide them differently", at: range)
    case .tooManyLinks:
      list.error("link.too-many", "there would be more links in all than 64 bits can count", at: range)
    case .mesh:
      list.error("link.match", "'mesh' joins the members of one row of at least two", at: range)
    case .ring, .brokenRing, .count, .duplicateName, .unknownPart, .notADevice, .linksPerPair:
      list.error("composition.invalid", "this cannot be built: \(error)", at: range)
    }
  }
}

extension CompositionIndex {
  /// The part of the processor nearest to a device: in its own block, else in the blocks around it.
  func hostPart(of path: [String]) -> String? {
    var block = path.dropLast()
    while true {
      if let row = parts.first(where: { $0.device?.kind == .cpu && $0.path.starts(with: block) }) {
        return row.device?.part
      }
      guard !block.isEmpty else { return nil }
      block.removeLast()
    }
  }
}

extension Composition.Block {
  /// The block that holds a wiring of a place in the order of `Composition.compiled()`: inner blocks first.
  func place(ofWiring place: Int) -> (path: [String], index: Int)? {
    var passed = 0
    return find(place, passed: &passed, path: [])
  }

  private func find(_ place: Int, passed: inout Int, path: [String]) -> (path: [String], index: Int)? {
    for block in blocks {
      if let found = block.find(place, passed: &passed, path: path + [block.name]) { return found }
    }
    if place < passed + wirings.count { return (path, place - passed) }
    passed += wirings.count
    return nil
  }
}
