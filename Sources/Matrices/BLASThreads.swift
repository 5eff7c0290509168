import COpenBLAS

/// How many threads OpenBLAS may use, a choice of the whole process.
///
/// Set once at start-up: either OpenBLAS is parallel or the program's own tasks are, never both.
public enum BLASThreads {
  /// Sets the number of threads; values below one count as one.
  public static func set(_ count: Int) { openblas_set_num_threads(blasSide(max(1, count))) }

  /// The number of threads that OpenBLAS uses.
  public static var count: Int { Int(openblas_get_num_threads()) }
}
