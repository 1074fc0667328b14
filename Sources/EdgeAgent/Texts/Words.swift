// The values that rules speak in, as words for people.

import LocalRules

extension Verdict {
    var phrase: LivePhrase {
        switch self {
        case .fine: .verdictFine
        case .wrong: .verdictWrong
        case .cannotTell: .verdictCannotTell
        }
    }
}

extension Severity {
    var phrase: LivePhrase {
        switch self {
        case .red: .severityRed
        case .orange: .severityOrange
        case .yellow: .severityYellow
        case .technical: .severityTechnical
        }
    }
}

extension Alert.State {
    var phrase: LivePhrase {
        switch self {
        case .preAlarm: .eventPreAlarm
        case .raised: .eventRaised
        case .acknowledged: .eventAcknowledged
        }
    }
}

extension AlertEvent {
    var phrase: LivePhrase {
        switch self {
        case .preAlarm: .eventPreAlarm
        case .raised: .eventRaised
        case .escalated: .eventEscalated
        case .acknowledged: .eventAcknowledged
        case .cancelled: .eventCancelled
        case .cleared: .eventCleared
        }
    }
}

extension DeliveryLevel {
    var phrase: LivePhrase {
        switch self {
        case .stored: .levelStored
        case .sent: .levelSent
        case .brokered: .levelBrokered
        case .received: .levelReceived
        case .displayed: .levelDisplayed
        case .accepted: .levelAccepted
        }
    }
}

extension SoundPattern {
    var phrase: LivePhrase {
        switch self {
        case .silent: .soundNone
        case .accepted: .soundAccepted
        case .preAlarm: .soundPreAlarm
        case .testAlarm: .soundTest
        case .alarm: .soundAlarm
        case .notReached: .soundNotReached
        }
    }
}

/// What is connected, as a family calls it.
enum KindPhrase: String, Phrase {
    case kindMotion, kindSmoke, kindPanic, kindService, kindDoor, kindLeak, kindTamper, kindMains, kindVisit, kindAway
    case kindOK, kindBattery, kindPulse, kindSiren, kindBuzzer, kindLamp, kindRelay

    var texts: Texts {
        switch self {
        case .kindMotion: Texts("motion sensor", zh: "人体感应器")
        case .kindSmoke: Texts("smoke detector", zh: "烟雾探测器")
        case .kindPanic: Texts("panic button", zh: "紧急按钮")
        case .kindService: Texts("service button", zh: "服务呼叫按钮")
        case .kindDoor: Texts("door contact", zh: "门磁")
        case .kindLeak: Texts("leak detector", zh: "漏水探测器")
        case .kindTamper: Texts("tamper contact", zh: "防拆触点")
        case .kindMains: Texts("mains power", zh: "市电检测")
        case .kindVisit: Texts("visit button", zh: "探访按钮")
        case .kindAway: Texts("away switch", zh: "外出开关")
        case .kindOK: Texts("OK button", zh: "平安按钮")
        case .kindBattery: Texts("battery", zh: "电池检测")
        case .kindPulse: Texts("pulse meter", zh: "脉冲表")
        case .kindSiren: Texts("siren", zh: "警号")
        case .kindBuzzer: Texts("buzzer", zh: "蜂鸣器")
        case .kindLamp: Texts("lamp", zh: "指示灯")
        case .kindRelay: Texts("relay", zh: "继电器")
        }
    }

    /// Of a kind by its name in a configuration; nil: one that has no word here.
    init?(kind: String) {
        let word = kind == "ok" ? "OK" : kind.prefix(1).uppercased() + kind.dropFirst()
        self.init(rawValue: "kind" + word)
    }
}
