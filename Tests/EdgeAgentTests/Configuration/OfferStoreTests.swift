// Configurations from the cloud on disk, by the table in OfferStore.swift.

import LocalRules
import Synchronization
import TestPeers
import Testing
import Upstream

@testable import EdgeAgent

@Suite struct OfferStoreTests {
    /// A state folder, an installed file, and a count of the restarts that were asked for.
    private final class Bench {
        let folder: ScratchFolder
        let store: OfferStore
        private let restarts = Counted()

        init() throws {
            folder = try ScratchFolder()
            let restarts = restarts
            store = OfferStore(
                folder: folder.path, installed: "\(folder.path)/home.toml",
                loader: sampleLoader, restart: { restarts.add() })
            try install(smallHome)
        }

        func install(_ text: String) throws { try folder.write(text, to: "home.toml") }

        var restartCount: Int { restarts.value }

        func offer(_ text: String) throws -> (ConfigurationOffer, OfferRecord) {
            let bytes = Array(text.utf8)
            let hash = try #require(sha256(bytes))
            return (
                ConfigurationOffer(text: bytes, sha256: hash, probation: .minutes(10)),
                OfferRecord(
                    command: "c-0000001", by: "Mei", expires: 5, sha256: hash, hash: "h", probation: .minutes(10),
                    blindBefore: [])
            )
        }

        /// An input that only the offer has tells them apart.
        func choose() throws -> (choice: OfferStore.Choice, isOffered: Bool) {
            let choice = try store.choose { try store.loader.load(store.installed) }
            return (choice, choice.configuration.home.signals.contains { $0.name == "smoke.offered" })
        }

        var files: [String] { folder.files.filter { $0.hasPrefix("offer") } }
    }

    private final class Counted: Sendable {
        private let count = Mutex(0)
        func add() { count.withLock { $0 += 1 } }
        var value: Int { count.withLock { $0 } }
    }

    private let offered =
        smallHome + """
            [[input]]
            name = "smoke.offered"
            kind = "smoke"
            line = "GPIO5"

            """

    @Test func beginsWithTheInstalledFile() throws {
        let bench = try Bench()
        let (choice, isOffered) = try bench.choose()
        #expect(!isOffered && choice.standing == .none && choice.remark == nil)
        #expect(bench.files.isEmpty)
    }

    @Test func triesKeepsAndForgets() throws {
        let bench = try Bench()
        let (offer, record) = try bench.offer(offered)
        try bench.store.tryOut(offer, record)
        #expect(bench.restartCount == 1)

        let trial = try bench.choose()
        guard case .probation(let kept) = trial.choice.standing else { return #expect(Bool(false), "no trial") }
        #expect(trial.isOffered && kept.command == "c-0000001" && kept.starts == 1)
        try bench.store.keep(kept)
        #expect(bench.restartCount == 1)

        let next = try bench.choose()
        #expect(next.isOffered && next.choice.standing == .none && next.choice.remark?.contains("Mei") == true)
        // An installer's hand counts for more.
        try bench.install(smallHome + "\n# changed\n")
        let changed = try bench.choose()
        #expect(!changed.isOffered && changed.choice.remark?.contains("was changed since") == true)
        #expect(try bench.choose().choice.remark == nil)
        #expect(bench.files == ["offers.json"])
    }

    @Test func aCrashGivesItBack() throws {
        let bench = try Bench()
        let (offer, record) = try bench.offer(offered)
        try bench.store.tryOut(offer, record)
        #expect(try bench.choose().isOffered)
        // That run never said that it stays.
        let after = try bench.choose()
        guard case .returned(let given) = after.choice.standing else { return #expect(Bool(false), "not returned") }
        #expect(!after.isOffered && given.why == "the agent ended while it was tried out")
        // Told again until it has been told.
        #expect(try bench.choose().choice.standing == .returned(given))
        try bench.store.forgetReturned()
        #expect(try bench.choose().choice.standing == .none)
        #expect(bench.files == ["offers.json"])
    }

    @Test func goesBackToTheLastGoodOne() throws {
        let bench = try Bench()
        let (first, firstRecord) = try bench.offer(offered)
        try bench.store.tryOut(first, firstRecord)
        guard case .probation(let kept) = try bench.choose().choice.standing else { return #expect(Bool(false)) }
        try bench.store.keep(kept)
        let (second, secondRecord) = try bench.offer(smallHome + "\n# second\n")
        try bench.store.tryOut(second, secondRecord)
        let trial = try bench.choose()
        guard case .probation(let tried) = trial.choice.standing else { return #expect(Bool(false)) }
        #expect(!trial.isOffered)
        try bench.store.giveBack(tried, why: "the broker was not reached with it")
        #expect(bench.restartCount == 3)
        let after = try bench.choose()
        #expect(after.isOffered)
        guard case .returned(let given) = after.choice.standing else { return #expect(Bool(false)) }
        #expect(given.why == "the broker was not reached with it")
    }

    @Test func whatIsDamagedCountsAsNotThere() throws {
        let bench = try Bench()
        let (offer, record) = try bench.offer(offered)
        try bench.store.tryOut(offer, record)
        let text = try #require(bench.files.first { $0.hasSuffix(".toml") })
        try bench.folder.write(offered + "\n# a bit that flipped\n", to: text)
        let after = try bench.choose()
        #expect(!after.isOffered)
        guard case .returned = after.choice.standing else { return #expect(Bool(false), "not returned") }
        try bench.folder.write("{\"trial\":", to: "offers.json")
        #expect(try bench.choose().choice.standing == .none)
    }

    @Test func whereNothingCanBeWrittenNothingIsTried() throws {
        let bench = try Bench()
        let store = OfferStore(
            folder: "\(bench.folder.path)/missing", installed: bench.store.installed, loader: bench.store.loader)
        let (offer, record) = try bench.offer(offered)
        #expect(throws: FileProblem.self) { try store.tryOut(offer, record) }
    }

    @Test func checksAsCheckConfigDoes() throws {
        let bench = try Bench()
        func check(_ text: String, home: String = "h-1") throws -> OfferCheck {
            bench.store.check(try bench.offer(text).0, home: home)
        }
        let upstream = "[upstream]\nbroker = \"mqtts://broker.example\"\n"
        let good = try bench.store.loader.load(text: Array((smallHome + upstream).utf8), file: bench.store.installed)
        #expect(try check(smallHome + upstream) == .good(hash: good.hash))
        #expect(try check(smallHome + upstream, home: "h-2") == .bad("it is for home h-1"))
        #expect(try check(smallHome) == .bad("without [upstream] it could never prove itself"))
        guard case .bad(let text) = try check("schema = 1\n[home\n") else { return #expect(Bool(false)) }
        #expect(text.hasPrefix("line 2: is no TOML"), "\(text)")
        guard case .bad(let two) = try check(smallHome + upstream + "colour = 1\nport = 2\n") else {
            return #expect(Bool(false))
        }
        #expect(two.contains("upstream.colour") && two.contains("and 1 more"), "\(two)")
    }
}
