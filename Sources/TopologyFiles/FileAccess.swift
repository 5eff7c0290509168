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

  /// A way to read files.
  public init(read: @escaping @Sendable (_ path: String) throws(Failure) -> [UInt8]) { self.read = read }

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
    FileAccess { path throws(Failure) in try bytes(of: path, limit: limit) }
  }

  private static func bytes(of path: String, limit: Int) throws(Failure) -> [UInt8] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { throw .notFound }
    guard !isFolder.boolValue else { throw .isFolder }
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      if attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? Int, size > limit {
        throw Failure.tooLarge(byteCount: size)
      }
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      var bytes: [UInt8] = []
      // A pipe or device has no size and may have no end.
      while bytes.count <= limit, let chunk = try handle.read(upToCount: limit + 1 - bytes.count), !chunk.isEmpty {
        bytes += chunk
      }
      guard bytes.count <= limit else { throw Failure.tooLarge(byteCount: nil) }
      return bytes
    } catch let failure as Failure {
      throw failure
    } catch {
      throw .unreadable((error as NSError).localizedFailureReason ?? "it cannot be opened")
    }
  }
}
