// profile = "home-assistant": documents against the published keys, states, and what buttons and switches ask for.

import Foundation
import LocalRules
import SwiftProtobuf
import Testing

@testable import Upstream

@Suite struct HomeAssistantTests {
    private typealias Table = [String: Any]

    private func document() throws -> (topic: String, root: Table) {
        let discovery = HomeAssistantProfile(ProfileHomes.home).discovery
        #expect(discovery.retain)
        let any = try JSONSerialization.jsonObject(with: Data(discovery.payload))
        return (discovery.topic, long(try #require(any as? Table)))
    }

    /// Abbreviated keys as their long ones; a key that is not known stays, and fails below.
    private func long(_ table: Table) -> Table {
        var long: Table = [:]
        for (key, value) in table {
            let key = HomeAssistantKeys.abbreviations[key] ?? key
            #expect(long[key] == nil, "\(key) twice")
            let inner = value as? Table
            let isComponents = key == "components"
            if isComponents {
                long[key] = (inner ?? [:]).mapValues { self.long($0 as? Table ?? [:]) }
            } else {
                long[key] = inner.map(self.long) ?? value
            }
        }
        return long
    }

    private func components() throws -> [String: Table] {
        try #require(try document().root["components"] as? [String: Table])
    }

    @Test func theDocumentHasThePublishedKeysAndNoOthers() throws {
        let (topic, root) = try document()
        // homeassistant/device/<object_id>/config; an object id is of [a-zA-Z0-9_-].
        #expect(topic == "homeassistant/device/edge-zs-zhuyuan-0012/config")
        #expect(Set(root.keys).subtracting(HomeAssistantKeys.root) == [])
        #expect(HomeAssistantKeys.requiredAtRoot.subtracting(root.keys) == [])
        let device = try #require(root["device"] as? Table)
        #expect(Set(device.keys).subtracting(HomeAssistantKeys.device) == [])
        #expect((device["identifiers"] as? [String])?.isEmpty == false)
        let origin = try #require(root["origin"] as? Table)
        #expect(Set(origin.keys).subtracting(HomeAssistantKeys.origin) == [] && origin["name"] != nil)
        #expect(root["availability_topic"] as? String == "homes/zs-zhuyuan-0012/status")
    }

    @Test func everyEntityHasThePublishedKeysOfItsPlatform() throws {
        var ids: Set<String> = []
        for (id, entity) in try components() {
            let platform = try #require(entity["platform"] as? String, "\(id)")
            let allowed = try #require(HomeAssistantKeys.entities[platform], "\(id): \(platform)")
            #expect(Set(entity.keys).subtracting(allowed) == [], "\(id)")
            #expect(HomeAssistantKeys.required[platform]?.subtracting(entity.keys) == [], "\(id)")
            #expect(ids.insert(try #require(entity["unique_id"] as? String)).inserted, "\(id)")
            for topic in ["state_topic", "command_topic", "json_attributes_topic"] {
                guard let text = entity[topic] as? String else { continue }
                #expect(text.hasPrefix("homes/zs-zhuyuan-0012/") && !text.contains("+") && !text.contains("#"), "\(id)")
            }
            if let expires = entity["expire_after"] { #expect((expires as? Int ?? 0) > 0, "\(id)") }
            if let category = entity["entity_category"] as? String {
                #expect(["config", "diagnostic"].contains(category))
            }
        }
    }

    @Test func classesUnitsAndStateClassesGoTogether() throws {
        for (id, entity) in try components() {
            guard let name = entity["device_class"] as? String else { continue }
            switch entity["platform"] as? String {
            case "binary_sensor": #expect(HomeAssistantKeys.binaryClasses.contains(name), "\(id): \(name)")
            case "sensor":
                let units = try #require(HomeAssistantKeys.sensorUnits[name], "\(id): \(name)")
                #expect(units.contains(entity["unit_of_measurement"] as? String ?? ""), "\(id)")
                guard let state = entity["state_class"] as? String else { continue }
                #expect(HomeAssistantKeys.stateClasses.contains(state), "\(id)")
                #expect(HomeAssistantKeys.totals.contains(name) == (state == "total_increasing"), "\(id)")
            case "button": #expect(["identify", "restart", "update"].contains(name))
            default: Issue.record("\(id) has a class")
            }
        }
        let all = try components()
        func cls(_ id: String) -> String? { all[id]?["device_class"] as? String }
        #expect(cls("signal-meter_volume") == "water" && cls("signal-meter_energy") == "energy")
        #expect(cls("signal-smoke_one") == "smoke" && cls("signal-motion_one") == "motion")
        #expect(cls("signal-panic_one") == "safety" && cls("signal-leak_one") == "moisture")
        #expect(cls("alert-smoke") == "smoke" && cls("alert-no-water") == "problem" && cls("alert-mains") == "problem")
        #expect(all["button-visit"] != nil && all["switch-away"]?["platform"] as? String == "switch")
    }

    /// Every signal of every state message has an entity that reads it, and the other way round.
    @Test func aStateBringsEverythingThatIsKnown() throws {
        var profile = HomeAssistantProfile(ProfileHomes.home)
        _ = try profile.publication(
            of: ProfileHomes.readings([("meter.volume", 12_345), ("motion.one", 1)]), late: false)
        let second = try profile.publication(
            of: ProfileHomes.readings([("meter.volume", nil), ("meter.energy", 1_500_000)], at: 1), late: false)
        #expect(
            second.line
                == #"homes/zs-zhuyuan-0012/state (retained) {"meter.volume":null,"meter.energy":1.5,"motion.one":"ON"}"#
        )
        // What is late does not overwrite what is new.
        let late = try profile.publication(of: ProfileHomes.readings([("motion.one", 0)], at: -5), late: true)
        #expect(late.payload == second.payload)
    }

    @Test func anAlertIsOnUntilItIsOver() throws {
        var profile = HomeAssistantProfile(ProfileHomes.home)
        func state(_ event: AlertEvent, at minute: Int64, rule: String = "smoke") throws -> String {
            let sent = try profile.publication(of: ProfileHomes.alert(event, rule: rule, at: minute), late: false)
            #expect(sent.retain)
            let any = try JSONSerialization.jsonObject(with: Data(sent.payload)) as? Table
            return "\(sent.topic.split(separator: "/").last ?? "") \(any?["state"] ?? "") \(any?["event"] ?? "")"
        }
        #expect(try state(.preAlarm, at: 0) == "smoke OFF pre-alarm")
        #expect(try state(.raised, at: 1) == "smoke ON raised")
        #expect(try state(.acknowledged, at: 2) == "smoke ON acknowledged")
        #expect(try state(.cleared, at: 9) == "smoke OFF cleared")
        // Sent again after a broken connection, behind what came later.
        #expect(try state(.raised, at: 1) == "smoke OFF cleared")
        #expect(try state(.raised, at: 1, rule: "no-water.blind") == "other ON raised")
    }

    @Test func presenceIsOneWord() {
        let profile = HomeAssistantProfile(ProfileHomes.home)
        let words = HubPresence.allCases.map { String(decoding: profile.presence($0)?.payload ?? [], as: UTF8.self) }
        #expect(words == ["online", "offline", "offline"])
    }

    private func requests(_ name: String, _ payload: String, open: [String] = []) throws -> [ProfileRequest] {
        try HomeAssistantProfile(ProfileHomes.home).requests(
            topic: "homes/zs-zhuyuan-0012/do/\(name)", payload: Array(payload.utf8), open: open,
            stamp: ProfileHomes.stamp)
    }

    @Test func buttonsAndSwitchesAreCommands() throws {
        func action(_ name: String, _ payload: String) throws -> String {
            guard case .command(let bytes)? = try requests(name, payload).first else { return "none" }
            let command = try WireCommand(serializedBytes: bytes)
            #expect(command.by == "home-assistant" && command.id.count >= 8)
            #expect(command.expiresUnixMs == ProfileHomes.noon + 60_000 && command.givenUnixMs == ProfileHomes.noon)
            switch command.action {
            case .setMode(let mode): return "mode \(mode.mode)"
            case .locate: return "locate"
            case .selfTest: return "self-test"
            case .recordVisit: return "visit"
            default: return "other"
            }
        }
        #expect(try action("away", "ON") == "mode away")
        #expect(try action("away", "OFF") == "mode home")
        #expect(try action("maintenance", "ON") == "mode maintenance")
        #expect(try action("locate", "PRESS") == "locate")
        #expect(try action("self-test", "PRESS") == "self-test")
        #expect(try action("visit", "PRESS") == "visit")
        for (name, payload) in [("away", "MAYBE"), ("siren", "ON"), ("away", ""), ("", "PRESS")] {
            #expect(throws: WireError.self) { try requests(name, payload) }
        }
    }

    @Test func acceptAnswersWhatIsOpen() throws {
        #expect(try requests("accept", "PRESS") == [])
        let open = ["smoke/2026-01-01T12:00:00Z", "panic/2026-01-01T12:00:00Z"]
        let accepted = open.map {
            ProfileRequest.acknowledgement(
                Acknowledgement(id: $0, level: .accepted, by: "home-assistant", atMilliseconds: ProfileHomes.noon))
        }
        #expect(try requests("accept", "PRESS", open: open) == accepted)
    }

    @Test func aStartOfHomeAssistantIsAnswered() throws {
        let profile = HomeAssistantProfile(ProfileHomes.home)
        func said(_ word: String) throws -> [ProfileRequest] {
            try profile.requests(
                topic: "homeassistant/status", payload: Array(word.utf8), open: [], stamp: ProfileHomes.stamp)
        }
        #expect(try said("online") == [.introduce])
        #expect(try said("offline") == [])
    }
}
