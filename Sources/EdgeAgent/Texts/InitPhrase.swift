// What `init` asks, and says of answers; the comments in the file that it writes.

enum InitPhrase: String, Phrase {
    case initLanguage, initWelcome, initExists, initExistsHelp
    case initID, initIDHelp, initIDPersonal, initZone, initZoneHelp, initBadZone
    case initThisIs, initBoardUnknown, initNoBoard, initBoard, initBoardHelp, initBadBoard
    case initHats, initHatsHelp, initBadHat

    case initPortFound, initPorts, initPortsNone, initPortsHelp, initBadPort, initBusDropped
    case initScan, initScanHelp, initScanning, initScanFailed, initScanEmpty, initScanDisturbed
    case initMeterElsewhere, initMeterFound, initMeterUnknown, initProfile, initProfileHelp, initBadProfile,
        initNoProfile
    case initMeterName, initMeterNameHelp, initMeterNoPort, initMeters, initMetersHelp, initBadMeter, initBadBus

    case initPanic, initPanicHelp, initSmoke, initMotion, initDoor, initPlacesHelp, initBadRoom, initOthers,
        initOthersHelp
    case initBadInput, initOutputs, initOutputsHelp, initBadOutput
    case initLineOf, initLineAtPin, initLines, initLinesHelp, initOwnLines, initBadPair, initBadLine, initNoLine,
        initPin

    case initBroker, initBrokerHelp, initBadBroker, initNoBroker, initCA, initCAHelp, initCertificate
    case initCertificateHelp, initKey, initKeyHelp, initUser, initUserHelp, initPassword, initHeartbeat
    case initHeartbeatHelp, initBadHeartbeat, initBadFile

    case initYesOrNo, initNothing, initMissing, initNobody, initBadName, initTaken, initEnded, initRefused
    case initWritten, initKept, initSecretWritten, initDraft, initCannotWrite, initCannotWriteAdvice, initRulesHead,
        initNoRules
    case initNext, initNextCheck, initNextRestart, initNextTest, initNextWalk, initNextTap, initNextAnswer
    case initFileHead, initFileAfter, initFileInputs, initFileRules, initFileRetest, initFileBoard

    var texts: Texts { homeTexts ?? busTexts ?? lineTexts ?? brokerTexts ?? endTexts }

    private var homeTexts: Texts? {
        switch self {
        case .initLanguage: Texts("Language: en or zh", zh: "语言：en 或 zh")
        case .initWelcome:
            Texts(
                "An empty line takes what stands in brackets, - means none, Ctrl-D ends without writing anything.",
                zh: "直接回车采用方括号中的值，- 表示没有，Ctrl-D 结束且不写任何文件。")
        case .initExists: Texts("{0} exists already. Replace it?", zh: "{0} 已存在。要替换吗？")
        case .initExistsHelp: Texts("y or n; the old one is kept as {0}.", zh: "y 或 n；旧文件保留为 {0}。")
        case .initID: Texts("What is this home called upstream?", zh: "这个家庭的编号是什么？")
        case .initIDHelp:
            Texts(
                "Letters, digits and -, as in zs-zhuyuan-0012. No name and no address: it stands in every message.",
                zh: "字母、数字和 -，例如 zs-zhuyuan-0012。不要写姓名和地址：它会出现在每条消息里。")
        case .initIDPersonal:
            Texts(
                "That looks like a name, an address or a telephone number. Take a number from your list, as in home-0012.",
                zh: "这像是姓名、地址或电话号码。请用您清单里的编号，例如 home-0012。")
        case .initZone: Texts("In which time zone is it?", zh: "在哪个时区？")
        case .initZoneHelp: Texts("A name such as Asia/Shanghai.", zh: "写时区名称，例如 Asia/Shanghai。")
        case .initBadZone:
            Texts(
                "This system knows no time zone {0}. Write one such as Asia/Shanghai; `timedatectl list-timezones` has all.",
                zh: "系统中没有时区 {0}。请写 Asia/Shanghai 这样的名称；`timedatectl list-timezones` 可列出全部。")
        case .initThisIs: Texts("This machine is a {0}: board {1}.", zh: "本机是 {0}：主板 {1}。")
        case .initBoardUnknown:
            Texts(
                "No board file is for this machine ({0}): other writes one, with lines as the kernel names them.",
                zh: "没有适合本机（{0}）的主板文件：选 other 会新建一个，线路用内核中的名称。")
        case .initNoBoard:
            Texts(
                "This machine has no GPIO lines: simulated lines are for a trial, or for a home with meters only.",
                zh: "本机没有 GPIO 线路：模拟线路只用于试用，或只有仪表的家庭。")
        case .initBoard: Texts("Which board is it?", zh: "是哪种主板？")
        case .initBoardHelp: Texts("One of: {0}", zh: "可选：{0}")
        case .initBadBoard: Texts("There is no board {0}. There are: {1}", zh: "没有主板 {0}。可选：{1}")
        case .initHats: Texts("Which add-on boards are on its header?", zh: "排针上插了哪些扩展板？")
        case .initHatsHelp: Texts("With spaces between them, or -: {0}", zh: "用空格分开，没有写 -：{0}")
        case .initBadHat: Texts("There is no add-on board {0}. There are: {1}", zh: "没有扩展板 {0}。可选：{1}")
        default: nil
        }
    }

    private var busTexts: Texts? {
        switch self {
        case .initPortFound: Texts("  port {0}: {1}", zh: "  端口 {0}：{1}")
        case .initPorts: Texts("On which ports are meters?", zh: "哪些端口接了仪表？")
        case .initPortsNone:
            Texts("No serial adapter is plugged in. On which ports are meters?", zh: "没有插串口转换器。哪些端口接了仪表？")
        case .initPortsHelp:
            Texts(
                "Numbers from the list, a device, or a gateway such as 192.168.1.20:502, with spaces between them; - for none.",
                zh: "写列表中的编号、设备名，或 192.168.1.20:502 这样的网关，用空格分开；没有写 -。")
        case .initBadPort:
            Texts(
                "{0} is no port. Write a number from the list, /dev/ttyUSB0, /dev/ttyUSB0,4800,even, 192.168.1.20:502 or "
                    + "rtu-over-tcp:192.168.1.20:4001.",
                zh: "{0} 不是端口。请写列表中的编号、/dev/ttyUSB0、/dev/ttyUSB0,4800,even、192.168.1.20:502 或 "
                    + "rtu-over-tcp:192.168.1.20:4001。")
        case .initBusDropped:
            Texts("{0} is left out: no meter is on it.", zh: "不写入 {0}：上面没有仪表。")
        case .initScan: Texts("Look for meters on {0}?", zh: "要在 {0} 上查找仪表吗？")
        case .initScanHelp:
            Texts(
                "y or n. It takes about a minute; Ctrl-C ends it with what was found.",
                zh: "y 或 n。大约一分钟；Ctrl-C 提前结束，保留已找到的。")
        case .initScanning:
            Texts("looking on {0}: {1} of {2} asked, {3} found", zh: "正在 {0} 上查找：已问 {1}/{2}，找到 {3} 台")
        case .initScanFailed: Texts("{0} cannot be used: {1}. {2}", zh: "{0} 无法使用：{1}。{2}")
        case .initScanEmpty:
            Texts(
                "Nobody answers on {0}. Check the meters' power, and swap A and B; meters can also be named by hand.",
                zh: "{0} 上没有仪表应答。请检查仪表电源，并试着对调 A/B 线；也可以手动填写仪表。")
        case .initScanDisturbed:
            Texts(
                "Unit {0} answers, but never soundly: two meters with one unit id, or a disturbed line.",
                zh: "站号 {0} 有应答但总是出错：两台仪表用了同一站号，或线路受干扰。")
        case .initMeterElsewhere:
            Texts(
                "Unit {0} answers at {1}. Set it to {2} so that it can be on the same bus; left out for now.",
                zh: "站号 {0} 在 {1} 时应答。请把它设为 {2}，才能接在同一总线上；暂不写入。")
        case .initMeterFound: Texts("Unit {0}: {1}. It reads {2}.", zh: "站号 {0}：{1}。读数 {2}。")
        case .initMeterUnknown:
            Texts("Unit {0} answers, and no profile is sure ({1}).", zh: "站号 {0} 有应答，但无法确定型号（{1}）。")
        case .initProfile: Texts("Which profile is it?", zh: "它用哪个配置文件？")
        case .initProfileHelp:
            Texts(
                "A file in board-configs/meters, as in generic-water-u32; - leaves the meter out.",
                zh: "写 board-configs/meters 中的文件名，例如 generic-water-u32；- 表示不要这台仪表。")
        case .initBadProfile:
            Texts("There is no profile {0}. Did you mean {1}?", zh: "没有配置文件 {0}。是不是 {1}？")
        case .initNoProfile:
            Texts(
                "There is no profile {0}. They lie in board-configs/meters; generic-water-u32 fits most water meters.",
                zh: "没有配置文件 {0}。配置文件都在 board-configs/meters 里；generic-water-u32 适合大多数水表。")
        case .initMeterName: Texts("What does unit {0} measure?", zh: "站号 {0} 测量什么？")
        case .initMeterNameHelp:
            Texts(
                "It names the meter: water, power, heat … ; - leaves the meter out.",
                zh: "作为仪表的名称：water、power、heat……；- 表示不要。")
        case .initMeterNoPort:
            Texts("A meter needs a port: give --port, too.", zh: "仪表需要端口：请同时给出 --port。")
        case .initMeters: Texts("Are there meters to add by hand?", zh: "还要手动添加仪表吗？")
        case .initMetersHelp:
            Texts(
                "NAME=UNIT,PROFILE as in water=5,generic-water-u32, with spaces between them; - for none.",
                zh: "写 名称=站号,配置文件，例如 water=5,generic-water-u32，用空格分开；没有写 -。")
        case .initBadMeter:
            Texts(
                "{0} is no meter. Write NAME=UNIT,PROFILE as in water=5,generic-water-u32; the unit is 1 to 247.",
                zh: "{0} 不是仪表。请写 名称=站号,配置文件，例如 water=5,generic-water-u32；站号为 1 到 247。")
        case .initBadBus: Texts("No bus is called {0}. There are: {1}", zh: "没有名为 {0} 的总线。现有：{1}")
        default: nil
        }
    }

    private var lineTexts: Texts? {
        switch self {
        case .initPanic: Texts("Panic buttons: where?", zh: "紧急按钮：在哪里？")
        case .initPanicHelp:
            Texts(
                "Places with spaces between them, as in bed bathroom; panic for the only one; - for none.",
                zh: "写位置，用空格分开，例如 床头 卫生间；只有一个就写 panic；没有写 -。")
        case .initSmoke: Texts("Smoke detectors: in which rooms?", zh: "烟感：在哪些房间？")
        case .initMotion: Texts("Motion sensors: in which rooms?", zh: "人体传感器：在哪些房间？")
        case .initDoor: Texts("Door contacts: which doors?", zh: "门磁：哪些门？")
        case .initPlacesHelp:
            Texts(
                "Places with spaces between them, as in bedroom hall; - for none.",
                zh: "写位置，用空格分开，例如 卧室 走廊 或 bedroom hall；没有写 -。")
        case .initBadRoom:
            Texts(
                "{0} cannot be a name: letters, digits, - and _, as in bedroom-2.",
                zh: "{0} 不能作名称：只用字母、数字、- 和 _，例如 bedroom-2。")
        case .initOthers: Texts("Are there other inputs?", zh: "还有其他输入吗？")
        case .initOthersHelp:
            Texts(
                "As in ok service.meal leak.kitchen mains battery tamper visit away; - for none.",
                zh: "例如 ok service.meal leak.kitchen mains battery tamper visit away；没有写 -。")
        case .initBadInput:
            Texts(
                "{0} is no input. Its name begins with its kind, as in motion.bedroom. Kinds: {1}",
                zh: "{0} 不是输入。名称以种类开头，例如 motion.bedroom。种类：{1}")
        case .initOutputs: Texts("What sounds or lights up?", zh: "用什么发声或发光？")
        case .initOutputsHelp:
            Texts(
                "As in siren, or siren buzzer lamp relay; - for none.", zh: "例如 siren，或 siren buzzer lamp relay；没有写 -。")
        case .initBadOutput:
            Texts(
                "{0} is no output. Its name begins with siren, buzzer, lamp or relay.",
                zh: "{0} 不是输出。名称以 siren、buzzer、lamp 或 relay 开头。")
        case .initLineOf: Texts("  {0} on {1}", zh: "  {0} 接在 {1}")
        case .initLineAtPin: Texts("  {0} on {1}, pin {2}", zh: "  {0} 接在 {1}，针脚 {2}")
        case .initLines: Texts("Are they wired so?", zh: "接线是这样吗？")
        case .initLinesHelp:
            Texts(
                "y, or what is otherwise, as NAME=LINE with a name from above: siren=GPIO6; siren=- leaves it out.",
                zh: "写 y；不同的写成 名称=线路，名称用上面列出的：siren=GPIO6；siren=- 表示没有。")
        case .initOwnLines:
            Texts(
                "Lines of this board: `gpioinfo` lists them; write a name, or chip-label:offset.",
                zh: "本机的线路：`gpioinfo` 可列出；请写线路名称，或 chip-label:offset。")
        case .initBadPair:
            Texts("{0}: write NAME=LINE, with a name from the list.", zh: "{0}：请写 名称=线路，名称取自上面的列表。")
        case .initBadLine:
            Texts(
                "{0}: board {1} has no such line. Write one of its wiring page, or chip-label:offset.",
                zh: "{0}：主板 {1} 没有这条线路。请写接线说明中的线路，或 chip-label:offset。")
        case .initNoLine:
            Texts(
                "No line is left for {0}: write it as NAME=LINE, in --input or --alarm.",
                zh: "没有空余线路给 {0}：请在 --input 或 --alarm 中写 名称=线路。")
        case .initPin: Texts("pin {0}", zh: "针脚 {0}")
        default: nil
        }
    }

    private var brokerTexts: Texts? {
        switch self {
        case .initBroker: Texts("Which broker hears of alarms?", zh: "告警发给哪个服务器？")
        case .initBrokerHelp:
            Texts("As in mqtts://broker.example:8883; - for none.", zh: "例如 mqtts://broker.example:8883；没有写 -。")
        case .initBadBroker: Texts("{0} is no broker: {1}.", zh: "{0} 不是服务器地址：{1}。")
        case .initNoBroker:
            Texts(
                "Nobody outside the home will hear of anything. Run this again when there is a broker.",
                zh: "家庭以外的人将收不到任何消息。有了服务器后请再运行一次。")
        case .initCA: Texts("Which authority signed its certificate?", zh: "服务器证书由哪个 CA 签发？")
        case .initCAHelp: Texts("A PEM file; - for those that this system knows.", zh: "写 PEM 文件；系统已信任的写 -。")
        case .initCertificate: Texts("Has this hub a certificate of its own?", zh: "本机有自己的证书吗？")
        case .initCertificateHelp: Texts("A PEM file; - for none.", zh: "写 PEM 文件；没有写 -。")
        case .initKey: Texts("Which key belongs to it?", zh: "对应的私钥是哪个文件？")
        case .initKeyHelp: Texts("A PEM file.", zh: "写 PEM 文件。")
        case .initUser: Texts("Which user is this hub at the broker?", zh: "本机在服务器上的用户名是什么？")
        case .initUserHelp:
            Texts("The user's name; - if it needs none.", zh: "写用户名；不需要则写 -。")
        case .initPassword: Texts("Its password (not shown)", zh: "密码（不显示）")
        case .initHeartbeat: Texts("How often does it say that it lives?", zh: "多久发送一次心跳？")
        case .initHeartbeatHelp: Texts("From 1min to 24h.", zh: "1min 到 24h。")
        case .initBadHeartbeat:
            Texts("{0} is no time from 1min to 24h: write 5min or 1h.", zh: "{0} 不是 1min 到 24h 之间的时间：请写 5min 或 1h。")
        case .initBadFile: Texts("{0} cannot be read: {1}. Check its path.", zh: "无法读取 {0}：{1}。请检查路径。")
        default: nil
        }
    }

    private var endTexts: Texts {
        switch self {
        case .initYesOrNo: Texts("Write y or n.", zh: "请写 y 或 n。")
        case .initNothing: Texts("This needs an answer.", zh: "这一项必须填写。")
        case .initMissing: Texts("This has no default: give {0}.", zh: "此项没有默认值：请给出 {0}。")
        case .initNobody:
            Texts(
                "nobody is at a terminal to ask. Give {0}; or --yes, which takes the defaults.",
                zh: "没有终端可供提问。请给出 {0}；或用 --yes 采用默认值。")
        case .initBadName:
            Texts(
                "{0} cannot be a name: at most 64 letters, digits, - and _.", zh: "{0} 不能作名称：最多 64 个字母、数字、- 和 _。")
        case .initTaken: Texts("{0} is there already.", zh: "{0} 已经有了。")
        case .initEnded: Texts("ended; nothing was written", zh: "已结束；没有写任何文件")
        case .initRefused:
            Texts("left as it is: give --overwrite to replace {0}", zh: "保持不变：要替换 {0}，请加 --overwrite")
        case .initWritten: Texts("{0} is written, and has no errors.", zh: "{0} 已写好，没有错误。")
        case .initKept: Texts("The old one is kept as {0}.", zh: "旧文件保留为 {0}。")
        case .initSecretWritten:
            Texts("The password is in {0}, which only its owner may read.", zh: "密码存放在 {0}，只有属主可读。")
        case .initDraft:
            Texts(
                "these answers make no good configuration: they are kept in {0}; mend that, then `edge-agent check-config`",
                zh: "这些回答不能构成正确的配置：已保存在 {0}；请修改后运行 `edge-agent check-config`")
        case .initCannotWrite: Texts("{0} cannot be written: {1}", zh: "无法写入 {0}：{1}")
        case .initCannotWriteAdvice:
            Texts(
                "Run this as root (`sudo edge-agent init`), or name another file with --output.",
                zh: "请用 root 运行（`sudo edge-agent init`），或用 --output 指定其他文件。")
        case .initRulesHead: Texts("What the rules will do:", zh: "规则会做什么：")
        case .initNoRules:
            Texts("No rule has anything to judge: add sensors or meters.", zh: "没有规则可判断：请添加传感器或仪表。")
        case .initNext: Texts("What comes next:", zh: "接下来：")
        case .initNextCheck:
            Texts("  `edge-agent check-config {0}` after every change", zh: "  每次修改后运行 `edge-agent check-config {0}`")
        case .initNextRestart:
            Texts("  `systemctl restart edge-agent` starts it", zh: "  用 `systemctl restart edge-agent` 启动")
        case .initNextTest:
            Texts(
                "  `edge-agent self-test` tests everything; tell whoever answers alarms before",
                zh: "  用 `edge-agent self-test` 测试全部；请先告知值守人员")
        case .initNextWalk:
            Texts("  `edge-agent self-test --walk` for every sensor", zh: "  用 `edge-agent self-test --walk` 逐个走测传感器")
        case .initNextTap:
            Texts(
                "  `edge-agent self-test --tap` and `--power` for what the meters count",
                zh: "  用 `edge-agent self-test --tap` 和 `--power` 核对仪表计量")
        case .initNextAnswer:
            Texts(
                "  `edge-agent listen --acknowledge` on another machine answers, until a platform does",
                zh: "  平台接入之前，可在另一台机器上用 `edge-agent listen --acknowledge` 应答")
        case .initFileHead:
            Texts(
                "Written by `edge-agent init`. Every key is in docs/configuration.md.",
                zh: "由 `edge-agent init` 生成。所有配置项见 docs/configuration.md。")
        case .initFileAfter:
            Texts(
                "After a change: `edge-agent check-config`, then `systemctl restart edge-agent`.",
                zh: "修改后：先运行 `edge-agent check-config`，再运行 `systemctl restart edge-agent`。")
        case .initFileInputs:
            Texts(
                "Contacts to ground. Smoke, doors, leaks and tamper normally closed (a cut wire alarms), all others normally open.",
                zh: "触点接地。烟感、门磁、漏水和防拆用常闭（断线即报警），其余用常开。")
        case .initFileRules:
            Texts(
                "No [[rule]]: the recommended rules hold. `edge-agent check-config` shows them.",
                zh: "没有写 [[rule]]：采用推荐规则。`edge-agent check-config` 可查看。")
        case .initFileBoard:
            Texts(
                "Written by `edge-agent init` for a board that was not known. Names for its lines go into [lines]: "
                    + "docs/configuration.md, Boards.",
                zh: "由 `edge-agent init` 为未知主板生成。线路名称可写在 [lines] 中：见 docs/configuration.md 的 Boards 一节。")
        case .initFileRetest:
            Texts(
                "How long a panic button, and the whole home, may go without a test.", zh: "紧急按钮和整个家庭最长多久必须测试一次。")
        default: Texts(rawValue, zh: rawValue)
        }
    }
}
