// The bus engine in numbers, each as a ratio within one run: `make bench`, or
//
//     BusBenchmark [throughput] [scattered] [line]
//
// Exit codes as the agent's: 0 every goal met, 1 one missed, 2 wrong usage, 4 could not measure.

import Foundation
import Glibc

@main
enum BusBenchmark {
    private static let measurements: [(name: String, run: @Sendable () throws -> Bool)] = [
        ("throughput", { try throughputAgainstC() }),
        ("scattered", { try scatteredRegisters() }),
        ("line", { try pacedLine() }),
    ]

    static func main() {
        signal(SIGPIPE, SIG_IGN)
        let wanted = CommandLine.arguments.dropFirst()
        if let unknown = wanted.first(where: { name in !measurements.contains { $0.name == name } }) {
            let known = measurements.map(\.name).joined(separator: ", ")
            fail("no measurement is called '\(unknown)'; there are: \(known)", code: 2)
        }
        var isGood = true
        for measurement in measurements where wanted.isEmpty || wanted.contains(measurement.name) {
            do {
                isGood = try measurement.run() && isGood
            } catch {
                fail("\(measurement.name): \(error)", code: 4)
            }
        }
        exit(isGood ? 0 : 1)
    }

    private static func fail(_ message: String, code: Int32) -> Never {
        try? FileHandle.standardError.write(contentsOf: Data("BusBenchmark: \(message)\n".utf8))
        exit(code)
    }
}
