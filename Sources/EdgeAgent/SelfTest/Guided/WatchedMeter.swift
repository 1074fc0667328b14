// Which meters a guided test is about, and the way to each: between the daemon's polls, or over the port itself.

import Drivers
import LocalRules

/// A meter that a guided test is about, and how it is asked.
struct WatchedMeter {
    let target: ReadTarget
    let reader: () throws(BusError) -> any MeterReader
}

extension HomeConfiguration {
    /// Configured meters with a register of one of these quantities.
    /// - Parameters:
    ///   - name: of the only one that is wanted; nil: all of them.
    ///   - status: the running daemon's, which has the ports that it names.
    ///   - socket: the daemon's.
    func watchedMeters(
        of quantities: [Quantity], named name: String?, status: AgentStatus?, socket: String
    ) -> [WatchedMeter] {
        buses.flatMap { bus -> [WatchedMeter] in
            let settings = bus.settings
            let isDaemons = status?.buses.contains { $0.name == settings.name && $0.port == settings.place } == true
            let daemon = isDaemons ? DaemonReader(bus: settings.name, socket: socket) : nil
            let port = FreeBus(settings)
            return bus.meters.filter { name == nil || $0.name == name }.compactMap { plan in
                guard let target = ReadTarget(meter: plan.name, of: self),
                    quantities.contains(where: { target.index(of: $0) != nil })
                else { return nil }
                return WatchedMeter(target: target) { () throws(BusError) in
                    if let daemon { return daemon }
                    return try port.reader(on: settings.line)
                }
            }
        }
    }
}
