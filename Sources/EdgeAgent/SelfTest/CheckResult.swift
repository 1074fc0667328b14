// What one check of a self-test found. Data only: SelfTestReport makes text of it.

/// One line of the technician's checklist.
struct CheckResult: Error, Hashable, Sendable {
    enum Verdict: String, Hashable, Sendable {
        case pass, fail
        /// It could not be tried here and now; whoever wants a whole test must do what the advice says.
        case untested
    }

    /// Stable, for scripts, the part before the first dot groups them: "meter.water.answers".
    let name: String
    let verdict: Verdict
    /// Numbers, the same in every language: "3/3, p95 42 ms". nil: nothing was measured.
    let measured: String?
    let reason: Message
    /// What to do; nil where there is nothing to do.
    let advice: Message?

    private init(_ name: String, _ verdict: Verdict, _ measured: String?, _ reason: Message, _ advice: Message?) {
        self.name = name
        self.verdict = verdict
        self.measured = measured
        self.reason = reason
        self.advice = advice
    }

    static func pass(_ name: String, _ measured: String?, _ reason: Message) -> CheckResult {
        CheckResult(name, .pass, measured, reason, nil)
    }

    static func pass(_ name: String, _ reason: Message) -> CheckResult { pass(name, nil, reason) }

    static func fail(_ name: String, _ measured: String?, _ reason: Message, advice: Message) -> CheckResult {
        CheckResult(name, .fail, measured, reason, advice)
    }

    static func fail(_ name: String, _ reason: Message, advice: Message) -> CheckResult {
        fail(name, nil, reason, advice: advice)
    }

    static func untested(_ name: String, _ reason: Message, advice: Message) -> CheckResult {
        CheckResult(name, .untested, nil, reason, advice)
    }

    /// "meter"
    var area: String { String(name.prefix { $0 != "." }) }
}

/// What a whole self-test found.
struct SelfTestResult: Sendable {
    var results: [CheckResult] = []
    /// It went through the running daemon.
    var hasDaemon = false
    /// There is no configuration that could be tested, or a daemon that cannot be asked and has everything.
    var couldNotRun = false

    func count(_ verdict: CheckResult.Verdict) -> Int { results.count { $0.verdict == verdict } }

    /// The command line's: 0 good, 1 wrong, 3 something untested, 4 could not run.
    var exitCode: Int32 {
        if couldNotRun { return 4 }
        if count(.fail) > 0 { return 1 }
        return count(.untested) > 0 ? 3 : 0
    }
}

/// The time below which `share` of the values lie; 0 for none.
func percentile(_ values: [Int64], _ share: Double) -> Int64 {
    let sorted = values.sorted()
    guard let last = sorted.last else { return 0 }
    let rank = Int((Double(sorted.count) * share).rounded(.up)) - 1
    return sorted.indices.contains(rank) ? sorted[rank] : last
}
