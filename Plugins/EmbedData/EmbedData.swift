import Foundation
import PackagePlugin

/// Turns a target's data files into one generated Swift file, so that the binary carries them: those of its folder
/// `Data`, and of the folders linked there, such as `Topologies/`.
@main
struct EmbedData: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let data = context.package.directoryURL.appending(path: "Sources/\(target.name)/Data")
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedData.swift")
    // The links in the data folder also make the build system see files that come and go behind them.
    let links = try FileManager.default.contentsOfDirectory(at: data, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension.isEmpty }
      .map { $0.resolvingSymlinksInPath() }
    let inputs = try ([data] + links.sorted { $0.path < $1.path }).flatMap { folder in
      try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .filter { $0.pathExtension == "yaml" }
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
