// Meters and ports with one thing wrong: the right check finds it, and the advice names the cause.

import Drivers
import FoundationEssentials
import Glibc
import LocalRules
import Testing

@testable import EdgeAgent

/// "fail meter.water.answers meterElsewhere → meterElsewhereAdvice"
func told(_ results: [CheckResult]) -> [String] {
    results.map { result in
        "\(result.verdict.rawValue) \(result.name) \(result.reason.code)"
            + (result.advice.map { " → \($0.code)" } ?? "")
    }
}

@Suite struct SelfTestMeterTests {
    private let line = SimulatedLine()
    /// 412.345 m3 as u32.
    private let litres: [UInt16] = [0x0006, 0x4AB9]

    /// The water meter of `waterMeter`, unit 5 at 9600 baud, over the simulated line.
    private func test(_ text: String = homeHead + waterMeter) throws -> [CheckResult] {
        let home = try load(text)
        let target = try #require(ReadTarget(meter: "water", of: home))
        let (bank, clock) = (line.bank, line.clock)
        let access = FreeBus(target.settings) { settings in
            DirectReader(settings: settings, port: SimulatedPort(settings: settings, bank: bank, clock: clock))
        }
        return MeterCheck(target: target).run(daemon: nil, access: access)
    }

    @Test func aGoodMeter() throws {
        line.bank.set(unit: 5, table: .holding, address: 0, words: litres)
        let results = try test()
        #expect(
            told(results) == [
                "pass meter.water.answers meterAnswers", "pass meter.water.values valuesPlausible",
                "pass meter.water.total totalSteady",
            ])
        #expect(results[0].measured?.hasPrefix("3/3, p95 ") == true)
        #expect(results[1].measured == "412.345 m3")
    }

    @Test func aMeterWithoutPower() throws {
        let results = try test()
        #expect(told(results) == ["fail meter.water.answers meterSilent → meterSilentAdvice"])
        #expect(results[0].advice?.text(in: .en).contains("(here 9600 baud, parity none, 1 stop bit)") == true)
    }

    @Test(arguments: [serial(4800), serial(19200), serial(9600, .even), serial(115_200, .odd)])
    func aMeterThatIsSetOtherwise(_ other: SerialLine) throws {
        line.bank.set(unit: 5, on: other, table: .holding, address: 0, words: litres)
        let results = try test()
        #expect(told(results) == ["fail meter.water.answers meterElsewhere → meterElsewhereAdvice"])
        #expect(results[0].measured == other.words)
        #expect(results[0].advice?.text(in: .en).contains("set this bus to \(other.words)") == true)
    }

    @Test func aMeterWithAnotherUnitId() throws {
        line.bank.set(unit: 6, table: .holding, address: 0, words: litres)
        #expect(told(try test()) == ["fail meter.water.answers meterSilent → meterSilentAdvice"])
    }

    @Test func damagedAnswers() throws {
        line.bank.set(unit: 5, table: .holding, address: 0, words: litres)
        line.bank.set(unit: 5, fault: .damaged)
        #expect(told(try test()) == ["fail meter.water.answers meterDamaged → meterDamagedAdvice"])
    }

    @Test func anotherModel() throws {
        line.bank.set(unit: 5, table: .holding, address: 100, words: litres)
        // Of values that are not there nothing is said.
        #expect(told(try test()) == ["fail meter.water.answers meterRefuses → meterRefusesAdvice"])
    }

    @Test func swappedWords() throws {
        line.bank.set(unit: 5, table: .holding, address: 0, words: litres.reversed())
        let results = try test()
        #expect(told(results)[1] == "fail meter.water.values valueImplausible → valueOrderAdvice")
        #expect(results[1].advice?.text(in: .en).contains("order = \"CDAB\" it is 412.345 m3") == true)
    }

    @Test func aScaleThatIsAMillionTimesTooLarge() throws {
        line.bank.set(unit: 5, table: .holding, address: 0, words: litres)
        let text = homeHead + waterMeter.replacing("scale = \"0.001\"", with: "scale = \"1000\"")
        #expect(told(try test(text))[1] == "fail meter.water.values valueImplausible → valueImplausibleAdvice")
    }

    // MARK: Judgements of what no simulated meter does

    private func judge(_ rounds: [[Int64?]]) throws -> [String] {
        let target = try #require(ReadTarget(meter: "water", of: try load(homeHead + waterMeter)))
        var facts = MeterFacts()
        let silence = BusError(kind: .timedOut, message: "no answer", advice: "")
        facts.rounds = rounds.map { round in
            round.map { value in
                RegisterResult(
                    name: "water.volume", table: .holding, address: 0, words: [],
                    outcome: value.map { .value(ValueText.text($0, of: .volume), base: $0) } ?? .failed(silence),
                    roundTripNanoseconds: 20_000_000)
            }
        }
        facts.roundTrips = rounds.joined().compactMap { $0 == nil ? nil : 20_000_000 }
        return told(MeterCheck(target: target).judge(facts))
    }

    @Test func aTotalThatFalls() throws {
        #expect(
            try judge([[412_345_000], [12_000], [412_345_000]]).last
                == "fail meter.water.total totalFell → totalFellAdvice")
        #expect(try judge([[1000], [1000], [2000]]).last == "pass meter.water.total totalSteady")
    }

    @Test func aLooseWire() throws {
        #expect(
            try judge([[1000], [nil], [1000]])[0] == "fail meter.water.answers meterSometimes → meterSometimesAdvice")
    }

    // MARK: Ports

    private func port(_ path: String, daemon: AgentStatus.Bus? = nil) -> PortCheck {
        let transport = BusSettings.Transport.rtu(port: path, baud: 9600, parity: .none, stopBits: 1)
        return PortCheck(settings: BusSettings(name: "rs485", transport: transport), daemon: daemon)
    }

    @Test func aPortThatIsNotThere() {
        let check = port("/dev/ttyNone7")
        let results = check.judge(check.probe())
        #expect(told(results).first?.hasPrefix("fail port.rs485.open portMissing → portMissing") == true)
        #expect(results.count == 1)
    }

    @Test func aFileThatIsNoPort() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/file"
        close(open(path, O_CREAT | O_WRONLY, 0o600))
        let check = port(path)
        #expect(told(check.judge(check.probe())) == ["fail port.rs485.open portFailed → portFailedAdvice"])
    }

    @Test func aPortThatMayNotBeOpened() {
        let problem = port("/dev/ttyUSB0").problem(ofDevice: "/dev/ttyUSB0", errno: EACCES)
        #expect(told([problem].compactMap { $0 }) == ["fail port.rs485.open portDenied → portDeniedAdvice"])
    }

    /// Somebody else holds the lock: this very process, so that its name is not among the owners.
    @Test func aPortThatSomebodyElseHas() throws {
        let server = try ModbusServer(serial: MeterBank())
        guard case .rtu(let path, _, _, _) = server.transport else { return }
        let other = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK)
        try #require(other >= 0)
        defer { close(other) }
        try #require(flock(other, LOCK_EX | LOCK_NB) == 0)
        let check = port(path)
        #expect(told(check.judge(check.probe())) == ["fail port.rs485.open portBusyUnknown → portBusyUnknownAdvice"])
    }

    @Test func aPortThatIsFree() throws {
        let bank = MeterBank()
        bank.set(unit: 5, table: .holding, address: 0, words: litres)
        let server = try ModbusServer(serial: bank)
        let stop = try StopSignal()
        let thread = Worker(name: "meters") { server.serve(until: stop) }
        defer {
            stop.stop()
            #expect(thread.join(withinMilliseconds: patienceMilliseconds))
        }
        guard case .rtu(let path, _, _, _) = server.transport else { return }
        let check = port(path)
        #expect(told(check.judge(check.probe())) == ["pass port.rs485.open portOpens"])
    }

    @Test func aGatewayThatIsNotThere() {
        let settings = BusSettings(name: "gateway", transport: .tcp(host: "127.0.0.1", port: 1))
        let check = PortCheck(settings: settings, daemon: nil)
        #expect(told(check.judge(check.probe())) == ["fail port.gateway.open gatewayFailed → gatewayFailedAdvice"])
    }

    @Test func aLineFullOfNoiseAndOneThatIsLent() throws {
        func daemons(isLent: Bool) throws -> PortCheck {
            let json =
                #"{"name":"rs485","port":"/dev/null","isLent":\#(isLent),"hasEcho":false,"strayBytes":500,"meters":[]}"#
            return port("/dev/null", daemon: try JSONDecoder().decode(AgentStatus.Bus.self, from: Data(json.utf8)))
        }
        #expect(
            told(try daemons(isLent: false).judge(PortFacts())).last
                == "fail port.rs485.quiet portNoisy → portNoisyAdvice")
        let lent = try daemons(isLent: true)
        #expect(told(lent.judge(lent.probe())) == ["untested port.rs485.open portLent → portLentAdvice"])
    }
}
