// swift-tools-version: 6.2
// Measurements of the bus engine and of the rules: `make bench`, `make bench-rules`. A package of its own, so that none of it reaches the product.

import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "edge-agent-benchmarks",
    targets: [
        // The agent's own sources through links: `package` access ends where a package ends, and what is measured
        // must not be opened to everybody only to be measured.
        .target(name: "Drivers", dependencies: ["CModbus", "CGpiod"], swiftSettings: strict),
        .systemLibrary(name: "CModbus", pkgConfig: "libmodbus", providers: [.apt(["libmodbus-dev"])]),
        .target(name: "CGpiod", linkerSettings: [.linkedLibrary("gpiod")]),

        // What the bus engine is measured against.
        .target(name: "PlainModbus", linkerSettings: [.linkedLibrary("modbus")]),
        .executableTarget(name: "BusBenchmark", dependencies: ["Drivers", "PlainModbus"], swiftSettings: strict),

        .target(name: "LocalRules", swiftSettings: strict),
        // Replaces malloc of the executable that it is linked into.
        .target(name: "CountedMalloc"),
        .executableTarget(
            name: "RulesBenchmark", dependencies: ["LocalRules", "CountedMalloc"], swiftSettings: strict),
    ]
)
