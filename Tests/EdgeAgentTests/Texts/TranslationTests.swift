// What is made in English is read as it was meant, whatever stands in its places, and nothing of it is left.

import Synchronization
import Testing

@testable import EdgeAgent

/// The first so many English words beside each other; nil: none. Names, paths and what stands in quotes are not English.
func leftoverEnglish(in text: String, words least: Int = 3) -> String? {
    var words: [Substring] = []
    for (index, piece) in text.split(omittingEmptySubsequences: false, whereSeparator: { "`\"".contains($0) })
        .enumerated()
    {
        guard index % 2 == 0 else {
            words = []
            continue
        }
        for word in piece.split(separator: " ") {
            let isWord = word.count > 1 && word.utf8.allSatisfy { (0x61...0x7A).contains($0) }
            words = isWord ? words + [word] : []
            if words.count == least { return words.joined(separator: " ") }
        }
    }
    return nil
}

private let seen = Mutex<Set<String>>([])

/// Each sentence once: they come again and again.
func expectChinese(_ english: String, sourceLocation: SourceLocation = #_sourceLocation) {
    guard seen.withLock({ $0.count < 5000 && $0.insert(english).inserted }) else { return }
    let chinese = translated(english, to: .zh)
    // `severity = "red"` is the same in every language.
    #expect(
        leftoverEnglish(in: english, words: 2) == nil
            || chinese.unicodeScalars.contains {
                (0x3000...0x9FFF).contains($0.value) || (0xFF00...0xFFEF).contains($0.value)
            },
        "no Chinese: \(english)", sourceLocation: sourceLocation)
    #expect(leftoverEnglish(in: chinese) == nil, "\(english)\n\(chinese)", sourceLocation: sourceLocation)
}

@Suite struct TranslationTests {
    private static let entries = Translation.catalogues.flatMap(Translation.entries(of:))

    /// Of all that would fit, each sentence is read as itself.
    @Test func everySentenceIsReadAsItself() {
        #expect(Self.entries.count > 900)
        let values = ["water.volume", "12", "x-y", "7.1", "/dev/x0", "z.z", "1.5"]
        // Of two places without anything between them, one is always empty.
        for (english, chinese) in Self.entries where english.contains(" ") && !english.contains("}{") {
            var (said, expected) = (english, chinese)
            for (place, value) in values.enumerated() {
                // What Chinese leaves out is a plural's s.
                said.replace("{\(place)}", with: chinese.contains("{\(place)-}") ? "s" : value)
                expected.replace("{\(place)-}", with: "")
                expected.replace("{\(place)w}", with: value)
                expected.replace("{\(place)}", with: value)
            }
            let got = translated(said, to: .zh)
            #expect(got.filter { $0 != " " } == expected.filter { $0 != " " }, "\(said)")
        }
    }

    @Test(arguments: [
        // Several sentences, each by itself, also where one has a semicolon of its own.
        (
            "speaks (orange) when less than 10 L went through water.volume in any 12 h; rests while nobody is in",
            "发出橙色告警：任意 12 h 内 water.volume 的用量不足 10 L 时；家中无人时暂停"
        ),
        (
            "0 found, 0 of them known; 0 of 256 asked in 0 s; ended early: bus /dev/x: cannot open: Device or resource busy",
            "找到 0 台，其中 0 台已识别；0 s 内询问了 0/256；提前结束：总线 /dev/x：无法打开：设备或资源正忙"
        ),
        (
            "becomes red after 24 h; cannot tell while one of them is missing and the others show nothing",
            "24 h 后升为红色；其中之一缺失且其余没有动静时无法判断"
        ),
        (
            "a.b: no reading for 5 min, c.d: suspect for 3 h, saw nothing while others did",
            "a.b：5 min 没有读数，c.d：3 h 以来可疑，其他设备有动静而它没有"
        ),
        // A sentence in a sentence.
        (
            "line GPIO17 (motion.bedroom): cannot read its edges: No such device",
            "线路 GPIO17（motion.bedroom）：无法读取边沿：没有该设备"
        ),
        ("must be an array of strings, is a table", "必须是字符串数组，现在是表"),
        ("panic: smoke", "panic：烟雾"), ("nobody accepted it for 3 min", "3 min 内没有人确认"),
        (
            "away for 3 h (door.front, then nothing inside), expected back within 9 h",
            "外出 3 h（door.front，此后室内无动静），预计 9 h 内返回"
        ),
        // Lists of names stay.
        (
            "did you mean \"poll\"? its keys: name, bus, unit, profile, poll",
            "是否想写 \"poll\"？可用的键：name, bus, unit, profile, poll"
        ),
        ("Unit 5 at 9600 baud, parity even, 1 stop bit", "站号 5（9600 波特，偶校验，1 个停止位）"),
        ("Unit 5 at 9600 baud, parity none, 2 stop bits", "站号 5（9600 波特，无校验，2 个停止位）"),
    ])
    func whatIsPutTogetherIsTakenApart(_ english: String, _ chinese: String) {
        #expect(translated(english, to: .zh) == chinese)
        #expect(translated(english, to: .en) == english)
    }

    /// Somebody's names and what nobody translated are not torn apart.
    @Test(arguments: [
        "", "power", "/dev/ttyUSB0", "Eastron SDM120 single-phase meter (certain)", "the end of a story in two parts",
        "x: y", "a, b, c", String(repeating: "word; ", count: 700),
    ])
    func whatNobodyKnowsStays(_ english: String) {
        #expect(translated(english, to: .zh) == english)
    }

    /// A meter may be called so; in a table the same word is a state.
    @Test func aSingleWordIsAName() {
        #expect(translated("no bus is called \"home\"", to: .zh) == "没有名为 \"home\" 的总线")
        #expect(translated("red: no reading yet", to: .zh) == "red：尚无读数")
        #expect(translated("sign of life: motion", to: .zh) == "活动迹象：motion")
        #expect(translated("home: away was switched off after 4 h away", to: .zh) == "在家：away 已关闭（外出 4 h）")
        #expect(Message(DevicePhrase.lineIdle, "door").text(in: .zh) == "door 已占用，处于静止状态")
        #expect(translatedWord("missing", to: .zh) == "缺失")
        #expect(translatedWord("unheard-of", to: .zh) == "unheard-of")
    }

    /// What a device said stands in a phrase, and is translated there.
    @Test func whatADeviceSaidIsTranslatedInAPhrase() {
        let message = Message(DevicePhrase.portFailed, "/dev/ttyS0", "Input/output error")
        #expect(message.text(in: .zh) == "/dev/ttyS0 无法使用：输入/输出错误")
        #expect(message.text(in: .en) == "/dev/ttyS0 cannot be used: Input/output error")
    }

    @Test func complaintsHaveAnAdviceInTheirLanguage() {
        let text = complaint("`edge-agent status` shows what is asked", advice: "remove it", language: .zh)
        #expect(text == "edge-agent: `edge-agent status` 会显示待确认的内容\n  建议：请删除\n")
        #expect(complaint("odd", advice: nil, language: .en) == "edge-agent: odd\n")
    }

    @Test(arguments: [
        (["status", "--language", "zh"], Language.zh), (["--language=en"], .en), (["status", "--language"], nil),
        (["--language", "fr"], nil), ([], nil),
    ])
    func theCommandLineChoosesTheLanguage(_ arguments: [String], _ language: Language?) {
        #expect(Language.asked(in: arguments) == language)
    }

    @Test func onlyCommentsOfAConfigurationAreTranslated() {
        let text =
            "# Unit 5: unknown. No profile fits what it answers; its answers, for whoever knows it:\n"
            + "#   very likely\n\n[[bus]]\nname = \"no answer\"\n"
        #expect(
            translatedComments(text, to: .zh)
                == "# 站号 5：未知。没有合适的配置文件；其应答如下，供了解它的人参考：\n#   很可能\n\n[[bus]]\nname = \"no answer\"\n")
        #expect(translatedComments(text, to: .en) == text)
    }
}

@Suite struct TranslatedHelpTests {
    /// As ArgumentParser renders it where nothing is wrapped.
    private let help = """
        OVERVIEW: Run the daemon.

        USAGE: edge-agent run [--config <config>] [--log-level <log-level>] [--language <language>]

        OPTIONS:
          --config <config>       The home's configuration. (default: /etc/edge-agent/home.toml)
          --board-configs <board-configs>
                                  A folder with boards/ and meters/; may be given more than once.
          --stop-bits <stop-bits> Stop bits of --port. (default: 1)
          --language <language>   en or zh (default: as LC_ALL, LC_MESSAGES or LANG say). (values: en, zh)
          -h, --help              Show help information.

          See 'edge-agent silence --help' for more information.
        """

    @Test func everyLineIsTranslatedAndWrapped() {
        let chinese = """
            概述：运行守护进程。

            用法：edge-agent run [--config <config>] [--log-level <log-level>]
                  [--language <language>]

            选项：
              --config <config>       家庭配置文件。（默认：/etc/edge-agent/home.toml）
              --board-configs <board-configs>
                                      含有 boards/ 和 meters/ 的目录；可多次指定。
              --stop-bits <stop-bits> --port 的停止位。（默认：1）
              --language <language>   en 或 zh（默认按 LC_ALL、LC_MESSAGES 或 LANG）。（可
                                      取：en, zh）
              -h, --help              显示帮助。

              更多信息见 'edge-agent silence --help'。
            """
        #expect(translatedHelp(help, to: .zh, columns: 80) == chinese)
    }

    @Test(arguments: [20, 40, 61, 80, 200]) func noLineIsTooWide(_ columns: Int) {
        let text = "守护独居者的家：读取水表和电表，监视 GPIO 线路，就地判断是否异常（在家中发出声响），并通知云端。"
        let lines = wrapped(text, to: columns, indent: 4).split(separator: "\n")
        #expect(lines.allSatisfy { $0.columns <= columns && $0.last != " " })
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("    ") && !"，。：）".contains($0.dropFirst(4).first ?? " ") })
        #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
    }

    @Test func whatIsWrongWithTheArguments() {
        let text =
            "Error: The value '5x' is invalid for '--unit <unit>'\nHelp:  --unit <unit>  The unit id, 1 to 247.\n"
            + "Usage: edge-agent read [<options>] [<meter>]\n  See 'edge-agent read --help' for more information."
        #expect(
            translatedHelp(text, to: .zh, columns: 80)
                == "错误：'--unit <unit>' 的值 '5x' 无效\n说明：--unit <unit>  站号，1 至 247。\n"
                + "用法：edge-agent read [<options>] [<meter>]\n  更多信息见 'edge-agent read --help'。")
    }
}
