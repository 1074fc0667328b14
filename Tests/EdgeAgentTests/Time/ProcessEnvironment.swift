// Everything that sets an environment variable or the time zone, which the whole process shares: one suite,
// one test at a time. Its tests stand beside what they test, as extensions.

import Glibc
import Testing

@testable import EdgeAgent

@Suite(.serialized) struct ProcessEnvironment {}

/// Sets a variable for the time of `body`, and puts back what was there.
func withEnvironment<R>(_ name: String, _ value: String?, _ body: () throws -> R) rethrows -> R {
    let before = getenv(name).map { String(cString: $0) }
    func set(_ value: String?) {
        if let value { setenv(name, value, 1) } else { unsetenv(name) }
        tzset()
    }
    set(value)
    defer { set(before) }
    return try body()
}

func withZone<R>(_ zone: String, _ body: () throws -> R) rethrows -> R {
    try withEnvironment("TZ", nil) {
        #expect(LocalTime.use(zone: zone), "no time zone \(zone) here: install the package tzdata")
        return try body()
    }
}
