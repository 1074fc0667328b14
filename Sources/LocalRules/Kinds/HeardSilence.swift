// Until when silence was not only counted but heard.
//
// An input says at once that it has become active; a register says with its next reading what was used before it. So
// silence is known up to the oldest of the newest readings, of all registers that are read in time. One that has not
// been read well for as long as its supervision allows says nothing any more and delays nothing.

extension Array where Element == SignalState {
    /// nil: it delays nothing. One at a time, because a list would be an allocation for each reading.
    private func pending(_ id: SignalID, at now: Instant) -> (read: Instant, interval: Span, overdue: Instant)? {
        guard self[id.index].quantity?.isCumulative ?? false, !self[id.index].isMissing,
            let silentAfter = self[id.index].model.silentAfter
        else { return nil }
        let read = self[id.index].valueTime ?? self[id.index].heardAt
        let overdue = read + silentAfter
        return overdue > now ? (read, self[id.index].interval ?? .zero, overdue) : nil
    }

    func heardUntil(_ ids: [SignalID], at now: Instant) -> Instant {
        var heard = now
        for id in ids {
            if let register = pending(id, at: now) { heard = Swift.min(heard, register.read) }
        }
        return heard
    }

    /// When silence that is due at `due` will be heard, by how often registers were read so far; and when to look again
    /// if no reading comes.
    func deciding(_ due: Instant, by ids: [SignalID], at now: Instant) -> (expected: Instant, recheck: Instant) {
        var expected = due
        var overdue: Instant?
        for id in ids {
            guard let register = pending(id, at: now), register.read < due else { continue }
            overdue = sooner(overdue, register.overdue)
            guard register.interval > .zero else { continue }
            let interval = register.interval.milliseconds
            let readings = (due - register.read).milliseconds.clampedSum(interval - 1) / interval
            expected = Swift.max(expected, register.read + register.interval * readings)
        }
        return (expected, expected > now ? expected : overdue ?? expected)
    }

    /// Wrong, and as bad as the silence that was heard.
    func wrong(at now: Instant, by ids: [SignalID], _ rises: [Span], due: (Span) -> Instant?) -> Judgement {
        var judgement = Judgement.wrong(at: heardUntil(ids, at: now), rises, due: due)
        judgement.recheckAt = judgement.recheckAt.map { deciding($0, by: ids, at: now).recheck }
        return judgement
    }
}
