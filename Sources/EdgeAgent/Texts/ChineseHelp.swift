// Chinese of what `--help` shows.

extension Chinese {
    static let help = #"""
        // The program
        Watches over the home of somebody who lives alone.
          守护独居者的家。
        Reads water and power meters over Modbus, watches GPIO lines, judges on the spot whether something is wrong, sounds a local alarm and tells the cloud.
          通过 Modbus 读取水表和电表，监视 GPIO 线路，就地判断是否异常，在家中发出声响并通知云端。
        Exit codes: 0 good, 1 something is wrong, 2 wrong usage, 3 incomplete, 4 could not run at all.
          退出码：0 正常，1 有异常，2 用法错误，3 未完成，4 无法运行。
        // Options that commands share
        A folder with boards/ and meters/; may be given more than once.
          含有 boards/ 和 meters/ 的目录；可多次指定。
        The daemon's socket (default: $RUNTIME_DIRECTORY/control.sock, or /run/edge-agent/control.sock).
          守护进程的套接字（默认：$RUNTIME_DIRECTORY/control.sock 或 /run/edge-agent/control.sock）。
        en or zh (default: as LC_ALL, LC_MESSAGES or LANG say).
          en 或 zh（默认按 LC_ALL、LC_MESSAGES 或 LANG）。
        The home's configuration.
          家庭配置文件。
        One JSON object.
          输出一个 JSON 对象。
        One JSON object instead of text.
          输出一个 JSON 对象，而不是文字。
        A serial port: /dev/ttyUSB0, better /dev/serial/by-id/….
          串口：/dev/ttyUSB0，最好写 /dev/serial/by-id/…。
        A Modbus TCP gateway or meter: 192.168.1.20:502.
          Modbus TCP 网关或仪表：192.168.1.20:502。
        A transparent serial gateway: 192.168.1.20:4001.
          透传串口网关：192.168.1.20:4001。
        // check-config
        Check a configuration: all errors at once, or the normalised configuration and what each rule will do.
          检查配置：一次列出所有错误，或给出规范写法和每条规则的作用。
        Exit codes: 0 good, 1 errors, 2 wrong usage, 4 the file cannot be read.
          退出码：0 正确，1 有错误，2 用法错误，4 无法读取文件。
        The home's configuration, or a meter profile, board or HAT description by itself.
          家庭配置文件，或单独的仪表配置文件、主板或 HAT 描述。
        // confirm-meter
        Tell the running daemon that a meter was replaced, or was not.
          告知守护进程仪表已更换或没有更换。
        `edge-agent status` asks among its faults. Totals go on either way: this only puts the answer on record and ends the question.
          `edge-agent status` 会在故障中询问。无论如何累计值都会继续：此命令只记录回答并结束询问。
        Exit code 0: taken; 1: nobody asks about this meter; 4: no daemon answers.
          退出码 0：已接受；1：没有询问过该仪表；4：没有守护进程应答。
        The signal, such as water.volume.
          信号名，例如 water.volume。
        It is the same meter as before.
          仍是原来的仪表。
        // fleet
        Load-test a broker and what is behind it with many simulated hubs.
          用许多模拟主机对服务器及其后端做压力测试。
        Every hub is the real link, courier and encoder with an outbox in memory and a simulated home. Phases: connects, steady, then with --restart a restart of the broker and with --power-cut a power cut of the whole town. Alarms must be accepted by somebody: by this program with --accept, by `edge-agent listen --acknowledge`, or by the system under test. Exit code 1: a limit was exceeded after the broker's restart (5 % of at least 1,000 hubs reconnected within a second, or alarms accepted with p99 above 5 s), or not everything came back. Exit code 3: the same, but the machine was too busy to tell.
          每台主机使用真实的连接、投递和编码，发件箱在内存中，家庭为模拟。阶段：连接、稳定，然后用 --restart 重启服务器，用 --power-cut 模拟全镇停电。告警必须有人确认：本程序（--accept）、`edge-agent listen --acknowledge` 或被测系统。退出码 1：服务器重启后超出限值（一秒内重连的主机超过 5 %，主机不少于 1,000 台；或告警确认的 p99 超过 5 s），或没有全部恢复。退出码 3：同上，但机器太忙，无法判断。
        How many hubs.
          主机数量。
        mqtt://host:1883 or mqtts://host:8883; an address is quicker than a name.
          mqtt://host:1883 或 mqtts://host:8883；用地址比用名称快。
        The hubs' topic prefix.
          主机的主题前缀。
        Seconds over which hubs connect at first (default: 40 hubs a second).
          主机首次连接分布的秒数（默认每秒 40 台）。
        Seconds of the steady phase.
          稳定阶段的秒数。
        Homes live so many times as fast in what they report.
          家庭上报数据的倍速。
        Percent of the hubs that raise an alarm in each phase.
          每个阶段发出告警的主机百分比。
        Accept alarms and confirm everything else, from this program.
          由本程序确认告警和其他全部消息。
        A shell command that kills the broker and starts it again.
          终止并重启服务器的 shell 命令。
        All hubs lose their power and come back.
          所有主机断电再恢复。
        The same seed gives the same homes.
          相同的种子得到相同的家庭。
        PEM file of the authority that signed the broker's certificate.
          签发服务器证书的机构的 PEM 文件。
        PEM file of a client certificate, for all hubs.
          所有主机共用的客户端证书 PEM 文件。
        PEM file of its key.
          其私钥的 PEM 文件。
        User name, for all hubs.
          所有主机共用的用户名。
        File with the password.
          存放密码的文件。
        // listen
        Decode what hubs send; answer with acknowledgements if asked to.
          解码主机发送的内容；可按要求回复确认。
        One line a message; with --json one object with topic, home, type and message (protobuf JSON). With --acknowledge every reading and event is answered with `received` and every alarm with `accepted`, so that the loop is closed without any other program.
          每条消息一行；加 --json 时为一个含 topic、home、type 和 message（protobuf JSON）的对象。加 --acknowledge 时，读数和事件回复 `received`，告警回复 `accepted`，无需其他程序即可完成闭环。
        --table shows every hub with its last heartbeat and its state instead, the worst first: overdue, unreachable, stopped, waiting, alive. Where no terminal is, it prints a line whenever a state changes; with --json an object with home, before and state.
          --table 改为显示每台主机的最近心跳和状态，最差的在前：overdue、unreachable、stopped、waiting、alive。不在终端上时，状态变化就输出一行；加 --json 时为含 home、before 和 state 的对象。
        mqtt://host:1883 or mqtts://host:8883.
          mqtt://host:1883 或 mqtts://host:8883。
        One JSON object a line.
          每行一个 JSON 对象。
        A live table of hubs; elsewhere than on a terminal, a line for each change of state.
          主机的实时表格；不在终端上时，每次状态变化输出一行。
        Accept alarms and confirm everything else.
          确认告警和其他全部消息。
        The name under which alarms are accepted.
          确认告警所用的名称。
        PEM file of a client certificate.
          客户端证书的 PEM 文件。
        User name.
          用户名。
        // locate, away, home, maintenance, silence, status
        Let the running daemon's box blink and beep, to find it.
          让主机闪烁和鸣响，以便找到它。
        Two short beeps every two seconds, unlike any alarm: on the buzzer and the lamp, or on the siren where there is neither. An alarm ends it, and while the home sounds for anything else it is refused.
          每两秒两声短鸣，与告警不同：用蜂鸣器和灯，都没有时用警号。出现告警即停止；家中正在发声时会被拒绝。
        Exit code 0: it blinks; 1: refused; 4: no daemon answers.
          退出码 0：正在闪烁；1：被拒绝；4：没有守护进程应答。
        For how long, up to 120; 0 ends it.
          持续秒数，最多 120；0 为停止。
        Tell the running daemon that nobody is in.
          告知守护进程家中无人。
        Rules about absence rest; smoke, panic, leaks and everything about the hub do not. Whoever is in nevertheless ends it. Who has not come back by then is reported.
          与无动静有关的规则暂停；烟雾、紧急按钮、水浸和主机自身的告警照常。若其实有人在家，则自动结束。到期未返回会告警。
        Exit code 0: taken; 1: not possible; 4: no daemon answers.
          退出码 0：已接受；1：无法执行；4：没有守护进程应答。
        How long, such as 3d; at most 30d.
          时长，例如 3d；最长 30d。
        Tell the running daemon that somebody is in, and that no installer works.
          告知守护进程家中有人，且安装人员已离开。
        Tell the running daemon that an installer works in the home.
          告知守护进程安装人员正在家中工作。
        Rules about absence and use rest. Smoke, panic and every other input alarm as ever: try them only after you have told whoever answers.
          与无动静和用量有关的规则暂停。烟雾、紧急按钮和其他输入照常告警：测试前请先通知值守人员。
        How long, such as 1h; at most 4h.
          时长，例如 1h；最长 4h。
        Drive every configured output inactive, after an agent that crashed.
          在程序崩溃后把所有已配置的输出置为不动作。
        A line keeps its level when the process that drove it is killed: a siren would sound on with nobody to end it. The service runs this after every end (ExecStopPost=). An agent that starts again sounds again what it remembers. Refused while an agent answers: it would drive its outputs as before.
          驱动线路的进程被终止后，线路会保持电平：警号会一直响而无人停止。服务每次结束后都会运行此命令（ExecStopPost=）。程序重启后会恢复它记得的声响。有程序应答时拒绝执行：输出仍由它驱动。
        Exit code 0: all are inactive; 1: one could not be driven; 4: an agent answers, or the configuration cannot be used.
          退出码 0：全部不动作；1：有输出无法驱动；4：有程序应答，或配置无法使用。
        Ask the running daemon how it and the home are.
          查询守护进程和家庭的状态。
        Exit code 0: all well; 1: an alert is open or something is broken; 3: the home is not yet commissioned, so that nothing is guarded; 4: no daemon answers.
          退出码 0：一切正常；1：有未结束的告警或故障；3：尚未投入使用，没有守护；4：没有守护进程应答。
        // read
        Read one meter's registers, beside the running daemon or without it.
          读取一台仪表的寄存器，守护进程运行与否均可。
        `edge-agent read power` reads a configured meter as the daemon does. Without a configuration: --port, --tcp or --rtu-over-tcp, --unit, and either --profile or --table, --address and --count.
          `edge-agent read power` 按守护进程的方式读取已配置的仪表。没有配置时：用 --port、--tcp 或 --rtu-over-tcp，加 --unit，再加 --profile 或 --table、--address 和 --count。
        Exit codes: 0 everything was read, 1 the meter gave nothing, 2 wrong usage, 3 some registers were not read, 4 the bus or the configuration cannot be used.
          退出码：0 全部读到，1 仪表没有给出数据，2 用法错误，3 部分寄存器未读到，4 总线或配置无法使用。
        A meter of the configuration.
          配置中的仪表。
        Baud rate of --port.
          --port 的波特率。
        Parity of --port: none, even or odd.
          --port 的校验：none、even 或 odd。
        Stop bits of --port.
          --port 的停止位。
        The unit id, 1 to 247.
          站号，1 至 247。
        Read the registers of this meter profile.
          读取该仪表配置文件中的寄存器。
        holding, input, coil or discrete.
          holding、input、coil 或 discrete。
        The first address, from 0; 0x… is taken.
          起始地址，从 0 开始；可写 0x…。
        How many registers.
          寄存器数量。
        What they hold: u16 i16 u32 i32 u64 i64 f32 f64 bcd4 bcd8 sm16 sm32.
          数据类型：u16 i16 u32 i32 u64 i64 f32 f64 bcd4 bcd8 sm16 sm32。
        Order of bytes: ABCD, CDAB, BADC or DCBA.
          字节顺序：ABCD、CDAB、BADC 或 DCBA。
        How long the meter is waited for, 100ms to 10s.
          等待仪表应答的时间，100ms 至 10s。
        Read so many times.
          读取次数。
        Show every frame.
          显示每一帧。
        One JSON object a round.
          每轮输出一个 JSON 对象。
        // replay, run, simulate
        Feed recorded readings through the rules.
          用录制的读数运行规则。
        Reads time,signal,value rows (after that header line) and writes one JSON object for every step in an alert's life. Values are in the register's unit, inputs are 0 or 1, an empty value is a reading that is missing. Times are ISO 8601 or Unix seconds; without an offset they are the home's local time, and what is written is UTC. Time ends at the last row, or at --until. The same input gives the same bytes.
          读取 time,signal,value 行（首行为表头），对告警的每一步输出一个 JSON 对象。数值用寄存器的单位，输入为 0 或 1，空值表示缺失的读数。时间为 ISO 8601 或 Unix 秒数；不带时区偏移时为家庭的当地时间，输出为 UTC。时间止于最后一行或 --until。相同的输入得到相同的输出。
        Leave out rows before this time.
          忽略此时间之前的行。
        Go on to this time, and no further.
          运行到此时间为止。
        The recording; - for standard input.
          录制文件；- 表示标准输入。
        Run the daemon.
          运行守护进程。
        Runs until SIGTERM or SIGINT. Starts without network, broker, time, meters or a writable disk: each is reported and tried again. Only a configuration that cannot be used ends it at once (exit code 4).
          运行到收到 SIGTERM 或 SIGINT 为止。没有网络、服务器、时间、仪表或可写磁盘也能启动：会逐项报告并重试。只有配置无法使用时才立即结束（退出码 4）。
        trace, debug, info, notice, warning, error or critical.
          trace、debug、info、notice、warning、error 或 critical。
        A whole simulated home around the real daemon.
          围绕真实守护进程的完整模拟家庭。
        Somebody gets up, washes, cooks, goes out and sleeps; on the second day nobody moves; on the third the panic button is pressed. Meters answer real Modbus frames over a pseudo-terminal. Without --broker nobody answers: the outbox fills and the home hears that help has not been reached. With --broker, run `edge-agent listen --acknowledge` beside it.
          有人起床、洗漱、做饭、外出、睡觉；第二天无人走动；第三天有人按下紧急按钮。仪表通过伪终端应答真实的 Modbus 帧。不加 --broker 则无人应答：发件箱逐渐积满，家中会提示尚未联系上救助。加 --broker 时，请同时运行 `edge-agent listen --acknowledge`。
        Times as fast as life.
          倍速。
        How many days.
          天数。
        The same seed gives the same days.
          相同的种子得到相同的日子。
        A real broker: mqtt://host:1883.
          真实的服务器：mqtt://host:1883。
        Where the database goes (default: a temporary folder, removed at the end).
          数据库的位置（默认为临时目录，结束时删除）。
        End after so many hours of the home's time, before the days are over.
          按家庭时间运行若干小时后提前结束。
        // scan
        Find the meters on a bus, beside the running daemon or without it.
          查找总线上的仪表，守护进程运行与否均可。
        Walks over baud rates, parities and unit ids, recognises what answers by its registers, and prints the [[meter]] blocks to paste. What nobody answers costs a time-out each: --units and --bauds shorten it. Ctrl-C ends it with what was found. A port of the running daemon is borrowed a minute at a time; its meters are polled in between.
          遍历波特率、校验和站号，按寄存器识别有应答的仪表，并输出可粘贴的 [[meter]] 段。每个无应答的都要等一个超时：用 --units 和 --bauds 可缩短。按 Ctrl-C 结束并输出已找到的结果。守护进程的端口每次借用一分钟，其间照常轮询仪表。
        Exit codes: 0 everybody who answered is known, 1 nobody answered or somebody is not known, 2 wrong usage, 3 ended early, 4 the bus cannot be used.
          退出码：0 有应答的都已识别，1 没有应答或有未识别的，2 用法错误，3 提前结束，4 总线无法使用。
        A bus of the configuration, only at its own setting unless --bauds or --parities say more.
          配置中的总线，只用其自身设置，除非 --bauds 或 --parities 另有指定。
        The home's configuration, for --bus.
          家庭配置文件，用于 --bus。
        Baud rates, with commas (default: 9600,2400,19200,4800).
          波特率，用逗号隔开（默认：9600,2400,19200,4800）。
        Parities, with commas (default: none,even).
          校验，用逗号隔开（默认：none,even）。
        Stop bits, with commas (default: 1).
          停止位，用逗号隔开（默认：1）。
        Unit ids (default: 1-32 and the factory settings of all profiles).
          站号（默认：1-32 和所有配置文件的出厂设置）。
        How long a unit is waited for (default: 200ms).
          等待每个站号的时间（默认：200ms）。
        Every setting and every unit id, with a long time-out. Takes an hour and more.
          所有设置和所有站号，超时较长。需要一小时以上。
        Ask silent units for their input registers, too.
          对无应答的站号也询问输入寄存器。
        // self-test
        Test the whole installation: ports, meters, lines, outputs, storage, clock, service and broker.
          测试整个安装：端口、仪表、线路、输出、存储、时钟、服务和服务器。
        Runs beside the daemon, which goes on meanwhile, or without one. A test alert goes the whole way to whoever answers, marked as a test.
          守护进程运行与否均可，运行时不受影响。测试告警会走完全程送到值守人员，并标明为测试。
        Exit codes: 0 everything is good, 1 something is wrong, 2 wrong usage, 3 something was left untested, 4 it could not run: no configuration that can be read, or a daemon that cannot be asked.
          退出码：0 全部正常，1 有异常，2 用法错误，3 有未测试的项目，4 无法运行：配置无法读取，或无法询问守护进程。
        human, json, junit or tap.
          human、json、junit 或 tap。
        The daemon's state folder (default: $STATE_DIRECTORY, or /var/lib/edge-agent).
          守护进程的状态目录（默认：$STATE_DIRECTORY 或 /var/lib/edge-agent）。
        Seconds in which somebody must accept the test alert, 1 to 120.
          确认测试告警的期限（秒），1 至 120。
        Ask nothing: outputs stay silent, and untested.
          不提问：输出保持安静，不作测试。
        """#
}
