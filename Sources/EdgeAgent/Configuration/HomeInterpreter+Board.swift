// What a board and its HATs mean for a home: which lines are used up, and what a line or port cannot do.

import Drivers

/// Where a HAT's terminal is on this board.
struct HatTerminal: Hashable, Sendable {
    /// Header name of its line.
    var line: String
    var hat: String
    var activeLow: Bool
}

extension HomeInterpreter {
    /// Notes every line that the HATs of `[home] hats` use, and their terminals.
    mutating func readHats(_ reader: TableReader<HomeKey>) {
        let names = reader.strings(.hats) ?? []
        if names.count > ConfigurationLimits.hats {
            reader.report(
                .outOfRange, .hats, "there are \(names.count), at most \(ConfigurationLimits.hats) are possible",
                advice: "name those that are on the header")
        }
        for name in names.prefix(ConfigurationLimits.hats) {
            guard !hats.contains(name.value) else {
                reader.report(.duplicateName, at: name, "\"\(name.value)\" is there twice", advice: "name it once")
                continue
            }
            guard let hat = hat(named: name, reader: reader) else { continue }
            hats.append(hat.name)
            // On simulated lines there is nothing to take; terminals are then lines of their names.
            guard let board, !board.isSimulated else { continue }
            guard !board.pins.isEmpty else {
                reader.report(
                    .notOnHeader, at: name, "\(board.name) has no header for HATs",
                    advice: "remove it, or correct the board's name")
                continue
            }
            take(hat, of: board, at: name, reader)
        }
    }

    private func hat(named name: Located<String>, reader: TableReader<HomeKey>) -> HatDescription? {
        switch descriptions.hats[name.value] {
        case .found(let table, let hatFile):
            return DescriptionInterpreter(file: hatFile, log: log).hat(table, named: name.value)
        case .broken:
            return nil
        case .missing(let searched):
            reportMissing(.unknownHat, "HAT", name.value, searched, reader, .hats)
            return nil
        case nil:
            reader.report(
                .unknownHat, at: name, "\"\(name.value)\" cannot be a HAT's name",
                advice: "a description in board-configs/hats, without .toml")
            return nil
        }
    }

    private mutating func take(
        _ hat: HatDescription, of board: BoardDescription, at place: Located<String>, _ reader: TableReader<HomeKey>
    ) {
        let owner = "the HAT \(hat.name)"
        for pin in hat.takes + hat.terminals.values.sorted() {
            guard let header = board.line(onPin: pin), let line = board.lines[header] else {
                // Reserved for the HAT's own memory on most boards, so it is no line of the description.
                if hat.takes.contains(pin) { continue }
                reader.report(
                    .notOnHeader, at: place,
                    "\(hat.name) has a terminal on pin \(pin), where \(board.name) has no line",
                    advice: "this HAT does not fit on this board")
                continue
            }
            if let other = takenLines[line] {
                reader.report(
                    .lineTaken, at: place, "\(hat.name) needs \(board.place(of: header)), which \"\(other)\" uses",
                    advice: "these two do not go together")
            } else if hat.takes.contains(pin) {
                takenLines[line] = owner
            }
        }
        for pin in hat.shares {
            guard let line = board.line(onPin: pin).flatMap({ board.lines[$0] }) else { continue }
            if takenLines[line] == nil { sharedLines[line] = owner }
        }
        for (name, pin) in hat.terminals.sorted(by: { $0.value < $1.value }) {
            guard let line = board.line(onPin: pin) else { continue }
            if let other = terminals[name] {
                reader.report(
                    .duplicateName, at: place, "\(hat.name) and \(other.hat) both have a terminal \(name)",
                    advice: "name the header's line instead of the terminal")
            }
            terminals[name] = HatTerminal(line: line, hat: hat.name, activeLow: hat.activeLow)
        }
    }

    /// A bus on a UART of the header uses up its lines; says what the port cannot do.
    mutating func takePort(_ port: String, switchesDirection: Bool, bus: String, _ reader: TableReader<BusKey>) {
        guard let board, let serial = board.serial.first(where: { $0.port == port }) else { return }
        var used = [serial.transmit, serial.receive]
        if switchesDirection {
            if let rts = serial.rts {
                used.append(rts)
            } else {
                reader.report(
                    .kernelCannotSwitch, .rs485,
                    "on \(board.name), \(port) has no line with which the kernel could switch the transceiver",
                    advice: "use a transceiver that switches itself, or another port; without it meters do not answer")
            }
        }
        for header in used {
            guard let line = board.lines[header] else { continue }
            if let other = portLines[line] {
                reader.report(
                    .lineTaken, .port, "\(port) needs \(board.place(of: header)), which the bus \"\(other)\" uses",
                    advice: "put the meters on one bus, or choose another port")
            }
            portLines[line] = bus
            // A HAT with a transceiver sits on the same lines: that is its purpose.
            if takenLines[line] == nil { takenLines[line] = bus }
        }
        if serial.isConsole {
            reader.report(
                .consolePort, .port, "on \(board.name), the kernel prints its messages on \(port)",
                advice: "take console=\(port.dropFirst(5)) out of the kernel's command line, and stop the login on it")
        }
        if let enable = serial.enable {
            reader.report(.portSwitchedOff, .port, "\(port) is there only when it is switched on", advice: enable)
        }
    }

    /// A resistor to 3.3 V makes an open wire read high, whatever bias is asked for.
    func reportPullUp(_ line: String?, activeLow: Bool, _ reader: TableReader<InputKey>) {
        guard let line, !activeLow, let board,
            let header = board.pullUps.first(where: { board.lines[$0] == line })
        else { return }
        reader.report(
            .pulledUp, .line,
            "\(board.place(of: header)) is pulled up on the board: an open wire reads high, and so active",
            advice: "wire the contact to ground and write active = \"low\", or use another line")
    }

    /// The siren must not sound whenever the board starts.
    func reportStart(_ line: String?, activeLow: Bool, _ reader: TableReader<OutputKey>) {
        guard let line, !activeLow, let board,
            let header = (board.pullUps + board.startsHigh).first(where: { board.lines[$0] == line })
        else { return }
        reader.report(
            .startsOn, .line,
            "\(board.place(of: header)) is pulled up from power-on until the agent has it: the output may be on meanwhile",
            advice: "use a line that does not start high, or a driver that a low level switches on")
    }

    /// The level that switches an output on: a HAT's terminal knows it, and what is written ought to agree.
    func activeLow(_ reader: TableReader<OutputKey>) -> Bool {
        let written = reader.word(.active, of: ActiveLevel.self)
        guard let name = reader.text(.line), let terminal = terminals[name] else { return written == .low }
        if let written, (written == .low) != terminal.activeLow {
            reader.report(
                .terminalLevel, .active,
                "a \(terminal.activeLow ? "low" : "high") level switches \(name) of \(terminal.hat) on",
                advice: "remove it, unless the load is to be on while nothing is wrong")
        }
        return written.map { $0 == .low } ?? terminal.activeLow
    }
}
