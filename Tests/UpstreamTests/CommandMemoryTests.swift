// Once only, by the table in CommandMemory.swift.

import FoundationEssentials
import LocalRules
import Testing
import Upstream

@Suite struct CommandMemoryTests {
    private let noon = Instant(milliseconds: 1_767_268_800_000)

    private func command(_ id: String, given: Span = .zero, lasting: Span = .minutes(10)) -> Command {
        let given = noon + given
        return Command(
            id: id, given: given.milliseconds, expires: (given + lasting).milliseconds, by: "Mei", action: .sendStatus)
    }

    private func stamp(_ offset: Span = .zero, _ trust: ClockTrust = .synchronised) -> Stamp {
        Stamp(wallMilliseconds: (noon + offset).milliseconds, bootMilliseconds: 0, bootID: "b", trust: trust)
    }

    private func word(_ memory: CommandMemory, _ command: Command, at stamp: Stamp) -> String {
        switch memory.judge(command, at: stamp) {
        case .fresh: "fresh"
        case .answered(let reply): reply.code.rawValue + (reply.isRepeated ? " again" : "")
        }
    }

    @Test func answersARepetitionAsBefore() {
        var memory = CommandMemory()
        let first = command("c-0000001")
        #expect(word(memory, first, at: stamp()) == "fresh")
        var reply = CommandReply.refused("c-0000001", .alertOpen, "panic is open")
        reply.bundle = "{}"
        memory.remember(reply, expires: first.expires, at: stamp())
        guard case .answered(let again) = memory.judge(first, at: stamp(.days(30))) else { return #expect(Bool(false)) }
        #expect(again.code == .alertOpen && again.text == reply.text && again.isRepeated && again.bundle == "")
        // An answer that came later counts.
        memory.remember(.done("c-0000001", "it stays"), expires: first.expires, at: stamp())
        #expect(word(memory, first, at: stamp()) == "done again")
        #expect(memory.entries.count == 1)
    }

    @Test func looksAtTheClockAsFarAsItCanBeTrusted() {
        let memory = CommandMemory()
        #expect(word(memory, command("c-0000001"), at: stamp(.minutes(9))) == "fresh")
        #expect(word(memory, command("c-0000001"), at: stamp(.minutes(10))) == "expired")
        #expect(word(memory, command("c-0000001", given: .minutes(10)), at: stamp()) == "fresh")
        #expect(word(memory, command("c-0000001", given: .minutes(11)), at: stamp()) == "not-yet")
        // A clock that says nothing refuses nothing.
        #expect(word(memory, command("c-0000001"), at: stamp(.days(9000), .none)) == "fresh")
        #expect(word(memory, command("c-0000001"), at: stamp(.days(-9000), .none)) == "fresh")
    }

    @Test func remembersWhatIsPastWithoutAClock() {
        var memory = CommandMemory()
        memory.remember(.done("c-0000009", ""), expires: command("c-0000009").expires, at: stamp(.hours(1)))
        #expect(word(memory, command("c-0000001"), at: stamp(.days(-9000), .none)) == "expired")
        #expect(word(memory, command("c-0000001", given: .hours(1)), at: stamp(.days(-9000), .none)) == "fresh")
    }

    @Test func refusesLivesThatAreNone() {
        let memory = CommandMemory()
        for (given, expires) in [
            (noon.milliseconds, noon.milliseconds), (noon.milliseconds, 0), (0, noon.milliseconds),
            (Int64.min, Int64.max), (Int64.max, Int64.min), (noon.milliseconds, Int64.max),
            (noon.milliseconds, (noon + .days(7)).milliseconds + 1),
        ] {
            let odd = Command(id: "c-0000001", given: given, expires: expires, by: "Mei", action: .sendStatus)
            #expect(word(memory, odd, at: stamp()) == "invalid", "\(given) \(expires)")
        }
        #expect(word(memory, command("c-0000001", lasting: .days(7)), at: stamp()) == "fresh")
    }

    /// A thousand commands with lives by chance, repeated in any order at any time: each is done at most once.
    @Test func neverDoesOneTwiceHoweverManyCome() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var memory = CommandMemory()
        var done: Set<String> = []
        var sent: [Command] = []
        for step in 0..<1000 {
            let now = Span.minutes(Int64(step))
            let lasting = Span.seconds(Int64.random(in: 60...600_000, using: &random))
            sent.append(command("c-\(1_000_000 + step)", given: now, lasting: lasting))
            for _ in 0..<4 {
                let next = try #require(Bool.random(using: &random) ? sent.last : sent.randomElement(using: &random))
                let trust: ClockTrust = Bool.random(using: &random) ? .synchronised : .none
                guard case .fresh = memory.judge(next, at: stamp(now, trust)) else { continue }
                #expect(done.insert(next.id).inserted, "\(next.id) is done twice")
                memory.remember(.done(next.id, "done"), expires: next.expires, at: stamp(now, trust))
                // A restart.
                let bytes = try JSONEncoder().encode(memory)
                memory = try JSONDecoder().decode(CommandMemory.self, from: bytes)
            }
        }
        #expect(memory.entries.count == 128)
        #expect(done.count > 128)
        #expect(try JSONEncoder().encode(memory).count < 30_000)
    }
}
