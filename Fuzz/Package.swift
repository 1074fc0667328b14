// swift-tools-version: 6.2
// A fuzzer over every parser that faces the network: `make fuzz`. A package of its own, because all of it, the
// libraries too, is built with the address sanitizer and libFuzzer's counters.

import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "edge-agent-fuzz",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The agent's own sources through links, as in Benchmarks.
        .target(name: "LocalRules", swiftSettings: strict),
        .target(name: "Drivers", dependencies: ["CModbus", "CGpiod"], swiftSettings: strict),
        .target(
            name: "Upstream",
            dependencies: [
                "LocalRules", "CMosquitto", "CSQLite", "CCrypto",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: strict),
        .target(
            name: "EdgeAgent",
            dependencies: [
                "LocalRules", "Drivers", "Upstream", "CLinux", "CToml",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            // The entry point: libFuzzer has its own.
            exclude: ["EdgeAgent.swift"], swiftSettings: strict),
        .systemLibrary(name: "CModbus", pkgConfig: "libmodbus", providers: [.apt(["libmodbus-dev"])]),
        .systemLibrary(name: "CMosquitto", pkgConfig: "libmosquitto", providers: [.apt(["libmosquitto-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CGpiod", linkerSettings: [.linkedLibrary("gpiod")]),
        .target(name: "CLinux"),
        .target(name: "CToml"),

        .executableTarget(
            name: "ParserFuzz", dependencies: ["EdgeAgent", "LocalRules", "Upstream"], swiftSettings: strict,
            // ld.gold, Swift's standard here, fails on the sanitizer's debug information.
            linkerSettings: [.unsafeFlags(["-use-ld=lld"])]),
    ],
    cxxLanguageStandard: .cxx17
)
