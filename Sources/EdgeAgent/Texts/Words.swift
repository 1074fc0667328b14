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
        case .alarm: .soundAlarm
        case .notReached: .soundNotReached
        }
    }
}
