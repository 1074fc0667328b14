// Inputs kind by kind, outputs, and on which lines they are.

import Drivers
import LocalRules

extension InitDialogue {
    private typealias KindQuestion = (kind: InputKind, question: InitPhrase, fallback: String)

    mutating func inputs() throws(InitEnd) {
        if given.inputs != nil || !desk.isManned { return try inputsByOption() }
        let kinds: [KindQuestion] = [
            (.panic, .initPanic, "panic"), (.smoke, .initSmoke, "kitchen"), (.motion, .initMotion, "bedroom"),
            (.door, .initDoor, "front"),
        ]
        for (kind, question, fallback) in kinds {
            let places = try askOptionalList(
                "--input", given: nil, Message(question),
                Message(kind == .panic ? InitPhrase.initPanicHelp : .initPlacesHelp), fallback: fallback
            ) { place in
                InitWords.isName(InitWords.room(place), dots: false) ? nil : Message(InitPhrase.initBadRoom, place)
            }
            for place in places { take(kind, at: InitWords.room(place)) }
        }
        let others = try askOptionalList(
            "--input", given: nil, Message(InitPhrase.initOthers), Message(InitPhrase.initOthersHelp),
            fallback: InitWords.none
        ) { problem(withInput: $0) }
        plan.inputs += others.compactMap(InitWords.input)
    }

    /// "panic" is the one; further ones say where they are.
    private mutating func take(_ kind: InputKind, at place: String) {
        let name =
            place == kind.rawValue || InitWords.isYes(place) == true ? kind.rawValue : "\(kind.rawValue).\(place)"
        if !plan.inputs.contains(where: { $0.name == name }) {
            plan.inputs.append(InitPlan.Input(name: name, kind: kind))
        }
    }

    private mutating func inputsByOption() throws(InitEnd) {
        let names = try askOptionalList(
            "--input", given: given.inputs, Message(InitPhrase.initOthers), Message(InitPhrase.initOthersHelp),
            fallback: "panic smoke.kitchen motion.bedroom door.front"
        ) { problem(withInput: $0) }
        plan.inputs = names.compactMap(InitWords.input)
    }

    private func problem(withInput text: String) -> Message? {
        guard let input = InitWords.input(text) else {
            let kinds = InputKind.allCases.filter { $0 != .pulse }.map(\.rawValue).joined(separator: " ")
            return Message(InitPhrase.initBadInput, text, kinds)
        }
        return plan.inputs.contains { $0.name == input.name } ? Message(InitPhrase.initTaken, input.name) : nil
    }

    mutating func outputs() throws(InitEnd) {
        let names = try askOptionalList(
            "--alarm", given: given.outputs, Message(InitPhrase.initOutputs), Message(InitPhrase.initOutputsHelp),
            fallback: "siren"
        ) { InitWords.output($0) == nil ? Message(InitPhrase.initBadOutput, $0) : nil }
        plan.outputs = names.compactMap(InitWords.output)
    }

    // MARK: Lines

    mutating func lines() throws(InitEnd) {
        guard !plan.inputs.isEmpty || !plan.outputs.isEmpty else { return }
        var lines = InitLines(
            board: plan.board, hats: plan.hats,
            ports: plan.buses.compactMap { $0.line == nil ? nil : $0.place })
        for line in plan.inputs.map(\.line) + plan.outputs.map(\.line) where !line.isEmpty { lines.take(line) }
        for index in plan.inputs.indices where plan.inputs[index].line.isEmpty {
            let input = plan.inputs[index]
            plan.inputs[index].line = lines.propose(input.kind, named: input.name) ?? ""
        }
        for index in plan.outputs.indices where plan.outputs[index].line.isEmpty {
            let output = plan.outputs[index]
            plan.outputs[index].line = lines.propose(output.kind, named: output.name) ?? ""
        }
        // Who has said both on the command line has said where they are, or is content with what is proposed.
        if desk.isManned, given.inputs == nil || given.outputs == nil { try changeLines(lines) }
        if let bare = table.first(where: { $0.line.isEmpty }) {
            throw .usage(Message(InitPhrase.initNoLine, bare.name))
        }
        if let (name, line) = table.first(where: { !lines.knows($0.line) }) {
            throw .usage(Message(InitPhrase.initBadLine, "\(name)=\(line)", plan.board.name))
        }
    }

    private var table: [(name: String, line: String)] {
        plan.inputs.map { ($0.name, $0.line) } + plan.outputs.map { ($0.name, $0.line) }
    }

    private mutating func changeLines(_ lines: InitLines) throws(InitEnd) {
        if plan.isOwnBoard { desk.tell(Message(InitPhrase.initOwnLines)) }
        while true {
            for (name, line) in table {
                desk.tell(
                    plan.board.pins[line].map { Message(InitPhrase.initLineAtPin, name, line, "\($0)") }
                        ?? Message(InitPhrase.initLineOf, name, line.isEmpty ? InitWords.none : line))
            }
            let names = Set(table.map(\.name))
            let board = plan.board.name
            let answer = try ask(
                "--input", given: nil, Message(InitPhrase.initLines), Message(InitPhrase.initLinesHelp),
                fallback: table.contains { $0.line.isEmpty } ? nil : "y"
            ) { text in
                if InitWords.isYes(text) == true { return nil }
                for word in InitWords.list(text) {
                    guard let (name, line) = InitDialogue.pair(word), names.contains(name) else {
                        return Message(InitPhrase.initBadPair, word)
                    }
                    if InitWords.isNone(line) { continue }
                    if !lines.knows(line) { return Message(InitPhrase.initBadLine, word, board) }
                }
                return nil
            }
            if InitWords.isYes(answer) == true { return }
            for (name, line) in InitWords.list(answer).compactMap(InitDialogue.pair) {
                if InitWords.isNone(line) { leaveOut(name) } else { move(name, to: line) }
            }
        }
    }

    /// "panic=GPIO5"
    private static func pair(_ text: String) -> (name: String, line: String)? {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false).map { String($0) }
        return parts.count == 2 && !parts[1].isEmpty ? (parts[0], parts[1]) : nil
    }

    /// "panic.hall=-": it is not there after all.
    private mutating func leaveOut(_ name: String) {
        plan.inputs.removeAll { $0.name == name }
        plan.outputs.removeAll { $0.name == name }
    }

    /// Whoever had that line gets the other one.
    private mutating func move(_ name: String, to line: String) {
        let old = table.first { $0.name == name }?.line ?? ""
        func new(_ other: String, _ its: String) -> String { other == name ? line : its == line ? old : its }
        for index in plan.inputs.indices {
            plan.inputs[index].line = new(plan.inputs[index].name, plan.inputs[index].line)
        }
        for index in plan.outputs.indices {
            plan.outputs[index].line = new(plan.outputs[index].name, plan.outputs[index].line)
        }
    }
}
