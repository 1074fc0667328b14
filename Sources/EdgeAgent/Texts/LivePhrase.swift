// What `status`, `watch` and `simulate` say of a home at a glance.

enum LivePhrase: String, Phrase {
    case notCommissioned, onBattery, modeIs, configurationIs
    case soundIs, soundNone, waiting, waitingMany, broker, brokerTaken, secondBroker, linkUp
    case titleOpen, titleFaults, titleSignals, titleRules, titleLines, titleSteps, titleBuses, titleLost
    case faultAdvice, noSteps, markTest
    case signalMissing, signalUnknown, signalActive, ago
    case verdictFine, verdictWrong, verdictCannotTell
    case eventPreAlarm, eventRaised, eventEscalated, eventAcknowledged, eventCancelled, eventCleared
    case levelStored, levelSent, levelBrokered, levelReceived, levelDisplayed, levelAccepted
    case severityRed, severityOrange, severityYellow, severityTechnical
    case soundAccepted, soundPreAlarm, soundTest, soundAlarm, soundNotReached
    case busLent, busEcho, busStray, meterUnit, meterAnswered, meterTimes, meterWaits
    case lineLost, lineLostAtLeast, lineEdges, lineRestless, lineHangs

    case watchAway, watchOld, watchBack, watchKeys, watchEnds, watchWaits
    case newsRule, newsSignal, newsSignalBack, newsFault, newsMended, newsLink, newsMode, newsAway, newsBack, newsAnew

    var texts: Texts { pictureTexts ?? wordTexts ?? watchTexts }

    private var pictureTexts: Texts? {
        switch self {
        case .notCommissioned:
            Texts(
                "Not yet commissioned: nothing is read, watched or told to anybody.",
                zh: "尚未投入使用：目前不读取、不监看，也不通知任何人。")
        case .onBattery:
            Texts(
                "On battery: mains power is lost. Meters are asked more seldom.",
                zh: "正在用电池供电：市电中断，读表次数减少。")
        case .modeIs: Texts("Mode: {0}", zh: "模式：{0}")
        case .configurationIs: Texts("Configuration: {0}", zh: "配置：{0}")
        case .soundIs: Texts("sound: ♪ {0}", zh: "声音：♪ {0}")
        case .soundNone: Texts("sound: silent", zh: "声音：静音")
        case .waiting: Texts("waiting: nothing", zh: "待发送：无")
        case .waitingMany:
            Texts("waiting: alarms {0}, events {1}, readings {2}", zh: "待发送：告警 {0}，事件 {1}，读数 {2}")
        case .broker: Texts("broker: {0}", zh: "服务器：{0}")
        case .secondBroker: Texts("second broker: {0}", zh: "备用服务器：{0}")
        case .brokerTaken:
            Texts("second broker: {0}; alarms taken since the start: {1}", zh: "备用服务器：{0}；启动以来收下 {1} 条告警")
        case .linkUp: Texts("connected", zh: "已连接")
        case .titleOpen: Texts("Open", zh: "未结束的告警")
        case .titleFaults: Texts("Faults", zh: "故障")
        case .titleSignals: Texts("Signals", zh: "信号")
        case .titleRules: Texts("Rules", zh: "规则")
        case .titleLines: Texts("Lines", zh: "输入线路")
        case .titleSteps: Texts("Alerts since the start", zh: "启动以来的告警")
        case .titleBuses: Texts("Buses", zh: "总线")
        case .titleLost: Texts("Lines that lost edges", zh: "丢失边沿的线路")
        case .faultAdvice: Texts("advice: {0}", zh: "建议：{0}")
        case .markTest: Texts("test", zh: "测试")
        case .noSteps: Texts("none yet", zh: "暂无")
        case .busLent:
            Texts("lent to an installer; its meters are asked again afterwards", zh: "正借给安装人员，归还后继续读表")
        case .busEcho: Texts("hears itself", zh: "能收到自己发出的数据")
        case .busStray: Texts("{0} bytes that nobody asked for", zh: "收到 {0} 个多余的字节")
        case .meterUnit: Texts("unit {0}, {1}", zh: "站号 {0}，{1}")
        case .meterAnswered: Texts("{0} answers, {1} failures", zh: "应答 {0} 次，失败 {1} 次")
        case .meterTimes:
            Texts("answers within {0} ms, {1} ms at the 99th percentile", zh: "{0} 毫秒内应答，99 百分位 {1} 毫秒")
        case .meterWaits: Texts("waited for {0} ms", zh: "最多等待 {0} 毫秒")
        case .lineLost: Texts("{0}: {1} since the start", zh: "{0}：启动以来 {1} 个")
        case .lineLostAtLeast: Texts("{0}: at least {1} since the start", zh: "{0}：启动以来至少 {1} 个")
        case .lineEdges: Texts("{0} edges", zh: "{0} 个边沿")
        case .lineRestless: Texts("changes all the time", zh: "不停地变化")
        case .lineHangs: Texts("active for too long", zh: "触发时间过长")
        default: nil
        }
    }

    private var wordTexts: Texts? {
        switch self {
        case .signalMissing: Texts("missing", zh: "缺失")
        case .signalUnknown: Texts("not yet", zh: "尚无")
        case .signalActive: Texts("active", zh: "触发")
        case .ago: Texts("{0} ago", zh: "{0} 前")
        case .verdictFine: Texts("fine", zh: "正常")
        case .verdictWrong: Texts("wrong", zh: "异常")
        case .verdictCannotTell: Texts("cannot tell", zh: "无法判断")
        case .eventPreAlarm: Texts("pre-alarm", zh: "预告警")
        case .eventRaised: Texts("raised", zh: "已告警")
        case .eventEscalated: Texts("escalated", zh: "已升级")
        case .eventAcknowledged: Texts("acknowledged", zh: "已受理")
        case .eventCancelled: Texts("cancelled", zh: "已取消")
        case .eventCleared: Texts("cleared", zh: "已解除")
        case .levelStored: Texts("stored", zh: "已保存")
        case .levelSent: Texts("sent", zh: "已发送")
        case .levelBrokered: Texts("brokered", zh: "服务器已收")
        case .levelReceived: Texts("received", zh: "平台已收")
        case .levelDisplayed: Texts("displayed", zh: "已显示")
        case .levelAccepted: Texts("accepted", zh: "已确认")
        case .severityRed: Texts("red", zh: "红色")
        case .severityOrange: Texts("orange", zh: "橙色")
        case .severityYellow: Texts("yellow", zh: "黄色")
        case .severityTechnical: Texts("technical", zh: "技术")
        case .soundAccepted: Texts("accepted", zh: "已确认")
        case .soundPreAlarm: Texts("pre-alarm", zh: "预告警")
        case .soundAlarm: Texts("alarm", zh: "告警")
        case .soundTest: Texts("test-alarm", zh: "测试报警")
        case .soundNotReached: Texts("not-reached", zh: "求助未送达")
        default: nil
        }
    }

    private var watchTexts: Texts {
        switch self {
        case .watchAway:
            Texts("The daemon has not answered for {0}: {1}.", zh: "守护进程已 {0} 没有回答：{1}。")
        case .watchOld: Texts("What stands below is as old as that.", zh: "以下内容停留在那时。")
        case .watchBack: Texts("The daemon answers again; it was away for {0}.", zh: "守护进程恢复回答，中断了 {0}。")
        case .watchKeys: Texts("q: end  ↑ ↓ space: scroll  {0}-{1} of {2}", zh: "q：退出  ↑ ↓ 空格：滚动  {0}-{1}，共 {2} 行")
        case .watchEnds: Texts("q: end", zh: "q：退出")
        case .watchWaits: Texts("asking the daemon", zh: "正在询问守护进程")
        case .newsRule: Texts("rule {0}: {1}: {2}", zh: "规则 {0}：{1}：{2}")
        case .newsSignal: Texts("signal {0}: {1}", zh: "信号 {0}：{1}")
        case .newsSignalBack: Texts("signal {0}: there again", zh: "信号 {0}：恢复")
        case .newsFault: Texts("fault: {0}", zh: "故障：{0}")
        case .newsMended: Texts("mended: {0}", zh: "已恢复：{0}")
        case .newsLink: Texts("broker: {0}", zh: "服务器：{0}")
        case .newsMode: Texts("mode: {0}", zh: "模式：{0}")
        case .newsAway: Texts("the daemon does not answer: {0}", zh: "守护进程没有回答：{0}")
        case .newsBack: Texts("the daemon answers again", zh: "守护进程恢复回答")
        case .newsAnew: Texts("the daemon answers again; it has started anew", zh: "守护进程恢复回答，已重新启动")
        default: Texts(rawValue, zh: rawValue)
        }
    }
}
