// What happens in the simulated home, minute by minute, from one seed. Pure: a list of changes over time.

/// A change in the home at a moment (milliseconds since the story began, at 06:00 of the first day).
struct HomeChange: Equatable {
    enum Change: Equatable {
        /// An input line becomes active or not.
        case line(String, Bool)
        /// Taps and valves: millilitres a second more, or fewer.
        case flow(Int64)
        /// Appliances: milliwatts more, or fewer.
        case load(Int64)
    }
    var at: Int64
    var change: Change
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same home from the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Writes the story: a quiet day, a day on which nobody moves, a panic press in the morning after, and
/// quiet days from then on.
struct SimulatedLife {
    static let day: Int64 = 86_400_000
    private static let minute: Int64 = 60_000
    /// The story begins at six in the morning.
    private static let dawn: Int64 = 6 * 60

    private var random: SeededGenerator
    private var changes: [HomeChange] = []

    /// Every change of `days` days, in order of time.
    static func story(seed: UInt64, days: Int) -> [HomeChange] {
        var life = SimulatedLife(random: SeededGenerator(seed: seed))
        for day in 0..<days {
            life.fridgeAndRouter(day)
            switch day {
            case 1: break  // nobody moves
            case 2:
                life.press(day, at: 9 * 60 + 12)
                life.quietDay(day)
            default: life.quietDay(day)
            }
        }
        return life.changes.enumerated()
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    private init(random: SeededGenerator) { self.random = random }

    // MARK: - A day

    /// Somebody gets up, washes, cooks, goes out, comes home, watches television, sleeps, gets up once at night.
    private mutating func quietDay(_ day: Int) {
        let up = about(6 * 60 + 40, 15)
        walk(day, up, "motion.bedroom")
        toilet(day, up + 3)
        wash(day, up + 6)
        cook(day, up + 35, minutes: 12)
        let out = about(9 * 60 + 40, 20)
        door(day, out)
        door(day, out + about(75, 25))
        cook(day, about(11 * 60 + 50, 15), minutes: 25)
        toilet(day, about(13 * 60 + 20, 20))
        walk(day, about(14 * 60 + 40, 20), "motion.bedroom")
        toilet(day, about(16 * 60 + 30, 25))
        cook(day, about(17 * 60 + 45, 20), minutes: 30)
        television(day, about(19 * 60 + 10, 15), minutes: 95)
        wash(day, about(21 * 60 + 10, 15))
        walk(day, about(21 * 60 + 40, 10), "motion.bedroom")
        toilet(day, 24 * 60 + about(2 * 60 + 30, 45))
    }

    private mutating func fridgeAndRouter(_ day: Int) {
        if day == 0 { add(day, SimulatedLife.dawn, .load(9_000)) }
        var minute = SimulatedLife.dawn + about(20, 15)
        while minute < SimulatedLife.dawn + 24 * 60 {
            run(day, minute, minutes: about(14, 3), milliwatts: 82_000)
            minute += about(46, 5)
        }
    }

    // MARK: - What people do

    private mutating func walk(_ day: Int, _ minute: Int64, _ sensor: String) {
        for step in 0..<Int64.random(in: 2...5, using: &random) {
            add(day, minute, .line(sensor, true), seconds: step * 20)
            add(day, minute, .line(sensor, false), seconds: step * 20 + 8)
        }
    }

    private mutating func toilet(_ day: Int, _ minute: Int64) {
        walk(day, minute, "motion.hall")
        tap(day, minute + 2, litres: 6, seconds: 50)
        tap(day, minute + 3, litres: 1, seconds: 12)
    }

    private mutating func wash(_ day: Int, _ minute: Int64) {
        walk(day, minute, "motion.hall")
        tap(day, minute + 1, litres: about(9, 4), seconds: 150)
    }

    private mutating func cook(_ day: Int, _ minute: Int64, minutes: Int64) {
        walk(day, minute, "motion.kitchen")
        tap(day, minute + 1, litres: about(3, 1), seconds: 40)
        run(day, minute + 2, minutes: 4, milliwatts: 1_900_000)
        run(day, minute + 3, minutes: minutes, milliwatts: about(800, 200) * 1000)
        walk(day, minute + minutes, "motion.kitchen")
        tap(day, minute + minutes + 15, litres: about(6, 2), seconds: 90)
    }

    private mutating func television(_ day: Int, _ minute: Int64, minutes: Int64) {
        run(day, minute, minutes: minutes, milliwatts: 110_000)
        for pause in stride(from: Int64(0), through: minutes, by: 30) { walk(day, minute + pause, "motion.hall") }
    }

    private mutating func door(_ day: Int, _ minute: Int64) {
        walk(day, minute - 1, "motion.hall")
        add(day, minute, .line("door.front", true))
        add(day, minute, .line("door.front", false), seconds: 15)
    }

    private mutating func press(_ day: Int, at minute: Int64) {
        add(day, minute, .line("panic", true))
        add(day, minute, .line("panic", false), seconds: 5)
    }

    // MARK: - Building blocks

    private mutating func tap(_ day: Int, _ minute: Int64, litres: Int64, seconds: Int64) {
        let flow = litres * 1000 / seconds
        add(day, minute, .flow(flow))
        add(day, minute, .flow(-flow), seconds: seconds)
    }

    private mutating func run(_ day: Int, _ minute: Int64, minutes: Int64, milliwatts: Int64) {
        add(day, minute, .load(milliwatts))
        add(day, minute + minutes, .load(-milliwatts))
    }

    /// `minute` counts from midnight of that day.
    private mutating func add(_ day: Int, _ minute: Int64, _ change: HomeChange.Change, seconds: Int64 = 0) {
        let at = Int64(day) * SimulatedLife.day + (minute - SimulatedLife.dawn) * SimulatedLife.minute + seconds * 1000
        changes.append(HomeChange(at: max(0, at), change: change))
    }

    private mutating func about(_ middle: Int64, _ spread: Int64) -> Int64 {
        middle + Int64.random(in: -spread...spread, using: &random)
    }
}
