import Diagnostics
import Testing

@Suite("Suggestions")
struct SuggestionsTests {
  @Test(
    "A misspelt word finds what it was meant to be",
    arguments: [
      ("oversubscripton", "oversubscription"), ("rakcs", "racks"), ("RACKS", "racks"), ("quantum2", "Quantum-2"),
      ("NVL72", "nvl-72"),
    ])
  func finds(word: String, meant: String) {
    #expect(Suggestions.nearest(to: word, among: ["kind", meant, "planes"]) == [meant])
  }

  @Test("A word that is like none finds nothing, however long it is")
  func findsNothing() {
    #expect(Suggestions.nearest(to: "bandwidth", among: ["kind", "planes"]) == [])
    #expect(Suggestions.nearest(to: "", among: ["a"]) == [])
    #expect(Suggestions.nearest(to: "xy", among: ["a"]) == [])
    #expect(Suggestions.nearest(to: String(repeating: "a", count: 100_000), among: ["kind"]) == [])
  }

  @Test("At most three are offered, the nearest first, in words")
  func limit() {
    let found = Suggestions.nearest(to: "leaf1x", among: ["leaf5x", "leaf12", "leaf3x", "leaf1", "leaf4x"])
    #expect(found == ["leaf1", "leaf12", "leaf3x"])
    #expect(Suggestions.note(found) == "did you mean 'leaf1', 'leaf12' or 'leaf3x'?")
    #expect(Suggestions.note(["a"]) == "did you mean 'a'?")
    #expect(Suggestions.note([]) == nil)
  }
}
