// Polls the meters of one bus, each on its schedule; BusSchedule and MeterPolling decide, this acts.

/// Owns a bus port and the schedule of its meters. One thread; each call blocks for one exchange at most.
package struct BusMaster<Port: BusPort & ~Copyable>: ~Copyable {
    private let settings: BusSettings
    private var link: ModbusLink<Port>
    private var meters: [MeterPolling]
    private var rounds: [Round]
    private var schedule: BusSchedule

    /// What belongs to a meter's round.
    private struct Round: Sendable {
        var asked = BootTime(nanoseconds: 0)
        var grids: [Int] = []
        var retriesLeft = 0
    }

    package init(settings: BusSettings, port: consuming Port, meters: [MeterPlan], start: BootTime) {
        self.settings = settings
        link = ModbusLink(exchange: BusExchange(settings: settings, port: port))
        self.meters = meters.map { MeterPolling($0) }
        rounds = meters.map { _ in Round() }
        schedule = BusSchedule(pollMilliseconds: self.meters.map(\.pollMilliseconds), start: start)
    }

    /// Makes at most one exchange, with the meter whose turn it is, and returns what came of it: a sample for
    /// each register that is now known, or known to be unknown. `clock` is read again after the reply, to stamp
    /// it. When the bus cannot be opened, that is said for every meter that is due.
    package mutating func step(clock: () -> BootTime) -> [Sample] {
        let asked = clock()
        guard let index = schedule.next(now: asked) else { return [] }
        do {
            try link.open()
        } catch {
            return cannotOpen(error, at: clock(), due: schedule.due(now: asked))
        }
        if !meters[index].isInRound {
            rounds[index] = Round(
                asked: asked, grids: schedule.dueGrids(of: index, now: asked), retriesLeft: retries(index))
            meters[index].begin(grids: rounds[index].grids)
        }
        guard let question = meters[index].question else {
            schedule.answered(index, grids: rounds[index].grids, asked: asked, now: asked)
            return []
        }
        let reply = link.ask(question, of: meters[index].plan)
        return take(reply, from: index, at: clock())
    }

    /// When `step` has something to do next.
    package var nextDue: BootTime { schedule.nextDue }

    // MARK: Answers

    private mutating func take(_ exchange: ModbusExchange, from index: Int, at now: BootTime) -> [Sample] {
        switch exchange.reply {
        case .success(.words(let words)):
            return proceed(index, meters[index].answered(words, at: now), now: now)
        case .success(.exception(let exception)) where !exception.isAboutTheWay:
            return proceed(index, meters[index].refused(exception, at: now), now: now)
        case .success(.exception(let exception)):
            return fail(index, .gateway(settings, meters[index].plan, exception), quarantine: 0, now: now)
        case .failure(let error):
            return fail(index, error, quarantine: exchange.quarantineMilliseconds, now: now)
        }
    }

    private mutating func proceed(_ index: Int, _ samples: [Sample], now: BootTime) -> [Sample] {
        if meters[index].isInRound {
            schedule.again(index, now: now, afterMilliseconds: Int64(meters[index].plan.pauseMilliseconds))
        } else {
            schedule.answered(index, grids: rounds[index].grids, asked: rounds[index].asked, now: now)
        }
        return samples
    }

    private mutating func fail(_ index: Int, _ error: BusError, quarantine: Int64, now: BootTime) -> [Sample] {
        let wait = max(quarantine, Int64(meters[index].plan.pauseMilliseconds))
        switch error.kind {
        case .timedOut, .damaged:
            if rounds[index].retriesLeft > 0 {
                rounds[index].retriesLeft -= 1
                schedule.again(index, now: now, afterMilliseconds: wait)
                return []
            }
            schedule.failed(index, asked: rounds[index].asked, now: now, atLeastMilliseconds: wait)
        case .cannotOpen, .lost:
            schedule.lost(asking: index, asked: rounds[index].asked, now: now)
        }
        return meters[index].failed(error, at: now)
    }

    /// A meter that is failing already costs one time-out and no more.
    private func retries(_ index: Int) -> Int { schedule.isFailing(index) ? 0 : meters[index].plan.retries }

    private mutating func cannotOpen(_ error: BusError, at now: BootTime, due: [Int]) -> [Sample] {
        schedule.cannotOpen(now: now)
        return due.flatMap { index in
            if !meters[index].isInRound { meters[index].begin(grids: Array(meters[index].pollMilliseconds.indices)) }
            return meters[index].failed(error, at: now)
        }
    }

    // MARK: For people

    /// Reads at once what an installer asks for, between two exchanges of the schedule. Blocks for one exchange
    /// (two after a failure of this unit), and until a quarantine of this unit is over.
    package mutating func read(_ question: ModbusQuestion, timeoutMilliseconds: Int) -> ModbusExchange {
        var plan =
            meters.first { $0.plan.unit == question.unit }?.plan
            ?? MeterPlan(
                name: "", unit: question.unit, pollMilliseconds: 1, timeoutMilliseconds: timeoutMilliseconds,
                registers: [])
        plan.timeoutMilliseconds = min(plan.timeoutMilliseconds, timeoutMilliseconds)
        return link.ask(question, of: plan)
    }

    /// Lets go of the port, so that somebody else may have it for a while; `step` takes it again.
    package mutating func release() { link.close() }

    /// How every meter of this bus does.
    package var report: BusReport {
        BusReport(
            bus: settings.name, hasEcho: link.hasEcho, strayBytes: link.strayBytes,
            meters: meters.enumerated().map { index, meter in
                link.report(of: meter.plan, isFailing: schedule.isFailing(index))
            })
    }
}

extension BusError {
    /// The gateway is there; the meter behind it is not.
    fileprivate static func gateway(_ settings: BusSettings, _ plan: MeterPlan, _ exception: ModbusException)
        -> BusError
    {
        BusError(
            kind: .timedOut,
            message:
                "\(settings.title), unit \(plan.unit): the gateway cannot reach the meter (exception \(exception.code))",
            advice: "Check the line between gateway and meter, and the unit id.")
    }
}
