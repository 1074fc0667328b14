// swift-tools-version: 6.2
// The lines' tests alone, to be built against each libgpiod and run in a guest with real lines: `make lab-lines`.

import PackageDescription

/// A folder with the header and the static library of the libgpiod that is wanted, whatever this machine has installed.
let libgpiod = Context.environment["LIBGPIOD"] ?? "LIBGPIOD-is-not-set"

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "edge-agent-lines",
    targets: [
        // The agent's own sources and tests through links. A package of its own builds in seconds what is needed twice.
        .target(name: "Drivers", dependencies: ["CModbus", "CGpiod"], swiftSettings: strict),
        .systemLibrary(name: "CModbus", pkgConfig: "libmodbus", providers: [.apt(["libmodbus-dev"])]),
        .target(
            name: "CGpiod", cSettings: [.unsafeFlags(["-I\(libgpiod)"])],
            linkerSettings: [.unsafeFlags(["\(libgpiod)/libgpiod.a"])]),
        .target(name: "CLinux"),
        .testTarget(name: "DriversTests", dependencies: ["Drivers", "CLinux"], swiftSettings: strict),
    ]
)
