// swift-tools-version: 6.2
import PackageDescription

// The layers, ground to top. A target may depend only on targets named before it;
// `checked` refuses an edge that runs up.
struct Room {
  var name: String
  var needs: [String] = []
  var products: [Target.Dependency] = []
  var plugins: [Target.PluginUsage] = []
  var excludes: [String] = []
}

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let rooms: [Room] = [
  Room(name: "Quantities"),
  Room(name: "Diagnostics"),
  Room(name: "Documents", needs: ["Quantities", "Diagnostics"], products: [yams]),
  Room(name: "Matrices", needs: ["COpenBLAS"]),
  Room(name: "ClusterModel", needs: ["Quantities"]),
  Room(name: "Routing", needs: ["Quantities", "Matrices", "ClusterModel"]),
  Room(
    name: "HardwareCatalog", needs: ["Quantities", "Diagnostics", "Documents", "ClusterModel"],
    plugins: ["EmbedData"], excludes: ["Data"]),
  Room(
    name: "TopologyFiles",
    needs: ["Quantities", "Diagnostics", "Documents", "ClusterModel", "HardwareCatalog"]),
  Room(
    name: "Interchange",
    needs: ["Quantities", "Diagnostics", "Documents", "ClusterModel", "HardwareCatalog", "TopologyFiles"]),
  Room(
    name: "Collectives",
    needs: ["Quantities", "Diagnostics", "Documents", "Matrices", "ClusterModel", "Routing", "HardwareCatalog"]),
  Room(name: "Measurements", needs: ["Quantities", "Collectives"]),
  Room(
    name: "Serving",
    needs: ["Quantities", "Diagnostics", "Documents", "Matrices", "HardwareCatalog"],
    plugins: ["EmbedData"], excludes: ["Data"]),
  Room(
    name: "Estimation",
    needs: [
      "Quantities", "Diagnostics", "Documents", "Matrices", "ClusterModel", "Routing", "HardwareCatalog",
      "TopologyFiles", "Collectives", "Measurements", "Serving",
    ]),
  Room(
    name: "Reports",
    needs: [
      "Quantities", "Diagnostics", "ClusterModel", "Routing", "HardwareCatalog", "TopologyFiles", "Interchange",
      "Collectives", "Measurements", "Serving", "Estimation",
    ]),
  Room(
    name: "Commands",
    needs: [
      "Quantities", "Diagnostics", "Documents", "Matrices", "ClusterModel", "Routing", "HardwareCatalog",
      "TopologyFiles", "Interchange", "Collectives", "Measurements", "Serving", "Estimation", "Reports",
    ],
    products: [argumentParser]),
]

func checked(_ rooms: [Room]) -> [Room] {
  var seen: Set<String> = ["COpenBLAS"]
  for room in rooms {
    for need in room.needs {
      precondition(seen.contains(need), "\(room.name) may not depend on \(need): that edge runs up the layers")
    }
    seen.insert(room.name)
  }
  return rooms
}

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

func testTarget(_ room: String, also needs: [String] = []) -> Target {
  .testTarget(
    name: "\(room)Tests",
    dependencies: ([room, "TestSupport"] + needs).map { .target(name: $0) },
    exclude: testData[room] ?? [],
    swiftSettings: settings)
}

// Folders of fixtures and snapshots that tests read from disk.
let testData: [String: [String]] = [
  "Matrices": ["Cases"],
  "Routing": ["Cases"],
  "TopologyFiles": ["Fixtures"],
  "Interchange": ["Cases"],
  "Collectives": ["Cases"],
  "Serving": ["Cases"],
  "Commands": ["Snapshots"],
]

let package = Package(
  name: "isochrone",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "isochrone", targets: ["isochrone"]),
    .library(name: "Isochrone", targets: ["Estimation", "Reports"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])])
  ]
    + checked(rooms).map { room in
      .target(
        name: room.name,
        dependencies: room.needs.map { .target(name: $0) } + room.products,
        exclude: room.excludes,
        swiftSettings: settings,
        plugins: room.plugins)
    }
    + [
      .executableTarget(name: "isochrone", dependencies: ["Commands"], swiftSettings: settings),
      .executableTarget(name: "EmbedFiles", swiftSettings: settings),
      .plugin(name: "EmbedData", capability: .buildTool(), dependencies: ["EmbedFiles"]),
      .target(
        name: "TestSupport",
        dependencies: ["Quantities", "ClusterModel"],
        path: "Tests/TestSupport",
        swiftSettings: settings),
      testTarget("Quantities"),
      testTarget("Diagnostics"),
      testTarget("Documents", also: ["Diagnostics", "Quantities"]),
      testTarget("Matrices"),
      testTarget("ClusterModel", also: ["Quantities"]),
      testTarget("Routing", also: ["ClusterModel", "Quantities", "Matrices"]),
      testTarget("HardwareCatalog", also: ["Diagnostics", "Documents", "ClusterModel", "Quantities"]),
      testTarget(
        "TopologyFiles", also: ["HardwareCatalog", "Diagnostics", "Documents", "ClusterModel", "Quantities"]),
      testTarget(
        "Interchange",
        also: ["TopologyFiles", "HardwareCatalog", "Diagnostics", "Documents", "ClusterModel", "Quantities"]),
      testTarget("Collectives", also: ["ClusterModel", "Routing", "HardwareCatalog", "Quantities"]),
      testTarget("Measurements", also: ["Collectives", "Quantities"]),
      testTarget("Serving", also: ["HardwareCatalog", "Diagnostics", "Documents", "Matrices", "Quantities"]),
      testTarget(
        "Estimation",
        also: [
          "Diagnostics", "Collectives", "Measurements", "Routing", "TopologyFiles", "HardwareCatalog", "ClusterModel",
          "Quantities",
          "Matrices",
        ]),
      testTarget(
        "Reports",
        also: [
          "Estimation", "Collectives", "Serving", "TopologyFiles", "HardwareCatalog", "ClusterModel", "Quantities",
        ]),
      testTarget("Commands", also: ["TopologyFiles", "Diagnostics", "Quantities"]),
    ],
  swiftLanguageModes: [.v6]
)
