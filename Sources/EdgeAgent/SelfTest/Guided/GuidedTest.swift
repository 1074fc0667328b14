// Guided tests: somebody stands in the home and does what the terminal says, and the test looks what came of it.

/// What a guided test says to the person at the terminal, and hears. The command makes one of a terminal, a test of a list.
struct Guide {
    /// A line that stays.
    var tell: (Message) -> Void
    /// What goes on just now; the next one takes its place.
    var show: (Message) -> Void
    /// Yes or no.
    var confirm: (Message) -> Bool
    /// Lets time pass. false: the person ended the test (Ctrl-C, or the end of the input).
    var wait: (_ milliseconds: Int) -> Bool
}

/// One guided test. Its results are lines of the same list as a self-test's.
protocol GuidedTest {
    mutating func run(_ guide: Guide) -> [CheckResult]
}
