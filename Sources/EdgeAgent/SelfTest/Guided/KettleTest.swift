// `self-test --power`: somebody switches a kettle on, and the meter must show its power and count its energy.

import Drivers
import LocalRules

struct KettleTest: GuidedTest {
    private static let lookMilliseconds: Int64 = 1000
    private static let looksAtRest = 4
    private static let looksWhileOn = 5
    /// Meters average over some seconds.
    private static let settleMilliseconds = 4000
    /// Under it a phase has no voltage; mains have 100 V and more.
    private static let leastVoltage: Int64 = 50_000

    let meters: [WatchedMeter]
    let watts: Int64
    /// Milliseconds, on a clock that only goes on.
    let clock: () -> Int64

    private var load: String { "\(watts) W" }

    func run(_ guide: Guide) -> [CheckResult] {
        guard !meters.isEmpty else {
            return [
                .untested(
                    "power", Message(DrawPhrase.drawNoMeter, "power, energy"),
                    advice: Message(DrawPhrase.drawNoMeterAdvice))
            ]
        }
        return meters.flatMap { run($0, guide) }
    }

    private func run(_ meter: WatchedMeter, _ guide: Guide) -> [CheckResult] {
        let target = meter.target
        let power = target.index(of: .power), energy = target.index(of: .energy)
        guard let first = power ?? energy else { return [] }
        let name = "meter.\(target.plan.name)"
        guide.tell(Message(DrawPhrase.kettleReady, target.plan.name, load))
        guide.show(Message(DrawPhrase.drawLooking, target.plan.name))
        var watch = MeterWatch(meter, register: first)
        watch.explore()
        let rest = looks(KettleTest.looksAtRest, &watch, guide)
        guard !rest.isEmpty else { return [TapTest.lost("\(name).power", watch.problem)] }
        guard guide.confirm(Message(DrawPhrase.kettleNow, target.plan.name, load)),
            guide.wait(KettleTest.settleMilliseconds)
        else { return [TapTest.ended("\(name).power")] }
        let on = looks(KettleTest.looksWhileOn, &watch, guide)
        guard !on.isEmpty else { return [TapTest.lost("\(name).power", watch.problem)] }
        var results = phases(target, on)
        if let power, let register = target.configured(power) {
            results.append(judgePower(register, rest, on, "\(name).power"))
        }
        if let energy, let register = target.configured(energy) {
            if energy != first {
                watch = MeterWatch(meter, register: energy)
                watch.explore()
            }
            results.append(judgeEnergy(register, on, &watch, guide, "\(name).energy"))
        }
        return results
    }

    private func looks(_ count: Int, _ watch: inout MeterWatch, _ guide: Guide) -> [RegisterImage] {
        var looks: [RegisterImage] = []
        for _ in 0..<count {
            if let look = watch.look() { looks.append(look) }
            guard guide.wait(Int(KettleTest.lookMilliseconds)) else { return [] }
        }
        return looks
    }

    private func judgePower(
        _ register: ConfiguredRegister, _ rest: [RegisterImage], _ on: [RegisterImage], _ name: String
    ) -> CheckResult {
        let facts = DrawFacts(
            effect: .level(looksAtRest: rest.count), asked: watts * 1000, looks: WordSeries(rest + on))
        let judgement = DrawJudgement(register: register, facts: facts)
        return judgement.result(name, of: judgement.verdict())
    }

    /// Leaves the kettle on until the counter has made enough steps, and compares with the time that it was on.
    private func judgeEnergy(
        _ register: ConfiguredRegister, _ on: [RegisterImage], _ watch: inout MeterWatch, _ guide: Guide, _ name: String
    ) -> CheckResult {
        let step = register.step(at: WordSeries(on).numbers(of: register.plan)?.first)
        guard let seconds = DrawAmount.seconds(step: step, watts: watts) else {
            let size = DrawText.amount(step ?? 0, .energy)
            return .untested(
                name, Message(DrawPhrase.kettleCoarse, register.name, size),
                advice: Message(DrawPhrase.kettleCoarseAdvice))
        }
        var looks: [RegisterImage] = []
        let begin = clock()
        let title = register.name
        let isWhole = watch.gather(
            &looks,
            until: { _ in
                let left = seconds - (clock() - begin) / 1000
                guide.show(Message(DrawPhrase.kettleHeating, title, "\(max(0, left))"))
                return left <= 0
            }, clock, guide)
        guard isWhole else { return looks.isEmpty ? TapTest.lost(name, watch.problem) : TapTest.ended(name) }
        // W × ms ÷ 3600 = mWh.
        let asked = watts * (clock() - begin) / 3600
        let judgement = DrawJudgement(
            register: register, facts: DrawFacts(asked: max(1, asked), looks: WordSeries(thinned(looks))))
        return judgement.result(name, of: judgement.settle(judgement.verdict(), guide))
    }

    /// Phases without voltage, of meters that have several.
    private func phases(_ target: ReadTarget, _ on: [RegisterImage]) -> [CheckResult] {
        let series = WordSeries(on)
        var volts: [(name: String, value: Int64)] = []
        for (register, plan) in zip(target.registers, target.plan.registers)
        where ["-l1", "-l2", "-l3"].contains(where: { register.name.hasSuffix("voltage" + $0) }) {
            guard let value = series.numbers(of: plan)?.last.flatMap({ register.scale.baseUnits(of: $0) }) else {
                continue
            }
            volts.append((register.name, value))
        }
        guard volts.count > 1, volts.contains(where: { $0.value > KettleTest.leastVoltage }) else { return [] }
        return volts.filter { $0.value.magnitude < KettleTest.leastVoltage.magnitude }.map { phase in
            .untested(
                "meter.\(phase.name)",
                Message(DrawPhrase.loadPhaseMissing, phase.name, ValueText.text(phase.value, of: .voltage)),
                advice: Message(DrawPhrase.loadPhaseMissingAdvice))
        }
    }
}
