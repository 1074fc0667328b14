// A person at the terminal, a machine and a bus, each played by a test.

import Drivers
import Foundation
import Glibc
import LocalRules
import Testing

@testable import EdgeAgent

/// Answers by the question's code; what is not said is an empty line. Keeps what was asked and told.
private final class Installer {
    var answers: [String: [String]]
    var asked: [String] = []
    var told: [String] = []

    init(_ answers: [String: [String]] = [:]) { self.answers = answers }

    /// nil: it is not said, so the default.
    func next(_ code: String) -> String? {
        asked.append(code)
        guard var list = answers[code], !list.isEmpty else { return nil }
        let answer = list.removeFirst()
        answers[code] = list
        return answer
    }

    func desk(isManned: Bool = true) -> InitDesk {
        InitDesk(
            ask: { question, _, _ in
                let answer = self.next(question.code) ?? ""
                return answer == "^D" ? nil : answer
            },
            secret: { self.next($0.code) }, tell: { self.told.append($0.code) }, isManned: isManned)
    }
}

@Suite struct InitDialogueTests {
    private func site(_ facts: BoardFacts = BoardFacts(), scan: ScanResult = ScanResult()) -> InitSite {
        InitSite(
            facts: facts, boards: sampleLoader.boards().boards, hats: sampleLoader.hats(),
            profiles: sampleLoader.profiles().profiles, hasZone: { $0 == "Asia/Shanghai" || $0 == "Europe/Berlin" },
            scan: { _ in scan }, freshID: "home-fresh", secretFile: ("/tmp/secret", "broker-password"))
    }

    private let pi = BoardFacts(
        model: "Raspberry Pi 5", compatible: ["raspberrypi,5-model-b"], chips: 1,
        adapters: ["/dev/serial/by-id/usb-A", "/dev/serial/by-id/usb-B"], timezone: "Europe/Berlin")

    @Test func enterAllTheWay() throws {
        let person = Installer()
        var dialogue = InitDialogue(site: site(pi), given: InitAnswers(), desk: person.desk())
        try dialogue.run()
        let plan = dialogue.plan
        #expect(plan.id == "home-fresh")
        #expect(plan.timezone == "Europe/Berlin")
        #expect(plan.board.name == "raspberry-pi-5")
        #expect(plan.inputs.map(\.name) == ["panic", "smoke.kitchen", "motion.bedroom", "door.front"])
        #expect(plan.outputs.map(\.line) == ["GPIO21"])
        #expect(plan.buses.isEmpty)
        #expect(person.told.contains("initScanEmpty") && person.told.contains("initBusDropped"))
        #expect(plan.broker == nil)
        // "A dozen questions."
        #expect((10...16).contains(person.asked.count), "\(person.asked)")
        #expect(try load(plan.text(in: .zh)).board == "raspberry-pi-5")
    }

    @Test func wrongAnswersAreExplainedAndAskedAgain() throws {
        let person = Installer([
            "initID": ["Mrs Li", "zs-12"], "initZone": ["Shanghai", "Asia/Shanghai"], "initBoard": ["pi", "simulated"],
            "initPortsNone": ["COM1", "-"], "initMotion": ["客厅 卧室"], "initPanic": ["- "],
            "initOthers": ["dog", "ok service.meal"], "initOutputs": ["horn", "siren buzzer"],
            "initLines": ["panic=X", "ok=OTHER", "service.meal=-", "y"],
            "initBroker": ["broker.example", "mqtt://broker.example"],
            "initUser": ["hub"], "initPassword": ["", "secret"], "initHeartbeat": ["1s", "1h"],
        ])
        var dialogue = InitDialogue(site: site(), given: InitAnswers(), desk: person.desk())
        try dialogue.run()
        let plan = dialogue.plan
        #expect(plan.id == "zs-12")
        #expect(
            plan.inputs.map(\.name) == [
                "smoke.kitchen", "motion.living", "motion.bedroom", "door.front", "ok",
            ])
        #expect(plan.inputs.first { $0.name == "ok" }?.line == "OTHER")
        #expect(plan.broker?.user == "hub")
        #expect(plan.broker?.passwordFile == "broker-password")
        #expect(dialogue.password == "secret")
        #expect(plan.broker?.heartbeat == "1h")
        for code in [
            "initIDPersonal", "initBadZone", "initBadBoard", "initBadPort", "initBadInput", "initBadOutput",
            "initBadPair", "initBadBroker", "initNothing", "initBadHeartbeat",
        ] { #expect(person.told.contains(code), "\(code)") }
        let home = try load(
            plan.text(in: .en),
            with: ConfigurationLoader(
                descriptionFolders: sampleLoader.descriptionFolders, checksFiles: false))
        #expect(home.inputs.count == 5)
    }

    /// One meter is known, one is not, one has another setting.
    @Test func whatAScanFindsIsOffered() throws {
        let water = try #require(sampleLoader.profiles().profiles.first { $0.name == "eastron-sdm120" })
        func meter(_ unit: UInt8, baud: Int, _ certainty: ProfileRanking.Certainty?) -> FoundMeter {
            let candidate = certainty.map {
                ProfileRanking.Candidate(profile: water, points: 20, certainty: $0, reasons: [], registers: [])
            }
            return FoundMeter(
                line: SerialLine(baud: baud, parity: .none, stopBits: 1), unit: unit, image: RegisterImage(),
                candidates: candidate.map { [$0] } ?? [], isComplete: true)
        }
        var result = ScanResult()
        result.meters = [
            meter(6, baud: 2400, .veryLikely), meter(5, baud: 2400, nil), meter(7, baud: 9600, .veryLikely),
        ]
        let person = Installer([
            "initPorts": ["2,4800"], "initProfile": ["generic-watr-u32", "generic-water-u32"],
            "initMeterName": ["", "water"],
            "initMeters": ["heat=9,nothing", "heat=9,sontex-supercal-531"],
        ])
        var dialogue = InitDialogue(site: site(pi, scan: result), given: InitAnswers(), desk: person.desk())
        try dialogue.run()
        #expect(
            dialogue.plan.meters.map { "\($0.name) \($0.unit) \($0.profile)" } == [
                "power 6 eastron-sdm120", "water 5 generic-water-u32", "heat 9 sontex-supercal-531",
            ])
        #expect(dialogue.plan.buses.first?.line == SerialLine(baud: 2400, parity: .none, stopBits: 1))
        #expect(dialogue.plan.buses.first?.place == "/dev/serial/by-id/usb-B")
        for code in ["initMeterFound", "initMeterUnknown", "initBadProfile", "initMeterElsewhere"] {
            #expect(person.told.contains(code), "\(code)")
        }
    }

    // MARK: Options instead of a person

    @Test func everyAnswerIsAnOption() throws {
        let given = InitAnswers(
            id: "h-1", timezone: "Asia/Shanghai", board: "raspberry-pi-4", hats: ["waveshare-rpi-relay"],
            ports: ["/dev/ttyUSB0,4800"], meters: ["water=5,generic-water-u32"],
            inputs: ["panic=GPIO5", "smoke.kitchen"],
            outputs: ["siren"], broker: "mqtt://127.0.0.1", user: "none", heartbeat: "10min")
        #expect(given.missing == [])
        let nobody = Installer()
        var dialogue = InitDialogue(site: site(pi), given: given, desk: nobody.desk(isManned: false))
        try dialogue.run()
        #expect(nobody.asked == [])
        let home = try load(dialogue.plan.text(in: .en))
        #expect(home.inputs.map(\.settings.line).first == "pinctrl-bcm2711:5")
        #expect(dialogue.plan.outputs.first?.line == "RELAY1")
        #expect(home.buses.first?.settings.line?.baud == 4800)
    }

    @Test func whoeverIsNotThereIsToldWhatIsMissing() {
        #expect(
            InitAnswers().missing == [
                "--id", "--timezone", "--board", "--port", "--scan or --meter", "--input", "--alarm", "--broker",
            ])
        #expect(InitAnswers(ports: ["none"]).missing.contains("--scan or --meter") == false)
    }

    @Test(arguments: [
        (InitAnswers(id: "Mrs Li"), "initIDPersonal"), (InitAnswers(board: "pi"), "initBadBoard"),
        (InitAnswers(meters: ["water=5,generic-water-u32"]), "initMeterNoPort"),
        (InitAnswers(inputs: ["panic", "panic=X"]), nil),
        (InitAnswers(board: "raspberry-pi-5", inputs: ["panic=GPIO99"]), "initBadLine"),
        (InitAnswers(broker: "mqtt://b", user: "hub"), "initMissing"),
        (InitAnswers(broker: "mqtts://b", certificateFile: "/nowhere/x.pem"), "initBadFile"),
    ])
    func wrongOptionsAreWrongUsage(_ given: InitAnswers, _ code: String?) {
        var dialogue = InitDialogue(site: site(), given: given, desk: Installer().desk(isManned: false))
        do throws(InitEnd) {
            try dialogue.run()
            #expect(code == nil)
        } catch {
            guard case .usage(let message) = error else { return }
            #expect(message.code == code)
        }
    }

    /// A siren on a simulated line is heard by nobody: a board that nobody has described gets a file, and real lines.
    @Test func anUnknownBoardIsDescribed() throws {
        let unknown = site(BoardFacts(model: "Acme Toaster 2", compatible: ["acme,toaster-2", "acme,soc"], chips: 2))
        var alone = InitDialogue(site: unknown, given: InitAnswers(), desk: Installer().desk(isManned: false))
        #expect(throws: InitEnd.self) { try alone.run() }
        let person = Installer([
            "initSmoke": ["-"], "initMotion": ["-"], "initDoor": ["-"],
            "initLines": ["", "panic=soc-gpio:17 siren=PIN_5", "y"],
        ])
        var dialogue = InitDialogue(site: unknown, given: InitAnswers(), desk: person.desk())
        try dialogue.run()
        #expect(person.told.contains("initBoardUnknown") && person.told.contains("initOwnLines"))
        let (plan, folder) = (dialogue.plan, try HeldFolder())
        let text = try #require(plan.boardText(in: .zh))
        let files = InitFiles(path: folder.path + "/home.toml", loader: sampleLoader)
        let board = (name: plan.board.name, text: text)
        guard case .written(let home, _, _) = files.write(plan.text(in: .en), password: nil, board: board) else {
            Issue.record("it was not written: \(plan.text(in: .en))\n\(text)")
            return
        }
        #expect(home.board == "toaster-2")
        #expect(home.inputs.map(\.settings.line) == ["soc-gpio:17"])
        #expect(home.outputs.map(\.settings.line) == ["PIN_5"])
        #expect(!home.hasSimulatedLines)
        // The next time it is known, and whatever somebody wrote into it stays.
        #expect(files.loader.boards().boards.contains { $0.name == "toaster-2" })
        let edited = (name: plan.board.name, text: "nonsense")
        guard case .written = files.write(plan.text(in: .en), password: nil, board: edited) else {
            Issue.record("its description was replaced")
            return
        }
        guard case .board = try sampleLoader.check(folder.path + "/boards/toaster-2.toml") else {
            Issue.record("its description is none")
            return
        }
    }

    @Test func ctrlDEndsIt() {
        for question in ["initID", "initMotion", "initBroker"] {
            var dialogue = InitDialogue(
                site: site(), given: InitAnswers(), desk: Installer([question: ["^D"]]).desk())
            #expect(throws: InitEnd.self) { try dialogue.run() }
        }
    }

    // MARK: Files

    @Test func theOldFileIsKeptAndTheSecretIsNobodysBusiness() throws {
        let folder = try HeldFolder()
        let files = InitFiles(path: folder.path + "/home.toml", loader: sampleLoader)
        #expect(!files.holdsAHome)
        var plan = InitPlan(id: "h-1", timezone: "Asia/Shanghai")
        plan.broker = InitPlan.Broker(
            url: "mqtt://b", user: "hub", passwordFile: files.secretFile.reference, heartbeat: "5min")
        guard case .written(_, false, let secret?) = files.write(plan.text(in: .en), password: "s3cret") else {
            Issue.record("it was not written")
            return
        }
        var status = stat()
        #expect(stat(secret, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(try String(contentsOfFile: secret, encoding: .utf8) == "s3cret\n")
        #expect(files.holdsAHome)
        plan.id = "h-2"
        guard case .written(let home, true, nil) = files.write(plan.text(in: .en), password: nil) else {
            Issue.record("it was not written again")
            return
        }
        #expect(home.homeID == "h-2")
        #expect(try sampleLoader.load(files.backup).homeID == "h-1")
        // Two things on one line: nothing is replaced, nothing is lost, the old password neither.
        plan.inputs = ["panic=A", "ok=A"].compactMap(InitWords.input)
        guard case .draft(let draft, let errors) = files.write(plan.text(in: .en), password: "new") else {
            Issue.record("it was taken")
            return
        }
        #expect(errors.issues.contains { $0.code == "E403" })
        #expect(try sampleLoader.load(files.path).homeID == "h-2")
        #expect(entries(of: folder.path) == ["broker-password", "home.toml", "home.toml.bak", "home.toml.draft"])
        #expect(draft == files.path + ".draft")
        #expect(try String(contentsOfFile: secret, encoding: .utf8) == "s3cret\n")
        guard
            case .cannotWrite = InitFiles(path: folder.path + "/none/home.toml", loader: sampleLoader)
                .write("schema = 1\n[home]\nid = \"h\"\ntimezone = \"UTC\"\nboard = \"simulated\"\n", password: nil)
        else {
            Issue.record("it was written into no folder")
            return
        }
    }

    /// What the package installs is replaced without asking: it describes nothing.
    @Test func theInstalledFileIsNoHome() {
        let files = InitFiles(path: "\(repositoryFolder)/packaging/home.toml", loader: ConfigurationLoader())
        #expect(!files.holdsAHome)
        // A file that cannot be understood is somebody's work.
        #expect(InitFiles(path: "\(repositoryFolder)/README.md", loader: ConfigurationLoader()).holdsAHome)
    }
}
