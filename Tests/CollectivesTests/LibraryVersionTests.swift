import Collectives
import Testing

/// Releases of libraries.
@Suite("Releases")
struct LibraryVersionTests {
  @Test(
    "Numbers are compared one by one", arguments: [("2.9", "2.12"), ("2.20", "2.20.5"), ("1", "2"), ("2.18.3", "2.19")])
  func order(early: String, late: String) throws {
    let (early, late) = (try #require(LibraryVersion(early)), try #require(LibraryVersion(late)))
    #expect(early < late && !(late < early))
  }

  @Test(
    "What is no release is refused",
    arguments: ["", ".", "2.", "2..1", "v2", "-1", "2.20 ", "1.2.3.4.5", "99999999999999999999", "２"])
  func bad(text: String) {
    #expect(LibraryVersion(text) == nil)
  }
}
