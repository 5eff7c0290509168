/// Memory for the elements of a matrix, aligned to cache lines.
///
/// A `Matrix` writes only to storage it alone refers to, so sharing it between tasks is safe.
final class MatrixStorage: @unchecked Sendable {
  private static let alignment = 64

  let elements: UnsafeMutableBufferPointer<Double>

  init(count: Int) {
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Double>.stride, alignment: MatrixStorage.alignment)
    elements = UnsafeMutableBufferPointer(start: bytes.bindMemory(to: Double.self, capacity: count), count: count)
  }

  convenience init(copying other: MatrixStorage) {
    self.init(count: other.elements.count)
    _ = elements.initialize(from: other.elements)
  }

  deinit { UnsafeMutableRawPointer(elements.baseAddress)?.deallocate() }
}
