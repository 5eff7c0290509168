import Foundation
import PackagePlugin

/// Turns a target's data files into one generated Swift file, so that the binary carries them: those of its folder
/// `Data`, and of the folders in it or linked there, such as `Topologies/`.
@main
struct EmbedData: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let data = context.package.directoryURL.appending(path: "Sources/\(target.name)/Data")
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedData.swift")
    // Folders and links to folders; a link also makes the build system see files that come and go behind it.
    let folders = try FileManager.default.contentsOfDirectory(at: data, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension.isEmpty }
      .map { $0.resolvingSymlinksInPath() }
    let inputs = try ([data] + folders.sorted { $0.path < $1.path }).flatMap { folder in
      try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .filter { ["yaml", "json"].contains($0.pathExtension) }
        .sorted { $0.path < $1.path }
    }
    return [
      .buildCommand(
        displayName: "Embedding \(inputs.count) data files",
        executable: try context.tool(named: "EmbedFiles").url,
        arguments: [output.path] + inputs.map(\.path),
        inputFiles: inputs,
        outputFiles: [output])
    ]
  }
}
