import Diagnostics
import Documents
import Foundation

/// How files are read: from the disk, or from memory in tests and other programs.
public struct FileAccess: Sendable {
  /// Why a file could not be read.
  public enum Failure: Error, Hashable, Sendable {
    case notFound
    case isFolder
    /// Larger than is read; its size, where known.
    case tooLarge(byteCount: Int?)
    /// Another reason, as the system says it.
    case unreadable(String)
  }

  /// Reads at most `SourceText.largestFile` bytes of the file at a path.
  public var read: @Sendable (_ path: String) throws(Failure) -> [UInt8]

  /// Opens a file of any length to be read in pieces.
  public var open: @Sendable (_ path: String) throws(Failure) -> FilePieces

  /// A way to read files, in which a file is one piece.
  public init(read: @escaping @Sendable (_ path: String) throws(Failure) -> [UInt8]) {
    self.read = read
    open = { path throws(Failure) in FilePieces(whole: try read(path)) }
  }

  private init(
    read: @escaping @Sendable (_ path: String) throws(Failure) -> [UInt8],
    open: @escaping @Sendable (_ path: String) throws(Failure) -> FilePieces
  ) {
    self.read = read
    self.open = open
  }

  /// Files in memory by their paths.
  public static func memory(_ files: [String: String]) -> FileAccess {
    FileAccess { path throws(Failure) in
      guard let text = files[path] else { throw .notFound }
      return Array(text.utf8)
    }
  }

  /// Files on the disk; the size is looked at before anything is read.
  public static let disk = disk(limit: SourceText.largestFile)

  /// Files on the disk of at most so many bytes.
  public static func disk(limit: Int) -> FileAccess {
    FileAccess(read: { path throws(Failure) in try bytes(of: path, limit: limit) }, open: openOnDisk)
  }

  private static func bytes(of path: String, limit: Int) throws(Failure) -> [UInt8] {
    let (handle, size) = try open(path)
    defer { try? handle.close() }
    if let size, size > limit { throw .tooLarge(byteCount: size) }
    var bytes: [UInt8] = []
    // A pipe or device has no size and may have no end.
    while bytes.count <= limit, let chunk = try FilePieces.piece(of: handle, upTo: limit + 1 - bytes.count) {
      bytes += chunk
    }
    guard bytes.count <= limit else { throw .tooLarge(byteCount: nil) }
    return bytes
  }

  private static func openOnDisk(_ path: String) throws(Failure) -> FilePieces {
    FilePieces(handle: try open(path).0)
  }

  /// Opens a file.
  /// - Returns: The open file, and its size where it has one.
  private static func open(_ path: String) throws(Failure) -> (FileHandle, size: Int?) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { throw .notFound }
    guard !isFolder.boolValue else { throw .isFolder }
    var status = stat()
    // Opening a named pipe waits for somebody to write to it; those of a shell's own are open already.
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFIFO,
      !["/dev/", "/proc/"].contains(where: path.hasPrefix)
    {
      throw .unreadable("it is a named pipe")
    }
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      let size = attributes[.type] as? FileAttributeType == .typeRegular ? attributes[.size] as? Int : nil
      return (try FileHandle(forReadingFrom: URL(fileURLWithPath: path)), size)
    } catch {
      throw unreadable(error)
    }
  }

  fileprivate static func unreadable(_ error: any Error) -> Failure {
    .unreadable((error as NSError).localizedFailureReason ?? "it cannot be opened")
  }
}

/// The pieces of an open file, in order.
public struct FilePieces {
  private static let length = 1 << 20

  private var whole: [UInt8]?
  private let handle: FileHandle?

  init(whole: [UInt8]) {
    self.whole = whole
    handle = nil
  }

  /// The pieces of a file, which is closed after the last one.
  init(handle: FileHandle) { self.handle = handle }

  /// The next piece; nil after the last one.
  public mutating func next() throws(FileAccess.Failure) -> [UInt8]? {
    guard let handle else {
      defer { whole = nil }
      return whole
    }
    guard let piece = try FilePieces.piece(of: handle, upTo: FilePieces.length) else {
      try? handle.close()
      return nil
    }
    return [UInt8](piece)
  }

  /// The next bytes of a file; nil at its end.
  static func piece(of handle: FileHandle, upTo count: Int) throws(FileAccess.Failure) -> Data? {
    do {
      return try handle.read(upToCount: count).flatMap { $0.isEmpty ? nil : $0 }
    } catch {
      throw FileAccess.unreadable(error)
    }
  }
}
