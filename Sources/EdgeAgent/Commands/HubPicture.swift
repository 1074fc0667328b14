// The live table of `listen --table`.

import LocalRules
import Upstream

/// Draws a `HubTable` as lines of text. Pure; colours only where asked for.
struct HubPicture: TerminalPicture {
    var usesColour: Bool
    var width: Int
    /// Lines of the terminal; further hubs are counted.
    var height: Int

    func lines(_ table: HubTable, title: String, at now: Int64) -> [String] {
        let hubs = table.sorted(at: now)
        let counts = HubTable.State.allCases.compactMap { state -> String? in
            let count = hubs.count { table.state(of: $0.hub, at: now) == state }
            return count == 0 ? nil : "\(count) \(state.rawValue)"
        }
        let nothing = hubs.isEmpty ? "no hub heard yet" : "not connected: nothing is known of any hub"
        var lines = [bold(title), counts.isEmpty ? nothing : counts.joined(separator: ", "), ""]
        let nameWidth = min(40, max(12, (hubs.map(\.home.count).max() ?? 0) + 2))
        lines.append(
            bold(pad("home", nameWidth) + pad("state", 13) + pad("heartbeat", 32) + pad("unaccepted", 12) + "alerts"))
        let room = max(1, height - lines.count - 1)
        lines += hubs.prefix(room).map { row($0.home, $0.hub, table.state(of: $0.hub, at: now), nameWidth, at: now) }
        if hubs.count > room { lines.append("... and \(hubs.count - room) more") }
        if table.isFull { lines.append("... and homes beyond the \(HubTable.mostHubs) that are kept") }
        return lines.map(cut)
    }

    /// One line about a change, for logs.
    func line(_ change: HubTable.Change) -> String {
        let before = change.before.map { " (was \($0.rawValue))" } ?? ""
        return "\(Self.printable(change.home))  \(paint(change.state.rawValue, colour(change.state)))\(before)"
    }

    private func row(_ home: String, _ hub: HubTable.Hub, _ state: HubTable.State?, _ nameWidth: Int, at now: Int64)
        -> String
    {
        let word = paint(pad(state?.rawValue ?? "not known", 13), state.map(colour) ?? .yellow)
        let waiting = hub.heardAt == nil ? "-" : "\(hub.waiting.alarms)"
        return pad(Self.printable(home), nameWidth) + word + pad(heartbeat(hub, at: now), 32) + pad(waiting, 12)
            + alerts(hub)
    }

    private func heartbeat(_ hub: HubTable.Hub, at now: Int64) -> String {
        guard let heardAt = hub.heardAt else { return "none" }
        return
            "\(Span.seconds(max(0, now - heardAt) / 1000).text) ago, every \(Span.seconds(max(0, min(hub.dueSeconds, 86_400))).text)"
    }

    private func alerts(_ hub: HubTable.Hub) -> String {
        let texts = hub.alerts.sorted { ($0.value.severity.rawValue, $0.key) < ($1.value.severity.rawValue, $1.key) }
            .map { id, alert in
                let text =
                    "\(alert.severity) \(Self.printable(id))\(alert.isTest ? " (test)" : "")\(alert.isAccepted ? " (accepted)" : "")"
                return paint(text, alert.isAccepted ? .green : alert.severity == .technical ? .yellow : .red)
            }
        return texts.joined(separator: ", ") + (hub.mode == .away || hub.mode == .maintenance ? " [\(hub.mode)]" : "")
    }

    private func colour(_ state: HubTable.State) -> TerminalColour {
        switch state {
        case .overdue: .red
        case .unreachable, .stopped, .waiting: .yellow
        case .alive: .green
        }
    }

    /// Names come from whoever may publish: control characters would move the terminal's cursor.
    private static func printable(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : Character($0) })
    }
}
