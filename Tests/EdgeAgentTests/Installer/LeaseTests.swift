// A bus that is lent to an installer, and given back.

import Drivers
import Glibc
import Testing

@testable import EdgeAgent

/// A loan that an expectation can change.
private final class Loan {
    private var loan = BusLoan()
    var isLent: Bool { loan.isLent }
    func ask(_ id: Int, now: BootTime) -> Bool { loan.ask(id, now: now) }
    func end(_ id: Int) { loan.end(id) }
    func turn(isIdle: Bool, now: BootTime) -> BusLoan.Turn { loan.turn(isIdle: isIdle, now: now) }
}

@Suite struct BusLoanTests {
    private func at(_ seconds: Int64) -> BootTime { BootTime(nanoseconds: seconds * 1_000_000_000) }

    @Test func onlyAnIdleBusIsLent() {
        let loan = Loan()
        #expect(loan.ask(1, now: at(0)))
        #expect(loan.turn(isIdle: false, now: at(1)) == .poll)
        #expect(loan.turn(isIdle: true, now: at(2)) == .lend(to: 1))
        #expect(loan.isLent)
        #expect(loan.turn(isIdle: true, now: at(32)) == .keepAway(milliseconds: 30_001))
    }

    @Test func itEndsAfterAMinuteOrWhenItIsGivenBack() {
        let loan = Loan()
        #expect(loan.ask(1, now: at(0)))
        #expect(loan.turn(isIdle: true, now: at(0)) == .lend(to: 1))
        #expect(loan.turn(isIdle: false, now: at(60)) == .poll)
        #expect(!loan.isLent)
        #expect(loan.ask(2, now: at(61)))
        #expect(loan.turn(isIdle: true, now: at(61)) == .lend(to: 2))
        // Of the first, late.
        loan.end(1)
        #expect(loan.isLent)
        loan.end(2)
        #expect(loan.turn(isIdle: false, now: at(62)) == .poll)
    }

    @Test func oneAtATime() {
        let loan = Loan()
        #expect(loan.ask(1, now: at(0)))
        #expect(!loan.ask(2, now: at(0)))
        #expect(loan.turn(isIdle: true, now: at(0)) == .lend(to: 1))
        #expect(!loan.ask(2, now: at(1)))
        loan.end(1)
        #expect(loan.ask(2, now: at(2)))
        // He went away while he waited.
        loan.end(2)
        #expect(loan.turn(isIdle: true, now: at(3)) == .poll)
    }

    @Test func aBusThatIsNeverIdleIsLentAfterAWhile() {
        let loan = Loan()
        #expect(loan.ask(1, now: at(0)))
        #expect(loan.turn(isIdle: false, now: at(14)) == .poll)
        #expect(loan.turn(isIdle: false, now: at(15)) == .lend(to: 1))
    }
}

@Suite struct LeaseTests {
    @Test func thePortIsLentAndTakenBack() throws {
        let served = try ServedBus()
        defer { served.end() }
        let lease = try served.connection(asking: "lease rs485")
        #expect(try served.firstLine(from: lease) == "{\"lentMilliseconds\":60000}\n")
        #expect(reaches { served.status?.isLent == true })
        // It is ours: another program could not open it before.
        let own = DirectReader(settings: served.settings, port: StreamPort(settings: served.settings))
        let question = ModbusQuestion(unit: 5, table: .holding, address: 2, count: 1)
        #expect(try own.read(question, timeoutMilliseconds: 1000).reply.get() == .words([7]))
        // Nobody else gets it meanwhile, and no question through the daemon.
        #expect(try served.ask("lease rs485").contains("is not lent: somebody else has it"))
        #expect(try served.ask("exchange rs485 5 holding 2 1 1000").contains("it is lent to somebody who scans it"))
        // Faults of meters are none of this.
        #expect(ControlSocket.status(path: served.socket)?.faults == [])
        close(lease)
        #expect(reaches { served.status?.isLent == false })
    }

    @Test func aClientThatOnlyEndedItsOwnSideKeepsTheLease() throws {
        let served = try ServedBus()
        defer { served.end() }
        let lease = try served.connection(asking: "lease rs485")
        #expect(try served.firstLine(from: lease).hasPrefix("{\"lent"))
        shutdown(lease, Int32(SHUT_WR))
        #expect(try served.ask("exchange rs485 5 holding 2 1 1000").contains("it is lent to somebody who scans it"))
        close(lease)
        #expect(reaches { served.status?.isLent == false })
    }

    @Test func anotherLineEndsTheLease() throws {
        let served = try ServedBus()
        defer { served.end() }
        let lease = try served.connection(asking: "lease rs485")
        defer { close(lease) }
        #expect(try served.firstLine(from: lease).hasPrefix("{\"lent"))
        ControlSocket.write(lease, Array("end\n".utf8))
        // The end of the connection: from then on the daemon has the port.
        #expect(try ControlSocket.answer(from: lease) { _ in false }.get() == [])
        #expect(try served.ask("exchange rs485 5 holding 2 1 1000").contains("\"words\":[7]"))
    }

    @Test func metersArePolledBetweenTwoLeases() throws {
        let served = try ServedBus()
        defer { served.end() }
        let bus = LentBus(served.settings, name: "rs485", socket: served.socket, walkMilliseconds: 0)
        let began = AgentClock.boot()
        let question = ModbusQuestion(unit: 5, table: .holding, address: 2, count: 1)
        var answers: [Int] = []
        for _ in 0..<3 {
            let reader = try bus.reader(on: served.settings.line)
            // For longer than the meter's poll, so that it is due when the bus comes back.
            let end = AgentClock.boot().advanced(milliseconds: 60)
            while AgentClock.boot() < end {
                #expect(try reader.read(question, timeoutMilliseconds: 1000).reply.get() == .words([7]))
            }
            // While it is lent the count stands still, so this is no race.
            #expect(reaches { served.status?.isLent == true })
            answers.append(try #require(served.status?.meters.first?.answers))
        }
        #expect(bus.leases == 3)
        // What was due was asked, and nobody waited for longer than that.
        #expect(BootTime.milliseconds(from: began, to: AgentClock.boot()) < BusLoan.patienceMilliseconds)
        #expect(answers[0] < answers[1] && answers[1] < answers[2], "\(answers)")
    }

    @Test func aScanBesideTheDaemon() throws {
        let served = try ServedBus()
        defer { served.end() }
        let bus = LentBus(served.settings, name: "rs485", socket: served.socket, walkMilliseconds: 700)
        let plan = ScanPlan(lines: [served.settings.line], units: Array(1...8), factory: [], timeoutMilliseconds: 100)
        let result = Scanner(
            access: bus, plan: plan, profiles: [], isThorough: false,
            clock: { AgentClock.boot().nanoseconds }, isInterrupted: { false }, observe: { _ in }
        ).run()
        #expect(result.error == nil)
        #expect(result.meters.map(\.unit) == [5])
        #expect(bus.leases > 1)
    }

    @Test func anUnknownBusIsRefusedWithTheKnownOnes() throws {
        let served = try ServedBus()
        defer { served.end() }
        for question in ["lease rs486", "exchange rs486 5 holding 0 1 1000"] {
            let answer = try served.ask(question)
            #expect(answer.contains("no bus is called rs486") && answer.contains("There are: rs485."))
        }
        #expect(try served.ask("lease").contains("names no bus"))
        #expect(try served.ask("what").contains(", exchange BUS UNIT TABLE ADDRESS COUNT TIMEOUT, lease BUS"))
    }

    /// Unit 9 is silent, and asked with a long time-out; nobody else waits for it.
    @Test func statusIsAnsweredWhileAMeterIsWaitedFor() throws {
        let served = try ServedBus()
        defer { served.end() }
        let slow = try served.connection(asking: "exchange rs485 9 holding 0 1 2000")
        defer { close(slow) }
        #expect(served.status != nil)
        #expect(!isReadable(slow))
        #expect(try served.firstLine(from: slow).contains("no answer within 2000 ms"))
    }

    @Test func installersBeyondTheLimitAreSentAwayPolitely() throws {
        let served = try ServedBus()
        defer { served.end() }
        // The first one holds the bus, the others wait for it or are refused; each keeps its thread.
        let slow = try (0..<InstallerDesk.mostClients).map { _ in
            try served.connection(asking: "exchange rs485 9 holding 0 1 500")
        }
        defer { for descriptor in slow { close(descriptor) } }
        #expect(try served.ask("exchange rs485 5 holding 0 1 1000").contains("4 installers ask already"))
    }

    @Test func howABusDoesIsShown() throws {
        let served = try ServedBus()
        defer { served.end() }
        #expect(served.status?.name == "rs485")
        #expect(served.status?.port == served.settings.place)
        #expect(served.status?.meters.map(\.meter) == ["water"])
        #expect(served.status?.meters.first?.timeoutMilliseconds == 200)
    }
}
