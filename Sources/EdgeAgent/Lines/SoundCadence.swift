// What a pattern sounds like: on and off over time. Pure; LinesWorker drives the outputs with it.

import LocalRules

/// On and off times of one pattern on one kind of output, repeated for as long as the pattern stands.
struct SoundCadence: Equatable {
    /// Milliseconds on, off, on, off …; empty: never on.
    private let steps: [Int64]
    /// Longer than any pattern stands, and far from overflowing.
    private static let forGood: Int64 = 1 << 50

    /// - alarm: three half-second pulses and a pause, the temporal pattern of ISO 8201; a lamp blinks alike.
    /// - not-reached: two slow pulses every twelve seconds: help was called and has not answered yet.
    /// - pre-alarm: one short beep every 30 s (as telecare units do): press OK, or move.
    /// - accepted: two soft beeps, once, and the lamp steady: somebody has taken it on. Never the siren, which was
    ///   the alarm itself a moment ago: that it is quiet says the same.
    /// - test-alarm: as the alarm, for as long as the rules say (three seconds).
    /// A siren stays out of pre-alarm and not-reached where there is a buzzer for them. A relay has no cadence,
    /// which would wear its contacts and confuse what it switches: it is on for as long as an alarm stands, answered or
    /// not, and off in what is only for whoever is at home, and in a test: a dialler would dial.
    init(_ pattern: SoundPattern, on kind: OutputConfiguration.Kind, hasBuzzer: Bool) {
        guard kind != .relay else {
            steps = pattern == .alarm || pattern == .notReached ? [SoundCadence.forGood] : []
            return
        }
        let isTooLoud = kind == .siren && hasBuzzer
        switch pattern {
        case .silent: steps = []
        case .accepted:
            steps =
                switch kind {
                case .siren, .relay: []
                case .buzzer: [300, 200, 300, SoundCadence.forGood]
                case .lamp: [SoundCadence.forGood]
                }
        case .alarm, .testAlarm: steps = [500, 500, 500, 500, 500, 1500]
        case .notReached: steps = isTooLoud ? [] : [1000, 1000, 1000, 9000]
        case .preAlarm: steps = isTooLoud ? [] : [200, 29_800]
        }
    }

    /// Two short beeps every two seconds: no alarm of ours, nor of a smoke detector, sounds like it. A siren only
    /// where nothing gentler is there; a relay never.
    init(locatingOn kind: OutputConfiguration.Kind, hasGentle: Bool) {
        switch kind {
        case .relay: steps = []
        case .siren: steps = hasGentle ? [] : SoundCadence.locating
        case .buzzer, .lamp: steps = SoundCadence.locating
        }
    }

    private static let locating: [Int64] = [100, 150, 100, 1650]
    /// The output's level `elapsed` milliseconds after the pattern began, and how long it stays so
    /// (nil: for good).
    func level(elapsed: Int64) -> (isOn: Bool, holdsFor: Int64?) {
        guard let first = steps.first else { return (false, nil) }
        if first == SoundCadence.forGood { return (true, nil) }
        var rest = elapsed % steps.reduce(0, +)
        for (index, length) in steps.enumerated() {
            if rest < length { return (index.isMultiple(of: 2), length - rest) }
            rest -= length
        }
        return (false, nil)
    }
}
