// Waits by chance, made from what is the same in every replay: the home and the moment.

/// Spreads what happens to every hub of a town at once over a time. The same home and moment give the same wait.
struct Spread: Hashable, Sendable {
    static let none = Spread(seed: 0, longest: .zero)

    let seed: UInt64
    /// Waits are shorter than this; zero: there are none.
    let longest: Span

    /// How long to wait for something that happened at `moment`, in whole seconds where there is room for them.
    func wait(from moment: Instant) -> Span {
        let seconds = longest.milliseconds / 1000
        guard seconds > 0 else { return .zero }
        return .seconds(Int64(Self.mixed(seed ^ UInt64(bitPattern: moment.milliseconds)) % UInt64(seconds)))
    }

    /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): neighbouring numbers become unrelated ones.
    private static func mixed(_ number: UInt64) -> UInt64 {
        var z = number &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
