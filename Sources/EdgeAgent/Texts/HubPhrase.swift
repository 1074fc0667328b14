// What a self-test says of the hub itself: storage, clock, power, service and broker; and of its own way.

enum HubPhrase: String, Phrase {
    case storageGood, storageSlow, storageSlowAdvice, storageFull, storageFullAdvice
    case storageRefused, storageRefusedAdvice, storageFailed, storageFailedAdvice, storageUnasked, storageUnaskedAdvice

    case clockSynchronised, clockOfBattery, clockUntrusted, clockUntrustedAdvice
    case clockImpossible, clockImpossibleAdvice, clockZoneMissing, clockZoneMissingAdvice

    case mainsThere, mainsLost, mainsLostAdvice, batteryGood, batteryLow, batteryLowAdvice
    case powerUnknown, powerUnknownAdvice

    case serviceRuns, serviceDown, serviceDownAdvice, serviceRestarts, serviceRestartsAdvice
    case serviceMissing, serviceMissingAdvice, serviceEnabled, serviceNotEnabled, serviceNotEnabledAdvice
    case watchdogOn, watchdogOff, watchdogOffAdvice, noServiceManager, noServiceManagerAdvice

    case brokerNone, brokerNoneAdvice, nameFound, nameUnknown, nameUnknownAdvice
    case brokerListens, brokerDeaf, brokerDeafAdvice, brokerTrusted, brokerUntrusted, brokerUntrustedAdvice
    case brokerOtherNameAdvice, brokerWantsAdvice, brokerEndedAdvice
    case brokerClockAdvice, brokerLetsIn, brokerRefuses, brokerRefusesAdvice, brokerFails, brokerFailsAdvice
    case brokerUnreached, brokerUnreachedAdvice
    case testAccepted, testTaken, testUnanswered, testUnansweredAdvice, testForbidden, testForbiddenAdvice, testNotSent
    case testNotSentAdvice, testNeedsDaemon, testNeedsDaemonAdvice

    case daemonDenied, daemonDeniedAdvice, daemonMute, daemonMuteAdvice
    case doingConfiguration, doingPort, doingMeter, doingHunt, doingLines, doingOutputs, doingStorage, doingClock
    case doingService, doingBroker, doingTest
    case summary, daemonRuns, daemonAway, yesOrNo, passed, failed, notTested, advice

    var texts: Texts { hubTexts ?? serviceTexts ?? brokerTexts ?? ownTexts }

    private var hubTexts: Texts? {
        switch self {
        case .storageGood: Texts("what is written is safely stored", zh: "写入的数据已安全落盘")
        case .storageSlow: Texts("a write takes {0} ms until it is safe", zh: "数据安全落盘需要 {0} 毫秒")
        case .storageSlowAdvice:
            Texts(
                "The memory card is worn or too slow: replace it by one for continuous writing.",
                zh: "存储卡磨损或太慢：请换用耐写的存储卡。")
        case .storageFull: Texts("the disk under {0} is full", zh: "{0} 所在的磁盘已满")
        case .storageFullAdvice:
            Texts("Free space there: `df -h {0}` shows how much there is.", zh: "请释放空间：`df -h {0}` 可查看余量。")
        case .storageRefused: Texts("{0} cannot be written: {1}", zh: "无法写入 {0}：{1}")
        case .storageRefusedAdvice:
            Texts(
                "Run this as root or as the daemon's user; the folder must be there and must not be read-only.",
                zh: "请用 root 或守护进程的用户运行；该目录必须存在且不能是只读的。")
        case .storageFailed: Texts("storage fails: {0}", zh: "存储出错：{0}")
        case .storageFailedAdvice:
            Texts(
                "Look into the kernel's log (`dmesg`) and replace the memory card if it recurs.",
                zh: "请查看内核日志（`dmesg`）；若反复出现，请更换存储卡。")
        case .storageUnasked: Texts("the daemon does not say: {0}", zh: "守护进程没有回答：{0}")
        case .storageUnaskedAdvice:
            Texts(
                "Look at `edge-agent status`; is the daemon of another version?",
                zh: "请查看 `edge-agent status`；守护进程的版本是否不同？")

        case .clockSynchronised: Texts("the clock follows a time server", zh: "时钟与时间服务器同步")
        case .clockOfBattery:
            Texts("the clock comes from the board's battery", zh: "时间来自主板的电池时钟")
        case .clockUntrusted: Texts("nothing vouches for the clock", zh: "时钟不可信")
        case .clockUntrustedAdvice:
            Texts(
                "Let a time server be reached (`timedatectl`), or fit a clock with a battery. Rules by the time of "
                    + "day are stricter meanwhile.",
                zh: "请保证能连上时间服务器（`timedatectl`），或加装带电池的时钟。在此之前，按钟点判断的规则会更严格。")
        case .clockImpossible: Texts("the clock shows {0}, which cannot be", zh: "时钟显示 {0}，不可能正确")
        case .clockImpossibleAdvice:
            Texts(
                "Set it: let a time server be reached, or `timedatectl set-time`. A wrong clock also makes good "
                    + "certificates look expired.",
                zh: "请校时：连上时间服务器，或运行 `timedatectl set-time`。时钟不对还会使有效证书显得已过期。")
        case .clockZoneMissing: Texts("this system has no time zone {0}", zh: "系统中没有时区 {0}")
        case .clockZoneMissingAdvice: Texts("Install the package tzdata.", zh: "请安装软件包 tzdata。")

        case .mainsThere: Texts("{0}: mains power is there", zh: "{0}：市电正常")
        case .mainsLost: Texts("{0}: mains power is away", zh: "{0}：没有市电")
        case .mainsLostAdvice:
            Texts(
                "Plug the power supply in; if it is, the input is inverted (change `active`).",
                zh: "请插好电源；若已插好，则是输入接反（修改 `active`）。")
        case .batteryGood: Texts("{0}: the battery is not low", zh: "{0}：电池电量正常")
        case .batteryLow: Texts("{0}: the battery is low", zh: "{0}：电池电量低")
        case .batteryLowAdvice:
            Texts(
                "Let it charge and test again; an old battery has to be replaced.",
                zh: "请充电后再测；旧电池需要更换。")
        case .powerUnknown: Texts("{0} cannot be read", zh: "无法读取 {0}")
        case .powerUnknownAdvice: Texts("Mend its line first.", zh: "请先解决该线路的问题。")
        default: nil
        }
    }

    private var serviceTexts: Texts? {
        switch self {
        case .serviceRuns: Texts("the service runs", zh: "服务正在运行")
        case .serviceDown: Texts("the service is {0}", zh: "服务状态为 {0}")
        case .serviceDownAdvice:
            Texts(
                "`systemctl start edge-agent`; why it ended: `journalctl -u edge-agent -n 50`.",
                zh: "运行 `systemctl start edge-agent`；结束原因见 `journalctl -u edge-agent -n 50`。")
        case .serviceRestarts: Texts("the service has restarted {0} times", zh: "服务已重启 {0} 次")
        case .serviceRestartsAdvice:
            Texts(
                "It crashes or hangs: send the end of `journalctl -u edge-agent` to support.",
                zh: "服务崩溃或卡死：请把 `journalctl -u edge-agent` 的末尾发给技术支持。")
        case .serviceMissing: Texts("there is no service edge-agent", zh: "没有 edge-agent 服务")
        case .serviceMissingAdvice:
            Texts(
                "Install the package: started by hand, the agent does not come back after a power cut.",
                zh: "请安装软件包：手动启动的程序断电后不会自动恢复。")
        case .serviceEnabled: Texts("the service starts with the board", zh: "服务会随主板启动")
        case .serviceNotEnabled: Texts("the service does not start with the board", zh: "服务不会随主板启动")
        case .serviceNotEnabledAdvice: Texts("`systemctl enable edge-agent`.", zh: "运行 `systemctl enable edge-agent`。")
        case .watchdogOn: Texts("a hung agent is restarted", zh: "程序卡死时会被重启")
        case .watchdogOff: Texts("nobody restarts an agent that hangs or crashes", zh: "程序卡死或崩溃时不会被重启")
        case .watchdogOffAdvice:
            Texts(
                "Restore WatchdogSec= and Restart=always of the service; `systemctl cat edge-agent` shows what "
                    + "changes them.",
                zh: "请恢复服务的 WatchdogSec= 和 Restart=always；`systemctl cat edge-agent` 可查看改动。")
        case .noServiceManager: Texts("systemd does not run here", zh: "这里没有运行 systemd")
        case .noServiceManagerAdvice:
            Texts(
                "See to it that the agent starts with the board, and again after a crash.",
                zh: "请确保程序能随主板启动，并在崩溃后重启。")
        default: nil
        }
    }

    private var brokerTexts: Texts? {
        switch self {
        case .brokerNone: Texts("no [upstream] is configured: nobody is told", zh: "没有配置 [upstream]：不会通知任何人")
        case .brokerNoneAdvice: Texts("Add [upstream] with the broker's address.", zh: "请添加 [upstream] 和服务器地址。")
        case .nameFound: Texts("{0} is known", zh: "可以解析 {0}")
        case .nameUnknown: Texts("the name {0} cannot be resolved: {1}", zh: "无法解析名称 {0}：{1}")
        case .nameUnknownAdvice:
            Texts(
                "Check [upstream] broker for a typing error, and the network: cable, router, DNS.",
                zh: "请检查 [upstream] broker 是否写错，以及网络：网线、路由器、DNS。")
        case .brokerListens: Texts("{0} takes connections", zh: "{0} 接受连接")
        case .brokerDeaf: Texts("{0} takes no connection: {1}", zh: "{0} 不接受连接：{1}")
        case .brokerDeafAdvice:
            Texts(
                "Check the port in [upstream] broker, a firewall, and that the broker runs.",
                zh: "请检查 [upstream] broker 的端口、防火墙，以及服务器是否在运行。")
        case .brokerTrusted: Texts("its certificate is good", zh: "服务器证书有效")
        case .brokerUntrusted: Texts("TLS fails: {0}", zh: "TLS 失败：{0}")
        case .brokerUntrustedAdvice:
            Texts(
                "Put the authority that signed the broker's certificate into ca-file in [upstream]. If that is right, the "
                    + "certificate has expired: whoever runs the broker has to renew it.",
                zh: "请把签发服务器证书的 CA 写入 [upstream] 的 ca-file。若 ca-file 没有错，则是证书已过期：请服务器管理员更新。")
        case .brokerOtherNameAdvice:
            Texts(
                "The certificate is for another name than {0}: write the name in the certificate in [upstream] broker, or "
                    + "let whoever runs the broker issue one for this name.",
                zh: "证书不是给 {0} 的：请在 [upstream] broker 中写证书里的名称，或请服务器管理员为此名称签发证书。")
        case .brokerWantsAdvice:
            Texts(
                "The broker wants a certificate of this hub that it knows: check certificate-file and key-file in "
                    + "[upstream] with whoever runs it.",
                zh: "服务器要求本机出示它认可的证书：请与管理员核对 [upstream] 的 certificate-file 和 key-file。")
        case .brokerEndedAdvice:
            Texts(
                "The hub's own certificate was revoked or has expired: ask whoever runs the broker for a new one, for "
                    + "certificate-file and key-file in [upstream].",
                zh: "本机证书已被吊销或已过期：请向服务器管理员申请新证书，写入 [upstream] 的 certificate-file 和 key-file。")
        case .brokerClockAdvice:
            Texts(
                "The hub's clock is wrong, which makes good certificates look expired: set the clock first.",
                zh: "主机时钟不对，会使有效证书显得已过期：请先校时。")
        case .brokerLetsIn: Texts("the broker lets this hub in", zh: "服务器允许本机登录")
        case .brokerRefuses: Texts("the broker refuses this hub: {0}", zh: "服务器拒绝本机登录：{0}")
        case .brokerRefusesAdvice:
            Texts(
                "Check user, password-file and certificate-file in [upstream] with whoever runs the broker.",
                zh: "请与服务器管理员核对 [upstream] 的 user、password-file 和 certificate-file。")
        case .brokerFails: Texts("no MQTT connection: {0}", zh: "无法建立 MQTT 连接：{0}")
        case .brokerFailsAdvice:
            Texts(
                "Check that this port speaks MQTT, and mqtts:// or mqtt:// in [upstream] broker.",
                zh: "请检查该端口是否为 MQTT，以及 [upstream] broker 应为 mqtts:// 还是 mqtt://。")
        case .brokerUnreached: Texts("not tried: what stands above failed", zh: "未测试：上面的检查没有通过")
        case .brokerUnreachedAdvice: Texts("Mend that first.", zh: "请先解决上面的问题。")
        case .testAccepted: Texts("a test alert was accepted by {0}", zh: "测试告警已由 {0} 确认")
        case .testTaken:
            Texts("the broker has taken a test alert; nobody behind it answers (ack)", zh: "服务器已收下测试告警；其后无人应答（ack）")
        case .testUnanswered: Texts("nobody accepted a test alert within {0} s", zh: "{0} 秒内没有人确认测试告警")
        case .testUnansweredAdvice:
            Texts(
                "Ask whoever watches the home whether it was shown: it must be accepted on {0}. Without anybody behind "
                    + "the broker write ack = \"broker\".",
                zh: "请询问值守人员是否看到告警：须在 {0} 上确认。若服务器之后无人值守，请写 ack = \"broker\"。")
        case .testForbidden: Texts("the broker refuses what this hub writes to {0}", zh: "服务器拒绝本机写入 {0}")
        case .testForbiddenAdvice:
            Texts(
                "Ask whoever runs the broker to let this hub's user write to and read from everything below {0} (access "
                    + "list, ACL).",
                zh: "请服务器管理员允许本机用户读写 {0} 下的所有主题（访问控制列表 ACL）。")
        case .testNotSent: Texts("no test alert was sent: {0}", zh: "没有发出测试告警：{0}")
        case .testNotSentAdvice:
            Texts("Look at `edge-agent status`, and try again.", zh: "请查看 `edge-agent status` 后重试。")
        case .testNeedsDaemon:
            Texts("a test alert for {0} needs the running daemon", zh: "发往 {0} 的测试告警需要守护进程在运行")
        case .testNeedsDaemonAdvice:
            Texts("`systemctl start edge-agent`, and test again.", zh: "运行 `systemctl start edge-agent` 后再测。")
        default: nil
        }
    }

    private var ownTexts: Texts {
        switch self {
        case .daemonDenied: Texts("the daemon runs, and does not answer you: {0}", zh: "守护进程在运行，但不回答您：{0}")
        case .daemonDeniedAdvice: Texts("Run this as root, or as the daemon's user.", zh: "请用 root 或守护进程的用户运行。")
        case .daemonMute: Texts("the daemon does not answer as it should: {0}", zh: "守护进程没有正常回答：{0}")
        case .daemonMuteAdvice:
            Texts(
                "`systemctl restart edge-agent`: it hangs, or is of another version.",
                zh: "运行 `systemctl restart edge-agent`：它可能卡死，或版本不同。")
        case .doingConfiguration: Texts("reading the configuration", zh: "读取配置")
        case .doingPort: Texts("opening {0}", zh: "打开 {0}")
        case .doingMeter: Texts("asking {0}", zh: "询问 {0}")
        case .doingHunt: Texts("{0} is silent: trying other settings of the line, {1}", zh: "{0} 没有应答：尝试其他通信设置 {1}")
        case .doingLines: Texts("looking at the lines", zh: "检查线路")
        case .doingOutputs: Texts("trying {0}", zh: "测试 {0}")
        case .doingStorage: Texts("writing to the disk", zh: "写入磁盘")
        case .doingClock: Texts("looking at the clock", zh: "检查时钟")
        case .doingService: Texts("asking systemd", zh: "询问 systemd")
        case .doingBroker: Texts("connecting to {0}", zh: "连接 {0}")
        case .doingTest: Texts("waiting up to {0} s for somebody to accept a test alert", zh: "等待测试告警被确认，最多 {0} 秒")
        case .summary: Texts("{0} passed, {1} failed, {2} untested", zh: "{0} 项通过，{1} 项失败，{2} 项未测试")
        case .daemonRuns: Texts("the daemon runs and goes on", zh: "守护进程正在运行，不受影响")
        case .daemonAway: Texts("the daemon does not run: everything is opened here", zh: "守护进程没有运行：由本程序直接测试")
        case .yesOrNo: Texts(" [y/n] ", zh: " [y/n，是/否] ")
        case .passed: Texts("pass", zh: "通过")
        case .failed: Texts("FAIL", zh: "失败")
        case .notTested: Texts("untested", zh: "未测试")
        case .advice: Texts("advice: ", zh: "建议：")
        default: Texts(rawValue, zh: rawValue)
        }
    }
}
