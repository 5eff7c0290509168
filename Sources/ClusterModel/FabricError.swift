/// Why a fabric cannot be built.
public enum FabricError: Error, Sendable, Hashable {
  /// There is nothing to join.
  case noSites
  /// A row's rack or box has the name of another row's.
  case duplicateName(String)
  /// A count is below 1 or, for planes, above 26.
  case invalidCount(String, Int)
  /// A bandwidth is not a positive finite number.
  case invalidBandwidth(String)
  /// The oversubscription is below 1 or not finite.
  case invalidOversubscription(Double)
  /// The rack or box has no such row of NICs.
  case missingNICs([String])
  /// The NICs of a rack or box do not divide into so many rails.
  case railsDoNotDivide(rails: Int, block: String)
  /// Rows that a rail-only fabric joins have different numbers of rails.
  case railsDiffer([Int])
  /// More racks or boxes per leaf are asked for than its ports allow.
  case tooManyRacksPerLeaf(asked: Int, limit: Int)
  /// A dragonfly joins one row of racks or boxes; how many there are.
  case severalRows(Int)
  /// The ports of one rack or box are more than a switch of a dragonfly has for NICs.
  case tooManyPorts(Int, limit: Int)
  /// More groups than the links between them allow.
  case tooManyGroups(Int, limit: Int)
  /// The switch has too few ports for a fabric of this kind.
  case radixTooSmall(radix: Int)
  /// The switch has more ports than a fabric is worked out for.
  case radixTooLarge(limit: Int)
  /// A block has to be divided for the leaf switches, and links between its parts do not allow it.
  case cannotDivide(block: String)
  /// A count exceeds 64 bits.
  case countTooLarge
}

extension FabricError: CustomStringConvertible {
  /// The cause in one sentence.
  public var description: String {
    switch self {
    case .noSites: "a fabric needs racks or boxes to join"
    case .duplicateName(let name): "two rows that one fabric joins are both named '\(name)'"
    case .invalidCount(let name, let value): "\(value) is not a possible number of \(name)"
    case .invalidBandwidth(let name): "the bandwidth of the \(name) is not a positive number"
    case .invalidOversubscription(let value): "an oversubscription of \(value) is not a number from 1"
    case .missingNICs(let path): "there is no row of NICs '\(path.joined(separator: "/"))' to connect"
    case .railsDoNotDivide(let rails, let block): "the NICs of each '\(block)' do not divide into \(rails) rails"
    case .railsDiffer(let counts):
      "the rows have different numbers of rails: \(counts.map(String.init).joined(separator: ", "))"
    case .severalRows(let count): "a dragonfly joins one kind of racks or boxes, not \(count)"
    case .tooManyPorts(let count, let limit):
      "the \(count) network links of one rack or box do not fit on the \(limit) that a switch has for them"
    case .tooManyGroups(let count, let limit):
      "\(count) groups are too many: the links of a group lead to \(limit - 1) others at most"
    case .tooManyRacksPerLeaf(let asked, let limit):
      "\(asked) racks or boxes do not fit on one leaf switch; at most \(limit) do"
    case .radixTooSmall(let radix): "a switch of \(radix) ports is too small for this fabric"
    case .radixTooLarge(let limit): "a switch of more than \(limit) ports is not supported"
    case .cannotDivide(let block): "'\(block)' cannot be divided between leaf switches"
    case .countTooLarge: "a count does not fit into 64 bits"
    }
  }
}
