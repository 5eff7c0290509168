// Writes a Swift file that holds the given files' text: EmbedFiles OUTPUT INPUT…
import Foundation

let arguments = CommandLine.arguments.dropFirst()
guard let output = arguments.first else {
  FileHandle.standardError.write(Data("usage: EmbedFiles OUTPUT INPUT...\n".utf8))
  exit(64)
}

var source = """
  // Generated from the data files; do not edit.

  enum EmbeddedData {
    struct File {
      let folder: String
      let name: String
      let text: StaticString
    }

    static let files: [File] = [

  """
for path in arguments.dropFirst() {
  let url = URL(fileURLWithPath: path)
  let text = try String(contentsOf: url, encoding: .utf8)
  let fence = "######"
  precondition(!text.contains("\"\"\"" + fence), "\(path) contains the fence of the generated literal")
  source += "    File(folder: \"\(url.deletingLastPathComponent().lastPathComponent)\", "
  source += "name: \"\(url.deletingPathExtension().lastPathComponent)\", text: \(fence)\"\"\"\n"
  source += text.hasSuffix("\n") ? text : text + "\n"
  source += "\n\"\"\"\(fence)),\n"
}
source += "  ]\n}\n"
try source.write(toFile: output, atomically: true, encoding: .utf8)
