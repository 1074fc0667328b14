// Ports, what is found on them, and what somebody names by hand.

import Drivers
import LocalRules

extension InitDialogue {
    mutating func buses() throws(InitEnd) {
        let offered = site.facts.ports(on: plan.board, hats: plan.hats)
        for (index, port) in offered.enumerated() {
            let remark = port.hat.map { " (\($0))" } ?? ""
            desk.tell(Message(InitPhrase.initPortFound, "\(index + 1)", port.path + remark))
        }
        // "1", "1,4800,even"
        func path(_ word: String) -> String {
            let number = word.prefix { $0 != "," }
            guard let index = Int(number), offered.indices.contains(index - 1) else { return word }
            return offered[index - 1].path + word.dropFirst(number.count)
        }
        let words = try askOptionalList(
            "--port", given: given.ports,
            Message(offered.isEmpty ? InitPhrase.initPortsNone : .initPorts), Message(InitPhrase.initPortsHelp),
            fallback: offered.isEmpty ? InitWords.none : "1", split: InitWords.words
        ) { InitWords.bus(path($0), name: "x") == nil ? Message(InitPhrase.initBadPort, $0) : nil }
        for word in words {
            if let bus = InitWords.bus(path(word), name: freshBusName(isSerial: path(word).hasPrefix("/"))) {
                plan.buses.append(bus)
            }
        }
        for index in plan.buses.indices { try scan(index) }
        try metersByHand()
        let used = Set(plan.meters.map(\.bus))
        for bus in plan.buses where !used.contains(bus.name) {
            desk.tell(Message(InitPhrase.initBusDropped, bus.place))
        }
        plan.buses.removeAll { !used.contains($0.name) }
    }

    private func freshBusName(isSerial: Bool) -> String {
        fresh(isSerial ? "rs485" : "gateway", among: plan.buses.map(\.name))
    }

    /// "power", "power-2", …
    private func fresh(_ base: String, among names: [String]) -> String {
        var (name, number) = (base, 2)
        while names.contains(name) {
            name = "\(base)-\(number)"
            number += 1
        }
        return name
    }

    // MARK: Scanning

    private mutating func scan(_ index: Int) throws(InitEnd) {
        let place = plan.buses[index].place
        let given = given.scans ?? (given.meters == nil ? nil : false)
        let answer = try ask(
            "--scan", given: given.map { $0 ? "y" : "n" }, Message(InitPhrase.initScan, place),
            Message(InitPhrase.initScanHelp), fallback: "y"
        ) { InitWords.isYes($0) == nil ? Message(InitPhrase.initYesOrNo) : nil }
        guard InitWords.isYes(answer) == true else { return }
        let result = site.scan(plan.buses[index])
        if let error = result.error {
            desk.tell(Message(InitPhrase.initScanFailed, place, error.message, error.advice))
        }
        if result.meters.isEmpty, result.error == nil { desk.tell(Message(InitPhrase.initScanEmpty, place)) }
        for unit in Set(result.disturbed.map(\.unit)).sorted() {
            desk.tell(Message(InitPhrase.initScanDisturbed, "\(unit)"))
        }
        let line = ScanReport(result: result, settings: plan.buses[index]).mainLine
        plan.buses[index] = plan.buses[index].set(line)
        for meter in result.meters {
            if meter.line == line {
                try take(meter, on: plan.buses[index].name)
            } else {
                desk.tell(
                    Message(InitPhrase.initMeterElsewhere, "\(meter.unit)", meter.line?.words ?? "", line?.words ?? ""))
            }
        }
    }

    private mutating func take(_ meter: FoundMeter, on bus: String) throws(InitEnd) {
        let unit = "\(meter.unit)"
        var profile = meter.recognised?.profile
        if let best = meter.recognised {
            let values = ScanReport.values(best).prefix(4).joined(separator: ", ")
            let title = best.profile.description ?? best.profile.name
            desk.tell(Message(InitPhrase.initMeterFound, unit, "\(title) (\(best.certainty.rawValue))", values))
        } else {
            let beginning = ScanReport.beginnings(meter).first ?? ""
            desk.tell(Message(InitPhrase.initMeterUnknown, unit, beginning))
            // A guess is for somebody who reads the plate.
            guard desk.isManned else { return }
            let known = site.profiles
            let answer = try askOptional(
                "--meter", given: nil, .initProfile, .initProfileHelp,
                problem: { name in
                    InitWords.isNone(name) || known.contains { $0.name == name } ? nil : unknown(profile: name)
                })
            profile = known.first { $0.name == answer }
        }
        guard let profile else { return }
        let names = plan.meters.map(\.name)
        let name = try ask(
            "--meter", given: nil, Message(InitPhrase.initMeterName, unit), Message(InitPhrase.initMeterNameHelp),
            fallback: fresh(profile.kindName, among: names)
        ) { name in
            if InitWords.isNone(name) { return nil }
            if names.contains(name) { return Message(InitPhrase.initTaken, name) }
            return InitWords.isName(name, dots: false) ? nil : Message(InitPhrase.initBadName, name)
        }
        if InitWords.isNone(name) { return }
        plan.meters.append(InitPlan.Meter(name: name, bus: bus, unit: meter.unit, profile: profile.name))
    }

    private func unknown(profile name: String) -> Message {
        guard let near = nearestWord(to: name, among: site.profiles.map(\.name)) else {
            return Message(InitPhrase.initNoProfile, name)
        }
        return Message(InitPhrase.initBadProfile, name, near)
    }

    // MARK: By hand

    private mutating func metersByHand() throws(InitEnd) {
        guard let first = plan.buses.first?.name else {
            if given.meters.map(InitWords.isNone) == false { throw .usage(Message(InitPhrase.initMeterNoPort)) }
            return
        }
        let found = plan.meters
        let buses = plan.buses.map(\.name)
        let words = try askOptionalList(
            "--meter", given: given.meters, Message(InitPhrase.initMeters), Message(InitPhrase.initMetersHelp),
            fallback: InitWords.none, split: InitWords.words
        ) { text in
            guard let meter = InitWords.meter(text, bus: first) else { return Message(InitPhrase.initBadMeter, text) }
            if found.contains(where: { $0.name == meter.name || $0.bus == meter.bus && $0.unit == meter.unit }) {
                return Message(InitPhrase.initTaken, text)
            }
            if !buses.contains(meter.bus) {
                return Message(InitPhrase.initBadBus, meter.bus, buses.joined(separator: " "))
            }
            return site.profiles.contains { $0.name == meter.profile } ? nil : unknown(profile: meter.profile)
        }
        plan.meters += words.compactMap { InitWords.meter($0, bus: first) }
    }
}
