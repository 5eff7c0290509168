extension Matrix {
  /// The covariance of the results of a linear map, whose matrix this is, for a covariance of its arguments: `J Σ Jᵀ`.
  /// - Parameter covariance: A symmetric matrix with as many rows as this one has columns.
  /// - Complexity: Two products of matrices.
  public func carrying(covariance: Matrix) -> Matrix { times(covariance).times(self, otherTransposed: true) }
}
