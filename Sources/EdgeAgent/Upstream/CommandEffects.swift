// What commands ask for beside the rules, carried out on the outbox's thread: behind the commit that remembers them.

import FoundationEssentials
import LocalRules
import Logging
import Upstream

extension Hub {
    /// Answers a command once what it did is on disk.
    func answer(_ reply: CommandReply, with bundle: ReplyBundle?) {
        outbox.post(
            .perform { [self] in
                var reply = reply
                switch bundle {
                case .status: reply.bundle = StatusBundle(status.current).json(most: UpstreamLimits.bundleBytes)
                case nil: break
                }
                link.post(.reply(reply), always: true)
            }, always: true)
    }

    func carryOut(_ order: HomeOrder) {
        switch order {
        case .settle(let alert, let by):
            let answer = Acknowledgement(
                id: alert, level: .accepted, by: by, atMilliseconds: AgentClock.wallMilliseconds())
            outbox.post(.acknowledged(answer), always: true)
        case .locate(let seconds):
            outbox.post(.perform { [self] in lines.post(.locate(seconds: seconds), always: true) }, always: true)
        case .selfTest:
            outbox.post(
                .perform { [self] in
                    // It asks this daemon as an installer would, over its socket, for minutes.
                    _ = Worker(name: "installer") { [self] in
                        home.post(.selfTestEnded(selfTest?()), always: true)
                    }
                }, always: true)
        case .tryOut(let offer, let record):
            let home = home
            change(
                { store throws(FileProblem) in try store.tryOut(offer, record) },
                orElse: { home.post(.offerFailed(record, why: $0), always: true) })
        case .keep(let record): change { store throws(FileProblem) in try store.keep(record) }
        case .giveBack(let record, let why):
            change { store throws(FileProblem) in try store.giveBack(record, why: why) }
        case .told: change { store throws(FileProblem) in try store.forgetReturned() }
        }
    }

    /// Who may give commands. A key that cannot be used is a fault, and lets nobody in.
    func sentry(keyFile: String?) -> CommandDoor.Guard {
        guard let keyFile else { return .open }
        do throws(FileProblem) {
            guard let key = CommandKey(file: try readSmallFile(keyFile)) else {
                throw FileProblem(
                    message: CommandKey.problem, advice: "write it with `openssl pkey -in KEY -pubout -out FILE`")
            }
            status.set(fault: nil, of: "command-key")
            return .key(key)
        } catch {
            let text = "no command is taken, for want of its key: \(keyFile): \(error.message); \(error.advice)"
            log.error("\(text)")
            status.set(fault: text, of: "command-key")
            return .closed(why: "this hub cannot read its command-key")
        }
    }

    private func change(
        _ change: @escaping @Sendable (OfferStore) throws(FileProblem) -> Void,
        orElse told: @escaping @Sendable (_ why: String) -> Void = { _ in }
    ) {
        guard let offers else { return }
        outbox.post(
            .perform { [self] in
                do throws(FileProblem) {
                    try change(offers)
                    status.set(fault: nil, of: "offered configuration")
                } catch {
                    let text = "an offered configuration cannot be kept: \(error.message); \(error.advice)"
                    log.error("\(text)")
                    status.set(fault: text, of: "offered configuration")
                    told(error.message)
                }
            }, always: true)
    }
}

/// `status --json` as it may leave the home: without what tells where things are on its network or its disk, and no
/// larger than a reply may be.
struct StatusBundle {
    private var status: AgentStatus

    init(_ status: AgentStatus) {
        self.status = status
        self.status.upstream.link = status.upstream.isConnected ? "connected" : "not connected"
        for index in status.buses.indices { self.status.buses[index].port = "" }
        self.status.faults = status.faults.map(Self.scrubbed)
        // Told by the faults' own words, with every address in them.
        self.status.faultAdvice = nil
        self.status.configurationRemark = status.configurationRemark.map(Self.scrubbed)
    }

    /// What is left out first is what the cloud has anyway.
    func json(most: Int) -> String {
        var status = status
        let cuts: [(inout AgentStatus) -> Void] = [
            { $0.steps = [] }, { $0.lines = [] }, { $0.buses = [] }, { $0.signals = [] }, { $0.rules = [] },
            { $0.alerts = [] }, { $0.faults = ["the status is too large to be sent"] },
        ]
        for cut in [{ _ in }] + cuts {
            cut(&status)
            if let json = try? JSONEncoder().encode(status), json.count <= most {
                return String(decoding: json, as: UTF8.self)
            }
        }
        return ""
    }

    /// Paths, and addresses with a port: words with a slash at the front, or with a colon before digits at the end.
    static func scrubbed(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            let bare = word.drop { "\"'(".contains($0) }
            let parts = word.split(separator: ":", omittingEmptySubsequences: false)
            let isAddress =
                parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty
                && parts[1].prefix { $0.isNumber }.count >= 2
            return bare.hasPrefix("/") || isAddress ? "…" : String(word)
        }.joined(separator: " ")
    }
}

extension SelfTestOutcome {
    /// Where all of it is more than a reply may carry, what passed is only counted.
    init(_ result: SelfTestResult, most: Int = UpstreamLimits.bundleBytes) {
        let report = SelfTestReport(language: .en, scrub: StatusBundle.scrubbed)
        summary = report.summary(result)
        bundle = jsonText(report.json(result))
        if bundle.utf8.count > most { bundle = jsonText(report.json(result, brief: true)) }
        if bundle.utf8.count > most { bundle = "" }
    }
}
