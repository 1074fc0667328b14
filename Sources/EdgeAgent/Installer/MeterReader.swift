// How an installer's commands ask a meter: over a port of their own, or through the daemon that has the port.
// Both pass one suite.

import Drivers
import FoundationEssentials
import Glibc
import LocalRules

/// Asks units on one bus, one question after the other. One thread.
protocol MeterReader: AnyObject {
    /// Blocks until there is an answer or the time is over; the reply says why there is none.
    func read(_ question: ModbusQuestion, timeoutMilliseconds: Int) -> ModbusExchange
}

/// Over a port that this process opens at the first question.
final class DirectReader<Port: BusPort & ~Copyable>: MeterReader {
    private var master: BusMaster<Port>

    init(settings: BusSettings, port: consuming Port) {
        master = BusMaster(settings: settings, port: port, meters: [], start: BootTime(nanoseconds: 0))
    }

    func read(_ question: ModbusQuestion, timeoutMilliseconds: Int) -> ModbusExchange {
        master.read(question, timeoutMilliseconds: timeoutMilliseconds)
    }
}

/// Through the daemon, which asks between two of its polls (`exchange`, docs/control-socket.md).
final class DaemonReader: MeterReader {
    private let bus: String
    private let socket: String

    init(bus: String, socket: String) {
        self.bus = bus
        self.socket = socket
    }

    func read(_ question: ModbusQuestion, timeoutMilliseconds: Int) -> ModbusExchange {
        let longest = Int(InstallerDesk.timeouts.upperBound.milliseconds)
        let line =
            "exchange \(bus) \(question.unit) \(question.table.rawValue) \(question.address) \(question.count) \(min(timeoutMilliseconds, longest))\n"
        switch ControlSocket.ask(
            line, path: socket, seconds: Int(InstallerDesk.longestExchangeMilliseconds / 1000) + 1)
        {
        case .success(let bytes):
            if let answer = try? JSONDecoder().decode(ExchangeAnswer.self, from: Data(bytes)),
                let exchange = answer.exchange
            {
                return exchange
            }
            return failed("answers something else", advice: "Is it of another version? Restart it.")
        case .failure(let failure):
            return failed("does not answer: \(failure.text)", advice: "Look at `systemctl status edge-agent`.")
        }
    }

    private func failed(_ what: String, advice: String) -> ModbusExchange {
        let error = BusError(kind: .lost, message: "bus \(bus): the daemon at \(socket) \(what)", advice: advice)
        return ModbusExchange(reply: .failure(error), sent: [], received: [], roundTripNanoseconds: 0)
    }
}
