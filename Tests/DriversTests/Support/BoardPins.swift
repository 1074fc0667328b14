import Glibc
import Synchronization
import Testing

@testable import Drivers

/// The lines of the lab's virtual board, seen from inside it: their pins are moved and watched by the host, which is
/// asked through a virtio port (`lab/board/pins.py`). A question is a line, and so is its answer.
final class BoardPins: LineWorld, Sendable {
    /// The port, where there is one: EDGE_AGENT_PINS=/dev/virtio-ports/pins.
    static var place: String? { getenv("EDGE_AGENT_PINS").map { String(cString: $0) } }
    private static let patienceMilliseconds: Int32 = 30_000

    let lines = ["PANIC", "SIREN"]
    let missing = "ATTIC"
    let hasBias = false
    private let port: Int32
    /// One question at a time.
    private let asking = Mutex(())

    init() throws {
        let place = try #require(BoardPins.place)
        port = open(place, O_RDWR | O_CLOEXEC)
        try #require(port >= 0, "\(place): \(errnoText(errno))")
    }

    deinit { close(port) }

    /// Back once QEMU has moved the pin: the interrupt is then before whatever this thread does next.
    func pull(_ line: String, _ level: Bool) {
        let answer = ask("pull \(line) \(level ? 1 : 0)")
        #expect(answer == "done")
    }

    func outputLevel(_ line: String) -> Bool? {
        switch ask("level \(line)") {
        case "0": false
        case "1": true
        default: nil
        }
    }

    var now: BootTime { bootNow() }

    /// nil: nobody answered.
    private func ask(_ question: String) -> String? {
        asking.withLock { _ in
            let line = question + "\n"
            guard write(port, line, line.utf8.count) == line.utf8.count else { return nil }
            var answer: [UInt8] = []
            while answer.last != UInt8(ascii: "\n") {
                var part = [UInt8](repeating: 0, count: 64)
                guard becomesReadable(port, milliseconds: BoardPins.patienceMilliseconds) else { return nil }
                let count = read(port, &part, part.count)
                guard count > 0 else { return nil }
                answer += part[..<count]
            }
            return String(decoding: answer.dropLast(), as: UTF8.self)
        }
    }
}
