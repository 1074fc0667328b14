// What the time of day changes: the hours that rules count, and the quiet hours of the home.
//
//     in quiet hours                        what happens
//     ───────────────────────────────────   ──────────────────────────────────────────────────────────────────
//     yellow, no alert yet                  waits: neither pre-alarm nor raised until the hours end
//     yellow, raised before                 makes no sound until they end
//     yellow, by an input (a service call)  as by day: somebody has just pressed the button
//     yellow that has become worse          as orange or red
//     orange, red, technical                as by day: what is urgent does not wait, what is technical is silent anyway
//     the wall clock cannot be trusted      no hours are quiet

/// Whether it is quiet now, and when that changes.
struct QuietHours: Sendable {
    /// When they end; nil: it is not quiet.
    var end: Instant?
    /// The next moment at which to look again; nil: there are no such hours.
    var change: Instant?
}

extension RuleEngine {
    /// Tells how the wall clock stands: wall = timeline + `offset`. What durations decide is not touched by it, so
    /// a clock that was set by years neither raises nor takes back anything by itself. To be called at the start and
    /// whenever `offset` or `trust` changes; a difference below `Limits.wallClockTolerance` is none.
    package mutating func setWallClock(offset: Span, trust: ClockTrust, at now: Instant) -> [Directive] {
        var directives = advance(to: now)
        var new = clock
        new.trust = trust
        let step = offset - clock.offset
        if step >= Limits.wallClockTolerance || step <= .zero - Limits.wallClockTolerance { new.offset = offset }
        guard new != clock else { return directives }
        let isSame = new.offset == clock.offset && new.isTrusted == clock.isTrusted
        clock = new
        if isSame { return directives }
        for index in judges.indices { judges[index].set(new, at: self.now) }
        lookAtQuietHours()
        var moment = Moment(mayChangeSound: true)
        for index in watches.indices { evaluate(index, &moment) }
        close(moment, &directives)
        earliest = nextDeadline
        return directives
    }

    mutating func lookAtQuietHours() {
        quiet = QuietHours()
        guard let hours = home.quiet, clock.isTrusted, let next = hours.next(endingAfter: now, clock) else { return }
        if next.start <= now {
            quiet = QuietHours(end: next.end, change: next.end)
        } else {
            quiet.change = next.start
        }
    }

    /// Whether a rule's alert of this severity keeps quiet now.
    func isHushed(_ subject: Standing.Subject, _ severity: Severity) -> Bool {
        guard quiet.end != nil, severity == .yellow else { return false }
        if case .constant = subject { return true }
        guard case .rule(let rule) = subject else { return false }
        if case .inputActive = home.rules[rule].kind { return false }
        return true
    }

    /// A judgement that may not begin an alert before the quiet hours end.
    func held(_ judgement: Judgement, _ index: Int) -> Judgement {
        // By day it costs nothing: this is asked for every reading.
        guard let end = quiet.end, !standings[index].isOpen else { return judgement }
        let severity = watches[index].terms.severity(atLevel: judgement.level)
        guard isHushed(standings[index].subject, severity) else { return judgement }
        var held = judgement
        held.isHeldBack = true
        held.wrongAt = nil
        held.recheckAt = sooner(judgement.recheckAt, end)
        return held
    }
}
