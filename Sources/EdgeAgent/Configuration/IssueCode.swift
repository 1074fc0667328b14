// Every kind of thing that can be wrong or odd in a configuration, and the log that collects them.

/// Stable codes, for scripts and for docs/configuration.md. E1 syntax and types, E2 references, E3 values,
/// E4 contradictions: the configuration is refused. W: odd, taken all the same. N: worth knowing.
enum IssueCode: String, CaseIterable, Sendable {
    case syntax = "E101"
    case unknownKey = "E102"
    case missingKey = "E103"
    case wrongType = "E104"
    case unreadable = "E105"
    case empty = "E106"

    case unknownBoard = "E201"
    case unknownProfile = "E202"
    case unknownBus = "E203"
    case unknownSignal = "E204"
    case duplicateName = "E205"
    case fileMissing = "E206"
    case unknownHat = "E208"
    case unknownOutput = "E209"

    case unknownWord = "E301"
    case notInThisVersion = "E302"
    case badDuration = "E303"
    case outOfRange = "E304"
    case badQuantity = "E305"
    case badName = "E306"
    case badDecimal = "E307"
    case tooManyDigits = "E308"
    case unsupportedSchema = "E309"
    case badAddress = "E310"
    case badLine = "E311"

    case unitTaken = "E401"
    case portTaken = "E402"
    case lineTaken = "E403"
    case keyDoesNotApply = "E404"
    case tlsContradiction = "E405"
    case credentialsIncomplete = "E406"
    case safetySeverity = "E407"
    case resolutionTooCoarse = "E408"
    case shorterThanPolls = "E409"
    case warnsTooEarly = "E410"
    case registersUnclear = "E411"
    case noFallback = "E412"
    case signalDoesNotFit = "E413"
    case silentBeforePoll = "E414"
    case safetyDelayed = "E415"
    case nameMismatch = "E416"
    case forbiddenAddress = "E417"
    case neverSpeaks = "E418"
    case noRise = "E419"
    case notOnHeader = "E421"
    case badKey = "E423"
    case sameBroker = "E431"
    case neverAnswered = "E441"

    case resolutionCoarse = "W101"
    case unwatchedInput = "W102"
    case noUpstream = "W103"
    case notEncrypted = "W104"
    case idleBus = "W105"
    case nothingSounds = "W106"
    case unknownHeaderLine = "W107"
    case safetyWeakened = "W108"
    case fileUnchecked = "W109"
    case countsByItself = "W110"
    case unconfirmedRegister = "W111"
    case notCommissioned = "W112"
    case pulsesNotCounted = "W113"
    case activeLevelUnsaid = "W115"
    case tooCoarseToTell = "W116"
    case otherMachine = "W121"
    case pulledUp = "W122"
    case kernelCannotSwitch = "W123"
    case consolePort = "W124"
    case terminalLevel = "W125"
    case startsOn = "W126"

    case quietTooLong = "W131"
    case ordinaryLife = "W132"
    case neverReached = "W133"
    case heartbeatSlow = "W134"
    case silentTooLate = "W135"
    case dripUnseen = "W136"
    case endsUnheard = "W137"
    case awayNeverEnds = "W138"
    case ruleTwice = "W139"
    case readTooSeldom = "W140"
    case goingOutAlarms = "W141"
    case helpUnsaid = "W142"
    case silenceUnnoticed = "W143"
    case levelNeverTold = "W151"
    case fallbackUncalled = "W152"

    case implicitRule = "N101"
    case portSwitchedOff = "N111"
    case weakerProfile = "N121"
}

extension ConfigurationIssue {
    /// Errors refuse the configuration; warnings and notes do not.
    var isError: Bool { code.hasPrefix("E") }

    /// "error", "warning" or "note", by the code's letter.
    var level: String {
        switch code.first {
        case "E": "error"
        case "W": "warning"
        default: "note"
        }
    }
}

/// Collects what is found, so that everything is told at once. Lives for one load, on one thread.
final class IssueLog {
    private(set) var issues: [ConfigurationIssue] = []
    private var seen: Set<ConfigurationIssue> = []

    func report(
        _ code: IssueCode, file: String, at position: TomlPosition, key: String, _ message: String, advice: String
    ) {
        let issue = ConfigurationIssue(
            code: code.rawValue, file: file, line: position.line, column: position.column, key: key,
            message: message, advice: advice)
        // Two checks may find the same thing, such as a profile that two meters name.
        if seen.insert(issue).inserted { issues.append(issue) }
    }

    /// For "was anything wrong meanwhile".
    var errorCount: Int { issues.count(where: \.isError) }

    /// By file in the order of first mention, then as one reads.
    var sorted: [ConfigurationIssue] {
        var fileOrder: [String: Int] = [:]
        for issue in issues where fileOrder[issue.file] == nil { fileOrder[issue.file] = fileOrder.count }
        return issues.sorted {
            (fileOrder[$0.file] ?? 0, $0.line, $0.column, $0.code) < (
                fileOrder[$1.file] ?? 0, $1.line, $1.column, $1.code
            )
        }
    }
}
