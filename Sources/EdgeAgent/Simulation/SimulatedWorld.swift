// The simulated home's physics: lines, and meters that count what flows. Pure; time is an argument.

/// Plays a story: applies changes as time passes and counts water and energy exactly.
struct SimulatedWorld {
    private let story: [HomeChange]
    private var next = 0
    private var now: Int64 = 0
    private var flow: Int64 = 0  // mL/s
    private var waterUnits: Int64  // mL × 1000 (mL/s × ms)
    private var energyUnits: Int64  // mW × ms
    /// Active power now, in milliwatts.
    private(set) var power: Int64 = 0
    private(set) var lines: [String: Bool] = [:]

    /// Meters that have run for years: 412.3 m3 and 3,178 kWh on the first morning.
    init(story: [HomeChange], volume: Int64 = 412_300_000, energy: Int64 = 3_178_000_000) {
        self.story = story
        waterUnits = volume * 1000
        energyUnits = energy * 3_600_000
    }

    /// Cumulative volume in millilitres.
    var volume: Int64 { waterUnits / 1000 }
    /// Cumulative energy in milliwatt-hours.
    var energy: Int64 { energyUnits / 3_600_000 }
    /// When the next change comes; nil: the story is over.
    var nextChange: Int64? { next < story.count ? story[next].at : nil }

    /// Lets time pass; returns the lines that changed, in order.
    mutating func advance(to time: Int64) -> [(line: String, isActive: Bool)] {
        var changed: [(line: String, isActive: Bool)] = []
        while next < story.count, story[next].at <= time {
            count(until: story[next].at)
            switch story[next].change {
            case .flow(let change): flow += change
            case .load(let change): power += change
            case .line(let name, let isActive):
                if lines[name, default: false] != isActive {
                    lines[name] = isActive
                    changed.append((name, isActive))
                }
            }
            next += 1
        }
        count(until: time)
        return changed
    }

    private mutating func count(until time: Int64) {
        guard time > now else { return }
        waterUnits += flow * (time - now)
        energyUnits += power * (time - now)
        now = time
    }
}
