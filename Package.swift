// swift-tools-version: 6.2
// The edge agent: a daemon that watches over one home. HANDBOOK.md shows how data flows through these modules.

import PackageDescription

/// Every target of ours: Swift 6 language mode (the tools version's default) and no warning left standing.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "edge-agent",
    products: [.executable(name: "edge-agent", targets: ["EdgeAgent"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        // No traits: its streams of delimited messages import full Foundation, which the arm64 linker keeps (62.8 MB).
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // What is wrong in a home, and why. Values in, directives out; imports nothing.
        .target(name: "LocalRules", swiftSettings: strict),

        // Buses, meters' registers, lines. Knows no alert.
        .target(name: "Drivers", dependencies: ["CModbus", "CGpiod"], swiftSettings: strict),

        // The durable outbox, the wire format, the MQTT link. Decides nothing about the home.
        .target(
            name: "Upstream",
            dependencies: [
                "LocalRules", "CMosquitto", "CSQLite", "CCrypto",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: strict),

        // Configuration, wiring, supervision, the command line.
        .executableTarget(
            name: "EdgeAgent",
            dependencies: [
                "LocalRules", "Drivers", "Upstream", "CLinux", "CToml",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: strict),

        // C libraries of the distribution.
        .systemLibrary(name: "CModbus", pkgConfig: "libmodbus", providers: [.apt(["libmodbus-dev"])]),
        .systemLibrary(name: "CMosquitto", pkgConfig: "libmosquitto", providers: [.apt(["libmosquitto-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        // libcrypto, which libmosquitto brings along: signatures of commands (docs/decisions/0016-commands.md).
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        // One face for libgpiod 1.x and 2.x, chosen when it is compiled.
        .target(name: "CGpiod", linkerSettings: [.linkedLibrary("gpiod")]),
        // What Glibc's module map hides: epoll, timerfd, eventfd, adjtimex.
        .target(name: "CLinux"),
        // toml++ (header only) behind C functions, with line and column for every key.
        .target(name: "CToml"),

        .testTarget(name: "LocalRulesTests", dependencies: ["LocalRules"], swiftSettings: strict),
        .testTarget(name: "DriversTests", dependencies: ["Drivers", "CLinux", "CModbus"], swiftSettings: strict),
        // Real peers of tests: a private mosquitto, a folder that goes away.
        .target(name: "TestPeers", path: "Tests/Peers", swiftSettings: strict),
        // A disk for SQLite that fails, or loses what was not synced, at a chosen moment.
        .target(name: "CFaultyDisk", dependencies: ["CSQLite"], path: "Tests/FaultyDisk"),
        // An outbox under load, to be killed.
        .executableTarget(
            name: "OutboxLoad", dependencies: ["Upstream", "LocalRules"], path: "Tests/OutboxLoad",
            swiftSettings: strict),
        .testTarget(
            name: "UpstreamTests",
            dependencies: [
                "Upstream", "LocalRules", "TestPeers", "CFaultyDisk", "OutboxLoad", "CCrypto",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "EdgeAgentTests",
            dependencies: ["EdgeAgent", "LocalRules", "Drivers", "Upstream", "TestPeers"],
            swiftSettings: strict),
    ],
    cxxLanguageStandard: .cxx17
)
