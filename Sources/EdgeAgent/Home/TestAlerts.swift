// The alert by which an installer tries the whole way to whoever answers. It goes through the outbox as any alarm
// does, marked as a test; the rules know nothing of it.

import LocalRules
import Upstream

/// At most one is under way. Decides; HomeLoop carries out.
struct TestAlerts {
    enum Order: Sendable {
        /// - Parameter sounds: the home sounds as in an alarm, for a moment.
        case begin(Mailbox<News>, sounds: Bool)
        /// Whoever began it does not wait any more.
        case end(Mailbox<News>)
    }
    enum News: Sendable {
        /// `waiting`: alarms that waited already.
        case begun(alert: String, waiting: Int)
        case accepted(by: String)
        case refused
    }
    enum Effect: Sendable {
        case store(Draft)
        case sound
        /// Nobody is asked to accept it any more: it leaves the outbox.
        case withdraw(Acknowledgement)
    }

    private static let rule = "self-test"
    private let wire: WireEncoder
    private var open: (alert: Alert, record: String, news: Mailbox<News>)?
    private var last = ""

    static func alert(at now: Instant) -> Alert {
        var alert = Alert(
            id: "\(rule)/\(now.iso8601)", rule: rule, kind: rule, severity: .yellow, signals: [],
            reasons: ["a test by the installer: nobody has to come"], state: .raised, began: now, raised: now)
        alert.isTest = true
        return alert
    }

    init(home: String) { wire = WireEncoder(home: home) }

    /// - Parameter waiting: alarms in the outbox.
    mutating func take(_ order: Order, waiting: Int, at now: Instant, stamp: Stamp) -> [Effect] {
        switch order {
        case .begin(let news, let sounds):
            let alert = TestAlerts.alert(at: now)
            // An id is never used twice.
            guard open == nil, alert.id != last,
                let draft = try? wire.draft(.raised, alert, at: now, stamp: stamp)
            else {
                news.post(.refused)
                return []
            }
            open = (alert, draft.id, news)
            last = alert.id
            news.post(.begun(alert: alert.id, waiting: waiting))
            // The siren before the commit, as in an alarm.
            return (sounds ? [.sound] : []) + [.store(draft)]
        case .end(let news):
            guard let open, open.news === news else { return [] }
            return end(at: now, stamp: stamp)
        }
    }

    /// nil: this acceptance is for the rules.
    mutating func accepted(alert: String, by: String, at now: Instant, stamp: () -> Stamp) -> [Effect]? {
        guard alert.hasPrefix(TestAlerts.rule + "/") else { return nil }
        guard let open, open.alert.id == alert else { return [] }
        open.news.post(.accepted(by: by))
        return end(at: now, stamp: stamp())
    }

    /// Its life ends, whether somebody accepted it or not: a test must not wait in a centre's list for ever.
    mutating func end(at now: Instant, stamp: Stamp) -> [Effect] {
        guard let open else { return [] }
        self.open = nil
        let settled = Acknowledgement(
            id: open.record, level: .accepted, by: TestAlerts.rule, atMilliseconds: stamp.wallMilliseconds)
        let draft = try? wire.draft(.cleared, open.alert, at: now, stamp: stamp)
        return [.withdraw(settled)] + (draft.map { [.store($0)] } ?? [])
    }
}
