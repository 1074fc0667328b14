// Polls the meters of one bus, each on its schedule; BusSchedule decides, this acts.

/// Owns a bus port and the schedule of its meters. One thread; `step` blocks while a meter is asked.
package struct BusMaster<Port: BusPort & ~Copyable>: ~Copyable {
    private let settings: BusSettings
    private let meters: [MeterPlan]
    private let requests: [[ReadRequest]]
    private var port: Port
    private var schedule: BusSchedule

    package init(settings: BusSettings, port: consuming Port, meters: [MeterPlan], start: BootTime) {
        self.settings = settings
        self.port = port
        self.meters = meters
        requests = meters.map { ReadRequest.plan($0.registers) }
        schedule = BusSchedule(pollMilliseconds: meters.map(\.pollMilliseconds), start: start)
    }

    /// Asks at most one meter (the one most overdue), if one is due, and returns what came of it: a sample for
    /// every register of that meter. `clock` is read again after each reply, to stamp it. When the bus cannot be
    /// opened, that is said for every meter that is due.
    package mutating func step(clock: () -> BootTime) -> [Sample] {
        let asked = clock()
        guard let index = schedule.next(now: asked) else { return [] }
        do throws(BusError) {
            try port.open()
        } catch {
            let now = clock()
            schedule.cannotOpen(now: now)
            return schedule.due(now: asked).flatMap { meters[$0].registers }
                .map { Sample(channel: $0.channel, time: now, outcome: .busFailure(error)) }
        }
        let (samples, failure) = ask(index, clock: clock)
        note(failure, of: index, asked: asked, now: clock())
        return samples
    }

    /// When `step` has something to do next.
    package var nextDue: BootTime { schedule.nextDue }

    /// One meter's registers. After a bus failure the rest is not asked for: a dead meter costs one time-out.
    private mutating func ask(_ index: Int, clock: () -> BootTime) -> ([Sample], BusError?) {
        let meter = meters[index]
        var samples: [Sample] = []
        var failure: BusError?
        var waiting = requests[index][...]
        while let request = waiting.popFirst() {
            if let failure {
                samples += request.samples(.busFailure(failure), at: clock())
                continue
            }
            do throws(MeterReadError) {
                let words = try port.read(
                    unit: meter.unit, table: request.table, address: request.address, count: request.count,
                    timeoutMilliseconds: meter.timeoutMilliseconds)
                samples += request.samples(of: meter, words: words, at: clock())
            } catch {
                switch error {
                case .bus(let error):
                    failure = error
                    samples += request.samples(.busFailure(error), at: clock())
                case .exception where request.registers.count > 1:
                    // One register that this meter does not have must not take its neighbours along.
                    waiting = (request.apart + waiting)[...]
                case .exception(let exception):
                    samples += request.samples(.meterException(exception), at: clock())
                }
            }
        }
        return (samples, failure)
    }

    private mutating func note(_ failure: BusError?, of index: Int, asked: BootTime, now: BootTime) {
        switch failure?.kind {
        case nil:
            schedule.answered(index, asked: asked, now: now)
        case .timedOut, .damaged:
            // On TCP the port has ended the connection, and a late answer with it.
            var silence: Int64 = 0
            if case .rtu = settings.transport { silence = Int64(meters[index].timeoutMilliseconds) }
            schedule.failed(index, asked: asked, now: now, silenceMilliseconds: silence)
        case .cannotOpen, .lost:
            schedule.lost(asking: index, asked: asked, now: now)
        }
    }
}

extension ReadRequest {
    /// The same outcome for every register of this request.
    fileprivate func samples(_ outcome: Sample.Outcome, at time: BootTime) -> [Sample] {
        registers.map { Sample(channel: $0.channel, time: time, outcome: outcome) }
    }

    /// What an answer says of each register.
    fileprivate func samples(of meter: MeterPlan, words: [UInt16], at time: BootTime) -> [Sample] {
        registers.map { register in
            var outcome: Sample.Outcome
            do throws(UnusableValue) {
                outcome = .value(try register.decode(self.words(of: register, in: words)))
            } catch {
                // The meter is there and the frame was good; the value is as useless as a damaged one.
                outcome = .busFailure(
                    BusError(
                        kind: .damaged,
                        message: "meter \(meter.name) (unit \(meter.unit)), \(register.table.rawValue) register "
                            + "\(register.address) \(error.reason)",
                        advice: "Check address, type and order of this register against the meter's datasheet."))
            }
            return Sample(channel: register.channel, time: time, outcome: outcome)
        }
    }
}
