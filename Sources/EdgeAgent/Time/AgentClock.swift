// The clocks. Everything that decides gets its time from here, as an argument.

import CLinux
import Drivers
import Glibc
import LocalRules
import Upstream

/// CLOCK_BOOTTIME, and the agent's own time over it: the same in a home, `speed` times as fast in a simulation.
struct AgentClock: Sendable {
    let speed: Int64
    private let origin: BootTime

    init(speed: Int64 = 1) {
        self.speed = max(1, speed)
        origin = AgentClock.boot()
    }

    static func boot() -> BootTime {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return BootTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    static func wallMilliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    func now() -> BootTime { agentTime(AgentClock.boot()) }

    /// The agent's time of a moment that a driver stamped with the kernel's boot clock.
    func agentTime(_ real: BootTime) -> BootTime {
        BootTime(nanoseconds: origin.nanoseconds + (real.nanoseconds - origin.nanoseconds) * speed)
    }

    /// How long to wait, in real milliseconds, until the agent's time is `due`; never before it, at least 0.
    func wait(until due: BootTime) -> Int32 {
        let left = (due.nanoseconds - now().nanoseconds) / speed
        guard left > 0 else { return 0 }
        return Int32(clamping: (left + 999_999) / 1_000_000)
    }
}

/// What the kernel says about the wall clock.
enum WallClock {
    static func trust() -> ClockTrust {
        var query = timex()
        query.modes = 0
        let answer = adjtimex(&query)
        if answer >= 0, query.status & STA_UNSYNC == 0 { return .synchronised }
        // Refused: our service's sandbox keeps everything that can set the clock away, and with it this question.
        if answer < 0, let heard = modified(timesyncdFile), isStillGood(heard, at: AgentClock.wallMilliseconds() / 1000)
        {
            return .synchronised
        }
        // The kernel set the clock from a battery-backed one when it booted.
        return firstLine(of: "/sys/class/rtc/rtc0/hctosys") == "1" ? .rtc : .none
    }

    /// systemd-timesyncd(8) touches it each time that it has heard a time server.
    private static let timesyncdFile = "/run/systemd/timesync/synchronized"
    /// When the kernel stops calling itself synchronised: its error grows by 500 ppm to 16 s (adjtimex(2), maxerror).
    private static let goodForSeconds: Int64 = 32_000

    /// Whether a time server that was heard at `heard` still vouches for the clock; both in seconds of that clock.
    /// Not if it was heard in what is now the future: somebody else has set the clock since.
    static func isStillGood(_ heard: Int64, at now: Int64) -> Bool { heard <= now && heard >= now - goodForSeconds }

    /// When a file was last written, in seconds of the wall clock; nil: it is not there.
    private static func modified(_ path: String) -> Int64? {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_mtim.tv_sec) : nil
    }

    static let bootID = firstLine(of: "/proc/sys/kernel/random/boot_id") ?? "unknown"

    /// Of a small file, as the kernel has many; nil: it cannot be read.
    static func firstLine(of path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, 128, file) != nil else { return nil }
        return String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
