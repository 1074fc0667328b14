// What `init` writes loads again, on every board; what it proposes is what the wiring pages propose.

import Drivers
import Foundation
import LocalRules
import TestPeers
import Testing

@testable import EdgeAgent

private let boards = sampleLoader.boards().boards
private let hats = sampleLoader.hats()

/// A whole home on a board, its lines proposed.
private func plan(on board: BoardDescription, hats: [HatDescription] = [], ports: [String] = []) -> InitPlan {
    var plan = InitPlan(id: "home-1", timezone: "Asia/Shanghai", board: board, hats: hats)
    plan.buses = [
        InitWords.bus(ports.first ?? "/dev/serial/by-id/usb-A,4800,even,2", name: "rs485"),
        InitWords.bus("rtu-over-tcp:192.168.1.20:4001", name: "gateway"),
    ].compactMap { $0 }
    plan.meters = [
        InitPlan.Meter(name: "water", bus: "rs485", unit: 5, profile: "generic-water-u32"),
        InitPlan.Meter(name: "power", bus: "gateway", unit: 6, profile: "eastron-sdm120"),
    ]
    plan.inputs = ["panic", "smoke.kitchen", "motion.bedroom", "door.front", "ok", "service.meal"]
        .compactMap(InitWords.input)
    plan.outputs = ["siren", "lamp"].compactMap(InitWords.output)
    var lines = InitLines(board: board, hats: hats, ports: ports)
    for index in plan.inputs.indices {
        plan.inputs[index].line =
            lines.propose(plan.inputs[index].kind, named: plan.inputs[index].name) ?? "chip:\(index)"
    }
    for index in plan.outputs.indices {
        plan.outputs[index].line =
            lines.propose(plan.outputs[index].kind, named: plan.outputs[index].name) ?? "chip:\(20 + index)"
    }
    plan.broker = InitPlan.Broker(url: "mqtts://broker.example:8883", heartbeat: "10min")
    return plan
}

@Suite struct InitPlanTests {
    @Test(arguments: boards.map(\.name), Language.allCases)
    func whatIsWrittenLoadsAgain(_ name: String, _ language: Language) throws {
        let board = try #require(boards.first { $0.name == name })
        for hats in [[]] + hats.filter({ $0.fits(on: board) }).map({ [$0] }) {
            for ports in [[]] + board.serial.map({ [$0.port] }) {
                let written = plan(on: board, hats: hats, ports: ports)
                let home = try load(written.text(in: language))
                #expect(home.homeID == "home-1")
                #expect(home.board == name)
                #expect(home.hats == hats.map(\.name))
                #expect(home.buses.map(\.settings) == written.buses)
                #expect(home.buses.flatMap { $0.meters.map { "\($0.name) \($0.unit)" } } == ["water 5", "power 6"])
                #expect(home.inputs.map(\.settings.name) == written.inputs.map(\.name))
                #expect(home.outputs.map(\.kind) == [.siren, .lamp])
                #expect(home.upstream?.heartbeat == .minutes(10))
                let odd = home.warnings.filter { $0.level == "warning" }.map(\.code)
                // Not for us to say: a port that is a console, and a processor that pulls lines up where no other is left.
                #expect(Set(odd).isSubset(of: ["W124", "W126", "W107", "W121"]), "\(name): \(home.warnings)")
            }
        }
    }

    /// Nothing that is at rest alarms: a closed loop reads low, an open contact high, and nothing is active.
    @Test func contactsRestAsTheyAreWired() throws {
        let board = try #require(boards.first { $0.name == "raspberry-pi-5" })
        let home = try load(plan(on: board).text(in: .en))
        let wired = home.inputs.map { "\($0.settings.name) \($0.settings.activeLow) \($0.settings.bias.rawValue)" }
        #expect(
            wired == [
                "panic true pull-up", "smoke.kitchen false pull-up", "motion.bedroom true pull-up",
                "door.front false pull-up", "ok true pull-up", "service.meal true pull-up",
            ])
        #expect(home.home.rules.contains { $0.name == "no-sign-of-life" })
    }

    /// The pages in docs/boards are printed and lie beside whoever wires.
    @Test(arguments: boards.filter { !$0.isSimulated && !$0.pins.isEmpty }.map(\.name))
    func linesAreThoseOfTheWiringPage(_ name: String) throws {
        let board = try #require(boards.first { $0.name == name })
        let page = try String(contentsOfFile: "\(repositoryFolder)/docs/boards/\(name).md", encoding: .utf8)
        var uses: [String: String] = [:]
        for row in page.split(separator: "\n") where row.hasPrefix("|") {
            let cells = row.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 10 else { continue }
            uses[cells[1]] = cells[3]
            uses[cells[8]] = cells[6]
        }
        var lines = InitLines(board: board, hats: [], ports: [])
        for kind in [InputKind.panic, .smoke, .motion, .door] {
            #expect(lines.propose(kind, named: kind.rawValue) == uses[kind.rawValue], "\(kind)")
        }
        #expect(lines.propose(.siren, named: "siren") == uses["siren"])
    }

    @Test func noLineIsOfferedTwiceOrOfAHat() throws {
        for board in boards where !board.pins.isEmpty {
            for hat in hats {
                var lines = InitLines(board: board, hats: [hat], ports: [])
                var given: [String] = []
                while let line = lines.propose(.motion, named: "motion.x") { given.append(line) }
                #expect(Set(given).count == given.count && !given.isEmpty)
                let pins = given.compactMap { board.pins[$0] }
                #expect(pins.allSatisfy { !(hat.takes + hat.shares + hat.terminals.values).contains($0) })
            }
        }
    }

    // MARK: Words

    @Test(arguments: [
        ("zs-zhuyuan-0012", nil), ("home-1", nil), ("Li Hua", "initIDPersonal"), ("李华", "initIDPersonal"),
        ("13800138000", "initIDPersonal"), ("li@example.org", "initIDPersonal"), ("a/b", "initBadName"),
        (".x", "initBadName"), (String(repeating: "x", count: 65), "initBadName"),
    ])
    func identifiersSayNothingAboutAnybody(_ text: String, _ code: String?) {
        #expect(InitWords.problem(withID: text)?.code == code)
        #expect(InitWords.problem(withID: InitFiles.freshID()) == nil)
    }

    @Test(arguments: [
        ("/dev/ttyUSB0", "rtu 9600 none 1"), ("/dev/ttyUSB0,4800,even,2", "rtu 4800 even 2"),
        ("/dev/ttyUSB0,9601", nil), ("/dev/ttyUSB0,9600,mark", nil), ("192.168.1.20", "tcp 502"),
        ("192.168.1.20:1502", "tcp 1502"), ("rtu-over-tcp:192.168.1.20:4001", "rtu-over-tcp 4001"), ("ttyUSB0", nil),
        ("gateway.example:502", nil), ("192.168.1.20,9600", nil),
    ])
    func ports(_ text: String, _ expected: String?) {
        let found = InitWords.bus(text, name: "b").map { bus in
            switch bus.transport {
            case .rtu(_, let baud, let parity, let stopBits): "rtu \(baud) \(parity.rawValue) \(stopBits)"
            case .tcp(_, let port): "tcp \(port)"
            case .rtuOverTCP(_, let port): "rtu-over-tcp \(port)"
            }
        }
        #expect(found == expected)
    }

    @Test func metersAndInputs() {
        #expect(
            InitWords.meter("water=5,generic-water-u32", bus: "b")
                == InitPlan.Meter(name: "water", bus: "b", unit: 5, profile: "generic-water-u32"))
        #expect(InitWords.meter("power=6,x,gateway", bus: "b")?.bus == "gateway")
        for wrong in ["water", "water=5", "water=0,x", "water=248,x", "water.a=5,x", "=5,x", "water=5,x,y,z"] {
            #expect(InitWords.meter(wrong, bus: "b") == nil, "\(wrong)")
        }
        #expect(InitWords.input("panic.bed=GPIO5") == InitPlan.Input(name: "panic.bed", kind: .panic, line: "GPIO5"))
        // A pulse says nothing without its amount.
        for wrong in ["kitchen", "pulse", "panic.", "bed.panic", ""] { #expect(InitWords.input(wrong) == nil) }
        #expect(InitWords.output("siren.hall")?.kind == .siren)
        #expect(InitWords.output("horn") == nil)
        #expect(InitWords.list("卧室、走廊").map(InitWords.room) == ["bedroom", "hall"])
        #expect(InitWords.list("bedroom, hall") == ["bedroom", "hall"])
        #expect(InitWords.list("-").isEmpty)
    }
}

@Suite struct BoardFactsTests {
    /// A machine in a folder: a Raspberry Pi 5 with one adapter, and a console on its first UART.
    @Test func aMachineIsLookedAt() throws {
        let folder = try HeldFolder()
        func write(_ path: String, _ text: String) throws {
            let file = URL(fileURLWithPath: folder.path + path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try write("/proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0")
        try write("/proc/device-tree/compatible", "raspberrypi,5-model-b\0brcm,bcm2712\0")
        try write("/proc/cmdline", "console=tty1 console=ttyAMA0,115200 root=/dev/mmcblk0p2\n")
        for name in ["gpiochip0", "gpiochip11", "tty1", "ttyAMA0", "ttyAMA2", "ttyUSB0"] {
            try write("/dev/\(name)", "")
        }
        try write("/dev/serial/by-id/usb-FTDI_1", "")
        try write("/etc/timezone", "Asia/Urumqi\n")
        let facts = BoardFacts.of(root: folder.path)
        #expect(facts.model == "Raspberry Pi 5 Model B Rev 1.0")
        #expect(facts.chips == 2)
        #expect(facts.timezone == "Asia/Urumqi")
        #expect(facts.consoles == ["/dev/tty1", "/dev/ttyAMA0"])
        let board = try #require(boards.first { $0.matches(facts.compatible) })
        #expect(board.name == "raspberry-pi-5")
        #expect(
            facts.ports(on: board, hats: []).map(\.path) == ["/dev/serial/by-id/usb-FTDI_1", "/dev/ttyAMA2"])
        // Nothing on the command line of the kernel: the HAT's transceiver is offered as its.
        try write("/proc/cmdline", "root=/dev/mmcblk0p2\n")
        let free = BoardFacts.of(root: folder.path)
        let transceiver = try #require(hats.first { $0.name == "waveshare-rs485-can" })
        #expect(
            free.ports(on: board, hats: [transceiver]).map(\.hat) == [nil, "waveshare-rs485-can", nil])
        let empty = BoardFacts.of(root: folder.path + "/none")
        #expect(empty == BoardFacts())
    }
}
