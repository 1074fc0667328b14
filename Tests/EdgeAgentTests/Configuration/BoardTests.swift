// Boards and HATs: what check-config prints of each, and what they mean for a home that is put on them.

import Drivers
import Foundation
import TestPeers
import Testing

@testable import EdgeAgent

private func names(in folder: String) -> [String] {
    let files =
        (try? FileManager.default.contentsOfDirectory(atPath: "\(repositoryFolder)/board-configs/\(folder)")) ?? []
    return files.filter { $0.hasSuffix(".toml") }.map { String($0.dropLast(5)) }.sorted()
}

private let boardNames = names(in: "boards")
private let hatNames = names(in: "hats")

/// A home on this board with these HATs; what follows begins at line 7.
private func home(on board: String, hats: [String] = [], _ rest: String) -> String {
    """
    schema = 1
    [home]
    id = "h-1"
    timezone = "Asia/Shanghai"
    board = "\(board)"
    hats = \(hats.isEmpty ? "[\"pijuice\"]" : "\(hats)")

    """ + rest
}

private func input(_ line: String, _ rest: String = "") -> String {
    "[[input]]\nname = \"door\"\nkind = \"door\"\nline = \"\(line)\"\n\(rest)\n"
}

private func output(_ line: String, _ rest: String = "") -> String {
    "[[output]]\nname = \"siren\"\nkind = \"siren\"\nline = \"\(line)\"\n\(rest)\n"
}

private func bus(_ port: String, _ rest: String = "") -> String {
    "[[bus]]\nname = \"meters\"\nkind = \"rtu\"\nport = \"\(port)\"\n\(rest)\n"
}

/// Codes and messages that are about boards, lines and ports.
private func found(_ text: String, with loader: ConfigurationLoader = sampleLoader) -> [String] {
    let codes = ["E208", "E403", "E421", "E205", "W107", "W121", "W122", "W123", "W124", "W125", "W126", "N111"]
    return issues(text, with: loader).filter { codes.contains($0.code) || $0.isError }
        .map { "\($0.code)@\($0.line) \($0.message)" }
}

@Suite struct Boards {
    /// Tests/Boards/NAME.txt is what check-config prints: a changed line, pin or port is seen in review.
    @Test(arguments: boardNames.map { ("boards", "Boards", $0) } + hatNames.map { ("hats", "Hats", $0) })
    func goldenText(_ kind: String, _ folder: String, _ name: String) throws {
        let file = "\(repositoryFolder)/board-configs/\(kind)/\(name).toml"
        let report = CheckReport(file: file, loader: ConfigurationLoader())
        let text = report.text.replacing(repositoryFolder + "/", with: "")
        let golden = String(
            decoding: try readSmallFile("\(repositoryFolder)/Tests/\(folder)/\(name).txt"), as: UTF8.self)
        #expect(text == golden)
    }

    @Test func everyBoardIsFoundByItsMachine() {
        let (boards, issues) = sampleLoader.boards()
        #expect(issues.isEmpty)
        #expect(boards.map(\.name).filter { $0 != "simulated" } == boardNames.filter { $0 != "simulated" })
        for board in boards where !board.isSimulated {
            #expect(!board.compatible.isEmpty, "\(board.name)")
            for compatible in board.compatible {
                #expect(boards.filter { $0.matches([compatible]) }.map(\.name) == [board.name])
            }
        }
    }

    /// The two names that the kernel gives one line must not lead to two lines.
    @Test(arguments: boardNames)
    func noTwoNamesForOneLine(_ name: String) throws {
        let board = try #require(sampleLoader.boards().boards.first { $0.name == name })
        #expect(Set(board.lines.values).count == board.lines.count)
        #expect(board.pins.isEmpty || Set(board.pins.keys) == Set(board.lines.keys), "a line without a pin")
    }

    @Test(arguments: [
        ("[lines]\nA = \"c:1\"\n[pins]\nB = 3", "E421@4 pins"),
        ("[lines]\nA = \"c:1\"\nB = \"c:2\"\n[pins]\nA = 3\nB = 3", "E205@5 pins"),
        ("[lines]\nA = \"c:1\"\n[pins]\nA = 3\n[power]\nground = [3]", "E205@4 pins"),
        ("[lines]\nA = \"c:1\"\n[pins]\nA = 0", "E304@5 pins.A"),
        ("[lines]\nA = \"c:1\"\n[power]\n5v = [\"2\"]", "E304@5 power.5v[0]"),
        ("pins = 3\n[lines]\nA = \"c:1\"", "E104@2 pins"),
        ("pull-ups = [\"B\"]\n[lines]\nA = \"c:1\"", "E421@2 pull-ups"),
        (
            "[lines]\nA = \"c:1\"\n[[serial]]\nport = \"/dev/ttyS0\"\ntransmit = \"A\"\nreceive = \"B\"",
            "E421@7 serial[0].receive"
        ),
        (
            "[lines]\nA = \"c:1\"\n[[serial]]\nport = \"ttyS0\"\ntransmit = \"A\"\nreceive = \"A\"",
            "E310@5 serial[0].port"
        ),
    ])
    func badBoards(_ text: String, _ expected: String) {
        let error = #expect(throws: ConfigurationErrors.self) {
            try ConfigurationLoader().check(text: Array(("name = \"b\"\n" + text).utf8), file: "boards/b.toml")
        }
        #expect(error?.issues.map { "\($0.code)@\($0.line) \($0.key)" } == [expected])
    }

    @Test(arguments: [
        ("takes = [8, 8]", "E205@2 takes"),
        ("takes = [8]\n[terminals]\nRELAY1 = 8", "E205@2 takes"),
        ("takes = [200]", "E304@2 takes[0]"),
        ("shares = 3", "E104@2 shares"),
        ("takes = []\nactive = \"lo\"", "E301@3 active"),
    ])
    func badHats(_ text: String, _ expected: String) {
        let error = #expect(throws: ConfigurationErrors.self) {
            try ConfigurationLoader().check(text: Array(("name = \"h\"\n" + text).utf8), file: "hats/h.toml")
        }
        #expect(error?.issues.map { "\($0.code)@\($0.line) \($0.key)" } == [expected])
    }
}

@Suite struct HomesOnBoards {
    @Test func aHatUsesUpItsLines() {
        let text = home(on: "raspberry-pi-4", hats: ["waveshare-rs485-can"], input("GPIO25") + output("GPIO17"))
        #expect(
            found(text) == ["E403@10 GPIO25 (pin 22) is used by \"the HAT waveshare-rs485-can\" already"])
    }

    @Test func aHatFindsItsPinsOnAnotherHeader() throws {
        // Pin 37 is GPIO26 of a Raspberry Pi, and GPIO1_A4 here.
        let text = home(on: "radxa-zero-3", hats: ["waveshare-rpi-relay"], output("RELAY1"))
        let siren = try #require(try load(text).outputs.first)
        #expect(siren.settings.line == "gpio1:4")
        #expect(siren.settings.activeLow, "the HAT knows its level")
        #expect(try load(try load(text).normalisedText).hash == load(text).hash)
    }

    @Test func aTerminalIsNotFreeUnderItsOtherName() {
        let both = home(
            on: "raspberry-pi-5", hats: ["waveshare-rpi-relay"], output("RELAY1") + input("GPIO26", "active = \"low\""))
        #expect(found(both).map { $0.prefix(4) } == ["E403"])
    }

    @Test func aTerminalSwitchedTheWrongWayIsSaid() {
        let text = home(on: "raspberry-pi-5", hats: ["waveshare-rpi-relay"], output("RELAY2", "active = \"high\""))
        #expect(found(text) == ["W125@11 a low level switches RELAY2 of waveshare-rpi-relay on"])
        #expect(try! load(text).outputs.first?.settings.activeLow == false, "what is written counts")
    }

    @Test func aSharedBusIsSharedByHatsOnly() {
        let text = home(
            on: "raspberry-pi-5", hats: ["pijuice", "waveshare-rs485-can"], input("GPIO2", "active = \"low\""))
        #expect(found(text) == ["E403@10 GPIO2 (pin 3) is used by \"the HAT pijuice\" already"])
    }

    @Test func hatsThatDoNotExistOrFit() {
        #expect(found(home(on: "raspberry-pi-5", hats: ["no-hat"], "")) == ["E208@6 there is no HAT \"no-hat\""])
        #expect(found(home(on: "raspberry-pi-5", hats: ["../x"], "")) == ["E208@6 \"../x\" cannot be a HAT's name"])
        #expect(
            found(home(on: "raspberry-pi-5", hats: ["pijuice", "pijuice"], "")) == ["E205@6 \"pijuice\" is there twice"]
        )
        #expect(
            found(home(on: "orange-pi-zero3", hats: ["waveshare-rpi-relay"], "")).first
                == "E421@6 waveshare-rpi-relay has a terminal on pin 37, where orange-pi-zero3 has no line")
        #expect(found(home(on: "beagleplay", hats: ["pijuice"], "")) == ["E421@6 beagleplay has no header for HATs"])
    }

    @Test func hatsOnSimulatedLinesNeedNoHeader() throws {
        let text = home(on: "simulated", hats: ["waveshare-rpi-relay"], output("RELAY1"))
        #expect(try load(text).outputs.first?.settings.line == "RELAY1")
    }

    @Test func aBusUsesUpTheLinesOfItsPort() {
        let port = bus("/dev/ttyAMA3", "rs485 = true")
        for (line, taken) in [("GPIO4", true), ("GPIO5", true), ("GPIO7", true), ("GPIO6", false)] {
            let codes = found(home(on: "raspberry-pi-4", port + input(line))).map { $0.prefix(4) }
            #expect(codes == (taken ? ["N111", "E403"] : ["N111"]), "\(line)")
        }
        let without = found(home(on: "raspberry-pi-4", bus("/dev/ttyAMA3") + input("GPIO7"))).map { $0.prefix(4) }
        #expect(without == ["N111"], "without rs485 the direction line is free")
        // The HAT with the transceiver is on the same lines.
        #expect(found(home(on: "raspberry-pi-4", hats: ["waveshare-rs485-can"], bus("/dev/ttyAMA0"))).count == 1)
    }

    @Test func twoPortsOnOneLine() {
        // GPIO15 receives for the one and switches the transceiver of the other.
        let second = bus("/dev/ttyAMA5", "rs485 = true").replacing("meters", with: "other")
        #expect(
            found(home(on: "raspberry-pi-4", bus("/dev/ttyAMA0") + second)).filter { $0.hasPrefix("E") } == [
                "E403@15 /dev/ttyAMA5 needs GPIO15 (pin 10), which the bus \"meters\" uses"
            ])
    }

    @Test func whatAPortCannotDo() {
        #expect(
            found(home(on: "raspberry-pi-3b-plus", bus("/dev/ttyAMA0", "rs485 = true"))).last
                == "W123@11 on raspberry-pi-3b-plus, /dev/ttyAMA0 has no line with which the kernel could switch the transceiver"
        )
        #expect(
            found(home(on: "radxa-zero-3", bus("/dev/ttyS2"))) == [
                "W124@10 on radxa-zero-3, the kernel prints its messages on /dev/ttyS2"
            ])
    }

    @Test func aPulledUpLineReadsActiveWithoutAWire() {
        let line = input("GPIO3")
        let plain = home(on: "raspberry-pi-4", line).replacing("hats = [\"pijuice\"]\n", with: "# no HAT\n")
        #expect(
            found(plain) == ["W122@10 GPIO3 (pin 5) is pulled up on the board: an open wire reads high, and so active"])
        #expect(found(plain.replacing(line, with: input("GPIO3", "active = \"low\""))).isEmpty)
    }

    @Test func anOutputThatIsOnWhileTheBoardStarts() {
        func codes(_ line: String, _ rest: String = "") -> [Substring] {
            found(home(on: "raspberry-pi-4", hats: ["waveshare-rs485-can"], output(line, rest))).map { $0.prefix(8) }
        }
        #expect(codes("GPIO5") == ["W126@10 "])
        #expect(codes("GPIO2") == ["W126@10 "], "a resistor is there from power-on, too")
        #expect(codes("GPIO5", "active = \"low\"").isEmpty)
        #expect(codes("GPIO16").isEmpty)
    }

    @Test(arguments: [
        ("raspberrypi,4-model-b\0brcm,bcm2711\0", "raspberry-pi-4"), ("raspberrypi,5-model-b\0brcm,bcm2712\0", nil),
        ("some,board\0", "unless"), ("", nil),
    ])
    func theMachineIsCompared(_ compatible: String, _ advice: String?) throws {
        let folder = try ScratchFolder()
        try folder.write(compatible, to: "compatible")
        var loader = sampleLoader
        loader.machineFile = "\(folder.path)/compatible"
        let issue = issues(home(on: "raspberry-pi-5", ""), with: loader).first { $0.code == "W121" }
        #expect((issue != nil) == (advice != nil))
        #expect(issue.map { $0.advice.contains(advice ?? "") } ?? true)
        #expect(issue?.line ?? 5 == 5)
    }
}
