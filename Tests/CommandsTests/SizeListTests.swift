import Diagnostics
import Quantities
import Testing

@testable import Commands

@Suite struct SizeListTests {
  private func read(_ text: String) -> (sizes: [Int64]?, diagnostics: [Diagnostic]) {
    var list = DiagnosticList()
    let sizes = SizeList(SourceText(name: "--sizes", text: text), &list)?.sizes.map(\.count)
    return (sizes, list.diagnostics)
  }

  @Test(
    "Sizes, lists and ranges are read in the order written",
    arguments: [
      ("8B", [8]), ("64KiB", [65536]), ("1GB,1MiB", [1_000_000_000, 1_048_576]), (" 8B , 1.5KiB ", [8, 1536]),
      ("8B..64B", [8, 16, 32, 64]), ("8B..60B", [8, 16, 32]), ("1KiB..16KiB*4", [1024, 4096, 16384]),
      ("8B..8B", [8]), ("1B..3B,5B,1B..9B*3", [1, 2, 5, 1, 3, 9]),
      ("1B..9EB*1000000000", [1, 1_000_000_000, 1_000_000_000_000_000_000]),
    ] as [(String, [Int64])])
  func reads(_ text: String, _ sizes: [Int64]) {
    let result = read(text)
    #expect(result.sizes == sizes && result.diagnostics.isEmpty)
  }

  @Test(
    "Every mistake is found at its place",
    arguments: [
      ("", "usage.size", 1, 1), ("8", "usage.size", 1, 1), ("8B,9", "usage.size", 4, 1), ("8B,,9B", "usage.size", 4, 1),
      ("8B,3MX", "usage.size", 4, 3), ("0B", "usage.size-zero", 1, 2), ("0.3B", "usage.size", 1, 4),
      ("-8B", "usage.size", 1, 3), ("8B..4B", "usage.size-range", 1, 6), ("8B..16B*1", "usage.size-factor", 9, 1),
      ("8B..16B*0", "usage.size-factor", 9, 1), ("8B..16B*-2", "usage.size-factor", 9, 2),
      ("8B..16B*x", "usage.size-factor", 9, 1), ("8B..16B*2*2", "usage.size-range", 1, 11),
      ("1B..2B..3B", "usage.size-range", 1, 10), ("..8B", "usage.size", 1, 1), ("99EB", "usage.size", 1, 4),
      ("nanB", "usage.size", 1, 4), ("infB", "usage.size", 1, 4), ("8B, 1e400B", "usage.size", 5, 6),
      ("8B..16B*99999999999999999999", "usage.size-factor", 9, 20),
    ])
  func refuses(_ text: String, _ id: String, _ column: Int, _ length: Int) {
    let result = read(text)
    #expect(result.sizes == nil)
    #expect(result.diagnostics.map(\.id) == [id])
    #expect(result.diagnostics.first?.range?.start == SourceLocation(line: 1, column: column))
    #expect(result.diagnostics.first?.range?.length == length)
  }

  @Test("All mistakes of a list are told at once")
  func several() {
    #expect(read("8,0B,7MiB..1B").diagnostics.map(\.id) == ["usage.size", "usage.size-zero", "usage.size-range"])
  }

  @Test("A range is a geometric sequence inside its ends, and the next step would leave them")
  func law() throws {
    for (lower, upper, factor) in [(1, 1000, 2), (8, 17_179_869_184, 4), (3, 3, 2), (7, 100, 10)]
      as [(Int64, Int64, Int64)]
    {
      let sizes = try #require(read("\(lower)B..\(upper)B*\(factor)").sizes)
      #expect(sizes.first == lower)
      #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $1 == $0 * factor })
      #expect(sizes.allSatisfy { $0 <= upper } && (sizes.last ?? 0) * factor > upper)
    }
  }

  @Test("More sizes than the limit are refused, at the place where they become too many")
  func limit() {
    let most = Array(repeating: "8B", count: SizeList.limit)
    #expect(read(most.joined(separator: ",")).sizes?.count == SizeList.limit)
    let result = read((most + ["8B"]).joined(separator: ","))
    #expect(result.sizes == nil && result.diagnostics.map(\.id) == ["usage.too-many-sizes"])
  }

  @Test("A list as long as an argument can be is refused")
  func long() {
    #expect(read(String(repeating: "x,", count: 60_000)).sizes == nil)
    #expect(read(String(repeating: "1B..9EB,", count: 15_000)).sizes == nil)
  }
}
