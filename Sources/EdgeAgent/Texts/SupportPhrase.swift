// What `doctor` and `report` say.

enum SupportPhrase: String, Phrase {
    case nobodyAnswers, nobodyAnswersAdvice, versionSame, versionOld, versionAdvice, safeMode, crashesAdvice,
        crashesNone,
        crashesOften
    case lastEndCrashed, lastEndPower, powerCutAdvice, resting, restingAdvice
    case meterSilentNow, meterAdvice, meterOften, signalsMissing, signalsAdvice, rulesBlind, rulesAdvice
    case alarmUnaccepted, alarmAdvice, backlog, backlogAdvice, meterAsked, meterAskedAdvice
    case otherFault, otherAdvice, faultAdviceInIt
    case powerGood, powerLow, powerWasLow, powerAdvice, heatGood, heatHigh, heatAdvice
    case diskGood, diskErrors, diskAdvice, spaceGood, spaceLow, spaceAdvice, memoryGood, memoryShort, memoryAdvice
    case networkGood, networkAway, networkAdvice, doingMachine
    case nothingFound, somethingFound, moreFindings, bundleHint, bundleWritten, bundleFailed, bundleFailedAdvice

    case reportTitle, reportMade, reportBoard, reportMeters, reportMeter, reportInputs, reportInput, reportOutputs,
        reportOutput
    case reportRules, reportRule, reportTold, reportBroker, reportSecondBroker, reportNobody, reportStep, reportNoStep
    case stepSound, stepRelay, stepResend, stepFallback
    case reportTest, reportNoTest, reportTestSummary, reportTestAll, reportTestFailed, reportTestUntested
    case reportDuties, dutyPanic, dutySmoke, dutyWalk, dutyWhole, dutyLook, dutyWater
    case reportUnreadable, reportUnreadableAdvice, reportEmpty, reportEmptyAdvice
    case commandUnknown, commandNear, commandNone

    var texts: Texts { daemonTexts ?? homeTexts ?? machineTexts ?? reportTexts ?? dutyTexts }

    private var daemonTexts: Texts? {
        switch self {
        case .nobodyAnswers: Texts("no daemon answers: nobody is guarded", zh: "守护进程没有回答：目前没有守护任何人")
        case .nobodyAnswersAdvice:
            Texts(
                "`systemctl start edge-agent`; if it ends again, `journalctl -u edge-agent -n 50` says why.",
                zh: "运行 `systemctl start edge-agent`；若又退出，`journalctl -u edge-agent -n 50` 会说明原因。")
        case .versionSame: Texts("the daemon is of this version", zh: "守护进程的版本一致")
        case .versionOld:
            Texts("the daemon is of version {0}, this program of {1}", zh: "守护进程的版本是 {0}，本程序是 {1}")
        case .versionAdvice: Texts("`systemctl restart edge-agent`.", zh: "运行 `systemctl restart edge-agent`。")
        case .safeMode:
            Texts("the agent runs in safe mode: it reads no meter", zh: "程序处于安全模式：不读取任何仪表")
        case .crashesAdvice:
            Texts(
                "Send the bundle (`edge-agent doctor --output FILE`) to support: this is a fault of the program or of the board.",
                zh: "请把诊断包（`edge-agent doctor --output FILE`）发给技术支持：程序或主板有故障。")
        case .crashesNone: Texts("the agent has not crashed since the board started", zh: "主板启动以来程序没有崩溃")
        case .crashesOften:
            Texts("the agent has crashed {0} times since the board started", zh: "主板启动以来程序崩溃了 {0} 次")
        case .lastEndCrashed: Texts("the run before this one crashed or hung", zh: "上一次运行时程序崩溃或卡死")
        case .lastEndPower: Texts("the run before this one ended with a power cut", zh: "上一次运行因断电结束")
        case .powerCutAdvice:
            Texts(
                "Ask whether somebody pulled the plug; if not, look at the power supply, its plug and the socket.",
                zh: "请询问是否有人拔过插头；如果没有，请检查电源、插头和插座。")
        case .resting: Texts("the home is not in its usual mode: {0}", zh: "家庭不在正常模式：{0}")
        case .restingAdvice:
            Texts(
                "Some rules rest meanwhile. `edge-agent home` ends it.", zh: "在此期间部分规则暂停。运行 `edge-agent home` 可结束。")
        case .otherFault: Texts("the daemon reports: {0}", zh: "守护进程报告：{0}")
        case .otherAdvice: Texts("Do this: {0}", zh: "请这样处理：{0}")
        case .faultAdviceInIt:
            Texts(
                "Do what it says; `edge-agent watch` shows when it is over.", zh: "请按提示处理；`edge-agent watch` 会显示何时恢复。")
        default: nil
        }
    }

    private var homeTexts: Texts? {
        switch self {
        case .meterSilentNow: Texts("meter {0} (unit {1}) does not answer", zh: "仪表 {0}（站号 {1}）没有应答")
        case .meterAdvice:
            Texts(
                "Check its power, its wires and its unit id; `edge-agent self-test` tries other settings of the line.",
                zh: "请检查电源、接线和站号；`edge-agent self-test` 会尝试其他通信设置。")
        case .meterOften:
            Texts("meter {0} did not answer {1} of {2} questions", zh: "仪表 {0} 在 {2} 次询问中有 {1} 次没有应答")
        case .signalsMissing: Texts("nothing is heard of {0}", zh: "收不到 {0}")
        case .signalsAdvice:
            Texts(
                "Mend their meters and lines first; `edge-agent watch` shows which come back.",
                zh: "请先修好对应的仪表和线路；`edge-agent watch` 会显示哪些已恢复。")
        case .rulesBlind: Texts("rules that cannot judge: {0}: {1}", zh: "无法判断的规则：{0}：{1}")
        case .rulesAdvice:
            Texts(
                "Mend the meter or line that they look at; until then somebody should look after the home more often.",
                zh: "请先修好它们所用的仪表或线路；在此之前请更频繁地探望。")
        case .alarmUnaccepted:
            Texts("nobody has accepted the alarm of {0} yet; it has come as far as: {1}", zh: "还没有人确认 {0} 的告警；目前进度：{1}")
        case .alarmAdvice:
            Texts(
                "Go there or call. Then ask whoever watches the home why nobody has seen it.",
                zh: "请上门或打电话。然后询问值守人员为何没有看到。")
        case .backlog: Texts("records have waited for the cloud for {0}", zh: "数据等待上传已有 {0}")
        case .backlogAdvice:
            Texts(
                "Mend the way to the broker; if it is connected, ask whoever runs the platform whether it answers.",
                zh: "请先恢复与服务器的连接；若已连接，请询问平台管理员是否有应答。")
        case .meterAsked: Texts("the meter of {0} seems to have been replaced", zh: "{0} 的仪表似乎已更换")
        case .meterAskedAdvice:
            Texts(
                "Run `edge-agent self-test` first: swapped words or a wrong type look like another meter. If it was replaced: "
                    + "`edge-agent confirm-meter {0}`.",
                zh: "请先运行 `edge-agent self-test`：字序颠倒或类型不对看起来也像换了表。若确已换表：`edge-agent confirm-meter {0}`。")
        default: nil
        }
    }

    private var machineTexts: Texts? {
        switch self {
        case .powerGood: Texts("the board's supply is good", zh: "主板供电正常")
        case .powerLow: Texts("the board's supply voltage is too low now", zh: "主板供电电压过低")
        case .powerWasLow: Texts("the board's supply voltage has been too low", zh: "主板供电电压曾经过低")
        case .powerAdvice:
            Texts(
                "Use the board's own power supply and a short, thick cable; too low a voltage damages cards and causes crashes.",
                zh: "请使用主板原装电源和短而粗的电源线；电压过低会损坏存储卡并导致崩溃。")
        case .heatGood: Texts("the processor is not hot", zh: "处理器温度正常")
        case .heatHigh: Texts("the processor is too hot: {0}", zh: "处理器过热：{0}")
        case .heatAdvice:
            Texts("Give the box air, and no sun; look whether its vents are free.", zh: "请保证通风、避免日晒，并检查散热孔是否堵住。")
        case .diskGood: Texts("no disk errors are known", zh: "没有发现磁盘错误")
        case .diskErrors: Texts("the disk has reported errors: {0}", zh: "磁盘报告了错误：{0}")
        case .diskAdvice:
            Texts(
                "Replace the memory card by one for continuous writing before it fails; the bundle has the kernel's words.",
                zh: "请在损坏前换用耐写的存储卡；诊断包中有内核的记录。")
        case .spaceGood: Texts("there is room on the disk", zh: "磁盘空间充足")
        case .spaceLow: Texts("little room is left on the disk: {0}", zh: "磁盘空间不足：{0}")
        case .spaceAdvice:
            Texts(
                "Find what fills it: `df -h`, `journalctl --disk-usage`.",
                zh: "请找出占用空间的内容：`df -h`、`journalctl --disk-usage`。")
        case .memoryGood: Texts("there is memory left", zh: "内存充足")
        case .memoryShort:
            Texts("memory is short: {0} left, or programs were ended for want of it", zh: "内存不足：剩余 {0}，或有程序因此被结束")
        case .memoryAdvice:
            Texts(
                "See what takes it: `ps aux --sort=-rss`. The agent needs some 20 MB.",
                zh: "请查看占用内存的程序：`ps aux --sort=-rss`。本程序约需 20 MB。")
        case .networkGood: Texts("a network is connected", zh: "网络已连接")
        case .networkAway: Texts("no network is connected: no cable, no radio", zh: "没有连接网络：既无网线也无无线")
        case .networkAdvice:
            Texts(
                "Plug the network cable in, or check Wi-Fi or the modem; `ip link` shows what is up.",
                zh: "请插好网线，或检查无线网络、调制解调器；`ip link` 可查看状态。")
        case .doingMachine: Texts("looking at the board", zh: "检查主板")
        case .nothingFound:
            Texts("nothing is wrong that can be seen from here; {0} checks are good", zh: "没有发现问题；{0} 项检查正常")
        case .somethingFound: Texts("{0} checks are good", zh: "{0} 项检查正常")
        case .moreFindings: Texts("... and {0} more", zh: "……还有 {0} 项")
        case .bundleHint:
            Texts(
                "`edge-agent doctor --output FILE` writes what support needs, without names, addresses and passwords",
                zh: "`edge-agent doctor --output FILE` 可生成给技术支持的诊断包，不含姓名、地址和密码")
        case .bundleWritten:
            Texts("{0} is written ({1} bytes): read it, then send it to support", zh: "已写入 {0}（{1} 字节）：请先查看，再发给技术支持")
        case .bundleFailed: Texts("{0} cannot be written: {1}", zh: "无法写入 {0}：{1}")
        case .bundleFailedAdvice: Texts("name another file with --output", zh: "请用 --output 指定其他文件")
        default: nil
        }
    }

    private var reportTexts: Texts? {
        switch self {
        case .reportTitle: Texts("Installation of home {0}", zh: "安装交接单：家庭 {0}")
        case .reportMade:
            Texts("Made by edge-agent {0} on {1}; configuration {2}", zh: "由 edge-agent {0} 于 {1} 生成；配置 {2}")
        case .reportBoard: Texts("Board: {0}", zh: "主板：{0}")
        case .reportMeters: Texts("Meters", zh: "仪表")
        case .reportMeter: Texts("{0}: unit {1} on {2}, gives {3}", zh: "{0}：站号 {1}，接在 {2}，提供 {3}")
        case .reportInputs: Texts("Sensors and buttons", zh: "传感器和按钮")
        case .reportInput: Texts("{0}: {1}, on line {2}", zh: "{0}：{1}，接在线路 {2}")
        case .reportOutputs: Texts("Sounds and lights", zh: "声光输出")
        case .reportOutput: Texts("{0}: {1}, by line {2}", zh: "{0}：{1}，由线路 {2} 驱动")
        case .reportRules: Texts("What is watched", zh: "守护内容")
        case .reportRule: Texts("{0}: {1}", zh: "规则 {0}：{1}。")
        case .reportTold: Texts("Who is told", zh: "通知对象")
        case .reportBroker:
            Texts(
                "every alert goes to {0}, at once, and again until somebody accepts it", zh: "每条告警立即发往 {0}，并重复发送，直到有人确认"
            )
        case .reportSecondBroker: Texts("by a second way to {0}", zh: "另一路发往 {0}")
        case .reportNobody:
            Texts(
                "nobody: no [upstream] is configured; alarms are only heard at home", zh: "没有：未配置 [upstream]，告警只在家中发声")
        case .reportStep: Texts("not accepted after {0}: {1}", zh: "{0} 后仍无人确认：{1}")
        case .stepSound: Texts("the home hears: {0}", zh: "家中发声：{0}")
        case .stepRelay: Texts("{0} is switched on", zh: "接通 {0}")
        case .stepResend: Texts("it is sent again at once", zh: "立即重新发送")
        case .stepFallback: Texts("it is sent by the second way, too", zh: "同时经另一路发送")
        case .reportNoStep: Texts("nothing further happens while nobody accepts an alarm", zh: "无人确认时不再采取其他措施")
        case .reportTest: Texts("The last whole self-test", zh: "最近一次完整自检")
        case .reportNoTest:
            Texts(
                "none was given: `edge-agent self-test --format json > test.json`, then `edge-agent report --self-test test.json`",
                zh:
                    "没有提供：先运行 `edge-agent self-test --format json > test.json`，再运行 `edge-agent report --self-test test.json`"
            )
        case .reportTestSummary: Texts("{0} passed, {1} failed, {2} untested", zh: "{0} 项通过，{1} 项失败，{2} 项未测试")
        case .reportTestAll: Texts("everything was tested and is good", zh: "全部测试通过")
        case .reportTestFailed: Texts("failed: {0}: {1} {2}", zh: "失败：{0}：{1} {2}")
        case .reportTestUntested: Texts("untested: {0}: {1} {2}", zh: "未测试：{0}：{1} {2}")
        default: nil
        }
    }

    private var dutyTexts: Texts {
        switch self {
        case .reportDuties: Texts("What to test, and how often", zh: "定期测试")
        case .dutyPanic:
            Texts(
                "every week: press {0}, hear the siren, and let somebody accept the alarm",
                zh: "每周：按下 {0}，确认听到警报，并请值守人员确认告警")
        case .dutySmoke: Texts("every month: hold the test button of {0}", zh: "每月：按住 {0} 的测试按钮")
        case .dutyWalk:
            Texts(
                "every six months: walk past every sensor (`edge-agent self-test --walk`)",
                zh: "每半年：走过每个传感器（`edge-agent self-test --walk`）")
        case .dutyWhole:
            Texts("every six months: the whole test (`edge-agent self-test`)", zh: "每半年：完整自检（`edge-agent self-test`）")
        case .dutyLook:
            Texts(
                "when something is odd: `edge-agent status`, and `edge-agent doctor` for advice",
                zh: "有异常时：运行 `edge-agent status`，并用 `edge-agent doctor` 查看建议")
        case .dutyWater:
            Texts(
                "after a meter was replaced: `edge-agent confirm-meter` says which",
                zh: "更换仪表后：用 `edge-agent confirm-meter` 确认")
        case .reportUnreadable: Texts("{0} is no result of a self-test: {1}", zh: "{0} 不是自检结果：{1}")
        case .reportUnreadableAdvice:
            Texts(
                "make it with `edge-agent self-test --format json > FILE`",
                zh: "请用 `edge-agent self-test --format json > FILE` 生成")
        case .reportEmpty: Texts("{0} describes nothing yet: there is nothing to report", zh: "{0} 还没有任何内容：无可报告")
        case .commandUnknown: Texts("there is no command {0}", zh: "没有 {0} 这个命令")
        case .commandNear:
            Texts(
                "did you mean `edge-agent {0}`? `edge-agent --help` lists all commands",
                zh: "您是想运行 `edge-agent {0}` 吗？`edge-agent --help` 可列出所有命令")
        case .commandNone:
            Texts("`edge-agent --help` lists all commands", zh: "`edge-agent --help` 可列出所有命令")
        case .reportEmptyAdvice: Texts("describe the home first", zh: "请先填写家庭配置")
        default: Texts(rawValue, zh: rawValue)
        }
    }
}
