// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "isochrone-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "isochrone", path: ".."),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .executableTarget(
      name: "isochrone-benchmarks",
      dependencies: [
        .product(name: "Isochrone", package: "isochrone"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .treatAllWarnings(as: .error),
      ])
  ],
  swiftLanguageModes: [.v6])
