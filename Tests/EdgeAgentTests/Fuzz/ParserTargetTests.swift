// The corpus of the fuzzer, and what chance makes of it, through every parser that faces the network. `make fuzz`
// looks further.

import FoundationEssentials
import Testing

@testable import EdgeAgent

@Suite struct ParserTargetTests {
    /// Written by hand, and the smallest of what the fuzzer found.
    private let folders = ["\(repositoryFolder)/Fuzz/corpus", "\(repositoryFolder)/Fuzz/found"]

    @Test func survivesTheCorpusAndWhatChanceMakesOfIt() throws {
        let target = try #require(ParserTarget(boardConfigs: "\(repositoryFolder)/board-configs"))
        let paths = try folders.flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { "\(folder)/\($0)" }
        }
        #expect(paths.count >= 100)
        let corpus = try paths.map(readSmallFile)
        for input in corpus { target.run(input) }
        let seed: UInt64 = 20_260_101
        var random = SeededGenerator(seed: seed)
        print("seed \(seed)")
        for _ in 0..<2000 { target.run(mutation(of: corpus, &random)) }
    }

    /// Bytes that flip, go, come twice, or come from another input; the parser stays the same.
    private func mutation(of corpus: [[UInt8]], _ random: inout SeededGenerator) -> [UInt8] {
        guard var input = corpus.randomElement(using: &random) else { return [] }
        for _ in 0..<Int.random(in: 1...4, using: &random) where input.count > 1 {
            let place = Int.random(in: 1..<input.count, using: &random)
            let end = Int.random(in: place...min(input.count, place + 16), using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: input[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: input.removeSubrange(place..<end)
            case 2: input.insert(contentsOf: input[place..<end], at: place)
            case 3: input[place] = UInt8.random(in: .min ... .max, using: &random)
            default: input += corpus.randomElement(using: &random)?.suffix(8) ?? []
            }
        }
        return input
    }
}
