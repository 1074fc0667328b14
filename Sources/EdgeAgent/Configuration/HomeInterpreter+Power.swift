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
        var longest = Int64.max
        for channel in channels {
            if let silentAfter = signals[channel].silentAfter { longest = min(longest, silentAfter.milliseconds / 3) }
        }
        for rule in rules where rule.kind.signals.contains(where: { channels.contains($0.index) }) {
            longest = min(longest, rule.kind.wait.milliseconds / 10)
        }
        return max(poll, min(poll * ConfigurationLimits.savingFactor, Span(milliseconds: longest)))
    }
}

extension RuleModel.Kind {
    /// What must pass before it is raised, or the shortest time in which it wants to see something.
    fileprivate var wait: Span {
        switch self {
        case .lowUse(_, let window, _), .highUse(_, let window, _): window
        case .continuousUse(_, let slot, _, _): slot
        case .noActivity(_, .lasting(let span)), .noActivity(_, .within(_, let span, _)): span
        case .noActivity(_, .through(let hours)): hours.length
        case .inputActive(_, let holdFor, _), .beyond(_, _, let holdFor): holdFor
        case .heatAndStill(_, _, let terms): terms.hotFor
        case .visitOverdue(_, let every): every
        }
    }
}
