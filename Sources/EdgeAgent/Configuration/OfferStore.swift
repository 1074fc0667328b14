// Configurations that came from the cloud: kept beside the database, chosen from at each start.
// docs/decisions/0016-commands.md says why so.
//
//     offers.json       trial  accepted   the run begins with                    afterwards
//     ───────────────   ─────  ────────   ────────────────────────────────────   ─────────────────────────────────
//     is not there      –      –          the installed file
//     never started     yes    any        the trial, on probation                it counts as started
//     started before    yes    any        as if it were not there                it was returned: that run crashed,
//                                                                                was stopped, or lost its power
//     –                 no     yes, and the installed file is as it was when the offer was made
//                                         the accepted one
//     –                 no     yes, and somebody has changed the installed file since
//                                         the installed file                     the accepted one is forgotten
//
// Whatever cannot be loaded or written counts as not there: the installed file is what remains.

import Drivers
import FoundationEssentials
import Glibc
import LocalRules
import Upstream

/// One offered configuration, as it is kept.
struct OfferRecord: Codable, Hashable, Sendable {
    /// The command that brought it, who gave it, and until when its id must be remembered.
    var command: String
    var by: String
    var expires: Int64
    /// Of the text, which names its file.
    var sha256: String
    /// Of the configuration, as heartbeats say it.
    var hash: String
    var probation: Span
    /// Rules that could not tell before it, for want of signals.
    var blindBefore: [String]
    /// How often the agent has begun with it while it was on trial.
    var starts = 0
    /// SHA-256 of the installed file when it was offered.
    var base = ""
    /// Why it was given back.
    var why: String?
}

struct OfferStore: Sendable {
    /// The service's state directory.
    let folder: String
    /// "/etc/edge-agent/home.toml": what it stands in for. Paths in an offer are relative to its folder.
    let installed: String
    let loader: ConfigurationLoader
    /// Ends this process in order and begins it anew.
    var restart: @Sendable () -> Void = {}

    /// What is known of offers, in one file that is replaced as a whole.
    struct Book: Codable, Hashable {
        var accepted: OfferRecord?
        var trial: OfferRecord?
        /// Given back, and not yet told.
        var returned: OfferRecord?
    }

    /// What a run begins with.
    struct Choice: Sendable {
        var configuration: HomeConfiguration
        var standing: OfferStanding
        /// For the log, where it is not simply the installed file.
        var remark: String?
    }

    private var bookPath: String { "\(folder)/offers.json" }
    private func textPath(_ record: OfferRecord) -> String { "\(folder)/offer-\(record.sha256.prefix(16)).toml" }

    // MARK: Before

    /// The same check as `check-config`, and what else this home asks of a configuration from outside.
    func check(_ offer: ConfigurationOffer, home: String) -> OfferCheck {
        switch Result(catching: { () throws(ConfigurationErrors) in try loader.load(text: offer.text, file: installed) }
        ) {
        case .failure(let errors):
            let wrong = errors.issues.filter(\.isError)
            let first = wrong.first.map { "line \($0.line): \($0.key.isEmpty ? "" : $0.key + ": ")\($0.message)" }
            let more = wrong.count > 1 ? " (and \(wrong.count - 1) more; check-config tells them all)" : ""
            return .bad((first ?? "it cannot be read") + more)
        case .success(let configuration):
            guard configuration.homeID == home else { return .bad("it is for home \(configuration.homeID)") }
            guard configuration.upstream != nil else { return .bad("without [upstream] it could never prove itself") }
            return .good(hash: configuration.hash)
        }
    }

    // MARK: At a start

    /// What this run begins with. `standard` loads the installed file; it is asked only where that is chosen.
    func choose(standard: () throws -> HomeConfiguration) rethrows -> Choice {
        var book = read()
        let before = book
        if var trial = book.trial {
            let isFresh = trial.starts == 0
            trial.starts += 1
            book.trial = isFresh ? trial : nil
            // What cannot be noted is not tried: after a crash nobody would know.
            if isFresh, (try? write(book)) != nil, let configuration = load(trial) {
                return Choice(
                    configuration: configuration, standing: .probation(trial),
                    remark: "trying out the configuration that \(trial.by) offered, for \(trial.probation.text)")
            }
            trial.why = isFresh ? "it cannot be loaded any more" : "the agent ended while it was tried out"
            book.trial = nil
            book.returned = trial
        }
        var remark: String?
        var chosen: HomeConfiguration?
        if let accepted = book.accepted {
            if accepted.base != hashOfInstalled() {
                book.accepted = nil
                remark = "\(installed) was changed since \(accepted.by) offered another configuration: the file counts"
            } else if let configuration = load(accepted) {
                chosen = configuration
                remark = "with the configuration that \(accepted.by) offered; a change of \(installed) takes its place"
            } else {
                remark = "the configuration that \(accepted.by) offered cannot be loaded: \(installed) is used"
            }
        }
        if book != before { try? write(book) }
        return Choice(
            configuration: try chosen ?? standard(), standing: book.returned.map { .returned($0) } ?? .none,
            remark: remark)
    }

    private func load(_ record: OfferRecord) -> HomeConfiguration? {
        var configuration = loadText(record)
        configuration?.useItsZone()
        return configuration
    }

    private func loadText(_ record: OfferRecord) -> HomeConfiguration? {
        guard let text = try? readSmallFile(textPath(record)), sha256(text) == record.sha256 else { return nil }
        return try? loader.load(text: text, file: installed)
    }

    /// What stands in for the installed file just now, for programs beside the daemon; nil: nothing does.
    func inForce() -> HomeConfiguration? {
        let book = read()
        if let trial = book.trial, trial.starts > 0 { return loadText(trial) }
        guard let accepted = book.accepted, accepted.base == hashOfInstalled() else { return nil }
        return loadText(accepted)
    }

    private func hashOfInstalled() -> String { (try? readSmallFile(installed)).flatMap { sha256($0) } ?? "" }

    // MARK: While it runs

    /// Keeps it and begins anew with it.
    func tryOut(_ offer: ConfigurationOffer, _ record: OfferRecord) throws(FileProblem) {
        var record = record
        record.base = hashOfInstalled()
        var book = read()
        book.trial = record
        try replaceFile(textPath(record), with: offer.text)
        try write(book)
        restart()
    }

    func keep(_ record: OfferRecord) throws(FileProblem) {
        var book = read()
        book.trial = nil
        book.accepted = record
        try write(book)
    }

    /// Begins anew with what was before it.
    func giveBack(_ record: OfferRecord, why: String) throws(FileProblem) {
        var book = read()
        var record = record
        record.why = why
        book.trial = nil
        book.returned = record
        try write(book)
        restart()
    }

    func forgetReturned() throws(FileProblem) {
        var book = read()
        book.returned = nil
        try write(book)
    }

    // MARK: Files

    func read() -> Book {
        (try? readSmallFile(bookPath)).flatMap { try? JSONDecoder().decode(Book.self, from: Data($0)) } ?? Book()
    }

    /// Texts that it does not name any more are deleted.
    private func write(_ book: Book) throws(FileProblem) {
        guard let bytes = try? JSONEncoder().encode(book) else { return }
        try replaceFile(bookPath, with: Array(bytes))
        let named = [book.accepted, book.trial].compactMap { $0.map(textPath) }
        for path in texts() where !named.contains(path) { unlink(path) }
    }

    private func texts() -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var paths: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix("offer-"), name.hasSuffix(".toml") { paths.append("\(folder)/\(name)") }
        }
        return paths
    }
}
