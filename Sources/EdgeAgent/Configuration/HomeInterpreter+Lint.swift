// What is allowed and would let somebody down: rules that cannot speak, or that nobody would believe any more after a week.
// Warnings all: a city may have its reasons, and an installed home must go on. docs/configuration.md has the codes.

import LocalRules

/// A rule that somebody wrote, and where.
struct WrittenRule {
    var rule: RuleModel
    var reader: TableReader<RuleKey>
}

extension HomeInterpreter {
    func lint(_ home: HomeModel, _ root: TableReader<RootKey>) {
        // What is refused is mended first.
        guard log.errorCount == 0 else { return }
        for (index, written) in writtenRules.enumerated() {
            lintWaits(written, home)
            lintSignals(written, home)
            lintLimits(written)
            lintHome(written, home)
            if let twin = writtenRules[..<index].first(where: { $0.rule.judgesSame(as: written.rule) }) {
                written.reader.report(
                    .ruleTwice, .name, "this rule judges what \"\(twin.rule.name)\" judges: everybody is called twice",
                    advice: "remove one; for another severity later, use rise")
            }
        }
        lintSilence(root)
        lintAway(home)
        lintEscalation(home, root)
        if let quiet = home.quiet, quiet.length > ConfigurationLimits.quietNight {
            root.report(
                .quietTooLong, .home,
                "quiet hours of \(quiet.length.text()) hold yellow alerts back for half a day or more",
                advice: "the night only, such as quiet = [\"22:00\", \"07:00\"]")
        }
    }

    // MARK: One rule

    /// Waits against a night's sleep, and against the quiet hours.
    private func lintWaits(_ written: WrittenRule, _ home: HomeModel) {
        let (rule, reader) = (written.rule, written.reader)
        func warn(_ span: Span, _ key: RuleKey) {
            guard span < ConfigurationLimits.nightsSleep else { return }
            reader.report(
                .ordinaryLife, key,
                "\(span.text()) pass without a sign in every night: this rule speaks while people sleep",
                advice:
                    "\(ConfigurationLimits.nightsSleep.text()) or more, or a no-activity rule with between = [\"07:00\", \"22:00\"]"
            )
        }
        switch rule.kind {
        case .lowUse(_, let window, _): warn(window, .window)
        case .noActivity(_, .lasting(let span)): warn(span, .silentFor)
        case .noActivity(_, .through(let hours)):
            guard rule.severity == .yellow, rule.rises.isEmpty, let quiet = home.quiet, quiet.contains(hours.until)
            else {
                return
            }
            reader.report(
                .quietTooLong, .between,
                "what is due at \(DailyHours.clockText(hours.until)) waits until the quiet hours end at \(DailyHours.clockText(quiet.until))",
                advice: "severity = \"orange\", or hours that end by day")
        case .visitOverdue(_, let every):
            guard every < .days(1) else { return }
            reader.report(
                .ordinaryLife, .every, "nobody visits at night: overdue after \(every.text()) each morning",
                advice: "every = \"1d\" or more")
        default: break
        }
    }

    /// Readings against windows.
    private func lintSignals(_ written: WrittenRule, _ home: HomeModel) {
        let (rule, reader) = (written.rule, written.reader)
        let key: RuleKey = rule.kind.signals.count > 1 || reader.has(.signals) ? .signals : .signal
        if let window = rule.kind.wait {
            for id in rule.kind.signals {
                guard let silentAfter = signals[id.index].silentAfter, details[id.index].poll != nil,
                    silentAfter > window
                else { continue }
                reader.report(
                    .silentTooLate, key,
                    "\(signals[id.index].name) may be silent for \(silentAfter.text()) before anybody hears of it, longer than this rule waits (\(window.text()))",
                    advice: "a shorter silent-after at the meter")
            }
        }
        if case .beyond(let id, _, let holdFor) = rule.kind, let poll = details[id.index].poll, holdFor > .zero,
            holdFor < poll
        {
            reader.report(
                .readTooSeldom, .for,
                "\(signals[id.index].name) is read every \(poll.text()), so \(holdFor.text()) last \(poll.text())",
                advice: "poll the meter more often, or write for = \"0s\"")
        }
        for id in home.unseenDrips(of: rule) {
            reader.report(
                .dripUnseen, key,
                "in steps of \(quantityText(signals[id.index].step ?? 1, of: .volume)) a drip of \(signals[id.index].name) cannot be told from somebody who uses little: it may keep this rule satisfied, and nobody hears of that",
                advice: "a longer window with a higher limit, or a finer meter")
        }
    }

    /// Limits that nothing reaches, or every day does.
    private func lintLimits(_ written: WrittenRule) {
        let (rule, reader) = (written.rule, written.reader)
        func unreachable(_ key: RuleKey, _ text: String) {
            reader.report(
                .neverReached, key, "\(text): this rule will never speak", advice: "a limit that can be reached")
        }
        switch rule.kind {
        case .highUse(let id, let window, let above):
            let most = mostUse(of: id, in: window)
            if above >= most {
                unreachable(.above, "no more than \(amountText(most, id)) can go through in \(window.text())")
            }
            let day = ConfigurationLimits.ordinaryDay(isVolume: signals[id.index].source == .meter(.volume))
            if window >= .days(1), above < day {
                reader.report(
                    .ordinaryLife, .above, "an ordinary day of one person needs \(amountText(day, id)) or more",
                    advice: "a limit well above what the home uses in a day")
            }
        case .continuousUse(let id, let slot, _, let atLeast):
            if case .meter(let quantity) = signals[id.index].source, quantity.isCumulative {
                let most = mostUse(of: id, in: slot)
                if atLeast >= most {
                    unreachable(.atLeast, "no more than \(amountText(most, id)) can go through in \(slot.text())")
                }
            }
        case .beyond(let id, let limits, _):
            guard case .meter(let quantity) = signals[id.index].source,
                let range = ConfigurationLimits.possible(quantity)
            else { return }
            if let above = limits.above, above >= range.upperBound {
                unreachable(.above, "\(amountText(above, id)) is never exceeded")
            }
            if let below = limits.below, below <= range.lowerBound {
                unreachable(.below, "it is never below \(amountText(below, id))")
            }
        case .heatAndStill(let temperatures, _, let terms):
            if terms.above >= ConfigurationLimits.hottestRoom {
                unreachable(.above, "no room is at \(amountText(terms.above, temperatures[0]))")
            }
        default: break
        }
    }

    private func mostUse(of id: SignalID, in span: Span) -> Int64 {
        guard case .meter(let quantity) = signals[id.index].source else { return .max }
        let (rate, hour) = (
            maxRates[id.index] ?? ConfigurationDefaults.maxRate(of: quantity), Span.hours(1).milliseconds
        )
        let (product, overflow) = rate.multipliedReportingOverflow(by: span.milliseconds)
        return overflow ? .max : product / hour
    }

    private func amountText(_ amount: Int64, _ id: SignalID) -> String {
        guard case .meter(let quantity) = signals[id.index].source else { return "\(amount)" }
        return quantityText(amount, of: quantity)
    }

    /// A rule against the rest of the home.
    private func lintHome(_ written: WrittenRule, _ home: HomeModel) {
        let (rule, reader) = (written.rule, written.reader)
        if case .noActivity = rule.kind, rule.away == .judge,
            signals.contains(where: { $0.isExit || $0.source == .input(.away) })
        {
            reader.report(
                .goingOutAlarms, .away, "whoever goes out for long is reported as if she had fallen",
                advice: "remove away = \"judge\": not-returned watches over who is out")
        }
        if case .inputActive(let id, _, _) = rule.kind, case .input(let kind) = signals[id.index].source,
            kind.isMomentary, !rule.latched, rule.severity != .technical, let first = home.escalation.first,
            rule.clearAfter < first.after
        {
            reader.report(
                .endsUnheard, .latched,
                "this alert ends when \(signals[id.index].name) is let go, before the first step of escalation (\(first.after.text())): nobody need ever see it",
                advice: "latched = true, or a clear-after of \(first.after.text()) or more")
        }
    }

    // MARK: The home

    /// Alarms for what happens, and nobody who notices that nothing does any more.
    private func lintSilence(_ root: TableReader<RootKey>) {
        let noticesSilence = writtenRules.contains {
            switch $0.rule.kind {
            case .lowUse, .noActivity: true
            default: false
            }
        }
        guard !writtenRules.isEmpty, !noticesSilence else { return }
        root.report(
            .silenceUnnoticed, .rule,
            "no rule notices silence: who lies on the floor and cannot reach a button is not found",
            advice: "a no-activity or low-use rule; or no [[rule]] at all, for the recommended ones")
    }

    private func lintAway(_ home: HomeModel) {
        guard let away = signals.firstIndex(where: { $0.source == .input(.away) }),
            home.rules.contains(where: { $0.away != .judge }), !signals.contains(where: { $0.isExit || $0.isInside })
        else { return }
        let place = details[away].place
        log.report(
            .awayNeverEnds, file: file, at: place.position, key: place.key,
            "nothing in this home shows that somebody is back: who forgets \"\(place.value)\" is not watched over for as long as away lasts",
            advice: "an exit door, a motion sensor or a water meter")
    }

    private func lintEscalation(_ home: HomeModel, _ root: TableReader<RootKey>) {
        guard root.has(.escalation), let first = home.escalation.first else { return }
        let tells = home.escalation.contains { $0.actions.contains(.sound(.notReached)) }
        if !tells {
            root.report(
                .helpUnsaid, .escalation,
                "no step has \"sound:not-reached\": who waits for help never hears that nobody has answered",
                advice: "do = [\"sound:not-reached\"]")
        }
        if first.after > ConfigurationLimits.slowestEscalation {
            root.report(
                .helpUnsaid, .escalation, "nothing happens for \(first.after.text()) while nobody answers",
                advice:
                    "a first step after \(ConfigurationLimits.slowestEscalation.text()) or less; the standard is 180s")
        }
    }
}

extension RuleModel {
    fileprivate func judgesSame(as other: RuleModel) -> Bool { kind == other.kind && away == other.away }
}

extension RuleModel.Kind {
    /// How long it waits for a sign or looks back; nil: it does neither.
    fileprivate var wait: Span? {
        switch self {
        case .lowUse(_, let window, _), .highUse(_, let window, _): window
        case .continuousUse(_, _, let span, _): span
        case .noActivity(_, .lasting(let span)), .noActivity(_, .within(_, let span, _)): span
        case .noActivity(_, .through(let hours)): hours.length
        case .heatAndStill(_, _, let terms): terms.stillFor
        case .inputActive, .beyond, .visitOverdue, .notReturned, .activeWhileAway: nil
        }
    }
}

extension InputKind {
    /// Somebody presses it, and it is over.
    fileprivate var isMomentary: Bool { self == .service || self == .panic || self == .visit }
}

extension DailyHours {
    /// Whether clocks show this minute within the hours.
    fileprivate func contains(_ minute: Int) -> Bool {
        until > from ? (from..<until).contains(minute) : minute >= from || minute < until
    }
}
