// Every model that has a profile, with the other registers that it has: a right one is never called wrong, and a
// wrong scale or order is never called right.

import Drivers
import LocalRules
import Testing

@testable import EdgeAgent

@Suite struct DrawProfileTests {
    /// A meter of this model, its total in question, and what a kettle or a bottle is to add; nil: it counts neither, or too
    /// coarsely.
    private struct Model {
        let profile: MeterProfile
        let register: RegisterDescription
        let asked: Int64
        let looks: WordSeries

        init?(_ profile: MeterProfile) throws {
            guard let register = profile.registers.first(where: { $0.isTotal }) else { return nil }
            self.profile = profile
            self.register = register
            let meter = try ScannedMeter(profile, serial(9600), 1)
            let total: Int64 = register.quantity == .energy ? 3_178_500_000 : 317_850_000
            var before = meter.image
            // Where the meter itself says the scale, its conversation's total stands.
            guard register.scaleFrom == nil else { return nil }
            register.put(total, into: &before)
            let written = Model.configured(register, of: profile)
            let first = WordSeries([Model.image(before)]).numbers(of: written.plan)?.first
            let step = written.step(at: first)
            let asked =
                register.quantity == .volume
                ? DrawAmount.water(step: step, wanted: 2000)
                : DrawAmount.seconds(step: step, watts: 2000).map { $0 * 2_000_000 / 3600 }
            guard let asked else { return nil }
            self.asked = asked
            var looks = [Model.image(before)]
            for part in 1...6 as ClosedRange<Int64> {
                var image = before
                register.put(total + asked * part / 6, into: &image)
                looks.append(Model.image(image))
            }
            self.looks = WordSeries(looks)
        }

        static func configured(_ register: RegisterDescription, of profile: MeterProfile) -> ConfiguredRegister {
            let others = profile.registers.filter { $0 != register }
            return ConfiguredRegister(
                name: register.signal, quantity: register.quantity, plan: register.plan(channel: Channel(0), poll: nil),
                scale: register.scale, unit: register.unit,
                others: others.map { RegisterSpan($0.plan(channel: Channel(0), poll: nil)) })
        }

        private static func image(_ words: ScannedMeter.Image) -> RegisterImage {
            var image = RegisterImage()
            for (table, contents) in words {
                for (address, word) in contents {
                    image.take(.success(.words([word])), to: RegisterSpan(table: table, first: address, count: 1))
                }
            }
            return image
        }

        func verdict(_ change: (inout ConfiguredRegister) -> Void = { _ in }) -> DrawVerdict {
            var written = Model.configured(register, of: profile)
            change(&written)
            return DrawJudgement(register: written, facts: DrawFacts(asked: asked, looks: looks)).verdict()
        }
    }

    @Test func everyModel() throws {
        var counts: [String: Int] = [:]
        for profile in sampleLoader.profiles().profiles {
            guard let model = try Model(profile) else {
                counts["without such a total, or too coarse", default: 0] += 1
                continue
            }
            switch model.verdict() {
            case .right: counts["right", default: 0] += 1
            case .uncertain: counts["right, to be compared with the display", default: 0] += 1
            case let other: Issue.record("\(profile.name), which is right: \(other)")
            }
            for exponent in [-3, -1, 1, 3] {
                let verdict = model.verdict { $0.scale = $0.scale.times(powerOfTen: exponent) ?? $0.scale }
                if case .right = verdict { Issue.record("\(profile.name), scale times 10^\(exponent): right") }
                if case .wrong(let best) = verdict, best.changes == [.scale], best.exponent == -exponent {
                    counts["wrong scale named", default: 0] += 1
                } else {
                    counts["wrong scale otherwise", default: 0] += 1
                }
            }
            guard model.register.type.words == 2 else { continue }
            let verdict = model.verdict { $0.plan.order = $0.plan.order == .ABCD ? .CDAB : .ABCD }
            if case .right = verdict { Issue.record("\(profile.name), words swapped: right") }
            if case .wrong(let best) = verdict, best.changes == [.order] {
                counts["swapped words named", default: 0] += 1
            } else {
                counts["swapped words otherwise", default: 0] += 1
            }
        }
        print(
            "--tap and --power, models: \(counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))"
        )
        #expect(counts["right", default: 0] >= 50)
    }
}
