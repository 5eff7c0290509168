/// The kinds of fabric there are.
public enum FabricKinds {
  /// All of them.
  public static let all: [any FabricKind.Type] = [
    RailOptimised.self, FatTree.self, RailOnly.self, SingleSwitch.self, Dragonfly.self,
  ]

  /// The kind of that name; nil where there is none.
  public static func named(_ name: String) -> (any FabricKind.Type)? { all.first { $0.name == name } }
}
