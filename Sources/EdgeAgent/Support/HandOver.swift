// The page that is handed over with an installation: what is there, what it does, who is told, what was tested. Markdown.

import Drivers
import FoundationEssentials
import LocalRules
import Upstream

/// A self-test's result as `self-test --format json` printed it.
struct SavedSelfTest: Decodable {
    struct Check: Decodable {
        var name: String
        var verdict: String
        var reason: String
        var advice: String?
    }
    var passed: Int
    var failed: Int
    var untested: Int
    var checks: [Check]
}

/// Pure: a configuration and a test's result as lines of text. Names no person, no password and no file.
struct HandOver {
    let home: HomeConfiguration
    let test: SavedSelfTest?
    let language: Language

    /// - Parameter now: Unix milliseconds, told in the home's time.
    func text(at now: Int64) -> String {
        let date = String(Instant(milliseconds: now).iso8601.prefix(10))
        var lines = ["# " + say(.reportTitle, home.homeID), "", say(.reportMade, AgentVersion.text, date, home.hash)]
        lines.append(say(.reportBoard, ([home.board] + home.hats).joined(separator: ", ")))
        lines += part(.reportMeters, meters) + part(.reportInputs, inputs) + part(.reportOutputs, outputs)
        lines += part(.reportRules, rules) + part(.reportTold, told) + part(.reportTest, tested)
        lines += part(.reportDuties, duties)
        return lines.joined(separator: "\n") + "\n"
    }

    private func say(_ phrase: SupportPhrase) -> String { Message(phrase).text(in: language) }
    private func say(_ phrase: SupportPhrase, _ a: String) -> String { Message(phrase, a).text(in: language) }
    private func say(_ phrase: SupportPhrase, _ a: String, _ b: String) -> String {
        Message(phrase, a, b).text(in: language)
    }
    private func say(_ phrase: SupportPhrase, _ a: String, _ b: String, _ c: String) -> String {
        Message(phrase, a, b, c).text(in: language)
    }

    private func part(_ title: SupportPhrase, _ items: [String]) -> [String] {
        items.isEmpty ? [] : ["", "## " + say(title), ""] + items.map { "- " + $0 }
    }

    // MARK: What is there

    private var meters: [String] {
        home.buses.flatMap { bus in
            bus.meters.map { meter in
                let signals = meter.registers.map { home.home.signals[$0.channel.index].name }
                return Message(
                    SupportPhrase.reportMeter, meter.name, "\(meter.unit)", bus.settings.name,
                    signals.joined(separator: ", ")
                ).text(in: language)
            }
        }
    }

    private func kind(of input: InputPlan) -> String {
        switch home.home.signals[input.channel.index].source {
        case .input(let kind): kind.rawValue
        case .meter: InputKind.pulse.rawValue
        }
    }

    private var inputs: [String] {
        home.inputs.map { say(.reportInput, $0.settings.name, word(kind(of: $0)), $0.settings.line) }
    }

    private func word(_ kind: String) -> String { KindPhrase(kind: kind).map { $0.texts[language] } ?? kind }

    private var outputs: [String] {
        home.outputs.map { say(.reportOutput, $0.name, word($0.kind.rawValue), $0.settings.line) }
    }

    private var rules: [String] {
        home.home.rules.map { say(.reportRule, $0.name, sentence(of: $0, in: home.home)) }
    }

    // MARK: Who is told

    private var told: [String] {
        var lines = [home.upstream.map { say(.reportBroker, $0.host) } ?? say(.reportNobody)]
        if let second = home.fallback { lines.append(say(.reportSecondBroker, second.host)) }
        let steps = home.home.escalation
        if steps.isEmpty { lines.append(say(.reportNoStep)) }
        return lines + steps.map { say(.reportStep, $0.after.text, $0.actions.map(text).joined(separator: ", ")) }
    }

    private func text(_ action: EscalationStep.Action) -> String {
        switch action {
        case .sound(let pattern): say(.stepSound, Message(pattern.phrase).text(in: language))
        case .relay(let name): say(.stepRelay, name)
        case .resend: say(.stepResend)
        case .fallback: say(.stepFallback)
        }
    }

    // MARK: What was tested, and what to test

    private var tested: [String] {
        guard let test else { return [say(.reportNoTest)] }
        let summary = say(.reportTestSummary, "\(test.passed)", "\(test.failed)", "\(test.untested)")
        let open = test.checks.filter { $0.verdict != "pass" }
        let lines = open.map { check in
            let isEnded = check.advice == nil || check.reason.hasSuffix(".") || check.reason.hasSuffix("。")
            return say(
                check.verdict == "fail" ? .reportTestFailed : .reportTestUntested, check.name,
                isEnded ? check.reason : check.reason + (language == .en ? "." : "。"), check.advice ?? "")
        }
        return [summary] + (open.isEmpty ? [say(.reportTestAll)] : lines)
    }

    private var duties: [String] {
        func named(_ kinds: [InputKind]) -> String {
            home.inputs.filter { kinds.map(\.rawValue).contains(kind(of: $0)) }.map(\.settings.name)
                .joined(separator: ", ")
        }
        let (panic, smoke) = (named([.panic]), named([.smoke]))
        var lines = panic.isEmpty ? [] : [say(.dutyPanic, panic)]
        if !smoke.isEmpty { lines.append(say(.dutySmoke, smoke)) }
        lines.append(say(.dutyWhole))
        if !home.inputs.isEmpty { lines.append(say(.dutyWalk)) }
        if !home.buses.isEmpty { lines.append(say(.dutyWater)) }
        return lines + [say(.dutyLook)]
    }
}
