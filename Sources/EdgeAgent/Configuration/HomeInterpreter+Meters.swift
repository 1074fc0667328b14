// Meters: which model hangs where, and how it is asked.

import Drivers
import LocalRules

extension HomeInterpreter {
    mutating func readMeters(_ root: TableReader<RootKey>) {
        var names: [String] = []
        var unitsTaken: [String: [Int64: String]] = [:]
        for reader in root.subtables(.meter, MeterKey.self, atMost: ConfigurationLimits.meters) {
            reader.require(.name, advice: "such as \"water\"; it begins the names of the meter's signals")
            reader.require(.bus, advice: "the name of a [[bus]]")
            reader.require(.unit, advice: "the unit id set in the meter, 1 to 247")
            let name = reader.name(.name, dots: false)
            if let name { reader.claim(name, in: &names, "meter", .name) }
            let bus = busReference(reader)
            let unit = reader.unitID(.unit)
            if let bus, let unit {
                if let other = unitsTaken[bus]?[unit] {
                    reader.report(
                        .unitTaken, .unit, "unit \(unit) on bus \(bus) is the meter \"\(other)\" already",
                        advice: "two meters that answer to one unit id disturb each other: change one of them")
                }
                unitsTaken[bus, default: [:]][unit] = name ?? "?"
            }
            let timing = meterTiming(reader)
            let map = registerMap(of: reader)
            guard let name, let map else {
                if let name { brokenOwners.insert(name) }
                continue
            }
            let plans = addSignals(of: name, map.registers, timing: timing, reader)
            guard let index = buses.firstIndex(where: { $0.settings.name == bus }), let unit else { continue }
            buses[index].meters.append(
                MeterPlan(
                    name: name, unit: UInt8(unit), pollMilliseconds: timing.poll.milliseconds,
                    timeoutMilliseconds: Int(timing.timeout.milliseconds), retries: timing.retries,
                    pauseMilliseconds: Int(timing.pause.milliseconds), limits: map.limits, registers: plans))
        }
        reportIdleBuses(root)
    }

    private func busReference(_ reader: TableReader<MeterKey>) -> String? {
        guard let bus = reader.text(.bus) else { return nil }
        guard busNames.contains(bus) else {
            reader.report(
                .unknownBus, .bus, "no bus is called \"\(bus)\"",
                advice: adviceOfWords(bus, known: busNames, whatTheyAre: "buses"))
            return nil
        }
        return bus
    }

    private func reportIdleBuses(_ root: TableReader<RootKey>) {
        guard log.errorCount == 0 else { return }
        for bus in buses where bus.meters.isEmpty {
            root.report(
                .idleBus, .bus, "bus \"\(bus.settings.name)\" has no meter", advice: "remove it, or add a [[meter]]")
        }
    }

    // MARK: Timing

    private struct Timing {
        var poll: Span
        var timeout: Span
        var silentAfter: Span
        var retries: Int
        var pause: Span
    }

    private func meterTiming(_ reader: TableReader<MeterKey>) -> Timing {
        let poll = reader.span(.poll, in: ConfigurationLimits.poll) ?? ConfigurationDefaults.poll
        let timeout = reader.span(.timeout, in: ConfigurationLimits.timeout) ?? ConfigurationDefaults.timeout
        let silentAfter =
            reader.span(.silentAfter, in: ConfigurationLimits.silentAfter)
            ?? ConfigurationDefaults.silentAfter(poll: poll)
        if silentAfter <= poll {
            reader.report(
                .silentBeforePoll, .silentAfter, "\(silentAfter.text()) is over before the next poll (\(poll.text()))",
                advice: "choose three polls or more: \((poll * 3).text())")
        }
        let retries = reader.integer(
            .retries, in: ConfigurationLimits.retries, advice: "each one costs the other meters a whole time-out")
        let pause = reader.span(.pause, in: ConfigurationLimits.pause) ?? ConfigurationDefaults.pause
        return Timing(
            poll: poll, timeout: timeout, silentAfter: silentAfter,
            retries: retries.map { Int($0) } ?? ConfigurationDefaults.retries, pause: pause)
    }

    // MARK: Signals

    private mutating func addSignals(
        of meter: String, _ registers: [RegisterDescription], timing: Timing, _ reader: TableReader<MeterKey>
    ) -> [RegisterPlan] {
        let place = reader.place(of: .name) ?? Located(value: meter, position: reader.table.position, key: reader.path)
        return registers.map { register in
            // A profile knows what changes slowly, the home how often its meter may be asked at all.
            let own = register.poll.flatMap { $0 > timing.poll ? $0 : nil }
            let poll = own ?? timing.poll
            let channel = addSignal(
                SignalModel(
                    name: "\(meter).\(register.signal)", source: .meter(register.quantity),
                    silentAfter: own.map { ConfigurationDefaults.silentAfter(poll: $0, meter: timing.silentAfter) }
                        ?? timing.silentAfter),
                detail: SignalDetail(
                    poll: poll, step: register.hasFixedStep ? register.scale : nil, request: nil, place: place),
                scale: register.scale, unit: register.unit, maxRate: register.maxRate)
            return register.plan(channel: channel, poll: own)
        }
    }

    // MARK: Registers

    /// A meter's registers, from its profile or its own; nil when there is an error in them.
    private mutating func registerMap(of reader: TableReader<MeterKey>) -> RegisterMap? {
        guard reader.has(.profile) != reader.has(.register) else {
            reader.reportTable(
                .registersUnclear,
                reader.has(.profile) ? "has both a profile and registers" : "has neither a profile nor registers",
                advice: "name a profile, or describe each register in a [[meter.register]]")
            return nil
        }
        let misplaced: [MeterKey] = reader.has(.register) ? [.signals] : [.maxRegisters, .maxGap, .forbidden]
        for key in misplaced where reader.has(key) {
            reader.report(
                .keyDoesNotApply, key,
                "\"\(key.rawValue)\" goes with \(key == .signals ? "a profile" : "registers of the meter's own")",
                advice: key == .signals
                    ? "leave out the registers that are not wanted" : "write it in the profile, whose model it is about"
            )
        }
        if reader.has(.register) { return reader.registerMap() }
        guard let profile = profile(of: reader) else { return nil }
        guard let chosen = chosenRegisters(of: profile, reader) else { return nil }
        for register in chosen {
            guard let why = register.unconfirmed?.value else { continue }
            reader.report(
                .unconfirmedRegister, .profile, "\"\(register.signal)\" of \(profile.name) is not confirmed: \(why)",
                advice: "compare it with the meter's display before a rule relies on it, or leave it out of \"signals\""
            )
        }
        return RegisterMap(limits: profile.limits, registers: chosen)
    }

    private mutating func profile(of reader: TableReader<MeterKey>) -> MeterProfile? {
        guard let name = reader.name(.profile) else { return nil }
        if let known = profiles[name] { return known }
        var profile: MeterProfile?
        switch descriptions.profiles[name] {
        case .found(let table, let profileFile):
            profile = DescriptionInterpreter(file: profileFile, log: log).profile(table, named: name)
        case .missing(let searched):
            // Not remembered: every meter that names it is at fault.
            reportMissing(.unknownProfile, "meter profile", name, searched, reader, .profile)
            return nil
        case .broken, nil:
            break
        }
        profiles[name] = .some(profile)
        return profile
    }

    /// Those that the meter names, in the profile's order; all of them where it names none.
    private func chosenRegisters(of profile: MeterProfile, _ reader: TableReader<MeterKey>) -> [RegisterDescription]? {
        guard reader.has(.signals) else { return profile.registers }
        guard let names = reader.strings(.signals) else { return nil }
        let known = profile.registers.map(\.signal)
        var wanted: [String] = []
        for name in names {
            if !known.contains(name.value) {
                reader.report(
                    .unknownSignal, at: name, "\(profile.name) has no signal \"\(name.value)\"",
                    advice: adviceOfWords(name.value, known: known, whatTheyAre: "its signals"))
            } else if wanted.contains(name.value) {
                reader.report(
                    .duplicateName, at: name, "\"\(name.value)\" is named twice", advice: "remove one of the two")
            }
            wanted.append(name.value)
        }
        return wanted.allSatisfy(known.contains) ? profile.registers.filter { wanted.contains($0.signal) } : nil
    }
}

extension TableReader {
    func unitID(_ key: Key) -> Int64? {
        integer(key, in: ConfigurationLimits.unitID, advice: "0 is broadcast, 248 and above are reserved")
    }
}
