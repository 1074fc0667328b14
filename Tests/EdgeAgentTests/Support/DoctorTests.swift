// The ten most likely faults: what the board says, what the daemon says, and in which order they are told.

import Glibc
import LocalRules
import Testing
import Upstream

@testable import Drivers
@testable import EdgeAgent

@Suite struct MachineFactsTests {
    private func look(_ files: [String: String], log: String = "") throws -> MachineFacts {
        let root = try FakeRoot(files)
        return MachineFacts.look(root: root.path, stateDirectory: root.path, log: log)
    }

    private func wrong(_ facts: MachineFacts) -> [String] {
        facts.judge().filter { $0.verdict == .fail && $0.reason.code != "spaceLow" }.map(\.reason.code)
    }

    @Test func aGoodBoard() throws {
        let facts = try look([
            "/proc/device-tree/model": "Raspberry Pi 4 Model B Rev 1.4\0", "/proc/uptime": "86400.12 1.0\n",
            "/etc/os-release": "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n",
            "/proc/sys/kernel/osrelease": "6.12.1\n",
            "/sys/devices/platform/soc/soc:firmware/get_throttled": "0\n",
            "/sys/class/thermal/thermal_zone0/temp": "48312\n",
            "/sys/fs/ext4/mmcblk0p2/errors_count": "0\n", "/proc/vmstat": "nr_free_pages 1\noom_kill 0\n",
            "/proc/meminfo": "MemTotal:  900000 kB\nMemAvailable:   512000 kB\n",
            "/sys/class/net/lo/operstate": "unknown\n", "/sys/class/net/eth0/operstate": "up\n",
        ])
        #expect(facts.model == "Raspberry Pi 4 Model B Rev 1.4")
        #expect(facts.system == "Debian GNU/Linux 13 (trixie)")
        #expect(facts.uptimeSeconds == 86_400)
        #expect(facts.availableMegabytes == 500)
        #expect((facts.freeMegabytes ?? 0) > 0)
        #expect(wrong(facts) == [])
        #expect(facts.judge().map(\.name).contains("machine.power"))
    }

    @Test(arguments: [
        // Bit 0: too low now; bit 16: was so; bit 3: hot (vcgencmd(1), get_throttled).
        (["/sys/devices/platform/soc/soc:firmware/get_throttled": "50005\n"], "powerLow"),
        (["/sys/devices/platform/soc/soc:firmware/get_throttled": "50000\n"], "powerWasLow"),
        (["/sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled": "0x1"], "powerLow"),
        (["/sys/class/hwmon/hwmon1/name": "rpi_volt\n", "/sys/class/hwmon/hwmon1/in0_lcrit_alarm": "1\n"], "powerLow"),
        (["/sys/class/thermal/thermal_zone0/temp": "83500\n"], "heatHigh"),
        (["/sys/fs/ext4/mmcblk0p2/errors_count": "7\n"], "diskErrors"),
        (["/proc/vmstat": "oom_kill 2\n"], "memoryShort"),
        (["/proc/meminfo": "MemAvailable: 9000 kB\n"], "memoryShort"),
        (["/sys/class/net/eth0/operstate": "down\n"], "networkAway"),
    ])
    func eachIsFound(_ files: [String: String], _ code: String) throws { #expect(wrong(try look(files)) == [code]) }

    @Test(arguments: [
        ("mmc0: error -110 whilst initialising SD card", ["diskErrors"]),
        ("blk_update_request: I/O error, dev mmcblk0, sector 123", ["diskErrors"]),
        ("EXT4-fs error (device mmcblk0p2): ext4_find_entry:1455", ["diskErrors"]),
        ("hwmon hwmon1: Undervoltage detected!", ["powerWasLow"]), ("usb 1-1: new high-speed USB device", []),
    ])
    func theKernelsWordsCount(_ line: String, _ codes: [String]) throws {
        #expect(wrong(try look([:], log: line)) == codes)
    }
}

@Suite struct DiagnosisTests {
    private func codes(_ status: AgentStatus, broken: Set<String> = []) -> [String] {
        StatusDiagnosis(status: status, brokenBuses: broken).judge().filter { $0.verdict == .fail }.map(\.reason.code)
    }

    private var well: AgentStatus {
        var status = AgentStatus()
        status.unixMilliseconds = midnight.milliseconds
        return status
    }

    private func with(_ change: (inout AgentStatus) -> Void) -> AgentStatus {
        var status = well
        change(&status)
        return status
    }

    private func bus(answers: Int, failures: Int, isFailing: Bool) -> AgentStatus.Bus {
        let meter = MeterReport(
            meter: "water", unit: 5, isFailing: isFailing, answers: answers, failures: failures,
            timeoutMilliseconds: 200)
        let settings = BusSettings(
            name: "rs485", transport: .rtu(port: "/dev/ttyUSB0", baud: 9600, parity: .none, stopBits: 1))
        return AgentStatus.Bus(
            BusReport(bus: "rs485", hasEcho: false, strayBytes: 0, meters: [meter]), at: settings, isLent: false)
    }

    @Test func eachThingWrongIsFoundAlone() {
        #expect(codes(well) == [])
        #expect(codes(with { $0.version = "0.0.9" }) == ["versionOld"])
        #expect(codes(with { $0.faults = ["safe mode: no meter is read"] }) == ["safeMode"])
        #expect(codes(with { $0.lastEnd = "crashed" }) == ["lastEndCrashed"])
        #expect(codes(with { $0.lastEnd = "watchdog" }) == ["lastEndCrashed"])
        #expect(codes(with { $0.lastEnd = "power" }) == ["lastEndPower"])
        #expect(codes(with { $0.lastEnd = "stopped" }) == [])
        #expect(codes(with { $0.mode = .maintenance }) == ["resting"])
        #expect(codes(with { $0.buses = [bus(answers: 0, failures: 9, isFailing: true)] }) == ["meterSilentNow"])
        // The first failures after a start, which `status` tells already.
        let early = with {
            $0.buses = [bus(answers: 0, failures: 1, isFailing: false)]
            $0.faults = ["bus rs485 (/dev/ttyUSB0), meter water (unit 5): no answer within 1000 ms"]
        }
        #expect(codes(early) == ["meterSilentNow"])
        #expect(codes(with { $0.buses = [bus(answers: 90, failures: 10, isFailing: false)] }) == ["meterOften"])
        #expect(codes(with { $0.buses = [bus(answers: 99, failures: 1, isFailing: false)] }) == [])
        // Its port says it already.
        #expect(codes(with { $0.buses = [bus(answers: 0, failures: 9, isFailing: true)] }, broken: ["rs485"]) == [])
        #expect(
            codes(with { $0.signals = [AgentStatus.Signal(name: "a", value: nil, ageSeconds: nil, missing: true)] })
                == ["signalsMissing"])
        // A window that is not complete yet is none of its business.
        #expect(
            codes(with { $0.rules = [AgentStatus.Rule(name: "a", kind: "b", verdict: .cannotTell, reason: "c")] }) == []
        )
        let blind = Alert(
            id: "no-water.blind/1", rule: "no-water.blind", kind: "blind", severity: .technical, signals: [],
            reasons: ["water.volume is missing"], state: .raised, began: midnight, raised: midnight)
        #expect(codes(with { $0.alerts = [blind] }) == ["rulesBlind"])
        #expect(codes(with { $0.upstream.oldestUnacceptedSeconds = 4000 }) == ["backlog"])
        #expect(codes(with { $0.unconfirmedMeters = ["water.volume"] }) == ["meterAsked"])
        #expect(
            codes(with { $0.faults = ["output siren: in use", "bus rs485: no answer", "broker x: no"] }) == [
                "otherFault"
            ])
    }

    @Test(arguments: [
        (Alert.State.raised, Int64(200), 1), (.raised, 100, 0), (.acknowledged, 200, 0), (.preAlarm, 200, 0),
    ])
    func anAlarmThatNobodyAcceptsIsFoundAfterThreeMinutes(_ state: Alert.State, _ seconds: Int64, _ count: Int) {
        let status = with {
            $0.alerts = [
                Alert(
                    id: "panic/1", rule: "panic", kind: "input-active", severity: .red, signals: [], reasons: [],
                    state: state,
                    began: midnight + .seconds(-seconds), raised: midnight + .seconds(-seconds))
            ]
        }
        #expect(codes(status).count == count)
    }

    @Test func theHistoryOfCrashes() {
        #expect(CrashHistory.judge(text: nil).isEmpty)
        #expect(told(CrashHistory.judge(text: "running normal\n")) == ["pass daemon.crashes crashesNone"])
        #expect(
            told(CrashHistory.judge(text: "ended 5 normal\nended 9 normal\nrunning normal\n"))
                == ["fail daemon.crashes crashesOften → crashesAdvice"])
    }

    private func fault(_ phrase: some Phrase, advice: some Phrase = SupportPhrase.meterAdvice) -> CheckResult {
        .fail("x", Message(phrase), advice: Message(advice))
    }

    @Test func theWorstAndSurestComesFirst() {
        let results = [
            fault(SupportPhrase.powerWasLow), fault(SupportPhrase.rulesBlind), fault(DevicePhrase.portMissing),
            fault(SupportPhrase.nobodyAnswers), .pass("y", Message(HubPhrase.serviceRuns)),
            .untested("z", Message(HubPhrase.noServiceManager), advice: Message(HubPhrase.noServiceManagerAdvice)),
            .untested("z", Message(HubPhrase.brokerNone), advice: Message(HubPhrase.brokerNoneAdvice)),
        ]
        #expect(
            Diagnosis.ranked(results).map(\.reason.code) == [
                "nobodyAnswers", "portMissing", "brokerNone", "rulesBlind", "powerWasLow",
            ])
    }

    /// A clock in 1970 makes the certificate look expired: the clock is the cause.
    @Test func aCauseStandsBeforeWhatComesOfIt() {
        let results = [
            fault(HubPhrase.brokerUntrusted, advice: HubPhrase.brokerClockAdvice), fault(HubPhrase.clockImpossible),
        ]
        #expect(Diagnosis.ranked(results).map(\.reason.code) == ["clockImpossible", "brokerUntrusted"])
    }

    @Test func tenAreTold() {
        let many = (0..<25).map { _ in fault(SupportPhrase.rulesBlind) }
        #expect(Diagnosis.ranked(many).count == 10)
        let picture = FindingsPicture(usesColour: false, width: 80, language: .en)
        #expect(picture.lines(DoctorFindings(checks: many)).contains("... and 15 more"))
    }

    /// A code that is misspelt in the table would weigh as an unknown one.
    @Test func everyWeightIsOfAPhrase() {
        let codes = Set(Catalogues.all.map { $0.rawValue })
        for code in Diagnosis.weights.keys { #expect(codes.contains(code), "there is no phrase \(code)") }
    }
}

@Suite struct CommandLineTests {
    @Test(arguments: [
        (["edge-agent", "statsu"], "statsu"), (["edge-agent", "x", "status"], "x"),
        (["edge-agent", "status", "x"], nil),
        (["edge-agent", "--x"], nil), (["edge-agent"], nil), (["edge-agent", "help"], nil),
        (["edge-agent", "doctor"], nil),
    ])
    func aWordThatIsNoCommandIsKnown(_ arguments: [String], _ word: String?) {
        #expect(EdgeAgent.unknownCommand(in: arguments) == word)
    }
}

@Suite struct DoctorRunTests {
    @Test func withoutAnythingItSaysThatNobodyIsGuarded() throws {
        let folder = try HeldFolder()
        let root = try FakeRoot([:])
        var site = DoctorSite(
            file: folder.path + "/none.toml", loader: sampleLoader, socket: folder.path + "/no.sock",
            stateDirectory: folder.path)
        site.root = root.path
        site.clock = { ClockFacts(wallMilliseconds: 1_767_225_600_000, trust: .synchronised, hasZones: true) }
        site.service = { nil }
        site.kernelLog = { "" }
        var doctor = Doctor(site)
        let findings = doctor.run()
        #expect(findings.exitCode == 1)
        let codes = findings.ranked.map(\.reason.code).filter { !$0.hasPrefix("storage") && !$0.hasPrefix("space") }
        #expect(codes == ["nobodyAnswers", "configurationUnreadable"])
        let picture = FindingsPicture(usesColour: false, width: 60, language: .zh)
        #expect(picture.lines(findings)[0] == "1.  daemon: 守护进程没有回答：目前没有守护任何人")
        #expect(picture.lines(findings).allSatisfy { $0.columns <= 60 })
        // A service that is down says it all.
        site.service = {
            ServiceFacts(
                "LoadState=loaded\nActiveState=failed\nUnitFileState=enabled\nRestart=always\nWatchdogUSec=30s\n")
        }
        doctor = Doctor(site)
        #expect(doctor.run().ranked.map(\.reason.code).first == "serviceDown")
        #expect(!doctor.run().checks.contains { $0.reason.code == "nobodyAnswers" })
    }

    /// One that hangs has every port and the storage: nothing is said of those.
    @Test func aDaemonThatTalksNonsenseIsTheOnlyFault() throws {
        let folder = try HeldFolder()
        let path = folder.path + "/control.sock"
        let (address, length) = try #require(unixAddress(path))
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        let isBound = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, length) == 0 }
        }
        try #require(isBound && listen(listener, 1) == 0)
        let worker = Worker(name: "nonsense") {
            let client = accept(listener, nil, nil)
            ControlSocket.write(client, Array("{}".utf8))
            close(client)
        }
        let root = try FakeRoot(["/home.toml": homeHead + waterMeter])
        var site = DoctorSite(
            file: root.path + "/home.toml", loader: sampleLoader, socket: path, stateDirectory: "/nowhere")
        site.root = root.path
        site.clock = { ClockFacts(wallMilliseconds: 1_767_225_600_000, trust: .synchronised, hasZones: true) }
        site.service = { nil }
        site.kernelLog = { "" }
        var doctor = Doctor(site)
        #expect(doctor.run().ranked.map(\.reason.code) == ["brokerNone", "daemonMute"])
        #expect(worker.join(withinMilliseconds: patienceMilliseconds))
    }
}
