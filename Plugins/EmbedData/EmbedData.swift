import Foundation
import PackagePlugin

/// Turns the data files of the catalogue, its measured tables and those of `Topologies/` into one generated Swift file, so that the binary carries them.
@main
struct EmbedData: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let root = context.package.directoryURL
    // The link `Topologies` in the data folder makes the build system see files that come and go there.
    let data = "Sources/HardwareCatalog/Data"
    let folders = [data, "\(data)/Measurements", "Topologies"].map { root.appending(path: $0) }
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedData.swift")
    let inputs = try folders.flatMap { folder in
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
