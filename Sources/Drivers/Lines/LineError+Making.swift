// What is said when a line cannot be had or used: the same words for real and simulated lines.

import Glibc

extension LineError {
    /// A request that failed with this errno; `holder` is who has the line if it is busy, "" if unknown.
    static func requesting(_ settings: LineSettings, errno: Int32, holder: String = "") -> LineError {
        let line = "line \(settings.line) (\(settings.name))"
        switch errno {
        case ENOENT:
            return LineError(
                kind: .notFound, message: "\(line): no such line on any GPIO chip",
                advice: "Compare with the list of `gpioinfo`; name the line, or its chip's label and offset "
                    + "(\"pinctrl-rp1:17\"), in `line`.")
        case EBUSY:
            let user = holder.isEmpty ? "by something unnamed" : "by '\(holder)'"
            return LineError(
                kind: .busy, message: "\(line): in use \(user)",
                advice: "Stop that program or kernel driver, or give this line once only in the configuration.")
        case EACCES, EPERM:
            return LineError(
                kind: .denied, message: "\(line): not allowed to open the GPIO chips",
                advice: "Add the user that runs the agent to the group that owns /dev/gpiochip* (often `gpio`).")
        default:
            return using(settings, doing: "request it", errno: errno)
        }
    }

    /// A line that was ours and failed.
    static func using(_ settings: LineSettings, doing: String, errno: Int32) -> LineError {
        if errno == ENODEV { return gone(settings) }
        return LineError(
            kind: .failed,
            message: "line \(settings.line) (\(settings.name)): cannot \(doing): \(errnoText(errno))",
            advice: "Check that the chip supports what the configuration asks of this line (bias, edges).")
    }

    /// A line that was ours and whose chip is away. The same words however and whenever that is noticed: it is
    /// one fault from the loss to the return, and no mistake in the configuration.
    static func gone(_ settings: LineSettings) -> LineError {
        LineError(
            kind: .failed, message: "line \(settings.line) (\(settings.name)): its GPIO chip is gone",
            advice: "Check the expander or USB cable; the agent keeps trying.")
    }

    /// A line that is there and makes no sense. `edges`: the most in 10 s that are plausible.
    static func chattering(_ settings: LineSettings, edges: Int) -> LineError {
        LineError(
            kind: .unsteady,
            message: "line \(settings.line) (\(settings.name)): chatters, more than \(edges) edges in 10 s",
            advice:
                "Look for a loose wire or contact, a missing pull resistor or a cable beside mains; it is looked at "
                + "once a second until it has been calm for a minute.")
    }

    /// A number that `request` never gave out, or that was released: a mistake of the caller.
    static func unknown(_ number: Int) -> LineError {
        LineError(kind: .failed, message: "line number \(number) is not requested", advice: "Report this as a bug.")
    }
}
