// The rules of a home for which nobody wrote any. Most homes run these, so how long they wait is chosen on evidence:
// docs/rules.md has it, `scripts/evaluate-homes` measures it again.
//
//     what is there                                      no-sign-of-life listens to          orange   red
//     ────────────────────────────────────────────────   ─────────────────────────────────   ──────   ────
//     motion, whatever else                              motion, doors, water up to 5 L      12 h     24 h
//     water in steps of up to 1 L                        water, doors                        14 h     26 h
//     water in steps of up to 5 L                        water, doors                        16 h     26 h
//     water in steps of up to 10 L                       water                               24 h     36 h
//     energy in steps of up to 100 Wh, and none of it    energy                              13 h     24 h
//     less than that                                     there is no such rule, and check-config says so
//
// Beside it: running-water (yellow) on that register, and each leak sensor by its own name (orange).
//
// A door alone tells nothing: who is frail may not go out for days. Energy is left out where anything better is there,
// because a refrigerator that is taken for somebody hides a collapse. A drip in steps of 10 L cannot be told from
// somebody who uses little, so such a register proves no life beside a motion sensor.

import LocalRules

/// How long silence may last.
private struct Patience {
    var orange: Span
    var red: Span

    static let motion = Patience(orange: .hours(12), red: .hours(24))
    static let energy = Patience(orange: .hours(13), red: .hours(24))

    /// By the size of a count, in millilitres: a coarse register is silent for longer in a day like any other.
    static func water(step: Int64) -> Patience? {
        switch step {
        case ...1_000: Patience(orange: .hours(14), red: .hours(26))
        case ...finestWithDrips: Patience(orange: .hours(16), red: .hours(26))
        case ...coarsestWater: Patience(orange: .hours(24), red: .hours(36))
        default: nil
        }
    }
}

/// Up to here a drip of 0.84 L/h is a count in every 6 h, and so is known for what it is.
private let finestWithDrips: Int64 = 5_000
private let coarsestWater: Int64 = 10_000
/// A kettle that boils a litre is one count.
private let coarsestEnergy: Int64 = 100_000
/// Of five homes that are read once an hour, with slots of 2 h: after 24 h up to 8 alerts in 100 days in which nothing
/// ran, after 48 h at most one in a year. Longer slots speak of use, not of leaks.
private let runningSpan = Span.hours(48)
private let longestSlot = Span.hours(2)

extension HomeInterpreter {
    /// Any `[[rule]]` switches all of them off, and so does `rule = []`: what is written is then the whole.
    func recommendedRules(_ root: TableReader<RootKey>) -> [RuleModel] {
        guard !root.has(.rule) else { return [] }
        let water = finest(.volume, upTo: coarsestWater)
        let rules = [noSignOfLife(water), water.flatMap(runningWater)].compactMap { $0 } + leakSensors()
        for rule in rules {
            let names = rule.kind.signals.map { signals[$0.index].name }.joined(separator: ", ")
            report(
                .implicitRule, rule.kind.signals[0],
                "no [[rule]] is written: the recommended rule \"\(rule.name)\" (\(rule.severity.rawValue)) watches \(names)",
                advice: "nothing to do; any [[rule]] replaces all recommended ones, and they can be copied from below")
        }
        return rules
    }

    private func noSignOfLife(_ water: SignalID?) -> RuleModel? {
        let motion = inputs(.motion), doors = inputs(.door)
        let fineWater = finest(.volume, upTo: finestWithDrips)
        if !motion.isEmpty {
            return noSignOfLife(motion + doors + (fineWater.map { [$0] } ?? []), .motion)
        }
        if let water, let patience = Patience.water(step: step(of: water)) {
            if fineWater == nil {
                report(
                    .tooCoarseToTell, water,
                    "in steps of \(quantityText(step(of: water), of: .volume)) a dripping tap looks like somebody who uses little water, and hides that nobody does",
                    advice: "have drips mended, add a motion sensor, or a meter with steps of 1 L")
            }
            return noSignOfLife([water] + (fineWater == nil ? [] : doors), patience)
        }
        if let energy = finest(.energy, upTo: coarsestEnergy) {
            report(
                .countsByItself, energy,
                "\"\(signals[energy.index].name)\" also goes up by itself (refrigerator, router), and nothing else tells of life: the rule \"no-sign-of-life\" may speak late or never",
                advice: "add a water meter or a motion sensor")
            return noSignOfLife([energy], .energy)
        }
        reportThatNothingTells()
        return nil
    }

    private func noSignOfLife(_ ids: [SignalID], _ patience: Patience) -> RuleModel {
        RuleModel(
            name: "no-sign-of-life", kind: .noActivity(signals: ids, silence: .lasting(patience.orange)),
            severity: .orange, warnFor: ConfigurationDefaults.warnFor(silentFor: patience.orange),
            rises: [Rise(after: patience.red, severity: .red)])
    }

    /// A cistern that runs, a tap left on: today, not at once. It costs money, and for three days it looks like life.
    private func runningWater(_ water: SignalID) -> RuleModel? {
        let slot = max(
            ConfigurationDefaults.slot, (details[water.index].poll ?? .zero) * ConfigurationLimits.pollsInWindow)
        guard slot <= longestSlot else { return nil }
        return RuleModel(
            name: "running-water",
            kind: .continuousUse(
                signal: water, slot: slot, span: runningSpan,
                atLeast: ConfigurationDefaults.atLeast(of: .volume, step: signals[water.index].step)),
            severity: .yellow)
    }

    private func leakSensors() -> [RuleModel] {
        inputs(.leak).map { id in
            RuleModel(
                name: signals[id.index].name, kind: .inputActive(signal: id, holdFor: .zero, request: nil),
                severity: ConfigurationDefaults.severity(input: .leak), latched: InputKind.leak.isLatched)
        }
    }

    // MARK: What is there

    private func inputs(_ kind: InputKind) -> [SignalID] {
        signals.indices.filter { signals[$0].source == .input(kind) }.map(SignalID.init)
    }

    /// The counter of this quantity with the smallest steps, if they are small enough and it is read often enough.
    private func finest(_ quantity: Quantity, upTo coarsest: Int64) -> SignalID? {
        signals.indices.filter { index in
            let isSeldom = (details[index].poll ?? .zero) * ConfigurationLimits.pollsInWindow > Patience.motion.orange
            return signals[index].source == .meter(quantity) && step(of: SignalID(index)) <= coarsest && !isSeldom
        }.map(SignalID.init).min { step(of: $0) < step(of: $1) }
    }

    /// Floating point has no steps of its own; meters that use it show a litre or less.
    private func step(of id: SignalID) -> Int64 { signals[id.index].step ?? 1 }

    /// Only where there is something that somebody may have thought was enough.
    private func reportThatNothingTells() {
        let index = signals.indices.first { index in
            switch signals[index].source {
            case .meter(let quantity): quantity.isCumulative
            case .input(let kind): kind == .door || kind == .pulse
            }
        }
        guard let index else { return }
        report(
            .tooCoarseToTell, SignalID(index),
            "nothing in this home shows soon enough that somebody is well: no recommended rule notices silence",
            advice:
                "add a motion sensor, or a water meter with steps of 1 L that is read every hour; or write a [[rule]]")
    }

    private func report(_ code: IssueCode, _ id: SignalID, _ message: String, advice: String) {
        let place = details[id.index].place
        log.report(code, file: file, at: place.position, key: place.key, message, advice: advice)
    }
}
