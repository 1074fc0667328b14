// What guided tests say to the person who does what they ask for, and what they find.

enum GuidedPhrase: String, Phrase {
    case walkNothing, walkNothingAdvice, walkRefused, walkRefusedAdvice, walkBegins, walkTodo, walkMissing, walkSeen
    case walkDaemonAway, walkOver, walkWasSeen, walkUnseen, walkUnseenAdvice, walkHalf, walkHalfAdvice, walkFault
    case walkFaultAdvice, walkStillActive, walkCallsNow
    case offlineNoUpstream, offlineNoUpstreamAdvice, offlineNotConnected, offlineNotConnectedAdvice, offlinePull
    case offlineWaitsForLoss, offlineNoticed, offlineStillConnected, offlineStillConnectedAdvice, offlineNoDaemon
    case offlineNoDaemonAdvice, offlineRefused, offlineRefusedAdvice, offlineNoSiren, offlineNoSirenAdvice
    case offlineNobody, offlineNobodyAdvice, offlineSounds, offlineSoundsAdvice, offlineHeard, offlineWasHeard
    case offlineNotHeard, offlineNotHeardAdvice, offlinePlugIn, offlineWaitsForLink, offlineWaitsForAnswer
    case offlineArrived, offlineTaken, offlineNotBack, offlineNotBackAdvice, offlineUnanswered
    case offlineUnansweredAdvice, offlineNotLate, offlineNotLateAdvice, offlineEnded, offlineEndedAdvice
    case powerNoDaemon, powerNoDaemonAdvice, powerNoNote, powerPull, powerNoted, powerNotCut, powerNotedAdvice
    case powerSettles, powerRestarted, powerStarts, powerLostAdvice, powerNumbersBack, powerRecordsLost, powerIDsKept
    case powerWindowsLost, powerWindowsLostAdvice, powerWindowsKept, powerAlertsLost, powerAlertsKept
    case guidedNoTerminal, guidedNoTerminalAdvice, guidedNoDaemon, guidedNoDaemonAdvice

    var texts: Texts { walkTexts ?? offlineTexts ?? powerTexts ?? ownTexts }

    private var walkTexts: Texts? {
        switch self {
        case .walkNothing: Texts("this home has no input that could be set off by hand", zh: "本户没有可以手动触发的输入")
        case .walkNothingAdvice:
            Texts(
                "Describe the sensors as [[input]] in the configuration.",
                zh: "请在配置中用 [[input]] 写明各传感器。")
        case .walkRefused: Texts("the daemon does not begin a walk: {0}", zh: "守护进程没有开始巡检：{0}")
        case .walkRefusedAdvice:
            Texts(
                "End the other one, or look at `edge-agent status`.",
                zh: "请先结束另一次巡检，或查看 `edge-agent status`。")
        case .walkBegins:
            Texts(
                "{0} inputs are to be set off once each. Until this ends, alerts are tests: nobody is "
                    + "called. Ctrl-C ends it, and so do four hours.",
                zh: "共有 {0} 个输入，每个都要触发一次。巡检结束之前，所有告警均为测试，不会惊动任何人。按 Ctrl-C 结束，最长四小时。")
        case .walkTodo:
            Texts(
                "Walk past each motion sensor, open and close each door, press the test button of each "
                    + "smoke detector, press each button. Each one that is seen chirps.",
                zh: "请走过每个人体感应器，开关每扇门，按下每个烟感的测试键，按下每个按钮。每识别到一个会短响一声。")
        case .walkMissing: Texts("still missing ({0}): {1}", zh: "尚未触发（{0} 个）：{1}")
        case .walkSeen: Texts("{0} is seen; still missing: {1}", zh: "已识别 {0}；还差：{1}")
        case .walkStillActive:
            Texts(
                "all were seen; waiting until these are idle again, or they would be real alarms: {0}",
                zh: "已全部识别；等待以下输入复位，否则会成为真实告警：{0}")
        case .walkCallsNow:
            Texts(
                "The walk ends, and these are still active: from now on they are real alarms: {0}",
                zh: "巡检结束，以下输入仍处于触发状态，从现在起为真实告警：{0}")
        case .walkDaemonAway: Texts("the daemon does not answer: waiting for it", zh: "守护进程没有应答：正在等待")
        case .walkOver:
            Texts(
                "the walk is over: its time is up, or somebody ended it. Alerts are real again.",
                zh: "巡检已结束：时间已到，或被他人结束。告警恢复为真实告警。")
        case .walkWasSeen: Texts("{0} was set off and seen", zh: "{0} 已触发并识别")
        case .walkUnseen: Texts("{0} was not set off, or not seen", zh: "{0} 没有触发，或没有被识别")
        case .walkUnseenAdvice:
            Texts(
                "Set it off and walk again; if it stays unseen, check its wiring, its supply and `line` "
                    + "of the input.",
                zh: "请触发后重新巡检；若仍未识别，请检查接线、供电和该输入的 `line`。")
        case .walkHalf:
            Texts(
                "{0} has changed only once: it was not seen both open and closed",
                zh: "{0} 只变化了一次：没有同时看到开和关")
        case .walkHalfAdvice:
            Texts(
                "Open the door wide and close it again; if that is not seen, move the magnet.",
                zh: "请把门完全打开再关上；若仍未识别，请调整磁铁位置。")
        case .walkFault: Texts("{0} cannot be read: {1}", zh: "无法读取 {0}：{1}")
        case .walkFaultAdvice:
            Texts(
                "Mend its line first; `edge-agent self-test` says what is wrong.",
                zh: "请先修好该线路；`edge-agent self-test` 会说明问题。")
        default: nil
        }
    }

    private var offlineTexts: Texts? {
        switch self {
        case .offlineNoUpstream:
            Texts(
                "no [upstream] is configured: there is no network to lose",
                zh: "没有配置 [upstream]：无网络可断")
        case .offlineNoUpstreamAdvice:
            Texts(
                "Add [upstream] with the broker's address, restart the daemon, and try again.",
                zh: "请添加 [upstream] 和服务器地址，重启守护进程后再试。")
        case .offlineNotConnected: Texts("the daemon is not connected to its broker", zh: "守护进程没有连上服务器")
        case .offlineNotConnectedAdvice:
            Texts(
                "Run `edge-agent self-test` first: it says which part of the way fails.",
                zh: "请先运行 `edge-agent self-test`：它会说明哪一段不通。")
        case .offlinePull:
            Texts(
                "Pull the network cable of this box now (with WiFi or a modem: switch the router off).",
                zh: "请现在拔掉本机的网线（若用 WiFi 或上网卡：请关闭路由器）。")
        case .offlineWaitsForLoss: Texts("waiting until the daemon notices, {0} s at most", zh: "等待守护进程发现断网，最多 {0} 秒")
        case .offlineNoticed: Texts("the daemon noticed that the network was away", zh: "守护进程已发现断网")
        case .offlineStillConnected: Texts("the connection was never away", zh: "连接一直没有断开")
        case .offlineStillConnectedAdvice:
            Texts(
                "Pull the right cable; a second way to the network (WiFi, modem) must be cut as well.",
                zh: "请拔对网线；若还有其他联网途径（WiFi、上网卡），也要断开。")
        case .offlineNoDaemon: Texts("the daemon does not answer any more", zh: "守护进程不再应答")
        case .offlineNoDaemonAdvice:
            Texts(
                "Look at `edge-agent status`, plug the cable in, and try again.",
                zh: "请查看 `edge-agent status`，插好网线后重试。")
        case .offlineRefused: Texts("the daemon makes no test alert: {0}", zh: "守护进程没有发出测试告警：{0}")
        case .offlineRefusedAdvice: Texts("Wait for a moment and try again.", zh: "请稍候再试。")
        case .offlineNoSiren: Texts("this home has no siren and no buzzer", zh: "本户没有警笛或蜂鸣器")
        case .offlineNoSirenAdvice:
            Texts(
                "Add an [[output]] of kind siren or buzzer.",
                zh: "请添加类型为 siren 或 buzzer 的 [[output]]。")
        case .offlineNobody: Texts("nobody was there to hear the siren", zh: "无人在场确认警笛")
        case .offlineNobodyAdvice: Texts("Run it at a terminal, without --yes.", zh: "请在终端上运行，不要加 --yes。")
        case .offlineSounds: Texts("the home sounds {0}: a test would not be heard", zh: "本户正在响 {0}：听不到测试音")
        case .offlineSoundsAdvice: Texts("End that alert first.", zh: "请先处理该告警。")
        case .offlineHeard: Texts("The siren sounded for three seconds. Did you hear it?", zh: "警笛刚才响了三秒。您听到了吗？")
        case .offlineWasHeard: Texts("the home sounds without a network", zh: "断网时本户能响警")
        case .offlineNotHeard: Texts("nobody heard the siren", zh: "没有人听到警笛")
        case .offlineNotHeardAdvice:
            Texts(
                "Check its wiring, its supply and `active` of the output.",
                zh: "请检查警笛的接线、供电和该输出的 `active`。")
        case .offlinePlugIn: Texts("Plug the network cable in again.", zh: "请把网线插回去。")
        case .offlineWaitsForLink: Texts("waiting for the connection, {0} s at most", zh: "等待连接恢复，最多 {0} 秒")
        case .offlineWaitsForAnswer:
            Texts(
                "waiting until somebody accepts the test alert, {0} s at most",
                zh: "等待测试告警被确认，最多 {0} 秒")
        case .offlineArrived:
            Texts(
                "the alert of the time without a network arrived, marked as late; {0} accepted it",
                zh: "断网期间的告警已补发并标明为迟到，由 {0} 确认")
        case .offlineTaken:
            Texts(
                "the broker has taken the alert of the time without a network, marked as late; nobody "
                    + "behind it answers (ack)",
                zh: "服务器已收下断网期间补发的告警，并标明为迟到；其后无人应答（ack）")
        case .offlineNotBack: Texts("the connection did not come back within ten minutes", zh: "连接十分钟内没有恢复")
        case .offlineNotBackAdvice:
            Texts(
                "Is the cable in, and does the router run? Then run `edge-agent self-test`.",
                zh: "网线是否插好，路由器是否工作？然后运行 `edge-agent self-test`。")
        case .offlineUnanswered:
            Texts(
                "the connection is back, and nobody accepted the alert within {0} s",
                zh: "连接已恢复，但 {0} 秒内没有人确认告警")
        case .offlineUnansweredAdvice:
            Texts(
                "Ask whoever watches the home whether it was shown; without anybody behind the broker "
                    + "write ack = \"broker\".",
                zh: "请询问值守人员是否看到告警；若服务器之后无人值守，请写 ack = \"broker\"。")
        case .offlineNotLate:
            Texts(
                "the alert was not marked as late: the connection came back before it was made",
                zh: "告警没有标明为迟到：它产生之前连接已恢复")
        case .offlineNotLateAdvice:
            Texts(
                "Leave the cable out until you are told to plug it in.",
                zh: "在提示之前请不要插回网线。")
        case .offlineEnded: Texts("the test was ended before the alert arrived", zh: "告警到达之前测试已结束")
        case .offlineEndedAdvice: Texts("Plug the cable in, and run it again.", zh: "请插好网线，重新测试。")
        default: nil
        }
    }

    private var powerTexts: Texts? {
        switch self {
        case .powerNoDaemon: Texts("the daemon does not answer", zh: "守护进程没有应答")
        case .powerNoDaemonAdvice:
            Texts(
                "Look at `edge-agent status`; it may still be starting: try again in a minute.",
                zh: "请查看 `edge-agent status`；它可能还在启动：请一分钟后再试。")
        case .powerNoNote: Texts("the note {0} cannot be written: {1}", zh: "无法写入记录 {0}：{1}")
        case .powerPull:
            Texts(
                "Pull the plug of this box now, wait ten seconds, plug it in, and run the same command again.",
                zh: "请现在拔掉本机电源，等十秒再插上，然后重新运行同一命令。")
        case .powerNoted:
            Texts(
                "it is noted what must survive; the power has not been away yet",
                zh: "需要保留的内容已记录；尚未断电")
        case .powerNotCut:
            Texts(
                "the power was not away since the last note: a new one is made",
                zh: "自上次记录以来没有断过电：已重新记录")
        case .powerNotedAdvice:
            Texts(
                "Pull the plug, wait ten seconds, plug it in, and run the same command again within a "
                    + "day. A battery must be unplugged, too.",
                zh: "请拔掉电源，等十秒再插上，并在一天内重新运行同一命令。若有电池，也要断开。")
        case .powerSettles:
            Texts(
                "waiting for the first readings after the start, {0} s at most",
                zh: "等待启动后的首批读数，最多 {0} 秒")
        case .powerRestarted:
            Texts(
                "the board has started again, and the daemon on the same storage",
                zh: "主机已重新启动，守护进程使用原有数据")
        case .powerStarts:
            Texts(
                "the board has started again, and the daemon has forgotten its starts",
                zh: "主机已重新启动，但守护进程丢失了启动记录")
        case .powerLostAdvice:
            Texts(
                "The memory card lost what was written: look into `dmesg`, and replace it by one for "
                    + "continuous writing.",
                zh: "存储卡丢失了已写入的数据：请查看 `dmesg`，并换用耐写的存储卡。")
        case .powerNumbersBack: Texts("records have gone back in number", zh: "记录的序号倒退了")
        case .powerRecordsLost: Texts("calls for help are open and are not sent any more: {0}", zh: "有告警未结束却不再发送：{0}")
        case .powerIDsKept:
            Texts(
                "numbers go on, and every call for help still waits for its answer",
                zh: "序号连续，未确认的告警仍在等待应答")
        case .powerWindowsLost:
            Texts(
                "after the start these have forgotten what was before: {0}",
                zh: "启动后以下内容丢失了之前的数据：{0}")
        case .powerWindowsLostAdvice:
            Texts(
                "Wait until all meters and lines were read (`edge-agent status`) and run the whole test "
                    + "once more; if it recurs, replace the memory card.",
                zh: "请等所有表计和线路都读到后（`edge-agent status`）重做整个测试；若再次出现，请更换存储卡。")
        case .powerWindowsKept: Texts("rules go on where they were", zh: "规则从断电前的状态继续")
        case .powerAlertsLost: Texts("these alerts are gone, and nobody has ended them: {0}", zh: "以下告警消失了，但无人结束：{0}")
        case .powerAlertsKept: Texts("every open alert is still there, or has ended since", zh: "未结束的告警都还在，或之后已正常结束")
        default: nil
        }
    }

    private var ownTexts: Texts {
        switch self {
        case .guidedNoTerminal:
            Texts(
                "this test asks somebody who stands in the home, and there is no terminal",
                zh: "此测试需要现场人员操作，但没有终端")
        case .guidedNoTerminalAdvice:
            Texts(
                "Run it at a terminal, or with --yes: what only a person can tell is then untested.",
                zh: "请在终端上运行，或加 --yes：只有人能判断的项目将记为未测试。")
        case .guidedNoDaemon: Texts("no daemon answers at {0}, and this test needs it", zh: "{0} 处没有守护进程应答，而此测试需要它")
        case .guidedNoDaemonAdvice:
            Texts(
                "Start it: `systemctl start edge-agent`; then run this as root, or as the daemon's user.",
                zh: "请启动：`systemctl start edge-agent`；然后用 root 或守护进程的用户运行。")
        default: Texts(rawValue, zh: rawValue)
        }
    }
}
