// The four forms of one result, as whole texts: programs depend on them.

import Testing

@testable import EdgeAgent

@Suite struct SelfTestReportTests {
    private let result = SelfTestResult(
        results: [
            .pass("configuration", "0af1", Message(DevicePhrase.configurationGood, "home.toml")),
            .fail(
                "meter.water.answers", "4800 baud",
                Message(DevicePhrase.meterElsewhere, "5", "4800 baud", "9600 <baud>"),
                advice: Message(DevicePhrase.meterElsewhereAdvice, "4800 baud", "\"9600\"")),
            .untested(
                "output.siren.noticed", Message(DevicePhrase.outputUnconfirmed, "siren #1"),
                advice: Message(DevicePhrase.outputUnconfirmedAdvice)),
        ], hasDaemon: true)

    @Test func human() {
        let report = SelfTestReport(language: .en)
        #expect(
            result.results.flatMap(report.lines) == [
                "pass     configuration: home.toml has no errors (0af1)",
                "FAIL     meter.water.answers: unit 5 answers at 4800 baud, not at 9600 <baud> (4800 baud)",
                "         advice: Wrong baud rate or parity: set this bus to 4800 baud, or set the meter to \"9600\".",
                "untested output.siren.noticed: nobody was asked whether siren #1 works",
                "         advice: Run this on a terminal, without --yes.",
            ])
        #expect(report.summary(result) == "1 passed, 1 failed, 1 untested")
    }

    @Test func humanInChineseAndInColour() {
        let report = SelfTestReport(language: .zh, usesColour: true)
        #expect(report.lines(result.results[0]) == ["\u{1B}[32m通过     \u{1B}[0mconfiguration: home.toml 没有错误 (0af1)"])
        #expect(
            report.lines(result.results[2]) == [
                "\u{1B}[33m未测试   \u{1B}[0moutput.siren.noticed: 没有人确认 siren #1 是否工作",
                "         建议：请在终端中运行，不要加 --yes。",
            ])
        #expect(report.summary(result) == "1 项通过，1 项失败，1 项未测试")
    }

    @Test func json() {
        #expect(
            jsonText(SelfTestReport(language: .en).json(result)) == #"{"daemon":true,"exitCode":1,"passed":1,"#
                + #""failed":1,"untested":1,"language":"en","checks":["#
                + #"{"name":"configuration","verdict":"pass","code":"configurationGood","measured":"0af1","#
                + #""reason":"home.toml has no errors"},"#
                + #"{"name":"meter.water.answers","verdict":"fail","code":"meterElsewhere","measured":"4800 baud","#
                + #""reason":"unit 5 answers at 4800 baud, not at 9600 <baud>","#
                + #""advice":"Wrong baud rate or parity: set this bus to 4800 baud, or set the meter to \"9600\"."},"#
                + #"{"name":"output.siren.noticed","verdict":"untested","code":"outputUnconfirmed","#
                + #""reason":"nobody was asked whether siren #1 works","#
                + #""advice":"Run this on a terminal, without --yes."}]}"#)
    }

    @Test func junit() {
        #expect(
            SelfTestReport(language: .en).junit(result) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuite name="edge-agent self-test" tests="3" failures="1" errors="0" skipped="1">
                  <testcase classname="configuration" name="configuration">
                    <system-out>0af1</system-out>
                  </testcase>
                  <testcase classname="meter" name="meter.water.answers">
                    <failure message="unit 5 answers at 4800 baud, not at 9600 &lt;baud&gt;">\
                Wrong baud rate or parity: set this bus to 4800 baud, or set the meter to &quot;9600&quot;.</failure>
                    <system-out>4800 baud</system-out>
                  </testcase>
                  <testcase classname="output" name="output.siren.noticed">
                    <skipped message="nobody was asked whether siren #1 works Run this on a terminal, without --yes."/>
                  </testcase>
                </testsuite>

                """)
    }

    @Test func tap() {
        #expect(
            SelfTestReport(language: .en).tap(result) == ##"""
                TAP version 14
                1..3
                ok 1 - configuration: home.toml has no errors (0af1)
                not ok 2 - meter.water.answers: unit 5 answers at 4800 baud, not at 9600 <baud> (4800 baud)
                  ---
                  advice: "Wrong baud rate or parity: set this bus to 4800 baud, or set the meter to \"9600\"."
                  ...
                ok 3 - output.siren.noticed # SKIP nobody was asked whether siren \#1 works

                """##)
    }

    @Test func exitCodes() {
        func code(_ results: [CheckResult], couldNotRun: Bool = false) -> Int32 {
            SelfTestResult(results: results, couldNotRun: couldNotRun).exitCode
        }
        let (pass, fail, untested) = (result.results[0], result.results[1], result.results[2])
        #expect(code([pass]) == 0)
        #expect(code([pass, untested]) == 3)
        #expect(code([pass, untested, fail]) == 1)
        #expect(code([fail], couldNotRun: true) == 4)
    }
}
