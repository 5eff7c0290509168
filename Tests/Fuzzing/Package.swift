// swift-tools-version: 6.2
import PackageDescription

// Built by Scripts/fuzz, which gives the compiler and the linker what libFuzzer needs.
let package = Package(
  name: "isochrone-fuzzing",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "isochrone", path: "../..")],
  targets: [
    .systemLibrary(name: "CLibFuzzer"),
    .executableTarget(
      name: "fuzz-readers",
      dependencies: ["CLibFuzzer", .product(name: "Isochrone", package: "isochrone")],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .treatAllWarnings(as: .error),
      ]),
  ],
  swiftLanguageModes: [.v6])
