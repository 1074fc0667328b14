// Short ways to load a configuration in a test.

import Testing

@testable import EdgeAgent

/// The repository's top, from where this file stands.
let repositoryFolder = String(#filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" })

let sampleLoader = ConfigurationLoader(descriptionFolders: ["\(repositoryFolder)/board-configs"])

/// Lines 1 to 5 of a home on simulated lines; what a test adds begins at line 6.
let homeHead = """
    schema = 1
    [home]
    id = "h-1"
    timezone = "Asia/Shanghai"
    board = "simulated"

    """

/// Lines 6 to 19: a bus, a water meter in litres, `water.volume`.
let waterMeter = """
    [[bus]]
    name = "rs485"
    kind = "rtu"
    port = "/dev/ttyUSB0"
    [[meter]]
    name = "water"
    bus = "rs485"
    unit = 5
    [[meter.register]]
    signal = "volume"
    quantity = "volume"
    address = 0
    type = "u32"
    scale = "0.001"
    unit = "m3"

    """

func load(_ text: String, with loader: ConfigurationLoader = sampleLoader) throws(ConfigurationErrors)
    -> HomeConfiguration
{
    try loader.load(text: Array(text.utf8), file: "home.toml")
}

/// Everything that was found, errors or not.
func issues(_ text: String, with loader: ConfigurationLoader = sampleLoader) -> [ConfigurationIssue] {
    let found: [ConfigurationIssue]
    do {
        found = try load(text, with: loader).warnings
    } catch {
        found = error.issues
    }
    // Whatever any test makes go wrong is said in Chinese, too.
    for issue in found {
        expectChinese(issue.message)
        // How a port is switched on stands in the board's file, which has one language.
        if issue.code != IssueCode.portSwitchedOff.rawValue { expectChinese(issue.advice) }
    }
    return found
}

/// "E203@12" for every error, in the order reported.
func errors(_ text: String) -> [String] {
    issues(text).filter(\.isError).map { "\($0.code)@\($0.line)" }
}
