/// A product of a profile's figures: what a share, an efficiency or a message hop is made of.
///
/// Costs are sums of such products, so how a time answers to a figure is known exactly.
public struct FigureProduct: Sendable, Hashable {
  /// Figures that it grows with.
  public var over: [String]
  /// Figures that it falls with.
  public var under: [String]

  /// A product of figures over others.
  public init(_ over: [String], under: [String] = []) {
    self.over = over
    self.under = under
  }

  /// Its value in a profile; a figure that the profile does not list counts as 1.
  public func value(in profile: LibraryProfile) -> Double {
    over.reduce(1) { $0 * profile.factor($1) } / under.reduce(1) { $0 * profile.factor($1) }
  }

  /// The product of two.
  static func * (left: FigureProduct, right: FigureProduct) -> FigureProduct {
    FigureProduct(left.over + right.over, under: left.under + right.under)
  }
}
