public import Documents

/// The language of estates: what each mapping of a file may hold.
public enum EstateLanguage {
  /// The version that this reader knows.
  public static let version = 1
  /// The key by which an estate is told from a topology.
  public static let mark = "sites"

  /// The mappings in the order of the reference.
  public static let schemas: [Schema] = [
    file, requests, length, site, replica, population, provider, link, agent, loop, tool, speculation,
    LanguageModel.shape, LanguageModel.expertShape,
  ]

  static let file = Schema(
    "estate file", "Sites that serve a model, the populations that ask, and the rules between.",
    keys: [
      .required("isochrone", .integer, "Version of the language: 1."),
      .optional("name", .text, "Name of the estate, for people."),
      .optional("description", .text, "Prose."),
      .optional("sources", .named(.mapping("source")), "Where facts come from, by a key of one's own."),
      .optional("facts", .list(.mapping("fact")), "What the description rests on, with its source."),
      .optional("models", .named(.mapping("model")), "Models of one's own."),
      .required("requests", .mapping("requests"), "How many there are and what they ask."),
      .required("sites", .list(.mapping("site")), "Where models are served."),
      .required("populations", .list(.mapping("population")), "Where requests come from."),
      .optional("providers", .named(.mapping("provider")), "Rules of the providers of sites."),
      .optional("links", .list(.mapping("link")), "Round trips that are known better than by tables and fit."),
      .optional(
        "objective", .choice(Estate.Objective.allCases.map(\.rawValue)), "What assignment makes small; latency."),
    ])

  static let requests = Schema(
    "requests", "How many requests there are and what they ask.",
    keys: [
      .required("rate", .number, "Requests per second when every population is at its peak."),
      .required("model", .name(of: "a model"), "The model that is asked."),
      .required("prompt", .either([.number, .mapping("length")]), "Tokens of a prompt."),
      .required("output", .either([.number, .mapping("length")]), "Tokens of an answer."),
      .optional("cached", .number, "Share of a prompt that is read already; 0."),
      .optional("new-connections", .number, "Share of requests that open a connection; 0.1."),
      .optional("speculation", .mapping("speculation"), "Drafting of tokens."),
      .optional("agent", .mapping("agent"), "The calls that a request makes; one if left out."),
    ])

  static let length = Schema(
    "length", "A random number of tokens.",
    keys: [
      .required("mean", .number, "The mean."),
      .optional("scv", .number, "Variance over squared mean; 1."),
    ])

  static let site = Schema(
    "site", "A cluster at a place.",
    keys: [
      .required("name", .name(of: "the site"), "Its name."),
      .required("place", .text, "A region (`aws:us-east-1`), a city, or coordinates."),
      .optional("provider", .name(of: "a provider"), "Left out: the provider of the region."),
      .required("cluster", .text, "A topology with parameters: `gb200-nvl72:racks=8`."),
      .optional("model", .name(of: "a model"), "Left out: the model that is asked."),
      .required("replica", .mapping("replica"), "How the model is spread."),
      .optional("replicas", .integer, "Left out: as many as the cluster holds."),
      .optional("accelerators", .integer, "How many its replicas may take; left out: all of the cluster."),
      .optional("batch", .integer, "The largest batch; left out: what memory allows."),
      .optional("prefill", .number, "Share of the replicas that only read prompts and pass their caches on."),
    ])

  static let replica = Schema(
    "replica", "How a model is spread over accelerators.",
    keys: [
      .required("tensor", .integer, "Accelerators that share each matrix."),
      .optional("expert", .integer, "Accelerators that share the experts; 1."),
      .optional("pipeline", .integer, "Stages of layers; 1."),
    ])

  static let population = Schema(
    "population", "People who ask.",
    keys: [
      .required("name", .name(of: "the population"), "Its name."),
      .required("place", .text, "A city, a region or coordinates."),
      .required("weight", .number, "Its share of the requests, relative to the others."),
      .optional("countries", .list(.text), "Only sites in these countries may serve it."),
      .optional("providers", .list(.name(of: "a provider")), "Only these may serve it, in this order of preference."),
      .optional("peak", .number, "Hour of its peak in UTC; left out: eight in the evening by the sun."),
      .optional("trough", .number, "Its least rate over its greatest; 0.3."),
    ])

  static let provider = Schema(
    "provider", "Rules of a provider.",
    keys: [
      .optional("preference", .integer, "Place in the order of preference, 1 first."),
      .optional(
        "first-refusal", .either([.boolean, .number]),
        "Whether, or which share of what comes to it, it may take or refuse without a line before the next; no."),
      .optional("replicas", .integer, "The most replicas of it that may be used, over all its sites."),
      .optional("accelerators", .integer, "The most accelerators of it that may be used, over all its sites."),
      .optional("price", .number, "Dollars for an accelerator and hour."),
    ])

  static let link = Schema(
    "link", "A known round trip.",
    keys: [
      .required("between", .list(.name(of: "a population or site")), "The two ends."),
      .required("round-trip", .quantity("`12 ms`"), "The round trip."),
    ])

  static let agent = Schema(
    "agent", "One of these.",
    keys: [
      .optional("call", .boolean, "A call of the model: `call: true`."),
      .optional("tool", .mapping("tool"), "Something else that takes time."),
      .optional("sequence", .list(.mapping("agent")), "One after another."),
      .optional("parallel", .list(.mapping("agent")), "At the same time."),
      .optional("loop", .mapping("loop"), "Turns."),
    ])

  static let tool = Schema(
    "tool", "Something that takes time besides the model.",
    keys: [
      .required("time", .quantity("`300 ms`"), "The mean."),
      .optional("scv", .number, "Variance over squared mean; 1."),
    ])

  static let loop = Schema(
    "loop", "Turns; needs `turns` or `continue`.",
    keys: [
      .required("body", .mapping("agent"), "What each turn does."),
      .optional("turns", .list(.number), "Probabilities of one turn, two, …; they sum to one."),
      .optional("continue", .number, "Probability of another turn after each; below 0.99."),
    ])

  static let speculation = Schema(
    "speculation", "Drafting of tokens that a step then confirms.",
    keys: [
      .required("drafted", .integer, "Tokens drafted for each step."),
      .required("acceptance", .number, "Probability that a drafted token is confirmed after those before it."),
      .optional("cost", .number, "Time of drafting a token over that of a step; 0.1."),
    ])
}
