// Chinese of what the guided tests, init, watch, doctor and report say in English, and of their help.

extension Chinese {
    static let tools = #"""
        // Guided tests and re-tests
        Guided tests
          引导测试
        One of --walk, --tap, --power, --offline and --power-cut instead leads somebody who stands in the home through a test of its own, beside the daemon.
          --walk、--tap、--power、--offline、--power-cut 之一则引导在场人员与守护进程一起完成单项测试。
        --tap and --power are tests of their own: one after the other.
          --tap 和 --power 是各自独立的测试：请依次进行。
        Walk through the home and set off every sensor; alerts are tests meanwhile, for 4 h at most.
          在家中走动并触发每个传感器；其间的告警均为测试，最长 4 h。
        Pull the network cable: the home sounds by itself, and the alert arrives once it is back.
          拔掉网线：家中会自行发声，恢复后告警送达。
        Pull the plug, plug in and run it again: nothing was forgotten.
          拔掉电源再插上，并再次运行：确认没有丢失任何内容。
        [re-test] says nothing: nobody is reminded of anything
          [re-test] 没有内容：不会提醒任何事
        write panic = "7d" and whole = "182d", or remove the table
          请写 panic = "7d" 和 whole = "182d"，或删除该表
        speaks (technical) when {0} was not pressed for {1}: each panic button is to be tried that often
          发出技术级告警：{1} 没有按下 {0} 时：每个紧急按钮都应按此间隔测试
        speaks (technical) when no `edge-agent self-test` beside the daemon has ended without a failure for {0}
          发出技术级告警：{0} 内没有与守护进程一起无失败完成的 `edge-agent self-test` 时
        write: walk begin [SECONDS], at most {0}
          请写：walk begin [SECONDS]，最多 {0}
        somebody else walks through the home already; `walk end` ends it
          已有人在进行走动测试；`walk end` 可结束它
        the home thread does not come round
          家庭线程没有回应
        the walk through the home is over
          走动测试已结束
        the walk through the home
          走动测试
        home: {0} is over after {1}
          在家：{0}结束，历时 {1}
        walk through the home for {0} (begun by {1}), {2} left: alerts are tests
          走动测试 {0}（由 {1} 开始），还剩 {2}：告警均为测试
        the whole installation
          整个安装
        {0}: tested
          {0}：已测试
        (never since the start)
          （启动以来从未）
        {0}: not tested for {1}{2}, limit {3}
          {0}：{1} 没有测试{2}，限值 {3}
        the whole installation was tested by {0}
          {0} 已测试整个安装
        Draw about two litres: are scale, word order, unit and register of the water meters right?
          放水约两升：水表的倍率、字序、单位和寄存器是否正确？
        Switch a kettle on: the same for power and energy meters.
          打开电水壶：同样检查功率和电量。
        With --tap and --power: only this meter.
          用于 --tap 和 --power：只测这台仪表。
        With --tap: how much will be drawn, 1 to 100 litres.
          用于 --tap：放水量，1 至 100 升。
        With --power: what the kettle takes, 100 to 20000 watts.
          用于 --power：电水壶的功率，100 至 20000 瓦。
        --litres {0}: 1 to 100.
          --litres {0}：应为 1 至 100。
        --watts {0}: 100 to 20000.
          --watts {0}：应为 100 至 20000。
        --meter goes with --tap or --power.
          --meter 须与 --tap 或 --power 一起使用。
        0 to 65535, or 0x0000 to 0xFFFF.
          应为 0 至 65535，或 0x0000 至 0xFFFF。
        --address {0}: {1}
          --address {0}：{1}
        no {0} in {1}; other folders: --board-configs or EDGE_AGENT_BOARD_CONFIGS
          {1} 中没有{0}；其他目录用 --board-configs 或 EDGE_AGENT_BOARD_CONFIGS 指定
        power, energy
          功率和电量
        // init
        Describe a home: asks a dozen questions, scans for meters and writes home.toml.
          描述家庭：提十几个问题，扫描仪表，并写出 home.toml。
        Looks at the machine, offers the board that it is, its ports and free lines, and writes a configuration that passes check-config; an old one is kept as FILE.bak. What is given as an option is not asked. "none" as a value means that there is none.
          查看本机，给出主板、端口和空闲线路供选择，并写出能通过 check-config 的配置；旧文件保留为 FILE.bak。用选项给出的不再询问。值写 "none" 表示没有。
        Exit codes: 0 written, 1 the answers make no good configuration, 2 wrong usage, 4 nothing could be written.
          退出码：0 已写出，1 回答不能构成正确的配置，2 用法错误，4 无法写出。
        Where it is written; - prints it instead.
          写出的位置；- 表示直接输出。
        Ask nothing: defaults for whatever is not given.
          不提问：未给出的用默认值。
        Replace FILE without asking; the old one is kept as FILE.bak.
          直接替换 FILE；旧文件保留为 FILE.bak。
        What became of it as one JSON object, as check-config prints it.
          以 JSON 对象输出结果，格式同 check-config。
        What the home is called upstream: no name, no address.
          家庭在上游的编号：不要写姓名或地址。
        An IANA name: Asia/Shanghai.
          IANA 时区名：Asia/Shanghai。
        A description in board-configs/boards, simulated, or other for one that nobody has described.
          board-configs/boards 中的描述、simulated，或用 other 表示尚无描述的主板。
        An add-on board on the header; may be given more than once.
          插在排针上的扩展板；可多次指定。
        Where meters are: /dev/serial/by-id/…[,BAUD[,PARITY[,STOPBITS]]], 192.168.1.20:502 or rtu-over-tcp:192.168.1.20:4001; may be given more than once.
          仪表的位置：/dev/serial/by-id/…[,BAUD[,PARITY[,STOPBITS]]]、192.168.1.20:502 或 rtu-over-tcp:192.168.1.20:4001；可多次指定。
        Look for meters on the ports.
          在端口上查找仪表。
        Baud rates to look at, as of scan.
          要查找的波特率，同 scan。
        Parities to look at, as of scan.
          要查找的校验，同 scan。
        Unit ids to look at, as of scan.
          要查找的站号，同 scan。
        NAME=UNIT,PROFILE[,BUS], as in water=5,generic-water-u32; may be given more than once.
          NAME=UNIT,PROFILE[,BUS]，例如 water=5,generic-water-u32；可多次指定。
        KIND[.PLACE][=LINE], as in motion.bedroom=GPIO17; may be given more than once.
          KIND[.PLACE][=LINE]，例如 motion.bedroom=GPIO17；可多次指定。
        siren, buzzer, lamp or relay, as in siren=GPIO27; may be given more than once.
          siren、buzzer、lamp 或 relay，例如 siren=GPIO27；可多次指定。
        PEM file of this hub's certificate.
          本机证书的 PEM 文件。
        This hub's user at the broker.
          本机在服务器上的用户名。
        A file with the user's password, and nothing else.
          只含该用户密码的文件。
        How often the hub says that it lives (default: 5min).
          主机报告在线的间隔（默认：5min）。
        // watch, doctor, report
        Say what is most likely wrong, and gather what support needs.
          指出最可能的故障，并收集技术支持所需的信息。
        Looks at configuration, daemon, service, ports, lines, storage, clock, board and the way to the broker, without moving, sounding or sending anything, and lists the ten most likely faults, the worst first. `edge-agent self-test` tries everything out.
          检查配置、守护进程、服务、端口、线路、存储、时钟、主板和到服务器的连接，不动作、不发声、不发送任何内容，并列出最可能的十个故障，最严重的在前。`edge-agent self-test` 会实际测试一切。
        --output writes a bundle for support: the faults, all checks, status, configuration and the last lines of the log. Passwords, keys, names, addresses, serial numbers and the home's id are left out. Read it before you send it; this command sends nothing.
          --output 写出供技术支持使用的资料包：故障、全部检查、状态、配置和日志末尾。不含密码、密钥、姓名、地址、序列号和家庭编号。发送前请先查看；此命令不会发送任何内容。
        Exit codes: 0 nothing found, 1 something is wrong, 2 wrong usage, 3 something could not be looked at, 4 the bundle cannot be written.
          退出码：0 没有发现问题，1 有异常，2 用法错误，3 有项目无法检查，4 无法写出资料包。
        Write the bundle for support to this file.
          把资料包写入此文件。
        Print the bundle, one JSON object, instead of the list.
          输出资料包（一个 JSON 对象），而不是列表。
        Print the page to hand over with an installation.
          输出安装交接页。
        Markdown on stdout: meters, sensors, what each rule does, who is told, the result of a self-test, and what to test how often. No personal data, no passwords.
          在标准输出写 Markdown：仪表、传感器、每条规则的作用、通知对象、自检结果，以及各项测试的间隔。不含个人信息和密码。
        Exit codes: 0 printed, 1 the configuration has errors, 2 wrong usage, 3 printed, and a test failed or is missing, 4 a file cannot be read.
          退出码：0 已输出，1 配置有错误，2 用法错误，3 已输出但有测试失败或缺失，4 无法读取文件。
        The result of a whole self-test: what `self-test --format json` printed.
          完整自检的结果：`self-test --format json` 的输出。
        Ended at {0} of the home's time; {1}; open alerts: {2}.
          结束于家庭时间 {0}；{1}；未结束的告警：{2}。
        Look at the running daemon as it goes on.
          持续查看运行中的守护进程。
        On a terminal: signals with their last minutes, rules, lines, alerts, faults and what to do about them; q ends it. Elsewhere a line for each change, or with --json what `status --json` says, once a second, one object a line, and {"away":"why"} when the daemon stops answering.
          在终端上：显示信号最近几分钟的变化、规则、线路、告警、故障和处理办法；按 q 结束。不在终端上时每次变化输出一行；加 --json 时每秒一行输出 `status --json` 的内容，守护进程不再应答时为 {"away":"why"}。
        Exit codes: 0 ended as asked, 2 wrong usage, 4 no daemon answers, at the beginning or at the end.
          退出码：0 按要求结束，2 用法错误，4 开始或结束时没有守护进程应答。
        One JSON object a second.
          每秒一个 JSON 对象。
        End after so many seconds.
          若干秒后结束。
        --seconds {0}: at least 1.
          --seconds {0}：至少为 1。
        // The lead's remote self-test, retained messages
        {0}: a retained message was ignored
          {0}：忽略了一条保留消息
        What asks a hub for something must be sent without the retain flag: it is meant for now.
          对主机的请求不得带保留标志：它只对当前有效。
        """#
}
