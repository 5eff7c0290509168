public import Documents

extension Family {
  /// What a part of the family may hold, for checks and for the reference of the language.
  public var schema: Schema {
    let attributes = (Family.commonAttributes + attributes).map { Schema.Key.optional($0.name, $0.kind, $0.about) }
    let names = figures.map { "`\($0.name)`" }.joined(separator: ", ")
    return Schema(
      self == .links ? "kind of link" : singular,
      "A part of one's own, or corrections to the shipped part of the same name.",
      keys: attributes + [
        .optional("figures", .named(.mapping(Figure<String>.schema.name)), "Its figures: \(names), and any further.")
      ])
  }
}

extension Figure<String> {
  /// How a figure is written in full; a quantity alone will do where there is no more to say.
  public static let schema = Schema(
    "figure", "A value of the hardware with its origin.",
    keys: [
      .required("value", .quantity("`900 GB/s`, `350 ns`, `64`"), "The value with its unit."),
      .optional("source", .name(of: "an entry of `sources`"), "Where it comes from."),
      .optional("assumed", .boolean, "Whether nobody has published it; `note` says why it was chosen."),
      .optional("note", .text, "How it was derived, how sources differ, why it was assumed."),
    ])
}

extension Source {
  /// How a source is written.
  public static let schema = Schema(
    "source", "Where facts come from.",
    keys: [
      .required("title", .text, "What it is called."),
      .optional("url", .text, "Its address."),
      .optional("date", .text, "Its date, or `undated`."),
    ])
}
