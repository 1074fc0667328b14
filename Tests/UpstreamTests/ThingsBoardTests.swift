// profile = "thingsboard": a whole conversation as a golden file. To write it anew after a wanted change:
// EDGE_AGENT_WRITE_GOLDEN=1 swift test --filter ThingsBoardTests

import Foundation
import LocalRules
import SwiftProtobuf
import Testing

@testable import Upstream

@Suite struct ThingsBoardTests {
    private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Profiles/thingsboard.txt")

    @Test func theConversationIsTheGoldenFile() throws {
        var talk = Conversation()
        talk.say("# After the connect")
        talk.out(talk.profile.introductions(stamp: ProfileHomes.stamp))
        talk.say("# Readings of one record, by time; what could not be read is left out")
        let first = Quantity.allCases.map { ("meter.\($0.rawValue)", Int64(1_234_567)) } as [(String, Int64?)]
        try talk.out(ProfileHomes.readings(first + [("motion.one", 1), ("door.one", 0)]))
        try talk.out(ProfileHomes.readings([("meter.volume", -1), ("meter.power", nil)], at: 1, quality: .suspect))
        talk.say("# An alert's life")
        for (minute, event) in AlertEvent.allCases.enumerated() {
            try talk.out(ProfileHomes.alert(event, at: Int64(minute)))
        }
        talk.say("# An event, a heartbeat, and one of a hub that does not know the time")
        try talk.out(ProfileHomes.event())
        talk.out([try talk.profile.heartbeat(ProfileHomes.heartbeat, stamp: ProfileHomes.stamp)])
        var lost = ProfileHomes.stamp
        lost.trust = .none
        talk.out([try talk.profile.heartbeat(ProfileHomes.heartbeat, stamp: lost)])
        talk.say("# Remote calls, and what they become")
        for call in [
            #"{"method":"accept"}"#, #"{"method":"accept","params":{"alert":"panic/1"}}"#,
            #"{"method":"away","params":{"seconds":7200}}"#, #"{"method":"home","params":true}"#,
            #"{"method":"maintenance"}"#, #"{"method":"locate","params":{"seconds":10}}"#,
            #"{"method":"selfTest","params":null}"#, #"{"method":"recordVisit","params":{"rule":"visits"}}"#,
            #"{"method":"weather","params":{"temperature":36.6,"seconds":3600}}"#,
            #"{"method":"weather","params":{"temperature":1e300}}"#, #"{"method":"weather"}"#,
            #"{"method":"confirmMeter","params":{"signal":"meter.volume","replaced":true}}"#,
            #"{"method":"confirmMeter","params":{"signal":"meter.volume"}}"#, #"{"method":"sendStatus"}"#,
            #"{"method":"setHeartbeat","params":{"seconds":600}}"#, #"{"method":"openDoor"}"#, #"{"params":{}}"#,
            "away", "",
        ] { try talk.call(call) }
        try talk.call(#"{"method":"selfTest"}"#, request: "../1")
        talk.say("# The answer to a command")
        var reply = WireReply()
        reply.commandID = "tb-7-0123456789ab"
        reply.outcome = .done
        reply.code = "done"
        reply.text = "away until \"13:00\""
        talk.out([talk.profile.publication(of: reply)].compactMap { $0 })
        reply.commandID = "somebody-else"
        talk.out([talk.profile.publication(of: reply)].compactMap { $0 })

        if ProcessInfo.processInfo.environment["EDGE_AGENT_WRITE_GOLDEN"] != nil {
            try talk.text.write(to: Self.golden, atomically: true, encoding: .utf8)
        }
        #expect(talk.text == (try String(contentsOf: Self.golden, encoding: .utf8)))
    }

    /// ThingsBoard takes JSON objects and lists of them: everything that is said is one.
    @Test func everythingThatIsSaidIsJSON() throws {
        let profile = ThingsBoardProfile(ProfileHomes.home)
        var all = profile.introductions(stamp: ProfileHomes.stamp)
        var records = profile
        all.append(try records.publication(of: ProfileHomes.event(), late: false))
        all.append(try records.publication(of: ProfileHomes.readings([]), late: false))
        for message in all {
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(message.payload)) }
        }
    }

    @Test func aRecordThatCannotBeReadIsLeftOut() throws {
        var record = try ProfileHomes.event()
        record.draft.body = [0xFF, 0xFF]
        var profile = ThingsBoardProfile(ProfileHomes.home)
        #expect(throws: WireError.self) { try profile.publication(of: record, late: false) }
    }
}

private struct Conversation {
    var profile = ThingsBoardProfile(ProfileHomes.home)
    private(set) var text = ""
    private var request = 0

    mutating func say(_ line: String) { text += line + "\n" }

    mutating func out(_ messages: [Publication]) { for message in messages { say("> " + message.line) } }

    mutating func out(_ record: Record) throws { out([try profile.publication(of: record, late: false)]) }

    mutating func call(_ payload: String, request number: String? = nil) throws {
        request += 1
        let topic = "v1/devices/me/rpc/request/\(number ?? "\(request)")"
        say("< \(topic) \(payload)")
        do throws(WireError) {
            let requests = try profile.requests(
                topic: topic, payload: Array(payload.utf8), open: ["smoke/2026-01-01T12:00:00Z"],
                stamp: ProfileHomes.stamp)
            for one in requests {
                switch one {
                case .acknowledgement(let answer): say("  accepted: \(answer.id) by \(answer.by)")
                case .command(let bytes):
                    guard var command = try? WireCommand(serializedBytes: bytes) else { return say("  unreadable") }
                    // Twelve digits by chance.
                    #expect(command.id.hasPrefix("tb-\(request)-"))
                    command.id = "tb-\(request)-…"
                    say("  command: \((try? command.jsonString()) ?? "?")")
                case .answer(let message): say("> " + message.line)
                case .introduce: say("  introduce")
                }
            }
        } catch {
            say("  error: \(error.message)")
        }
    }
}
