// `self-test --tap`: somebody draws about two litres, and the meter must have counted them.

import Drivers
import LocalRules

struct TapTest: GuidedTest {
    private static let lookMilliseconds: Int64 = 1000
    /// The way to the tap, and a slow bottle.
    static let patienceMilliseconds: Int64 = 300_000
    /// A tap that is closed, and not only turned down; some meters show a litre seconds later.
    private static let stillMilliseconds: Int64 = 15_000
    /// Where the tested register does not move: what did may have been the room's temperature.
    private static let strangerMilliseconds: Int64 = 60_000
    private static let looksAtRest = 3
    /// A meter that is silent so often in a row is lost.
    private static let mostSilences = 5

    let meters: [WatchedMeter]
    /// Millilitres.
    let wanted: Int64
    /// Milliseconds, on a clock that only goes on.
    let clock: () -> Int64

    func run(_ guide: Guide) -> [CheckResult] {
        guard !meters.isEmpty else {
            return [
                .untested(
                    "tap", Message(DrawPhrase.drawNoMeter, "volume"), advice: Message(DrawPhrase.drawNoMeterAdvice))
            ]
        }
        return meters.compactMap { meter in
            meter.target.index(of: .volume).flatMap { run(meter, register: $0, guide) }
        }
    }

    private func run(_ meter: WatchedMeter, register index: Int, _ guide: Guide) -> CheckResult? {
        guard let register = meter.target.configured(index) else { return nil }
        let (title, name) = (meter.target.plan.name, "meter.\(meter.target.plan.name).tap")
        guide.show(Message(DrawPhrase.drawLooking, title))
        var watch = MeterWatch(meter, register: index)
        watch.explore()
        var looks: [RegisterImage] = []
        for _ in 0..<TapTest.looksAtRest {
            if let look = watch.look() { looks.append(look) }
            guard guide.wait(Int(TapTest.lookMilliseconds)) else { return TapTest.ended(name) }
        }
        guard !looks.isEmpty else { return TapTest.lost(name, watch.problem) }
        let step = register.step(at: WordSeries(looks).numbers(of: register.plan)?.first)
        guard let asked = DrawAmount.water(step: step, wanted: wanted) else {
            let (size, more) = (DrawText.amount(step ?? 0, .volume), DrawText.amount((step ?? 0) * 4, .volume))
            return .untested(
                name, Message(DrawPhrase.tapCoarse, register.name, size),
                advice: Message(DrawPhrase.tapCoarseAdvice, more))
        }
        guide.tell(Message(DrawPhrase.tapNow, title, DrawText.amount(asked, .volume)))
        guard watch.gather(&looks, until: stillness(of: register, looks, title, guide), clock, guide) else {
            return looks.count > TapTest.looksAtRest ? TapTest.ended(name) : TapTest.lost(name, watch.problem)
        }
        let judgement = DrawJudgement(
            register: register, facts: DrawFacts(asked: asked, looks: WordSeries(thinned(looks))))
        return judgement.result(name, of: judgement.settle(judgement.verdict(), guide))
    }

    /// Whether it is over: it moved and stands still, or nobody came.
    private func stillness(
        of register: ConfiguredRegister, _ atRest: [RegisterImage], _ title: String, _ guide: Guide
    ) -> (RegisterImage) -> Bool {
        var rest = RestWatch(register: register, atRest: atRest)
        let start = clock()
        return { look in
            let now = clock()
            rest.take(look, at: now)
            let left = TapTest.patienceMilliseconds - (now - start)
            guide.show(
                rest.hasMoved
                    ? Message(DrawPhrase.tapRunning, title)
                    : Message(DrawPhrase.tapWaiting, title, "\(max(0, left / 1000))"))
            if left <= 0 { return true }
            if let own = rest.ownMoved, now - own >= TapTest.stillMilliseconds {
                let others = rest.othersMoved ?? 0
                return now - others >= TapTest.stillMilliseconds || now - own >= 3 * TapTest.stillMilliseconds
            }
            return rest.ownMoved == nil && rest.othersMoved.map { now - $0 >= TapTest.strangerMilliseconds } ?? false
        }
    }

    static func ended(_ name: String) -> CheckResult {
        .untested(name, Message(DrawPhrase.drawEnded), advice: Message(DrawPhrase.drawEndedAdvice))
    }

    static func lost(_ name: String, _ problem: String?) -> CheckResult {
        .fail(
            name, Message(DrawPhrase.drawLost, problem ?? "–"), advice: Message(DrawPhrase.drawLostAdvice))
    }
}

extension MeterWatch {
    /// Looks once a second and keeps what differs, until `isOver` says so. false: the person ended it, or the meter is lost.
    mutating func gather(
        _ looks: inout [RegisterImage], until isOver: (RegisterImage) -> Bool, _ clock: () -> Int64, _ guide: Guide
    ) -> Bool {
        var silences = 0
        while true {
            if let look = look() {
                silences = 0
                looks.append(look)
                // A look that says nothing new only makes the judgement slower; the first and the last stay.
                let count = looks.count
                if count > 4, WordSeries(Array(looks[(count - 3)...])).moved.isEmpty { looks.remove(at: count - 2) }
                if isOver(look) { return true }
            } else {
                silences += 1
                if silences >= 5 { return false }
            }
            guard guide.wait(1000) else { return false }
        }
    }
}

/// The first and the last, and what lies evenly between: enough for any judgement.
func thinned(_ looks: [RegisterImage], to most: Int = 32) -> [RegisterImage] {
    guard looks.count > most else { return looks }
    return (0..<most).map { looks[$0 * (looks.count - 1) / (most - 1)] }
}

/// When the tested register, and what stands around it, last changed. What changes at rest does not count. Pure.
private struct RestWatch {
    private let own: RegisterSpan
    private let quiet: [RegisterSpan]
    private var last: RegisterImage
    private(set) var ownMoved: Int64?
    private(set) var othersMoved: Int64?

    var hasMoved: Bool { ownMoved != nil || othersMoved != nil }

    init(register: ConfiguredRegister, atRest: [RegisterImage]) {
        own = RegisterSpan(register.plan)
        last = atRest[atRest.count - 1]
        // Somebody who begins too early draws all the same.
        let (own, restless) = (own, Set(WordSeries(atRest).moved))
        quiet = [ModbusTable.holding, .input].flatMap { table in
            atRest[0].runs(of: table).flatMap { run in
                (run.first..<run.first + run.words.count).map { RegisterSpan(table: table, first: $0, count: 1) }
            }
        }
        .filter { !restless.contains($0) || own.contains($0) }
    }

    mutating func take(_ look: RegisterImage, at now: Int64) {
        for span in quiet where look.content(of: span) != last.content(of: span) {
            if own.contains(span) { ownMoved = now } else { othersMoved = now }
        }
        last = look
    }
}

extension DrawJudgement {
    /// Where several readings fit, the display decides: the person is asked for each.
    func settle(_ verdict: DrawVerdict, _ guide: Guide) -> DrawVerdict {
        if case .right(let own) = verdict, guide.isAttended, isDoubtful(own) {
            let rise = own.after - own.before
            return guide.confirm(Message(DrawPhrase.askDrawn, DrawText.amount(rise, register.quantity)))
                ? verdict : .disputed(rise: rise)
        }
        guard case .uncertain(let several) = verdict else { return verdict }
        for choice in several {
            let shown = ValueText.text(choice.after, of: register.quantity)
            guard guide.confirm(Message(DrawPhrase.askDisplay, shown)) else { continue }
            return choice.changes.isEmpty ? .right(choice) : .wrong(choice)
        }
        return verdict
    }

    /// Within half to twice, but far enough off to be another amount; or more was asked for than a bottle holds, as a scale that
    /// is wrong makes us ask: only who drew it knows how much it was.
    private func isDoubtful(_ own: RegisterExplanation) -> Bool {
        guard register.quantity == .volume, facts.effect == .total else { return false }
        let share = Double(own.after - own.before) / Double(facts.asked)
        return !(0.74...1.35).contains(share) || facts.asked >= 10_000
    }
}
