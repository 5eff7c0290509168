public import Matrices

/// How well the fitted figures of a profile are known together: the covariance of their logarithms.
public struct FigureCovariance: Sendable {
  /// The figures, in the order of the matrix.
  public let names: [String]
  /// Covariances of the natural logarithms of the figures.
  public let matrix: Matrix

  private let position: [String: Int]

  /// A covariance of figures.
  /// - Parameters:
  ///   - names: As many as the matrix has rows and columns.
  ///   - matrix: Symmetric.
  public init(names: [String], matrix: Matrix) {
    self.names = names
    self.matrix = matrix
    position = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The variances that the figures give to logarithms of times: the diagonal of S · C · Sᵀ.
  /// - Parameter sensitivities: For each time, the derivative of its logarithm by that of each figure.
  /// - Complexity: O(times · figures²).
  public func variances(of sensitivities: [[String: Double]]) -> [Double] {
    var rows = Matrix(rows: sensitivities.count, columns: names.count)
    for (row, values) in sensitivities.enumerated() {
      for (name, value) in values {
        if let column = position[name] { rows[row, column] = value }
      }
    }
    let products = rows.times(matrix)
    return sensitivities.indices.map { row in
      max(0, names.indices.reduce(0) { $0 + products[row, $1] * rows[row, $1] })
    }
  }
}
