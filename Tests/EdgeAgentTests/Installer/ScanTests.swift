import Drivers
import Foundation
import Testing

@testable import EdgeAgent

@Suite struct ScanExplore {
    @Test func all() throws {
        let profiles = sampleLoader.profiles().profiles
        print("profiles", profiles.count)
        var wrong = 0
        for profile in profiles {
            let l = SerialLine(baud: profile.serial.baud ?? 9600, parity: profile.serial.parity ?? .none, stopBits: 1)
            let meter = try ScannedMeter(profile, l, unit: 7)
            let result = scan([meter], lines: [l], units: [7], profiles: profiles)
            guard let found = result.meters.first else { print("NOT FOUND \(profile.name)"); continue }
            let best = found.candidates.prefix(3).map {
                "\($0.profile.name) \($0.points)\($0.twins.contains(profile.name) ? "=" : "")"
            }
            let isRight = found.candidates.first?.profile.name == profile.name && found.recognised != nil
            if !isRight { wrong += 1 }
            print(
                isRight ? "ok   " : "WRONG", profile.name, best, found.candidates.first?.certainty.rawValue ?? "-",
                result.nanoseconds / 1_000_000, "ms")
            if !isRight {
                print("   ", found.candidates.first(where: { $0.profile.name == profile.name })?.reasons ?? []);
                print("   ", found.candidates.first?.reasons ?? [])
            }
        }
        print("wrong", wrong)
    }
}
