extension CompositionCompiler {
  /// Rings as joints, with their places in document order.
  private var rings: [(place: Int, joint: Joint, ring: Composition.Ring)] {
    joints.enumerated().compactMap { place, joint in
      guard case .ring(let ring) = joint.wiring.match else { return nil }
      return (place, joint, ring)
    }
  }

  /// A ring goes round one undivided digit, which no other ring tells apart index by index.
  func checkRings() throws(CompositionError) {
    var symmetries: [Int: Blueprint.Axis.Symmetry] = [:]
    for (place, joint, ring) in rings {
      let steps = [(ring.step, Blueprint.Axis.Symmetry.rotations)] + ring.places.map { ($0.step, .none) }
      for (step, symmetry) in steps {
        let own = digits.flattened(slots[slot(step, of: joint)].digit)
        guard own.count == 1, symmetries[own[0], default: symmetry] == symmetry else {
          throw .brokenRing(wiring: place)
        }
        symmetries[own[0]] = symmetry
      }
    }
  }

  /// By digit: what rings leave of its symmetry.
  func symmetries() -> [Int: Blueprint.Axis.Symmetry] {
    var result: [Int: Blueprint.Axis.Symmetry] = [:]
    for (_, joint, ring) in rings {
      for digit in digits.flattened(slots[slot(ring.step, of: joint)].digit) { result[digit] = .rotations }
      for place in ring.places {
        for digit in digits.flattened(slots[slot(place.step, of: joint)].digit) {
          result[digit] = Blueprint.Axis.Symmetry.none
        }
      }
    }
    return result
  }

  /// A ring's wiring as the shift of its rule; nil for other wirings.
  func shift(of joint: Joint) -> Blueprint.Shift? {
    guard case .ring(let ring) = joint.wiring.match, let axis = axes(of: slot(ring.step, of: joint)).first else {
      return nil
    }
    return Blueprint.Shift(
      axis: axis, by: ring.by,
      places: ring.places.compactMap { place in
        axes(of: slot(place.step, of: joint)).first.map { .init(axis: $0, from: place.from, to: place.to) }
      })
  }

  /// The axes along which links join each accelerator of a row to the next, as in a torus; innermost first.
  func ringAxes(ofAccelerators row: Int) -> [AxisID] {
    let around = rings.filter { $0.joint.from.last == row && $0.ring.by == 1 && $0.ring.places.isEmpty }
      .flatMap { axes(of: slot($0.ring.step, of: $0.joint)) }
    return slots[row].path.flatMap { axes(of: $0) }.reversed().filter(around.contains)
  }
}
