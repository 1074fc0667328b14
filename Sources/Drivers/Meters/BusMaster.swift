// Polls the meters of one bus, each on its schedule; BusSchedule and MeterPolling decide, this acts.

/// Owns a bus port and the schedule of its meters. One thread.
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
        /// Of the question that is asked now.
        var retriesLeft = 0
    }

    /// - Parameters:
    ///   - meters: each with a unit id of its own.
    ///   - start: the first point of every meter's grid, on the agent's clock.
    package init(settings: BusSettings, port: consuming Port, meters: [MeterPlan], start: BootTime) {
        self.settings = settings
        link = ModbusLink(exchange: BusExchange(settings: settings, port: port))
        self.meters = meters.map { MeterPolling($0) }
        rounds = meters.map { _ in Round() }
        schedule = BusSchedule(
            pollMilliseconds: self.meters.map(\.pollMilliseconds),
            savingMilliseconds: meters.map(\.savingPollMilliseconds), start: start)
    }

    /// Makes at most one exchange, with the meter whose turn it is, and returns what came of it: a sample for
    /// each register that is now known, or known to be unknown. `clock` is the agent's; it is read again after the
    /// reply, to stamp it. When the bus cannot be opened, that is said for every meter that is due.
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
                asked: asked, grids: schedule.dueGrids(of: index, now: asked),
                // A meter that is failing already costs one time-out and no more.
                retriesLeft: schedule.isFailing(index) ? 0 : meters[index].plan.retries)
            meters[index].begin(grids: rounds[index].grids)
        }
        guard let question = meters[index].question else {
            schedule.answered(index, grids: rounds[index].grids, asked: asked, now: asked)
            return []
        }
        switch link.ask(question, of: meters[index].plan) {
        case .later(let milliseconds):
            schedule.again(index, now: clock(), afterMilliseconds: milliseconds)
            return []
        case .done(let exchange):
            return take(exchange.reply, from: index, at: clock())
        }
    }

    /// The home runs on battery from now on, or no longer.
    package mutating func savePower(_ isSaving: Bool, now: BootTime) { schedule.savePower(isSaving, now: now) }

    /// When `step` has something to do next.
    package var nextDue: BootTime { schedule.nextDue }

    // MARK: Answers

    private mutating func take(_ reply: Result<ModbusReply, BusError>, from index: Int, at now: BootTime) -> [Sample] {
        switch reply {
        case .success(.words(let words)):
            return proceed(index, meters[index].answered(words, at: now), now: now)
        case .success(.exception(let exception)) where !exception.isAboutTheWay:
            return proceed(index, meters[index].refused(exception, at: now), now: now)
        case .success(.exception(let exception)):
            return fail(index, .gateway(settings, meters[index].plan, exception), now: now)
        case .failure(let error):
            return fail(index, error, now: now)
        }
    }

    private mutating func proceed(_ index: Int, _ samples: [Sample], now: BootTime) -> [Sample] {
        rounds[index].retriesLeft = meters[index].plan.retries
        if meters[index].isInRound {
            schedule.again(index, now: now, afterMilliseconds: 0)
        } else {
            schedule.answered(index, grids: rounds[index].grids, asked: rounds[index].asked, now: now)
        }
        return samples
    }

    private mutating func fail(_ index: Int, _ error: BusError, now: BootTime) -> [Sample] {
        let isOfTheMeter = error.kind == .timedOut || error.kind == .damaged
        if isOfTheMeter, rounds[index].retriesLeft > 0 {
            rounds[index].retriesLeft -= 1
            meters[index].repeats()
            schedule.again(index, now: now, afterMilliseconds: quarantine(index))
            return []
        }
        let samples = meters[index].failed(error, at: now)
        if !isOfTheMeter {
            schedule.lost(asking: index, asked: rounds[index].asked, now: now)
        } else if meters[index].isInRound {
            rounds[index].retriesLeft = meters[index].plan.retries
            schedule.again(index, now: now, afterMilliseconds: quarantine(index))
        } else {
            schedule.failed(index, asked: rounds[index].asked, now: now, atLeastMilliseconds: quarantine(index))
        }
        return samples
    }

    /// ReplyOrder lets nobody ask before; here it only saves looking.
    private func quarantine(_ index: Int) -> Int64 { Int64(meters[index].plan.timeoutMilliseconds) }

    private mutating func cannotOpen(_ error: BusError, at now: BootTime, due: [Int]) -> [Sample] {
        schedule.cannotOpen(now: now)
        return due.flatMap { index in
            if !meters[index].isInRound { meters[index].begin(grids: schedule.dueGrids(of: index, now: now)) }
            return meters[index].failed(error, at: now)
        }
    }

    // MARK: For people

    /// Reads at once what an installer asks for, between two exchanges of the schedule. Blocks for one exchange;
    /// after a failure of this unit also for its quarantine and a probe.
    /// - Parameter patienceMilliseconds: the longest to wait before anything can be asked; nil: three time-outs,
    ///   five in all, because the watchdog looks whether a bus goes on.
    package mutating func read(
        _ question: ModbusQuestion, timeoutMilliseconds: Int, patienceMilliseconds: Int? = nil
    ) -> ModbusExchange {
        guard question.isPossible else { return ModbusExchange(reply: .failure(.impossible(settings, question))) }
        var plan =
            meters.first { $0.plan.unit == question.unit }?.plan
            ?? MeterPlan(name: "", unit: question.unit, pollMilliseconds: 1, registers: [])
        plan.timeoutMilliseconds = timeoutMilliseconds
        return link.insist(
            question, of: plan, patienceMilliseconds: patienceMilliseconds ?? 3 * timeoutMilliseconds)
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
    fileprivate static func impossible(_ settings: BusSettings, _ question: ModbusQuestion) -> BusError {
        .wrong(
            settings,
            "no request can ask for \(question.count) of \(question.table.rawValue) from \(question.address) on",
            advice: "Ask for 1 to 125 registers or 1 to 2000 bits, up to address 65535.")
    }

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
