import CLinux
import Glibc
import Synchronization
import Testing

@testable import Drivers

/// A moment at which to read a timeline: 12.5 → 12.5 s after boot.
func at(_ seconds: Double) -> BootTime { BootTime(nanoseconds: Int64(seconds * 1_000_000_000)) }

/// The boot clock of the machine, for what is really timed by it.
func bootNow() -> BootTime { BootTime(nanoseconds: nanoseconds(of: CLOCK_BOOTTIME)) }

/// A clock that the test moves.
final class TestClock: Sendable {
    private let time = Mutex(BootTime(nanoseconds: 0))
    var now: BootTime { time.withLock { $0 } }
    func set(_ seconds: Double) { time.withLock { $0 = at(seconds) } }
    func add(milliseconds: Int64) { time.withLock { $0 = $0.advanced(milliseconds: milliseconds) } }
}

/// Whether a descriptor becomes readable within two seconds; real I/O gets a deadline, never a sleep.
func becomesReadable(_ descriptor: Int32, milliseconds: Int32 = 2000) -> Bool {
    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&watched, 1, milliseconds) == 1
}

/// A thread that is waited for when the test ends.
final class Worker: Sendable {
    private let start: Start

    init(_ body: @escaping @Sendable () -> Void) {
        start = Start(body)
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, nil,
            { context in
                let start = Unmanaged<Start>.fromOpaque(context!).takeRetainedValue()
                start.body()
                _ = eventfd_write(start.ended, 1)
                return nil
            }, Unmanaged.passRetained(start).toOpaque())
        precondition(failure == 0, "no thread: \(errnoText(failure))")
        pthread_detach(thread)
    }

    /// Whether it ended within five seconds.
    func join() -> Bool { becomesReadable(start.ended, milliseconds: 5000) }

    /// Kept by both sides: a thread that outlives its test must not write into somebody else's descriptor.
    private final class Start: Sendable {
        let body: @Sendable () -> Void
        /// Readable once the body has ended.
        let ended = eventfd(0, Int32(EFD_CLOEXEC))
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        deinit { close(ended) }
    }
}

/// Bytes of "01 03 00 6B"; whatever follows "//" on a line is a remark.
func hex(_ text: String) -> [UInt8] {
    text.split(separator: "\n").flatMap { line in
        line.split(separator: "//", omittingEmptySubsequences: false)[0].split(separator: " ").map {
            UInt8($0, radix: 16)!
        }
    }
}

extension BusQuestion {
    mutating func take(_ bytes: [UInt8]) { take(bytes[...]) }
}

/// The raw number of a sample, nil if it has none.
extension Sample {
    var integer: Int64? {
        if case .value(.integer(let value)) = outcome { value } else { nil }
    }
    var busError: BusError? {
        if case .busFailure(let error) = outcome { error } else { nil }
    }
    var lineError: LineError? {
        if case .absent(let error) = outcome { error } else { nil }
    }
}

/// SplitMix64: the same numbers for the same seed, on every machine.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
