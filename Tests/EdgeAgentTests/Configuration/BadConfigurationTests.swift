// What is refused: one small text a case, with every error that it must give, code and line, and no other.

import Testing

@testable import EdgeAgent

/// `text` stands behind `homeHead` (its first line is line 6), or behind the head and `waterMeter` (line 21).
struct BadConfiguration: CustomTestStringConvertible, Sendable {
    var name: String
    var text: String
    var expected: [String]
    var base = homeHead

    init(_ name: String, _ text: String, _ expected: String..., base: String = homeHead) {
        self.name = name
        self.text = text
        self.expected = expected
        self.base = base
    }

    var testDescription: String { name }
}

private let withMeter = homeHead + waterMeter

let badConfigurations: [BadConfiguration] = [
    // E1: syntax and types
    BadConfiguration("no TOML", "[[bus]\nname = 1", "E101@1", base: ""),
    BadConfiguration("a key twice", "schema = 1\nschema = 1", "E101@2", base: ""),
    BadConfiguration("a header with no name, which toml++ 3.3 asserts against", "\n [[ $bus]]\nname = 1", "E101@7"),
    BadConfiguration("one bracket too many", "[[[bus]]\nname = 1", "E101@6"),
    BadConfiguration("a date that toml++ 3.3 asserts against", "\na = 2026-01-01 1", "E101@7"),
    BadConfiguration("a letter that toml++ 3.3 calls unreachable", "é = 1", "E101@6"),
    BadConfiguration("unknown top-level table", "[[metre]]\nname = \"water\"", "E102@6"),
    BadConfiguration("unknown key in a meter's register", waterMeter + "ordre = \"CDAB\"", "E102@21"),
    BadConfiguration(
        "no schema", "[home]\nid = \"h\"\ntimezone = \"Asia/Shanghai\"\nboard = \"simulated\"", "E103@1", base: ""),
    BadConfiguration("no home", "schema = 1", "E103@1", base: ""),
    BadConfiguration("an empty home", "schema = 1\n[home]", "E103@2", "E103@2", "E103@2", base: ""),
    BadConfiguration("number for a string", "[[bus]]\nname = 485\nkind = \"rtu\"\nport = \"/dev/ttyUSB0\"", "E104@7"),
    BadConfiguration("table for a list of tables", "[bus]\nname = \"rs485\"", "E104@6"),
    BadConfiguration(
        "a scale with a point but no quotes", withMeter.replacing("scale = \"0.001\"", with: "scale = 0.001"),
        "E104@19", base: ""),
    BadConfiguration("a date", "[[output]]\nname = \"siren\"\nkind = \"siren\"\nline = 2026-01-01", "E104@9"),
    BadConfiguration("an empty string", "[[output]]\nname = \"\"\nkind = \"siren\"\nline = \"GPIO27\"", "E106@7"),
    BadConfiguration(
        "no escalation step", homeHead.replacing("[home]", with: "escalation = []\n[home]"), "E106@2", base: ""),

    // E2: references
    BadConfiguration(
        "no such board", homeHead.replacing("\"simulated\"", with: "\"raspberry-pi-6\""), "E201@5", base: ""),
    BadConfiguration(
        "no such profile",
        "[[bus]]\nname = \"b\"\nkind = \"rtu\"\nport = \"/dev/ttyUSB0\"\n[[meter]]\nname = \"m\"\nbus = \"b\"\nunit = 1\nprofile = \"no-such-meter\"",
        "E202@14"),
    BadConfiguration(
        "a profile that leads elsewhere",
        "[[bus]]\nname = \"b\"\nkind = \"rtu\"\nport = \"/dev/ttyUSB0\"\n[[meter]]\nname = \"m\"\nbus = \"b\"\nunit = 1\nprofile = \"../../../etc/passwd\"",
        "E306@14"),
    BadConfiguration(
        "no such bus", withMeter.replacing("bus = \"rs485\"", with: "bus = \"rs486\""), "E203@12", base: ""),
    BadConfiguration(
        "no such signal",
        "[[rule]]\nname = \"r\"\nkind = \"low-use\"\nsignal = \"water.volum\"\nwindow = \"12h\"\nbelow = \"10 L\"",
        "E204@24", base: withMeter),
    BadConfiguration(
        "no such signal in a list",
        "[[rule]]\nname = \"r\"\nkind = \"no-activity\"\nsignals = [\"water.volume\", \"door\"]\nsilent-for = \"12h\"",
        "E204@24", base: withMeter),
    BadConfiguration(
        "two buses of one name",
        "[[bus]]\nname = \"b\"\nkind = \"rtu\"\nport = \"/dev/a\"\n[[bus]]\nname = \"b\"\nkind = \"rtu\"\nport = \"/dev/b\"",
        "E205@11"),
    BadConfiguration(
        "two inputs of one name",
        "[[input]]\nname = \"door\"\nkind = \"door\"\nline = \"A\"\n[[input]]\nname = \"door\"\nkind = \"door\"\nline = \"B\"",
        "E205@11"),
    BadConfiguration(
        "two rules of one name",
        "[[rule]]\nname = \"r\"\nkind = \"low-use\"\nsignal = \"water.volume\"\nwindow = \"12h\"\nbelow = \"10 L\"\n[[rule]]\nname = \"r\"\nkind = \"low-use\"\nsignal = \"water.volume\"\nwindow = \"24h\"\nbelow = \"10 L\"",
        "E205@28", base: withMeter),
    BadConfiguration(
        "a missing certificate authority", "[upstream]\nbroker = \"mqtts://b\"\nca-file = \"/nowhere/ca.pem\"", "E206@8"
    ),

    // E3: values
    BadConfiguration(
        "unknown parity", "[[bus]]\nname = \"b\"\nkind = \"rtu\"\nport = \"/dev/a\"\nparity = \"evn\"", "E301@10"),
    BadConfiguration(
        "a baud rate that libmodbus would silently replace",
        "[[bus]]\nname = \"b\"\nkind = \"rtu\"\nport = \"/dev/a\"\nbaud = 14400", "E301@10"),
    BadConfiguration(
        "unknown escalation action", "[[escalation]]\nafter = \"180s\"\ndo = [\"sound:notreached\"]", "E301@8"),
    BadConfiguration(
        "a rule kind of a later version", "[[rule]]\nname = \"r\"\nkind = \"departure\"\nsignal = \"water.volume\"",
        "E302@23", base: withMeter),
    BadConfiguration(
        "a key of a later version",
        "[[rule]]\nname = \"r\"\nkind = \"no-activity\"\nsignals = [\"water.volume\"]\nsilent-for = \"3h\"\nsensitivity = \"high\"",
        "E302@26", base: withMeter),
    BadConfiguration("the local page", "[local-page]", "E302@6"),
    BadConfiguration(
        "a second broker that is the first",
        "[upstream]\nbroker = \"mqtt://127.0.0.1\"\n[upstream.fallback]\nbroker = \"mqtt://127.0.0.1:1883\"", "E431@9"),
    BadConfiguration(
        "a second broker without its address",
        "[upstream]\nbroker = \"mqtt://127.0.0.1\"\n[upstream.fallback]\nack = \"broker\"", "E103@8"),
    BadConfiguration(
        "a heartbeat to the second broker",
        "[upstream]\nbroker = \"mqtt://127.0.0.1\"\n[upstream.fallback]\nbroker = \"mqtt://127.0.0.2\"\nheartbeat = \"5m\"",
        "E102@10"),
    BadConfiguration(
        "half a credential for the second broker",
        "[upstream]\nbroker = \"mqtt://127.0.0.1\"\n[upstream.fallback]\nbroker = \"mqtt://127.0.0.2\"\nuser = \"h\"",
        "E406@10"),
    BadConfiguration(
        "a level that there is not",
        "[[escalation]]\nafter = \"180s\"\nunless = \"seen\"\ndo = [\"sound:not-reached\"]", "E301@8"),
    BadConfiguration(
        "a relay that there is not", "[[escalation]]\nafter = \"180s\"\ndo = [\"sound:not-reached\", \"relay:door\"]",
        "E209@8"),
    BadConfiguration(
        "one step twice",
        "[[escalation]]\nafter = \"60s\"\ndo = [\"sound:not-reached\"]\n[[escalation]]\nafter = \"1min\"\ndo = [\"resend\"]",
        "E205@10"),
    BadConfiguration("twelve decimal digits", withMeter.replacing("\"u32\"", with: "\"bcd12\""), "E302@18", base: ""),
    BadConfiguration("single bits", withMeter + "table = \"coil\"", "E302@21", base: ""),
    BadConfiguration(
        "a duration without a unit", "[upstream]\nbroker = \"mqtt://127.0.0.1\"\nheartbeat = \"300\"", "E303@8"),
    BadConfiguration(
        "a duration with a point", "[upstream]\nbroker = \"mqtt://127.0.0.1\"\nheartbeat = \"1.5h\"", "E303@8"),
    BadConfiguration(
        "a heartbeat every second", "[upstream]\nbroker = \"mqtt://127.0.0.1\"\nheartbeat = \"1s\"", "E304@8"),
    BadConfiguration("unit 0", withMeter.replacing("unit = 5", with: "unit = 0"), "E304@13", base: ""),
    BadConfiguration("unit 248", withMeter.replacing("unit = 5", with: "unit = 248"), "E304@13", base: ""),
    BadConfiguration(
        "a register behind the last", withMeter.replacing("address = 0", with: "address = 65535"), "E304@17", base: ""),
    BadConfiguration(
        "a poll of half a second", withMeter.replacing("unit = 5", with: "unit = 5\npoll = \"500ms\""), "E304@14",
        base: ""),
    BadConfiguration(
        "a limit without a unit",
        "[[rule]]\nname = \"r\"\nkind = \"low-use\"\nsignal = \"water.volume\"\nwindow = \"12h\"\nbelow = \"10\"",
        "E305@26", base: withMeter),
    BadConfiguration(
        "energy for a volume",
        "[[rule]]\nname = \"r\"\nkind = \"low-use\"\nsignal = \"water.volume\"\nwindow = \"12h\"\nbelow = \"10 kWh\"",
        "E305@26", base: withMeter),
    BadConfiguration(
        "a register unit of another quantity", withMeter.replacing("unit = \"m3\"", with: "unit = \"kWh\""), "E305@20",
        base: ""),
    BadConfiguration("a rate without a unit", withMeter + "max-rate = \"6\"", "E305@21", base: ""),
    BadConfiguration("an amount for a rate", withMeter + "max-rate = \"6 m3\"", "E305@21", base: ""),
    BadConfiguration("a rate that is a number", withMeter + "max-rate = 6", "E104@21", base: ""),
    BadConfiguration("a rate below a tap's", withMeter + "max-rate = \"0.5 m3/h\"", "E304@21", base: ""),
    BadConfiguration("a river for a rate", withMeter + "max-rate = \"101 m3/h\"", "E304@21", base: ""),
    BadConfiguration("a topic wildcard in the home's id", homeHead.replacing("h-1", with: "h/#"), "E306@3", base: ""),
    BadConfiguration("no such time zone", homeHead.replacing("Shanghai", with: "Shangai"), "E306@4", base: ""),
    BadConfiguration(
        "a rule that bears a name of the agent's",
        "[[rule]]\nname = \"no-water.blind\"\nkind = \"low-use\"\nsignal = \"water.volume\"\nwindow = \"12h\"\nbelow = \"10 L\"",
        "E306@22", base: withMeter),
    BadConfiguration(
        "a rule that bears a name of a sensor's",
        "[[rule]]\nname = \"motion.suspect\"\nkind = \"low-use\"\nsignal = \"water.volume\"\nwindow = \"12h\"\nbelow = \"10 L\"",
        "E306@22", base: withMeter),
    BadConfiguration(
        "a wildcard in the topic", "[upstream]\nbroker = \"mqtt://127.0.0.1\"\ntopic-prefix = \"homes/+\"", "E306@8"),
    BadConfiguration("a scale of zero", withMeter.replacing("\"0.001\"", with: "\"0\""), "E307@19", base: ""),
    BadConfiguration(
        "a scale with an exponent", withMeter.replacing("\"0.001\"", with: "\"1e-3\""), "E307@19", base: ""),
    BadConfiguration(
        "a limit finer than a millilitre",
        "[[rule]]\nname = \"r\"\nkind = \"low-use\"\nsignal = \"water.volume\"\nwindow = \"12h\"\nbelow = \"0.0000001 m3\"",
        "E308@26", base: withMeter),
    BadConfiguration(
        "a limit beyond 64 bits",
        "[[rule]]\nname = \"r\"\nkind = \"low-use\"\nsignal = \"water.volume\"\nwindow = \"12h\"\nbelow = \"9223372036854775807 m3\"",
        "E308@26", base: withMeter),
    BadConfiguration("a newer schema, whatever else it holds", "schema = 2\n[hearth]\nid = 1", "E309@1", base: ""),
    BadConfiguration(
        "a gateway by name", "[[bus]]\nname = \"b\"\nkind = \"tcp\"\naddress = \"gateway.local:502\"", "E310@9"),
    BadConfiguration("a broker of another kind", "[upstream]\nbroker = \"https://b\"", "E310@7"),
    BadConfiguration("a password in the URL", "[upstream]\nbroker = \"mqtts://u:p@b\"", "E310@7"),
    BadConfiguration("a broker with a path", "[upstream]\nbroker = \"mqtts://b:8883/x\"", "E310@7"),
    BadConfiguration(
        "a chip without an offset", "[[output]]\nname = \"siren\"\nkind = \"siren\"\nline = \"pinctrl-rp1:\"", "E311@9"),

    // E4: contradictions
    BadConfiguration(
        "two meters on one unit id",
        waterMeter
            + waterMeter.replacing("[[bus]]\nname = \"rs485\"\nkind = \"rtu\"\nport = \"/dev/ttyUSB0\"\n", with: "")
            .replacing("\"water\"", with: "\"gas\""), "E401@24"),
    BadConfiguration(
        "two buses on one port",
        "[[bus]]\nname = \"a\"\nkind = \"rtu\"\nport = \"/dev/a\"\n[[bus]]\nname = \"b\"\nkind = \"rtu\"\nport = \"/dev/a\"",
        "E402@13"),
    BadConfiguration(
        "two things on one line",
        "[[input]]\nname = \"door\"\nkind = \"door\"\nline = \"GPIO17\"\n[[output]]\nname = \"siren\"\nkind = \"siren\"\nline = \"GPIO17\"",
        "E403@13"),
    BadConfiguration(
        "one line by two names",
        "[[input]]\nname = \"door\"\nkind = \"door\"\nline = \"GPIO17\"\n[[input]]\nname = \"panic\"\nkind = \"panic\"\nline = \"pinctrl-rp1:17\"",
        "E403@13", base: homeHead.replacing("simulated", with: "raspberry-pi-5")),
    BadConfiguration(
        "a serial key on a gateway", "[[bus]]\nname = \"b\"\nkind = \"tcp\"\naddress = \"10.0.0.1\"\nbaud = 9600",
        "E404@10"),
    BadConfiguration(
        "a rate of what is not counted",
        withMeter.replacing("\"volume\"\naddress", with: "\"flow\"\naddress").replacing(
            "\"m3\"", with: "\"m3/h\"\nmax-rate = \"6 m3/h\""), "E404@21", base: ""),
    BadConfiguration(
        "a key of another kind of rule",
        "[[rule]]\nname = \"r\"\nkind = \"low-use\"\nsignal = \"water.volume\"\nwindow = \"12h\"\nbelow = \"10 L\"\nsilent-for = \"3h\"",
        "E404@27", base: withMeter),
    BadConfiguration(
        "silent-sensor written out", "[[rule]]\nname = \"r\"\nkind = \"silent-sensor\"\nsignal = \"water.volume\"",
        "E404@23", base: withMeter),
    BadConfiguration(
        "a door that asks for a meal", "[[input]]\nname = \"door\"\nkind = \"door\"\nline = \"A\"\nrequest = \"meal\"",
        "E404@10"),
    BadConfiguration(
        "certificates without TLS", "[upstream]\nbroker = \"mqtt://127.0.0.1\"\nca-file = \"/etc/hostname\"", "E405@8"),
    BadConfiguration(
        "a certificate without its key", "[upstream]\nbroker = \"mqtts://b\"\ncertificate-file = \"/etc/hostname\"",
        "E406@8"),
    BadConfiguration("a user without a password", "[upstream]\nbroker = \"mqtts://b\"\nuser = \"hub\"", "E406@8"),
    BadConfiguration(
        "technical smoke",
        "[[input]]\nname = \"smoke\"\nkind = \"smoke\"\nline = \"A\"\n[[rule]]\nname = \"r\"\nkind = \"input-active\"\nsignal = \"smoke\"\nseverity = \"technical\"",
        "E407@14"),
    BadConfiguration(
        "a limit that one count overshoots",
        withMeter.replacing("\"0.001\"", with: "\"0.1\"")
            + "[[rule]]\nname = \"r\"\nkind = \"low-use\"\nsignal = \"water.volume\"\nwindow = \"12h\"\nbelow = \"10 L\"",
        "E408@26", base: ""),
    BadConfiguration(
        "a window of less than two polls",
        withMeter.replacing("unit = 5", with: "unit = 5\npoll = \"1h\"")
            + "[[rule]]\nname = \"r\"\nkind = \"low-use\"\nsignal = \"water.volume\"\nwindow = \"90min\"\nbelow = \"10 L\"",
        "E409@26", base: ""),
    BadConfiguration(
        "a warning as long as the wait",
        "[[rule]]\nname = \"r\"\nkind = \"no-activity\"\nsignals = [\"water.volume\"]\nsilent-for = \"1h\"\nwarn-for = \"1h\"",
        "E410@26", base: withMeter),
    BadConfiguration(
        "a meter without registers",
        "[[bus]]\nname = \"b\"\nkind = \"rtu\"\nport = \"/dev/a\"\n[[meter]]\nname = \"m\"\nbus = \"b\"\nunit = 1",
        "E411@10"),
    BadConfiguration(
        "a profile and registers", withMeter.replacing("unit = 5", with: "unit = 5\nprofile = \"generic-water-u32\""),
        "E411@10", base: ""),
    BadConfiguration(
        "fallback without a second broker", "[[escalation]]\nafter = \"180s\"\ndo = [\"sound:alarm\", \"fallback\"]",
        "E412@8"),
    BadConfiguration(
        "use of a voltage",
        withMeter.replacing("quantity = \"volume\"", with: "quantity = \"voltage\"").replacing("\"m3\"", with: "\"V\"")
            + "[[rule]]\nname = \"r\"\nkind = \"low-use\"\nsignal = \"water.volume\"\nwindow = \"12h\"\nbelow = \"10 L\"",
        "E413@24", base: ""),
    BadConfiguration(
        "smoke as a sign of life",
        "[[input]]\nname = \"smoke\"\nkind = \"smoke\"\nline = \"A\"\n[[rule]]\nname = \"r\"\nkind = \"no-activity\"\nsignals = [\"smoke\"]\nsilent-for = \"12h\"",
        "E413@13"),
    BadConfiguration(
        "a meter that is always active", "[[rule]]\nname = \"r\"\nkind = \"input-active\"\nsignal = \"water.volume\"",
        "E413@24", base: withMeter),
    BadConfiguration(
        "silent before the next poll",
        withMeter.replacing("unit = 5", with: "unit = 5\npoll = \"1h\"\nsilent-after = \"1h\""), "E414@15", base: ""),
    BadConfiguration(
        "a panic button that waits",
        "[[input]]\nname = \"panic\"\nkind = \"panic\"\nline = \"A\"\n[[rule]]\nname = \"r\"\nkind = \"input-active\"\nsignal = \"panic\"\nfor = \"1min\"\nwarn-for = \"30s\"",
        "E415@14", "E415@15"),
    BadConfiguration(
        "a panic button that waits by chance",
        "[[input]]\nname = \"panic\"\nkind = \"panic\"\nline = \"A\"\n[[rule]]\nname = \"r\"\nkind = \"input-active\"\nsignal = \"panic\"\nspread = \"1min\"",
        "E415@14"),
    BadConfiguration(
        "a panic button that a second sensor must believe",
        "[[input]]\nname = \"panic\"\nkind = \"panic\"\nline = \"A\"\n[[input]]\nname = \"motion\"\nkind = \"motion\"\nline = \"B\"\n[[rule]]\nname = \"r\"\nkind = \"input-active\"\nsignal = \"panic\"\nconfirm = [\"motion\"]",
        "E415@18"),
    BadConfiguration(
        "a door with a long press", "[[input]]\nname = \"door\"\nkind = \"door\"\nline = \"A\"\nlong-press = \"3s\"",
        "E404@10"),
    BadConfiguration(
        "a long press that an old hand makes by mistake",
        "[[input]]\nname = \"panic\"\nkind = \"panic\"\nline = \"A\"\nlong-press = \"1s\"", "E304@10"),
    BadConfiguration(
        "an OK button that calls",
        "[[input]]\nname = \"ok\"\nkind = \"ok\"\nline = \"A\"\n[[rule]]\nname = \"r\"\nkind = \"input-active\"\nsignal = \"ok\"",
        "E413@13"),
]

@Test(arguments: badConfigurations)
func refused(_ bad: BadConfiguration) { bad.expectRefusal() }

extension BadConfiguration {
    /// Exactly these errors, each with something to say.
    func expectRefusal() {
        let found = issues(base + text)
        #expect(found.filter(\.isError).map { "\($0.code)@\($0.line)" } == expected, "\(found.map(\.text))")
        for issue in found {
            #expect(!issue.message.isEmpty && !issue.advice.isEmpty && issue.column >= 1)
        }
    }
}

@Suite struct ManyErrors {
    @Test func allAreReportedAtOnce() {
        let text = """
            schema = 1
            [home]
            id = "h"
            timezone = "Asia/Shanghai"
            bord = "simulated"
            [[bus]]
            name = "rs485"
            kind = "rtu"
            port = "/dev/ttyUSB0"
            baud = 9601
            [[meter]]
            name = "water"
            bus = "rs458"
            unit = 300
            profile = "generic-water-u32"
            poll = "10"
            [[rule]]
            name = "no-water"
            kind = "low-use"
            signal = "wasser.volume"
            window = "12h"
            """
        #expect(errors(text) == ["E103@2", "E102@5", "E301@10", "E203@13", "E304@14", "E303@16", "E103@17", "E204@20"])
    }

    @Test func oneCauseIsOneError() {
        // The profile is missing; that the rule's signal is missing too follows from it and is not said.
        let text =
            homeHead + """
                [[bus]]
                name = "b"
                kind = "rtu"
                port = "/dev/a"
                [[meter]]
                name = "water"
                bus = "b"
                unit = 1
                profile = "no-such"
                [[rule]]
                name = "r"
                kind = "low-use"
                signal = "water.volume"
                window = "12h"
                below = "10 L"
                """
        #expect(errors(text) == ["E202@14"])
    }

    @Test func misspelledWordsAreGuessed() throws {
        let key = try #require(issues(homeHead + "[[meter]]\nnmae = \"x\"").first { $0.code == "E102" })
        #expect(key.advice.hasPrefix("did you mean \"name\"?"))
        #expect(key.key == "meter[0].nmae")
        #expect((key.line, key.column) == (7, 1))
        let bus = try #require(
            issues((homeHead + waterMeter).replacing("bus = \"rs485\"", with: "bus = \"rs486\"")).first {
                $0.code == "E203"
            })
        #expect(bus.text == "home.toml:12:7: error E203: meter[0].bus: no bus is called \"rs486\"")
        #expect(bus.advice == "did you mean \"rs485\"? buses: rs485")
    }

    @Test func whatLooksLikeNothingKnownIsNotGuessed() {
        #expect(nearestWord(to: "zzz", among: ["name", "kind"]) == nil)
        #expect(nearestWord(to: "ofr", among: ["for", "poll"]) == "for")
    }
}
