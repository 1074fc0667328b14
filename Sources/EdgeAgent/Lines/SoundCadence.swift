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
    /// A siren stays out of pre-alarm and not-reached where there is a buzzer for them.
    init(_ pattern: SoundPattern, on kind: OutputConfiguration.Kind, hasBuzzer: Bool) {
        let isTooLoud = kind == .siren && hasBuzzer
        switch pattern {
        case .silent: steps = []
        case .accepted:
            steps =
                switch kind {
                case .siren: []
                case .buzzer: [300, 200, 300, SoundCadence.forGood]
                case .lamp: [SoundCadence.forGood]
                }
        case .alarm: steps = [500, 500, 500, 500, 500, 1500]
        case .notReached: steps = isTooLoud ? [] : [1000, 1000, 1000, 9000]
        case .preAlarm: steps = isTooLoud ? [] : [200, 29_800]
        }
    }

    /// The output's level `elapsed` milliseconds after the pattern began, and how long it stays so
    /// (nil: for good).
    func level(elapsed: Int64) -> (isOn: Bool, holdsFor: Int64?) {
        guard !steps.isEmpty else { return (false, nil) }
        var rest = elapsed % steps.reduce(0, +)
        for (index, length) in steps.enumerated() {
            if rest < length { return (index.isMultiple(of: 2), length - rest) }
            rest -= length
        }
        return (false, nil)
    }
}
