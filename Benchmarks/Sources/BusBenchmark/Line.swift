// Simulated meters on a pseudo-terminal that takes as long for its bytes as a wire would.

import Drivers

struct Line: ~Copyable {
    let bank = MeterBank()
    let settings: BusSettings
    private let stop: StopSignal

    init(baud: Int) throws(BusError) {
        let server = try ModbusServer(serial: bank, pacedAt: baud)
        let stop = try StopSignal()
        settings = BusSettings(name: "line", transport: server.transport)
        self.stop = stop
        startThread { server.serve(until: stop) }
    }

    func end() { stop.stop() }
}
