// Installers' questions to the running daemon: `exchange` and `lease` of its buses, and what a self-test asks. They may
// take seconds, so each has a short-lived thread, and `status` is answered meanwhile.

import Drivers
import FoundationEssentials
import Glibc
import LocalRules
import Synchronization

/// Where a bus thread takes questions.
typealias BusDoors = [String: Mailbox<BusMessage>]

final class InstallerDesk: Sendable {
    /// One installer with two windows, and a script. Each costs a thread and a descriptor.
    static let mostClients = 4
    /// A quarantine of 10 s, a probe, the question and a line that does not fall silent must not look like a bus thread
    /// that hangs (30 s without progress).
    static let timeouts = Span.milliseconds(100)...Span.seconds(5)
    /// A poll that is under way (10 s with the longest time-out, twice on a line that does not fall silent), a
    /// quarantine, a probe and the question itself.
    static let longestExchangeMilliseconds: Int64 = 60_000
    /// How long a lease is waited for: `BusLoan.patienceMilliseconds` and a poll that is under way.
    private static let longestGrantMilliseconds: Int64 = 40_000

    private let buses: BusDoors
    private let clients = Atomic(0)
    private let leases = Atomic(0)
    /// Somebody's connection holds a walk.
    private let isWalkHeld = Atomic(false)
    /// Readable once the daemon ends.
    private let closing = Mailbox<Void>(limit: 1)

    private let selfTest: SelfTestDoor?

    init(buses: BusDoors, selfTest: SelfTestDoor? = nil) {
        self.buses = buses
        self.selfTest = selfTest
    }

    /// What this desk answers, for whoever asks something else.
    var questions: [String] {
        (buses.isEmpty ? [] : ["exchange BUS UNIT TABLE ADDRESS COUNT TIMEOUT", "lease BUS"])
            + (selfTest == nil ? [] : SelfTestDoor.questions)
    }

    func close() { closing.post((), always: true) }

    /// Takes the client over if this is a question for here, and closes it in the end.
    func take(_ client: Int32, _ words: [String]) -> Bool {
        let test = selfTest.flatMap { SelfTestDoor.isOurs(words) ? $0 : nil }
        let isOfABus = !buses.isEmpty && (words.first == "exchange" || words.first == "lease")
        guard test != nil || isOfABus else { return false }
        guard clients.wrappingAdd(1, ordering: .relaxed).newValue <= InstallerDesk.mostClients else {
            clients.wrappingSubtract(1, ordering: .relaxed)
            end(
                client,
                .refused("\(InstallerDesk.mostClients) installers ask already", advice: "Try again in a moment."))
            return true
        }
        _ = Worker(name: "installer") { [self] in
            if let test, words.prefix(2) == ["walk", "begin"] {
                walk(client, words, test)
            } else if let test {
                let answer = test.answer(words) { [self] in isGone(client) }
                ControlSocket.write(client, answer + [UInt8(ascii: "\n")])
                Glibc.close(client)
            } else if words[0] == "lease" {
                lease(client, words)
            } else {
                exchange(client, words)
            }
            clients.wrappingSubtract(1, ordering: .relaxed)
        }
        return true
    }

    // MARK: Exchange

    private func exchange(_ client: Int32, _ words: [String]) {
        guard let (question, timeout) = InstallerDesk.question(words) else {
            return end(
                client,
                .refused(
                    "this is no question to a meter", advice: "Write: exchange BUS UNIT TABLE ADDRESS COUNT TIMEOUT."))
        }
        guard let door = door(words[1], client) else { return }
        let answer = Mailbox<ModbusExchange>(limit: 1)
        guard door.post(.exchange(question, timeoutMilliseconds: timeout, answer: answer)) else {
            return end(client, .refused("bus \(words[1]) has too many questions", advice: "Try again in a moment."))
        }
        guard wait(for: answer.descriptor, client, milliseconds: InstallerDesk.longestExchangeMilliseconds),
            let exchange = answer.take().first
        else {
            return end(
                client, .refused("bus \(words[1]) does not come round", advice: "Look at `edge-agent status`."))
        }
        end(client, ExchangeAnswer(exchange))
    }

    /// "exchange rs485 5 holding 0 2 1000"
    static func question(_ words: [String]) -> (ModbusQuestion, timeoutMilliseconds: Int)? {
        guard words.count == 7, let unit = UInt8(words[2]), ConfigurationLimits.unitID.contains(Int64(unit)),
            let table = ModbusTable(rawValue: words[3]), let address = UInt16(words[4]), let count = Int(words[5]),
            let timeout = Int(words[6]), timeouts.contains(.milliseconds(Int64(timeout)))
        else { return nil }
        let question = ModbusQuestion(unit: unit, table: table, address: address, count: count)
        return question.isPossible ? (question, timeout) : nil
    }

    // MARK: Lease

    private func lease(_ client: Int32, _ words: [String]) {
        guard words.count == 2 else {
            return end(client, .refused("this names no bus", advice: "Write: lease BUS."))
        }
        guard let door = door(words[1], client) else { return }
        let id = leases.wrappingAdd(1, ordering: .relaxed).newValue
        let answer = Mailbox<Bool>(limit: 1)
        let isAsked = door.post(.borrow(id: id, answer: answer))
        guard isAsked,
            wait(for: answer.descriptor, client, milliseconds: InstallerDesk.longestGrantMilliseconds),
            answer.take().first == true
        else {
            door.post(.giveBack(id: id), always: true)
            return end(
                client,
                .refused(
                    "bus \(words[1]) is not lent: somebody else has it, or its meters keep it busy",
                    advice: "End the other scan, or try again in a minute."))
        }
        ControlSocket.write(client, Array("{\"lentMilliseconds\":\(BusLoan.longestMilliseconds)}\n".utf8))
        waitForEnd(of: client, milliseconds: BusLoan.longestMilliseconds)
        // Before the connection ends: whoever asks again behind that end is not refused for his own lease.
        door.post(.giveBack(id: id), always: true)
        Glibc.close(client)
    }

    // MARK: Walk

    /// The walk lasts for as long as the connection does, or until its time: a terminal that dies ends it. One that the
    /// daemon's end leaves behind goes on, and can be held again.
    private func walk(_ client: Int32, _ words: [String], _ test: SelfTestDoor) {
        defer { Glibc.close(client) }
        func refuse(_ error: String) {
            ControlSocket.write(client, Array((jsonText(.table([("error", .string(error))])) + "\n").utf8))
        }
        guard let seconds = SelfTestDoor.walkSeconds(words) else {
            return refuse("write: walk begin [SECONDS], at most \(HomeMode.maintenance.longest?.text ?? "")")
        }
        guard isWalkHeld.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged else {
            return refuse("somebody else walks through the home already; `walk end` ends it")
        }
        defer { isWalkHeld.store(false, ordering: .relaxed) }
        guard let left = test.beginWalk(seconds: seconds) else { return refuse("the home thread does not come round") }
        ControlSocket.write(client, Array("{\"walkMilliseconds\":\(left)}\n".utf8))
        waitForEnd(of: client, milliseconds: left)
        if !isReadable(closing.descriptor) { test.endWalk() }
    }

    private func isReadable(_ descriptor: Int32) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) > 0
    }

    /// It has hung up, or the daemon ends. That it ended only its own side is no end.
    private func isGone(_ client: Int32) -> Bool {
        var watched = pollfd(fd: client, events: 0, revents: 0)
        return poll(&watched, 1, 0) > 0 || isReadable(closing.descriptor)
    }

    /// Until the client says something more, hangs up, or the time is over. That it ended only its own side, as
    /// `echo lease rs485 | socat …` does, is no end.
    private func waitForEnd(of client: Int32, milliseconds: Int64) {
        let end = AgentClock.boot().advanced(milliseconds: milliseconds)
        var events = Int16(POLLIN)
        while true {
            let rest = BootTime.milliseconds(from: AgentClock.boot(), to: end)
            var watched = [
                pollfd(fd: client, events: events, revents: 0),
                pollfd(fd: closing.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&watched, 2, Int32(clamping: max(0, rest)))
            if ready < 0, errno == EINTR { continue }
            // All of it: a connection that is closed over unread bytes is reset.
            var line = [UInt8](repeating: 0, count: ControlSocket.longestQuestion)
            guard ready > 0, watched[1].revents == 0, watched[0].revents & Int16(POLLHUP) == 0,
                read(client, &line, line.count) == 0
            else { return }
            events = 0
        }
    }

    // MARK: Clients

    private func door(_ bus: String, _ client: Int32) -> Mailbox<BusMessage>? {
        if let door = buses[bus] { return door }
        end(
            client,
            .refused(
                "no bus is called \(bus)", advice: "There are: \(buses.keys.sorted().joined(separator: ", ")).")
        )
        return nil
    }

    private func end(_ client: Int32, _ answer: ExchangeAnswer) {
        let json = (try? JSONEncoder().encode(answer)) ?? Data()
        ControlSocket.write(client, Array(json) + [UInt8(ascii: "\n")])
        Glibc.close(client)
    }

    /// Whether the descriptor became readable before the client left, the time was over or the daemon ended.
    private func wait(for descriptor: Int32, _ client: Int32, milliseconds: Int64) -> Bool {
        let end = AgentClock.boot().advanced(milliseconds: milliseconds)
        while true {
            let rest = BootTime.milliseconds(from: AgentClock.boot(), to: end)
            // Of the client only the hang-up counts: it may have ended its side after the question.
            var watched = [
                pollfd(fd: client, events: 0, revents: 0),
                pollfd(fd: closing.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&watched, 3, Int32(clamping: max(0, rest)))
            if ready < 0, errno == EINTR { continue }
            return watched[2].revents != 0
        }
    }
}

/// What came of an exchange, as it goes over the socket.
struct ExchangeAnswer: Codable, Sendable {
    /// What the unit said; bits as 0 and 1.
    var words: [UInt16]?
    /// Or the code with which it refused.
    var exception: Int?
    /// Or why there is no answer, and what to do.
    var error: String?
    var advice: String?
    /// cannotOpen, timedOut, damaged, lost; refused: the daemon did not ask at all.
    var kind: String?
    /// Frames in hexadecimal.
    var sent = ""
    var received = ""
    var roundTripMicroseconds: Int64 = 0

    static func refused(_ error: String, advice: String) -> ExchangeAnswer {
        ExchangeAnswer(error: error, advice: advice, kind: "refused")
    }

    private init(error: String, advice: String, kind: String) {
        self.error = error
        self.advice = advice
        self.kind = kind
    }

    init(_ exchange: ModbusExchange) {
        switch exchange.reply {
        case .success(.words(let words)): self.words = words
        case .success(.exception(let exception)): self.exception = exception.code
        case .failure(let error):
            self.error = error.message
            advice = error.advice
            kind = error.kind.rawValue
        }
        sent = Hexadecimal.text(exchange.sent)
        received = Hexadecimal.text(exchange.received)
        roundTripMicroseconds = exchange.roundTripNanoseconds / 1000
    }

    /// nil where it is no answer at all.
    var exchange: ModbusExchange? {
        let reply: Result<ModbusReply, BusError>
        if let words {
            reply = .success(.words(words))
        } else if let exception {
            reply = .success(.exception(ModbusException(code: exception)))
        } else if let error {
            reply = .failure(
                BusError(
                    kind: kind.flatMap(BusError.Kind.init(rawValue:)) ?? .cannotOpen, message: error,
                    advice: advice ?? ""))
        } else {
            return nil
        }
        return ModbusExchange(
            reply: reply, sent: Hexadecimal.bytes(sent), received: Hexadecimal.bytes(received),
            roundTripNanoseconds: roundTripMicroseconds * 1000)
    }
}

enum Hexadecimal {
    /// "01 03 00 6B"
    static func text(_ bytes: some Sequence<UInt8>) -> String { bytes.map { digits($0, 2) }.joined(separator: " ") }

    static func bytes(_ text: String) -> [UInt8] { text.split(separator: " ").compactMap { UInt8($0, radix: 16) } }

    /// "0x006B 0x0003"
    static func words(_ words: some Sequence<UInt16>) -> String {
        words.map { "0x" + digits($0, 4) }.joined(separator: " ")
    }

    static func digits(_ value: some BinaryInteger, _ count: Int) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}
