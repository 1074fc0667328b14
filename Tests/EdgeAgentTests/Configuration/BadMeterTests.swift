// What is refused of buses, meters, registers and profiles: one small text a case, with every error it must give.

import Testing

@testable import EdgeAgent

/// `waterMeter` behind the head, with `keys` in its meter from line 14 on.
private func meter(_ keys: String) -> String {
    (homeHead + waterMeter).replacing("unit = 5", with: "unit = 5\n\(keys)")
}

/// The same with `keys` in its register, behind line 20.
private func register(_ keys: String, type: String = "u32") -> String {
    (homeHead + waterMeter).replacing("\"u32\"", with: "\"\(type)\"") + keys
}

/// A meter of this profile with `keys` from line 15 on.
private func profiled(_ keys: String) -> String {
    homeHead
        + "[[bus]]\nname = \"b\"\nkind = \"rtu\"\nport = \"/dev/a\"\n[[meter]]\nname = \"m\"\nbus = \"b\"\nunit = 1\nprofile = \"eastron-sdm120\"\n"
        + keys
}

private func bus(_ keys: String) -> String { homeHead + "[[bus]]\nname = \"b\"\n\(keys)" }

private let forbidden = "\n[[meter.forbidden]]\ntable = \"holding\"\n"

private func bad(_ name: String, _ text: String, _ expected: String...) -> BadConfiguration {
    var bad = BadConfiguration(name, text, base: "")
    bad.expected = expected
    return bad
}

let badMeters: [BadConfiguration] = [
    bad("a serial server by name", bus("kind = \"rtu-over-tcp\"\naddress = \"server:502\""), "E310@9"),
    bad("a serial server without an address", bus("kind = \"rtu-over-tcp\""), "E103@6"),
    bad("a baud rate over TCP", bus("kind = \"rtu-over-tcp\"\naddress = \"10.0.0.1\"\nbaud = 9600"), "E404@10"),
    bad("a direction over TCP", bus("kind = \"tcp\"\naddress = \"10.0.0.1\"\nrs485 = true"), "E404@10"),
    bad("a direction that is a word", bus("kind = \"rtu\"\nport = \"/dev/a\"\nrs485 = \"yes\""), "E104@10"),
    bad(
        "one gateway in two languages",
        bus(
            "kind = \"tcp\"\naddress = \"10.0.0.1\"\n[[bus]]\nname = \"c\"\nkind = \"rtu-over-tcp\"\naddress = \"10.0.0.1:502\""
        ), "E402@13"),

    bad("six retries", meter("retries = 6"), "E304@14"),
    bad("less than no retries", meter("retries = -1"), "E304@14"),
    bad("retries in words", meter("retries = \"two\""), "E104@14"),
    bad("a pause of two seconds", meter("pause = \"2s\""), "E304@14"),
    bad("a pause without a unit", meter("pause = \"50\""), "E303@14"),
    bad("a choice among registers of one's own", meter("signals = [\"volume\"]"), "E404@14"),
    bad("126 registers in one request", meter("max-registers = 126"), "E304@14"),
    bad("no registers in one request", meter("max-registers = 0"), "E304@14"),
    bad("a request too short for its register", meter("max-registers = 1"), "E304@19"),
    bad("a gap as long as the longest request", meter("max-gap = 125"), "E304@14"),

    bad("a signal that the profile does not have", profiled("signals = [\"energy\", \"powr\"]"), "E204@15"),
    bad("a signal twice", profiled("signals = [\"energy\", \"power\", \"energy\"]"), "E205@15"),
    bad("no signal", profiled("signals = []"), "E106@15"),
    bad("a signal that is a number", profiled("signals = [1]"), "E104@15"),
    bad("request limits beside a profile", profiled("max-registers = 20\nmax-gap = 0"), "E404@15", "E404@16"),
    bad("forbidden registers beside a profile", profiled("\(forbidden)first = 1\nlast = 2"), "E404@16"),
    bad(
        "a rule about a signal that was not chosen",
        profiled(
            "signals = [\"power\"]\n[[rule]]\nname = \"r\"\nkind = \"low-use\"\nsignal = \"m.energy\"\nwindow = \"12h\"\nbelow = \"1 kWh\""
        ), "E204@19"),

    bad("a register where none may be read", register("\(forbidden)first = 1\nlast = 9"), "E417@17"),
    bad("a hole that ends before it begins", register("\(forbidden)first = 9\nlast = 5"), "E304@25"),
    bad("a hole without an end", register("\(forbidden)first = 9"), "E103@22"),
    bad("a hole among bits", register("\n[[meter.forbidden]]\ntable = \"coil\"\nfirst = 9\nlast = 9"), "E302@23"),
    bad("a hole of some other kind", register("\(forbidden)first = 9\nlast = 9\nwhy = \"reset\""), "E102@26"),

    bad("bits of a signed number", register("bits = \"0-3\"", type: "i32"), "E404@21"),
    bad("bits of a real number", register("bits = \"0-3\"", type: "f32"), "E404@21"),
    bad("bits of decimal digits", register("bits = \"0-3\"", type: "bcd4"), "E404@21"),
    bad("bits from high to low", register("bits = \"7-4\""), "E301@21"),
    bad("bits without an end", register("bits = \"4-\""), "E301@21"),
    bad("a signed bit", register("bits = \"+4\""), "E301@21"),
    bad("three bits of a kind", register("bits = \"1-2-3\""), "E301@21"),
    bad("bit 16 of 16", register("bits = \"8-16\"", type: "u16"), "E304@21"),
    bad("a bit that is no text", register("bits = 4"), "E104@21"),

    bad("no value in a real number", register("no-value = [0x7FC00000]", type: "f32"), "E404@21"),
    bad("no value that is wider than the register", register("no-value = [0xFFFF, 0x10000]", type: "u16"), "E304@21"),
    bad("no value below zero", register("no-value = [-1]", type: "i16"), "E304@21"),
    bad("no value, but no array", register("no-value = 0xFFFF"), "E104@21"),
    bad("no value in words", register("no-value = [\"0xFFFF\"]"), "E104@21"),
    bad("no values at all", register("no-value = []"), "E106@21"),
    bad("nine values that are none", register("no-value = [1, 2, 3, 4, 5, 6, 7, 8, 9]"), "E304@21"),

    bad("a scale that is a number", register("scale-from = 11"), "E104@21"),
    bad("a scale from nowhere", register("scale-from = {}"), "E103@21", "E103@21", "E103@21"),
    bad("a scale as a sum", register("scale-from = { address = 9, type = \"i16\", as = \"offset\" }"), "E301@21"),
    bad("a real scale", register("scale-from = { address = 9, type = \"f32\", as = \"multiplier\" }"), "E301@21"),
    bad(
        "a scale behind the last register",
        register("scale-from = { address = 65535, type = \"i32\", as = \"exponent\" }"),
        "E304@21"),
    bad(
        "a scale in a coil",
        register("scale-from = { table = \"coil\", address = 1, type = \"i16\", as = \"exponent\" }"), "E302@21"),
    bad(
        "a scale with a scale",
        register("scale-from = { address = 1, type = \"i16\", as = \"exponent\", scale = \"1\" }"), "E102@21"),
    bad(
        "a scale where none may be read",
        register("scale-from = { address = 9, type = \"i16\", as = \"exponent\" }\(forbidden)first = 8\nlast = 10"),
        "E417@21"),

    bad("a register that is asked twice a second", register("poll = \"500ms\""), "E304@21"),
    bad("a register's poll without a unit", register("poll = 60"), "E104@21"),
    bad("a register of one's own that nobody confirmed", register("unconfirmed = \"no manual\""), "E404@21"),
    bad(
        "129 registers",
        homeHead + waterMeter
            + (1...128).map {
                "[[meter.register]]\nsignal = \"v\($0)\"\nquantity = \"volume\"\naddress = \($0)\ntype = \"u16\"\nunit = \"L\"\n"
            }.joined(), "E304@14"),
]

@Test(arguments: badMeters)
func refusedOfMeters(_ bad: BadConfiguration) { bad.expectRefusal() }

/// A profile, recognised by its registers: lines 1 to 6, and what a test puts behind the name.
private func profile(_ keys: String) -> String {
    "name = \"m\"\n\(keys)\n[[register]]\nsignal = \"volume\"\nquantity = \"volume\"\naddress = 4\ntype = \"u32\"\nunit = \"L\""
}

private let hole = "[[forbidden]]\ntable = \"holding\"\nfirst = 5\nlast = 6"

@Test(
    arguments: [
        ("a quirk that is no list", profile("quirks = \"none\""), ["E104@2"]),
        ("no quirks", profile("quirks = []"), ["E106@2"]),
        ("an empty quirk", profile("quirks = [\"\"]"), ["E106@2"]),
        ("a quirk that rings", profile("quirks = [\"\\u0007\"]"), ["E306@2"]),
        (
            "17 quirks", profile("quirks = [\((1...17).map { "\"\($0)\"" }.joined(separator: ", "))]"), ["E304@2"]
        ),
        ("unknown key", profile("quirk = [\"one\"]"), ["E102@2"]),
        ("most registers of none", profile("max-registers = 0"), ["E304@2"]),
        ("a hundred and twenty-five in the gap", profile("max-gap = 125"), ["E304@2"]),
        ("a serial line in words", profile("serial = \"9600 8N1\""), ["E104@2"]),
        ("a rate that no port can do", profile("[serial]\nbaud = 14400"), ["E301@3"]),
        ("a parity that does not exist", profile("[serial]\nparity = \"mark\""), ["E301@3"]),
        ("three stop bits", profile("[serial]\nstop-bits = 3"), ["E304@3"]),
        ("the broadcast unit", profile("[serial]\nunit = 0"), ["E304@3"]),
        ("a serial key too many", profile("[serial]\nport = \"/dev/a\""), ["E102@3"]),
        ("a register in a hole", profile(hole), ["E417@9"]),
        (
            "a model known by a hole", profile("\(hole)\n[[identify]]\naddress = 6\ntype = \"u16\"\nequals = 1"),
            ["E417@7", "E417@13"]
        ),
        ("a model known by nothing", profile("[[identify]]\naddress = 6"), ["E103@2", "E103@2"]),
        ("a model known by too much", profile("[[identify]]\naddress = 6\ntype = \"u16\"\nequals = 65536"), ["E304@5"]),
        (
            "a model known by less than nothing", profile("[[identify]]\naddress = 6\ntype = \"u16\"\nequals = -1"),
            ["E304@5"]
        ),
        ("a model known by a word", profile("[[identify]]\naddress = 6\ntype = \"u16\"\nequals = \"SDM\""), ["E104@5"]),
        (
            "a model known by a coil",
            profile("[[identify]]\ntable = \"coil\"\naddress = 6\ntype = \"u16\"\nequals = 1"), ["E302@3"]
        ),
        ("no registers", "name = \"m\"\nregister = []", ["E106@1"]),
        (
            "two registers of one signal",
            profile("") + "\n" + profile("").split(separator: "\n").dropFirst().joined(separator: "\n"), ["E205@10"]
        ),
    ] as [(String, String, [String])])
func refusedOfProfiles(_ name: String, _ text: String, _ expected: [String]) {
    let error = #expect(throws: ConfigurationErrors.self, "\(name)") {
        try ConfigurationLoader().check(text: Array(text.utf8), file: "meters/m.toml")
    }
    let found = error?.issues ?? []
    #expect(found.map { "\($0.code)@\($0.line)" } == expected, "\(name): \(found.map(\.text))")
}
