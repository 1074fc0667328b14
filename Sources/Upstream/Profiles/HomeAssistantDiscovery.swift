// The discovery document of a hub: one device with everything that can be known about the home (Home Assistant, "MQTT":
// device discovery payload). Keys are abbreviated as its documentation allows, because it is sent after each connect;
// Tests/UpstreamTests/HomeAssistantKeys.swift has the long ones, and what is allowed where.

import LocalRules

extension HomeAssistantProfile {
    /// In ids and topics of Home Assistant other characters are not allowed.
    private static func plain(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") ? $0 : "_" })
    }

    private var device: String { "edge-" + Self.plain(home.topics.home) }

    var discovery: Publication {
        let document = JSONText.pairs([
            (
                "dev",
                .pairs([
                    ("ids", .texts([device])), ("name", .text("Hub \(home.topics.home)")), ("mf", .text("edge-agent")),
                    ("mdl", .text("edge agent")), ("sw", .text(home.agentVersion)),
                ])
            ),
            ("o", .pairs([("name", .text("edge-agent")), ("sw", .text(home.agentVersion))])),
            ("avty_t", .text(home.topics.status)),
            ("qos", .number(1)),
            ("cmps", .pairs(signals + rules + hub + buttons + switches)),
        ])
        return Publication(topic: "homeassistant/device/\(device)/config", payload: document.bytes, retain: true)
    }

    /// What every entity has.
    private func entity(
        _ platform: String, _ id: String, _ name: String, _ more: [(String, JSONText?)]
    ) -> (String, JSONText?) {
        let id = Self.plain(id)
        return (
            id,
            .pairs(
                [("p", .text(platform)), ("uniq_id", .text("\(device)-\(id)")), ("name", .text(name))] + more)
        )
    }

    // MARK: What is known

    private var signals: [(String, JSONText?)] {
        home.signals.map { signal in
            let more: [(String, JSONText?)]
            let platform: String
            switch signal.source {
            case .meter(let quantity):
                platform = "sensor"
                more = [
                    ("dev_cla", .text(Self.deviceClass(of: quantity))),
                    ("stat_cla", .text(quantity.isCumulative ? "total_increasing" : "measurement")),
                    ("unit_of_meas", .text(ProfileWords.unit(of: quantity))),
                ]
            case .input(let kind):
                platform = "binary_sensor"
                more = [("dev_cla", Self.deviceClass(of: kind).map(JSONText.text))]
            }
            return entity(
                platform, "signal-\(signal.name)", signal.name,
                more + [
                    ("stat_t", .text(stateTopic)),
                    ("val_tpl", .text("{{ value_json['\(signal.name)'] | default('') }}")),
                    // Every signal has a point in a quarter of an hour; three of them may be lost.
                    ("exp_aft", .number(3 * max(home.readingsSeconds, 900))),
                ])
        }
    }

    private static func deviceClass(of quantity: Quantity) -> String {
        switch quantity {
        case .volume: "water"
        case .flow: "volume_flow_rate"
        case .energy, .power, .voltage, .current, .frequency, .temperature, .humidity: quantity.rawValue
        }
    }

    /// nil: none that says what it is.
    private static func deviceClass(of kind: InputKind) -> String? {
        switch kind {
        case .motion: "motion"
        case .smoke: "smoke"
        case .panic: "safety"
        case .door: "door"
        case .leak: "moisture"
        case .tamper: "tamper"
        case .mains: "problem"
        case .battery: "battery"
        case .service, .visit, .away, .pulse, .ok: nil
        }
    }

    // MARK: What is wrong

    private var rules: [(String, JSONText?)] {
        let other = ProfileHome.Rule(name: Self.otherRules, kind: "other", input: nil)
        return (home.rules + [other]).map { rule in
            entity(
                "binary_sensor", "alert-\(rule.name)", "Alert \(rule.name)",
                [
                    ("dev_cla", .text(alertClass(of: rule))), ("stat_t", .text(alertTopic(rule.name))),
                    ("val_tpl", .text("{{ value_json.state }}")), ("json_attr_t", .text(alertTopic(rule.name))),
                ])
        }
    }

    /// An alert about one input is what the input is about, where that is a danger; any other is a problem.
    private func alertClass(of rule: ProfileHome.Rule) -> String {
        guard let name = rule.input, let signal = home.signals.first(where: { $0.name == name }),
            case .input(let kind) = signal.source, let own = Self.deviceClass(of: kind),
            ["smoke", "safety", "moisture", "tamper"].contains(own)
        else { return "problem" }
        return own
    }

    // MARK: The hub itself

    private var hub: [(String, JSONText?)] {
        let expires = JSONText.number(3 * home.heartbeatSeconds)
        func sensor(_ id: String, _ name: String, _ key: String, _ more: [(String, JSONText?)] = [])
            -> (String, JSONText?)
        {
            entity(
                "sensor", id, name,
                [
                    ("stat_t", .text(heartbeatTopic)), ("val_tpl", .text("{{ value_json.\(key) }}")),
                    ("ent_cat", .text("diagnostic")), ("exp_aft", expires),
                ] + more)
        }
        return [
            sensor("waiting", "Records that wait", "waiting"),
            sensor(
                "unaccepted", "Oldest unaccepted alarm", "unacceptedSeconds",
                [("dev_cla", .text("duration")), ("unit_of_meas", .text("s"))]),
            sensor(
                "missing", "Missing signals", "signalsMissing",
                [
                    ("json_attr_t", .text(heartbeatTopic)),
                    ("json_attr_tpl", .text("{{ {'signals': value_json.missing} | tojson }}")),
                ]),
            sensor("blind", "Rules that cannot tell", "rulesCannotTell"),
            entity(
                "sensor", "event", "Last event",
                [
                    // Home Assistant takes no state of more than 255 characters.
                    ("stat_t", .text(eventTopic)), ("val_tpl", .text("{{ value_json.text[:255] }}")),
                    ("json_attr_t", .text(eventTopic)), ("ent_cat", .text("diagnostic")),
                ]),
        ]
    }

    // MARK: What can be asked

    private var buttons: [(String, JSONText?)] {
        let hasVisits = home.rules.contains { $0.kind == "visit-overdue" }
        let all: [(name: String, title: String, category: String?, isHere: Bool)] = [
            ("accept", "Accept alarms", nil, true), ("visit", "Record a visit", nil, hasVisits),
            ("locate", "Locate the hub", "diagnostic", true), ("self-test", "Self-test", "diagnostic", true),
        ]
        return all.filter(\.isHere).map { button in
            entity(
                "button", "button-\(button.name)", button.title,
                [
                    ("cmd_t", .text(commandTopic(button.name))), ("pl_prs", .text("PRESS")),
                    ("ent_cat", button.category.map(JSONText.text)),
                    ("dev_cla", button.name == "locate" ? .text("identify") : nil),
                ])
        }
    }

    private var switches: [(String, JSONText?)] {
        [("away", "Away"), ("maintenance", "Maintenance")].map { name, title in
            entity(
                "switch", "switch-\(name)", title,
                [
                    ("cmd_t", .text(commandTopic(name))), ("pl_on", .text("ON")), ("pl_off", .text("OFF")),
                    // The state comes with the next heartbeat; until then what was asked for is shown.
                    ("stat_t", .text(heartbeatTopic)), ("opt", .flag(true)),
                    ("val_tpl", .text("{{ 'ON' if value_json.mode == '\(name)' else 'OFF' }}")),
                ])
        }
    }
}
