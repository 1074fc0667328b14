// The installer's questions, one after the other: what was said on the command line is not asked, and where nobody is,
// defaults are taken. What it asks of the machine and of a person comes in as closures, so that a test can be both.

import Drivers
import LocalRules

/// Who answers.
struct InitDesk {
    /// The question, a line of help, and what an empty line stands for. nil: the input has ended.
    var ask: (_ question: Message, _ help: Message, _ fallback: String?) -> String?
    /// What must not be seen.
    var secret: (_ question: Message) -> String?
    var tell: (Message) -> Void
    /// false: defaults are taken, and what has none is wrong usage.
    var isManned: Bool
}

enum InitEnd: Error {
    case usage(Message)
    /// Nobody types any more.
    case ended

    var message: Message {
        switch self {
        case .usage(let message): message
        case .ended: Message(InitPhrase.initEnded)
        }
    }

    /// 2 wrong usage, 4 nothing could be written.
    var exitCode: Int32 { if case .usage = self { 2 } else { 4 } }
}

/// What is known before the first question.
struct InitSite {
    var facts: BoardFacts
    var boards: [BoardDescription]
    var hats: [HatDescription]
    var profiles: [MeterProfile]
    var hasZone: (String) -> Bool
    var scan: (BusSettings) -> ScanResult
    /// The home's identifier in the file that is there, or one that says nothing about anybody.
    var freshID: String
    /// Where a typed password goes, and how the configuration names that place.
    var secretFile: (path: String, reference: String)
}

struct InitDialogue {
    let site: InitSite
    let given: InitAnswers
    let desk: InitDesk
    var plan = InitPlan()
    /// Typed, to be written to `site.secretFile`.
    var password: String?

    init(site: InitSite, given: InitAnswers, desk: InitDesk) {
        self.site = site
        self.given = given
        self.desk = desk
    }

    mutating func run() throws(InitEnd) {
        try home()
        try hats()
        try buses()
        try inputs()
        try outputs()
        try lines()
        try upstream()
    }

    // MARK: One question

    /// - Parameters:
    ///   - option: as it is written on the command line.
    ///   - given: what was said there.
    ///   - problem: what is wrong with an answer; nil: nothing.
    func ask(
        _ option: String, given: String?, _ question: Message, _ help: Message, fallback: String?,
        problem: (String) -> Message?
    ) throws(InitEnd) -> String {
        if let answer = given ?? (desk.isManned ? nil : fallback) {
            if let problem = problem(answer) { throw .usage(problem) }
            return answer
        }
        guard desk.isManned else { throw .usage(Message(InitPhrase.initMissing, option)) }
        while true {
            guard let typed = desk.ask(question, help, fallback) else { throw .ended }
            let answer = trimmed(typed).isEmpty ? fallback ?? "" : trimmed(typed)
            guard let problem = answer.isEmpty ? Message(InitPhrase.initNothing) : problem(answer) else {
                return answer
            }
            desk.tell(problem)
        }
    }

    private func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// An answer that may be none.
    func askOptional(
        _ option: String, given: String?, _ question: InitPhrase, _ help: InitPhrase,
        fallback: String? = InitWords.none,
        problem: (String) -> Message?
    ) throws(InitEnd) -> String? {
        let answer = try ask(
            option, given: given, Message(question), Message(help), fallback: fallback, problem: problem)
        return InitWords.isNone(answer) ? nil : answer
    }

    // MARK: The home and its board

    private mutating func home() throws(InitEnd) {
        let site = site
        plan.id = try ask(
            "--id", given: given.id, Message(InitPhrase.initID), Message(InitPhrase.initIDHelp), fallback: site.freshID,
            problem: InitWords.problem(withID:))
        plan.timezone = try ask(
            "--timezone", given: given.timezone, Message(InitPhrase.initZone), Message(InitPhrase.initZoneHelp),
            fallback: site.facts.timezone ?? "Asia/Shanghai"
        ) { site.hasZone($0) ? nil : Message(InitPhrase.initBadZone, $0) }
        let known = site.boards.first { $0.matches(site.facts.compatible) }
        if let model = site.facts.model {
            desk.tell(
                known.map { Message(InitPhrase.initThisIs, model, $0.name) }
                    ?? Message(InitPhrase.initBoardUnknown, model))
        } else if site.facts.chips > 0 {
            desk.tell(Message(InitPhrase.initBoardUnknown, "\(site.facts.chips) GPIO"))
        } else {
            desk.tell(Message(InitPhrase.initNoBoard))
        }
        let isUnknown = known == nil && site.facts.chips > 0
        let names = site.boards.map(\.name) + (isUnknown ? [InitWords.ownBoard] : [])
        let answer = try ask(
            "--board", given: given.board, Message(InitPhrase.initBoard),
            Message(InitPhrase.initBoardHelp, names.joined(separator: " ")),
            fallback: known?.name ?? (isUnknown ? InitWords.ownBoard : BoardDescription.simulated.name)
        ) { names.contains($0) ? nil : Message(InitPhrase.initBadBoard, $0, names.joined(separator: " ")) }
        plan.isOwnBoard = answer == InitWords.ownBoard
        plan.board =
            plan.isOwnBoard
            ? InitWords.board(of: site.facts) : site.boards.first { $0.name == answer } ?? .simulated
    }

    private mutating func hats() throws(InitEnd) {
        let board = plan.board
        let fitting = site.hats.filter { $0.fits(on: board) }
        guard !fitting.isEmpty || given.hats != nil else { return }
        let names = fitting.map(\.name)
        let answer = try askOptionalList(
            "--hat", given: given.hats, Message(InitPhrase.initHats),
            Message(InitPhrase.initHatsHelp, names.joined(separator: " ")), fallback: InitWords.none
        ) { names.contains($0) ? nil : Message(InitPhrase.initBadHat, $0, names.joined(separator: " ")) }
        plan.hats = answer.compactMap { name in fitting.first { $0.name == name } }
    }

    /// Several words, each of which must be good.
    /// - Parameter split: ports and meters have commas inside.
    func askOptionalList(
        _ option: String, given: [String]?, _ question: Message, _ help: Message, fallback: String,
        split: (String) -> [String] = InitWords.list, problem: (String) -> Message?
    ) throws(InitEnd) -> [String] {
        let answer = try ask(
            option, given: given?.joined(separator: " "), question, help, fallback: fallback
        ) { text in split(text).compactMap(problem).first }
        return split(answer)
    }
}
