public import Diagnostics

extension SourceText {
  /// The largest file that is read, in bytes: 4 MiB.
  public static let largestFile = 4 << 20

  /// The error for a file that is larger than a limit.
  public static func tooLarge(_ name: String, byteCount: Int?, limit: Int = largestFile) -> Diagnostic {
    let size = byteCount.map { "\($0 >> 20) MiB" } ?? "more than that"
    return Diagnostic(
      .error, id: "file.too-large", "the file is too large: at most \(limit >> 20) MiB are read, it has \(size)",
      at: SourceRange(file: name, start: SourceLocation(line: 1, column: 1)))
  }

  /// Reads a text from the bytes of a file.
  /// - Parameters:
  ///   - bytes: The bytes; at most `limit` of them.
  ///   - name: The name of the file as the user gave it.
  ///   - limit: How many bytes are read.
  /// - Returns: The text, or nil after an error for bytes that are too many or not UTF-8.
  public static func decoding(
    _ bytes: [UInt8], name: String, limit: Int = largestFile, _ list: inout DiagnosticList
  ) -> SourceText? {
    guard bytes.count <= limit else {
      list.append(tooLarge(name, byteCount: bytes.count, limit: limit))
      return nil
    }
    if let text = String(validating: bytes, as: UTF8.self) { return SourceText(name: name, text: text) }
    let valid = validPrefix(of: bytes)
    let readable = SourceText(name: name, text: String(decoding: bytes[..<valid], as: UTF8.self))
    let place = readable.location(ofByte: valid)
    let byte = String(bytes[valid], radix: 16, uppercase: true)
    let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    list.error(
      "file.encoding", "the file is not UTF-8 text: unexpected byte 0x\(byte)",
      at: SourceRange(file: name, start: place), notes: isUTF16 ? ["it looks like UTF-16; save it as UTF-8"] : [])
    return nil
  }

  /// How many bytes at the start are whole UTF-8 sequences.
  private static func validPrefix(of bytes: [UInt8]) -> Int {
    var decoder = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var valid = 0
    while case .valid(let scalar) = decoder.parseScalar(from: &iterator) { valid += scalar.count }
    return min(valid, max(0, bytes.count - 1))
  }
}
