// What holds for every home and every day: random readings, seeds printed, replayed by setting the seed.

import Testing

@testable import LocalRules

@Suite("Properties") struct PropertyTests {
    static let seeds = Array(propertySeeds(20))

    @Test("One leap of time says the same as many small steps, at the same times", arguments: seeds)
    func leapsAndSteps(seed: UInt64) {
        var world = World(seed: seed)
        var leaping = RuleEngine(home: world.home, at: midnight)
        var stepping = leaping
        var (leapt, stepped): ([Directive], [Directive]) = ([], [])
        for _ in 0..<300 {
            let reading = world.next()
            while let step = stepping.nextDeadline, step < reading.time, world.random.chance(9, of: 10) {
                stepped += stepping.advance(to: step)
            }
            leapt += leaping.observe(reading)
            stepped += stepping.observe(reading)
            if let (offset, trust) = world.clock() {
                leapt += leaping.setWallClock(offset: offset, trust: trust, at: world.time)
                stepped += stepping.setWallClock(offset: offset, trust: trust, at: world.time)
            }
        }
        let end = world.time + .days(2)
        leapt += leaping.advance(to: end)
        while let step = stepping.nextDeadline, step <= end { stepped += stepping.advance(to: step) }
        #expect(leapt.map(line) == stepped.map(line), "seed \(seed)")
        #expect(leapt.count > 5, "seed \(seed): a day on which nothing happens proves nothing")
    }

    @Test("A restart at any moment changes nothing that follows, but for the sound said again", arguments: seeds)
    func restarts(seed: UInt64) {
        var world = World(seed: seed)
        var running = RuleEngine(home: world.home, at: midnight)
        var restarted = running
        for _ in 0..<300 {
            if world.random.chance(1, of: 4) {
                restarted = RuleEngine(
                    home: world.home, restoring: encodedAndDecoded(restarted.snapshot), at: restarted.now)
                let again: [Directive] = restarted.sound == .silent ? [] : [.sound(restarted.sound)]
                #expect(restarted.advance(to: world.time) == again + running.advance(to: world.time), "seed \(seed)")
            }
            let reading = world.next()
            #expect(restarted.observe(reading) == running.observe(reading), "seed \(seed)")
            if let (offset, trust) = world.clock() {
                #expect(
                    restarted.setWallClock(offset: offset, trust: trust, at: world.time)
                        == running.setWallClock(offset: offset, trust: trust, at: world.time), "seed \(seed)")
            }
            if world.random.chance(1, of: 10), let alert = running.openAlerts.first {
                #expect(
                    running.accept(alert: alert.id, by: "Li", at: world.time)
                        == restarted.accept(alert: alert.id, by: "Li", at: world.time), "seed \(seed)")
            }
            if world.random.chance(1, of: 20) {
                let mode = HomeMode.allCases[Int(world.random.number(3))]
                #expect(
                    running.setMode(mode, until: nil, by: "Li", at: world.time)
                        == restarted.setMode(mode, until: nil, by: "Li", at: world.time), "seed \(seed)")
            }
            #expect(restarted.nextDeadline == running.nextDeadline, "seed \(seed)")
        }
        #expect(restarted.openAlerts == running.openAlerts, "seed \(seed)")
    }

    @Test("Ids are never used twice; every alert's steps come in an order that a life can have", arguments: seeds)
    func lives(seed: UInt64) {
        var world = World(seed: seed)
        var engine = RuleEngine(home: world.home, at: midnight)
        var lives: [String: [AlertEvent]] = [:]
        var playing = SoundPattern.silent
        for _ in 0..<400 {
            var said = engine.observe(world.next())
            if world.random.chance(1, of: 8), let alert = engine.openAlerts.last {
                said += engine.accept(alert: alert.id, by: "Li", at: world.time)
            }
            for directive in said {
                if case .alert(let event, let alert, _) = directive { lives[alert.id, default: []].append(event) }
                if case .sound(let pattern) = directive {
                    #expect(pattern != playing, "seed \(seed): a sound is said only when it changes")
                    playing = pattern
                }
            }
            #expect(playing == engine.sound, "seed \(seed)")
        }
        let open = Set(engine.openAlerts.map(\.id))
        for (id, events) in lives {
            let word = events.map { "\($0)".prefix(3) }.joined(separator: " ")
            let isWhole = word.wholeMatch(of: /(pre )?(can|rai( esc| ack)*( cle)?)|pre/) != nil
            #expect(isWhole, "seed \(seed): \(id) lived \(word)")
            #expect(open.contains(id) == ![.cancelled, .cleared].contains(events.last), "seed \(seed): \(id)")
        }
    }

    @Test("low-use says exactly what its definition says, reading by reading", arguments: seeds)
    func lowUseByDefinition(seed: UInt64) {
        var random = Random(seed: seed)
        let (window, below) = (Span.minutes(60), Int64(100))
        var engine = RuleEngine(home: home([.water()], [lowUse(window: window, below: below)]), at: midnight)
        var history: [(time: Instant, value: Int64)] = []
        var (time, value) = (midnight, Int64(0))
        var seen: Set<Verdict> = []
        for _ in 0..<400 {
            time = time + (random.chance(1, of: 20) ? .minutes(random.number(100)) : .minutes(1 + random.number(10)))
            value += random.chance(1, of: 3) ? random.number(70) : 0
            history.append((time, value))
            _ = engine.observe(Reading(signal: SignalID(0), time: time, value: value))
            let expected = definition(history, window, below)
            seen.insert(expected)
            #expect(engine.ruleReports()[0].verdict == expected, "seed \(seed) at \(clock(time))")
        }
        #expect(seen.count == 3, "seed \(seed): a day that does not reach every verdict proves little")
    }

    /// The definition in so many words, with the whole history at hand.
    private func definition(_ history: [(time: Instant, value: Int64)], _ window: Span, _ below: Int64) -> Verdict {
        let now = history[history.count - 1]
        let start = now.time - window
        let atLeast = history.first { $0.time >= start }.map { now.value - $0.value } ?? 0
        guard let before = history.last(where: { $0.time <= start }) else {
            return atLeast >= below ? .fine : .cannotTell
        }
        let atMost = now.value - before.value
        return atMost < below ? .wrong : atLeast >= below ? .fine : .cannotTell
    }
}

/// SplitMix64: small, and the same on every machine.
struct Random {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    mutating func number(_ bound: Int64) -> Int64 { Int64(next() % UInt64(bound)) }
    mutating func chance(_ part: Int64, of whole: Int64) -> Bool { number(whole) < part }
}

/// One rule of each kind beside the World's, its signals and the time of day with it.
private var otherRules: [NamedRule] {
    [
        rule("flood") { .highUse(signal: $0("water.volume"), window: .hours(4), above: 40_000) },
        rule("leak", clearAfter: .minutes(1), rises: [Rise(after: .hours(3), severity: .red)]) {
            .continuousUse(signal: $0("water.volume"), slot: .minutes(50), span: .hours(2), atLeast: 1000)
        },
        rule("cold", .yellow, warnFor: .minutes(5), rises: [Rise(after: .hours(1), severity: .orange)]) {
            .beyond(
                signal: $0("living"), limits: ValueLimits(above: 35_000, below: 32_000, hysteresis: 1000),
                holdFor: .minutes(20))
        },
        rule("heat", warnFor: .minutes(10), rises: [Rise(after: .hours(2), severity: .red)]) {
            .heatAndStill(
                temperatures: [$0("living")], activity: [$0("motion"), $0("door")],
                terms: HeatTerms(above: 34_000, hysteresis: 500, hotFor: .minutes(5), stillFor: .minutes(40)))
        },
        { find in
            RuleModel(
                name: "break-in", kind: .inputActive(signal: find("visit"), holdFor: .zero, request: nil),
                severity: .red,
                confirmation: Confirmation(signals: [find("motion"), find("door")], within: .minutes(3)))
        },
        rule("visit", .yellow, rises: [Rise(after: .hours(20), severity: .orange)]) {
            .visitOverdue(signal: $0("visit"), every: .hours(10))
        },
        silent(.through(hours("07:00-08:30")), called: "morning", warnFor: .minutes(10)),
        silent(
            .within(hours("06:00-21:00"), .minutes(90), carries: false), .yellow, called: "by-day",
            of: ["motion", "door"],
            warnFor: .minutes(10), rises: [Rise(after: .minutes(150), severity: .red)]),
        silent(
            .within(hours("06:00-21:00"), .hours(2), carries: true), .yellow, called: "waking", of: ["motion"],
            rises: [Rise(after: .hours(3), severity: .orange)]),
    ]
}

/// A home in which everything goes on and off, is lost and comes back, faster than any real one.
struct World {
    var random: Random
    var time = midnight
    private var registers: [Int64] = [0, 0]

    let home = LocalRulesTests.home(
        [
            .water(silentAfter: .minutes(40)), .power(silentAfter: .minutes(40)), .input("motion", .motion),
            .input("door", .door), .input("smoke", .smoke), .input("panic", .panic), .input("ok", .ok),
            .input("mains", .mains), .meter("living", .temperature, silentAfter: .hours(2)), .input("visit", .visit),
            .input("away", .away),
        ],
        [
            lowUse(window: .hours(2), below: 10_000, warnFor: .minutes(10), clearAfter: .minutes(5)),
            lowUse("no-power", of: "power.energy", window: .hours(3), below: 5000),
            noActivity(
                of: ["motion", "door", "water.volume"], silentFor: .hours(1), warnFor: .minutes(10),
                clearAfter: .minutes(2)),
            noActivity("still", of: ["motion"], silentFor: .hours(2)),
            active("smoke", clearAfter: .minutes(1), latched: true),
            active("panic", clearAfter: .minutes(3), latched: true),
            active("door", .yellow, holdFor: .minutes(20), warnFor: .minutes(5)),
            active(
                "mains", .technical, holdFor: .minutes(5), clearAfter: .minutes(1), spread: .minutes(10)),
            notReturned(of: ["door", "away"], after: .hours(2)), activeWhileAway(),
        ] + otherRules,
        escalation: EscalationStep.standard, zone: summerTime, quiet: hours("22:00-06:30"))

    init(seed: UInt64) { random = Random(seed: seed) }

    /// Now and then somebody sets the wall clock.
    mutating func clock() -> (offset: Span, trust: ClockTrust)? {
        guard random.chance(1, of: 25) else { return nil }
        let offset = Span.minutes(random.number(random.chance(1, of: 3) ? 80_000 : 90) - 40)
        return (offset, random.chance(1, of: 4) ? .none : .synchronised)
    }

    mutating func next() -> Reading {
        let pause = random.chance(1, of: 15) ? random.number(7200) : random.number(300)
        time = time + .milliseconds(pause * 1000 + (random.chance(1, of: 3) ? random.number(1000) : 0))
        let signal = SignalID(Int(random.number(11)))
        if random.chance(1, of: 12) { return .missing(signal, at: time) }
        if random.chance(1, of: 20) { return Reading(signal: signal, time: time, value: 0, quality: .suspect) }
        if signal.index == 8 { return Reading(signal: signal, time: time, value: 30_000 + random.number(7000)) }
        guard signal.index < 2 else { return Reading(signal: signal, time: time, value: random.number(2)) }
        if random.chance(1, of: 60) { registers[signal.index] = 0 }
        if random.chance(1, of: 4) { registers[signal.index] += random.number(6000) }
        return Reading(signal: signal, time: time, value: registers[signal.index])
    }
}
