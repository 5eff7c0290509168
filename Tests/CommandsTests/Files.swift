/// Topology files that tests of several commands use.
enum Files {
  static let good = """
    isochrone: 1
    name: Two racks of mine
    cluster:
      racks: 2 × GB200-NVL72
      fabric: {kind: rail-optimised, switch: Quantum-2, oversubscription: 1}

    """
  /// A key and a value are misspelt; each has one mending.
  static let misspelt = good.replacing("racks:", with: "racs:").replacing("optimised", with: "optimized")
  static let newer = "isochrone: 1000\ncluster: {}\n"

  static let all = ["good.yaml": good, "misspelt.yaml": misspelt, "newer.yaml": newer]
}
