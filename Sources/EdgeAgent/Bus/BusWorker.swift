// The thread that owns one meter bus. It blocks for as long as a meter takes to answer, and nobody waits for it.

import Drivers
import Glibc

enum BusMessage: Sendable { case stop }

/// Polls one bus on the calling thread until told to stop.
func runBus(_ bus: BusConfiguration, mailbox: Mailbox<BusMessage>, hub: Hub) {
    var master = BusMaster(
        settings: bus.settings, port: StreamPort(settings: bus.settings), meters: bus.meters, start: hub.clock.now())
    var poller = Poller()
    poller.watch(reading: [mailbox.descriptor])
    while mailbox.take().isEmpty {
        hub.progress.beat(.bus(bus.settings.name))
        let samples = master.step(clock: { hub.clock.now() })
        if !samples.isEmpty { hub.take(samples, always: false) }
        // At most a second, to show the watchdog progress.
        _ = poller.wait(milliseconds: min(1000, hub.clock.wait(until: master.nextDue)))
    }
}
