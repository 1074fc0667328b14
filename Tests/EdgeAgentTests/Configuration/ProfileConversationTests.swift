// Every meter profile has a conversation with its meter as a test, and every conversation its profile.

import Foundation
import Testing

@testable import EdgeAgent

private let profileFolder = "\(repositoryFolder)/board-configs/meters"
private let conversationFolder = "\(repositoryFolder)/Tests/Meters"

private func stems(in folder: String, of kind: String) -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(kind) }.map { String($0.dropLast(kind.count)) }.sorted()
}

private func profile(_ name: String) throws -> MeterProfile {
    let checked = try sampleLoader.check("\(profileFolder)/\(name).toml")
    guard case .profile(let profile, _) = checked else { throw NoProfile() }
    return profile
}

private struct NoProfile: Error {}

@Suite struct ProfileConversations {
    @Test func eachProfileHasOne() {
        let profiles = stems(in: profileFolder, of: ".toml")
        #expect(!profiles.isEmpty)
        #expect(profiles == stems(in: conversationFolder, of: ".hex"))
    }

    @Test(arguments: stems(in: profileFolder, of: ".toml"))
    func theProfileUnderstandsItsMeter(_ name: String) throws {
        let text = try String(contentsOfFile: "\(conversationFolder)/\(name).hex", encoding: .utf8)
        let problems = Conversation(text).problems(with: try profile(name), loader: sampleLoader)
        #expect(problems.isEmpty, "Tests/Meters/\(name).hex: \(problems)")
    }
}

/// A conversation that `generic-water-u32` understands: 123,456 litres.
private let good = """
    # constructed from the register table
    > 05 03 00 00 00 02 C5 8F   # the total
    < 05 03 04 00 01 E2 40 A7 63
    = volume 123.456 m3
    """

/// One litre more, of which it is said that there are two.
private let anHourLater = """

    > 05 03 00 01 00 01 D4 4E
    < 05 03 02 E2 41 C1 14
    = volume 123.458 m3
    """

/// That the test above can fail: each is `good` with one thing wrong.
@Suite struct WrongConversations {
    private func problems(_ text: String) throws -> [String] {
        Conversation(text).problems(with: try profile("generic-water-u32"), loader: sampleLoader)
    }

    @Test func theGoodOnesAreGood() throws {
        #expect(try problems(good) == [])
        #expect(try problems(good + "\n" + anHourLater.replacing("458", with: "457")) == [])
    }

    @Test(arguments: [
        ("# constructed", "# made up", "line 1: says neither"),
        ("C5 8F", "C5 8E", "line 2: has a wrong CRC"),
        ("A7 63", "A7 64", "line 3: has a wrong CRC"),
        ("> 05 03 00 00 00 02 C5 8F", "> 05 06 00 00 00 02 09 8F", "line 2: asks for function 6"),
        ("> 05 03 00 00 00 02 C5 8F", "> 00 03 00 00 00 02 C5 DA", "line 2: is for unit 0"),
        ("> 05 03 00 00 00 02 C5 8F", "> 05 04 00 00 00 02 70 4F", "line 3: answers another question"),
        ("> 05 03 00 00 00 02 C5 8F", "> 05 03 00 10 00 02 C4 4A", "no answer holds holding 0 of volume"),
        ("< 05 03 04 00 01 E2 40 A7 63", "< 05 03 04 00 01 E2 C4 A7", "line 3: is too short"),
        ("< 05 03 04 00 01 E2 40 A7 63", "", "line 2: has no answer"),
        ("< 05 03 04 00 01 E2 40 A7 63", "< 5 3 4 0 1 E2 40 A7 63", "line 3: is no frame"),
        ("= volume 123.456 m3", "", "says nothing"),
        ("= volume 123.456 m3", "= volume 123.457 m3", "line 4: volume is 123456000 in base units, not 123457000"),
        ("= volume 123.456 m3", "= volume 123456 L", "line 4: volume is in m3, not in L"),
        ("= volume 123.456 m3", "= volume a-lot m3", "line 4: volume is expected as"),
        ("= volume 123.456 m3", "= volume 123.456 m3\n= energy 1 kWh", "line 5: the profile has no energy"),
        ("= volume 123.456 m3", "= energy 1 kWh", "nothing is expected of volume"),
        ("= volume 123.456 m3", "volume 123.456 m3", "line 4: is no line"),
        ("= volume 123.456 m3", "= volume 123.456 m3\n\(anHourLater)", "line 8: volume is 123457000"),
    ])
    func whatIsWrongIsFound(_ part: String, _ replacement: String, _ expected: String) throws {
        let found = try problems(good.replacing(part, with: replacement))
        #expect(found.contains { $0.hasPrefix(expected) }, "\(found)")
    }
}
