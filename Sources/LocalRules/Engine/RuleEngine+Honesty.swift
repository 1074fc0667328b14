// Motion sensors against the rest of the home (`MotionHonesty`): who tells them what, and what a suspect one changes.

extension RuleEngine {
    /// Shows a reading to the motion sensors: to its own, or as a sign of life to the others. Before the rules hear
    /// of it, so that a suspect sensor which moves again counts for them.
    /// - Returns: whether it may have changed what is known of the others.
    mutating func weigh(_ observation: Observation) -> Bool {
        let index = observation.signal.index
        let isMotion = signals[index].inputKind == .motion
        // Most readings are neither.
        guard !motions.isEmpty, isMotion || observation.isSignOfLife else { return false }
        // Nor is a sensor that goes on seeing nothing.
        if isMotion, observation.value == 0, observation.isUnchanged, !observation.wasMissing { return false }
        let model = signals[index].model
        let isLife = observation.isSignOfLife && model.showsLife
        for position in motions.indices {
            if motions[position].signal == observation.signal {
                motions[position].take(observation)
                // At once: the rules that hear of this reading may believe it.
                signals[index].suspectSince = motions[position].suspectSince
            } else if isLife {
                motions[position].takeSign(of: model, at: observation.time)
            }
        }
        return isLife
    }

    /// After the rules, so that their alerts are said first.
    mutating func evaluateMotions(_ moment: inout Moment) {
        for position in motions.indices {
            let sensor = motions[position].signal.index
            if signals[sensor].suspectSince != motions[position].suspectSince {
                signals[sensor].suspectSince = motions[position].suspectSince
                for index in watchesBySignal[sensor] { evaluate(index, &moment) }
            }
            for index in motionWatches(position) where !standings[index].isUnmoved { evaluate(index, &moment) }
        }
    }

    /// Of sensor `position`: suspect, constant. They are the last of the watches.
    func motionWatches(_ position: Int) -> Range<Int> {
        let first = watches.count - 2 * (motions.count - position)
        return first..<(first + 2)
    }

    mutating func noticeLostMotions() {
        for position in motions.indices {
            motions[position].setLost(signals[motions[position].signal.index].isMissing, at: now)
        }
    }
}

/// What is known of a motion sensor's honesty, as it is kept across restarts.
struct MotionMemory: Hashable, Codable, Sendable {
    var name: String
    var memory: MotionHonesty.Memory
    var suspect: AlertLife
    var constant: AlertLife
}

extension RuleEngine {
    var motionMemories: [MotionMemory] {
        motions.indices.map {
            let watched = motionWatches($0)
            return MotionMemory(
                name: signals[motions[$0].signal.index].model.name, memory: motions[$0].memory,
                suspect: watches[watched.lowerBound].life, constant: watches[watched.lowerBound + 1].life)
        }
    }
}

extension RestoredState {
    mutating func restoreMotions(_ home: HomeModel, _ snapshot: EngineSnapshot) {
        let first = watches.count - 2 * home.motionSensors.count
        let heardUntil = snapshot.time.flatMap { $0 < now ? $0 : nil }
        for (position, id) in home.motionSensors.enumerated() {
            let remembered = snapshot.motions?.first { $0.name == home.signals[id.index].name }
            motions.append(
                MotionHonesty(
                    signal: id, in: home, memory: remembered?.memory, isHome: presence.isHome, at: now,
                    heardUntil: heardUntil))
            signals[id.index].suspectSince = remembered?.memory.suspectSince
            guard let remembered else { continue }
            watches[first + 2 * position].life = remembered.suspect
            watches[first + 2 * position + 1].life = remembered.constant
        }
        for memory in snapshot.motions ?? [] {
            let isKnown = home.motionSensors.contains { home.signals[$0.index].name == memory.name }
            if isKnown { continue }
            orphan(memory.suspect)
            orphan(memory.constant)
        }
    }
}
