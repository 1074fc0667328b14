// How seldom meters are asked while the home runs on battery.

import Drivers
import LocalRules

extension HomeInterpreter {
    func planPowerSaving(_ bus: BusConfiguration, _ rules: [RuleModel]) -> BusConfiguration {
        var bus = bus
        for index in bus.meters.indices {
            bus.meters[index].savingPollMilliseconds = savingPoll(of: bus.meters[index], rules).milliseconds
        }
        return bus
    }

    /// Some polls long, but never so long that a signal would fall silent because of it, or that a rule would
    /// judge by fewer than ten readings.
    private func savingPoll(of meter: MeterPlan, _ rules: [RuleModel]) -> Span {
        let poll = Span(milliseconds: meter.pollMilliseconds)
        let channels = meter.registers.map(\.channel.index)
        let silences = channels.compactMap { signals[$0].silentAfter?.milliseconds }.map { $0 / 3 }
        let waits = rules.filter { rule in rule.kind.signals.contains { channels.contains($0.index) } }
            .map { $0.kind.wait.milliseconds / 10 }
        let longest = (silences + waits).min() ?? .max
        return max(poll, min(poll * ConfigurationLimits.savingFactor, Span(milliseconds: longest)))
    }
}

extension RuleModel.Kind {
    /// What must pass before it is raised.
    fileprivate var wait: Span {
        switch self {
        case .lowUse(_, let window, _): window
        case .noActivity(_, let silentFor): silentFor
        case .inputActive(_, let holdFor, _): holdFor
        case .notReturned(_, let after): after
        case .activeWhileAway: .minutes(30)  // two signs must lie within it
        }
    }
}
