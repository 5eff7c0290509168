/// Arithmetic on counts that users give.
enum Count {
  static func product(_ factors: Int...) throws(FabricError) -> Int {
    var result = 1
    for factor in factors {
      let (value, overflow) = result.multipliedReportingOverflow(by: factor)
      if overflow { throw .countTooLarge }
      result = value
    }
    return result
  }

  static func sum(_ left: Int, _ right: Int) throws(FabricError) -> Int {
    let (value, overflow) = left.addingReportingOverflow(right)
    if overflow { throw .countTooLarge }
    return value
  }

  /// The quotient rounded up, of a count from 0 by one from 1.
  static func quotientUp(_ count: Int, _ divisor: Int) -> Int {
    count / divisor + (count % divisor == 0 ? 0 : 1)
  }
}
