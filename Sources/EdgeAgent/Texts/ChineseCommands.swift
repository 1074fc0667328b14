// Chinese of what the commands say of what they were asked for.

extension Chinese {
    static let commands = #"""
        // What every command shares
        run it as root, or as the user the daemon runs as
          请用 root 或守护进程的用户运行
        is it running? `systemctl status edge-agent`, or `edge-agent run --config FILE`
          它在运行吗？`systemctl status edge-agent`，或 `edge-agent run --config FILE`
        no daemon answers at {0}: {1}
          {0} 处没有守护进程应答：{1}
        this system has no time zone {0}; UTC is used
          系统中没有时区 {0}；改用 UTC
        `edge-agent check-config {0}`
          运行 `edge-agent check-config {0}`
        Give one of --port, --tcp and --rtu-over-tcp.
          请指定 --port、--tcp、--rtu-over-tcp 之一。
        '{0}' is no gateway: write an IPv4 address and a port, as in 192.168.1.20:502.
          '{0}' 不是网关：请写 IPv4 地址和端口，例如 192.168.1.20:502。
        no meter profiles are installed, so none can be recognised
          没有安装仪表配置文件，无法识别仪表
        name their folder with --board-configs or EDGE_AGENT_BOARD_CONFIGS
          请用 --board-configs 或 EDGE_AGENT_BOARD_CONFIGS 指定其目录
        // status, modes, locate, confirm-meter, silence
        `edge-agent status` shows what is asked
          `edge-agent status` 会显示待确认的内容
        `edge-agent status` shows what sounds and why
          `edge-agent status` 会显示什么在响及其原因
        `edge-agent status` shows how the home stands
          `edge-agent status` 会显示家庭的状态
        "{0}" is no length of time; write 90min, 12h or 3d
          "{0}" 不是时长；请写 90min、12h 或 3d
        --seconds {0}: 0 to {1}.
          --seconds {0}：应为 0 至 {1}。
        an agent runs and answers at {0}
          有程序在运行，并在 {0} 应答
        it drives the outputs; stop it first (`systemctl stop edge-agent`)
          它在驱动输出；请先停止它（`systemctl stop edge-agent`）
        {0} cannot be used, so that nothing is silenced
          {0} 无法使用，没有静音任何输出
        simulated lines end with their agent: nothing to silence
          模拟线路随程序结束：没有需要静音的
        // run, simulate, replay
        another agent runs already and answers at {0}
          已有另一个程序在运行，并在 {0} 应答
        stop it first (`systemctl stop edge-agent`); for a second home set RUNTIME_DIRECTORY and STATE_DIRECTORY
          请先停止它（`systemctl stop edge-agent`）；若为第二个家庭，请设置 RUNTIME_DIRECTORY 和 STATE_DIRECTORY
        --speed {0}: 1 to 6000.
          --speed {0}：应为 1 至 6000。
        --speed {0}: 1 to 6000; beyond it a poll takes longer than its interval.
          --speed {0}：应为 1 至 6000；再快则一次轮询会超过其间隔。
        --days {0}: 1 to 366.
          --days {0}：应为 1 至 366。
        --hours {0}: at least 1.
          --hours {0}：至少为 1。
        --broker {0} {1}: {2}.
          --broker {0} {1}：{2}。
        no pseudo-terminal for the simulated meters: {0}
          无法为模拟仪表创建伪终端：{0}
        is the disk full? TMPDIR chooses another
          磁盘是否已满？可用 TMPDIR 另选目录
        no temporary folder in {0}: {1}
          无法在 {0} 中创建临时目录：{1}
        set TMPDIR to a folder that can be written
          请把 TMPDIR 设为可写的目录
        --from is later than --until.
          --from 晚于 --until。
        {0} {1}: write 2026-01-31T07:00:00, with or without an offset, or Unix seconds.
          {0} {1}：请写 2026-01-31T07:00:00（可带时区偏移），或 Unix 秒数。
        the file is empty
          文件为空
        the first line is: time,signal,value
          第一行应为：time,signal,value
        the first line is "{0}"
          第一行是 "{0}"
        it must be the header: time,signal,value
          应为表头：time,signal,value
        {0} fields instead of 3
          有 {0} 个字段，应为 3 个
        a row is: time,signal,value
          每行应为：time,signal,value
        "{0}" is no time
          "{0}" 不是时间
        write 2026-01-31T07:00:00+08:00, or Unix seconds
          请写 2026-01-31T07:00:00+08:00，或 Unix 秒数
        the configuration has: {0}
          配置中有：{0}
        time goes back at "{0}"
          时间在 "{0}" 处倒退
        sort the file by time
          请按时间排序
        "{0}" is no value
          "{0}" 不是数值
        write a decimal number, or 0 or 1 for an input
          请写十进制数，输入则写 0 或 1
        the line is longer than {0} bytes
          该行超过 {0} 字节
        is this a text file of such rows?
          这是由这种行组成的文本文件吗？
        name a file that can be read
          请指定可读的文件
        // read and scan
        Name a meter of the configuration, or a bus with --port, --tcp or --rtu-over-tcp.
          请写配置中的仪表，或用 --port、--tcp、--rtu-over-tcp 指定总线。
        --repeat {0}: at least 1.
          --repeat {0}：至少为 1。
        --unit: 1 to 247 are meters; 0 is broadcast, 248 and above are reserved.
          --unit：仪表为 1 至 247；0 为广播，248 及以上为保留地址。
        Say what to read: --profile NAME, or --table, --address and --count.
          请指定读取内容：--profile NAME，或 --table、--address 和 --count。
        --baud is one of {0}; --stop-bits 1 or 2.
          --baud 可取 {0}；--stop-bits 为 1 或 2。
        waiting for {0}
          等待 {0}
        no meter of {0} is called "{1}"
          {0} 中没有名为 "{1}" 的仪表
        its meters
          现有仪表
        there is no meter profile "{0}"
          没有仪表配置文件 "{0}"
        the profiles
          现有配置文件
        --count {0}: 1 to 2000, within 65536, and whole values (a {1} takes {2}).
          --count {0}：应为 1 至 2000，不超出 65536，且为完整数值（{1} 占 {2} 个）。
        --timeout {0}: 100ms to 10s.
          --timeout {0}：应为 100ms 至 10s。
        --timeout {0}: 20ms to 10s.
          --timeout {0}：应为 20ms 至 10s。
        Name the bus: --port, --tcp or --rtu-over-tcp, or --bus NAME of the configuration.
          请指定总线：--port、--tcp 或 --rtu-over-tcp，或用 --bus NAME 指定配置中的总线。
        no bus of {0} is called "{1}"
          {0} 中没有名为 "{1}" 的总线
        its buses
          现有总线
        one setting
          一种设置
        {0} settings of the line
          {0} 种通信设置
        edge-agent: scanning {0}: {1}, {2} unit{3} each; {4} if nobody answers ({5} ms for each), and a few seconds for every meter that does; Ctrl-C ends it
          edge-agent: 扫描{0}：{1}，每种 {2} 个站号；若无应答需 {4}（每个 {5} 毫秒），每台有应答的仪表另需几秒；按 Ctrl-C 结束{3-}
        finding out what unit {0} is
          正在识别站号 {0}
        , about {0} left
          ，约剩 {0}
        {0}{1}: {2} of {3} asked, {4} found, {5} so far{6}
          {0}{1}：已询问 {2}/{3}，找到 {4} 台，已用 {5}{6}
        {0} found, {1} of them known; {2} of {3} asked in {4}
          找到 {0} 台，其中 {1} 台已识别；{4} 内询问了 {2}/{3}
        {0}; ended early: {1}
          {0}；提前结束：{1}
        {0}; ended early
          {0}；提前结束
        what was not asked may hold more meters
          未询问的范围内可能还有仪表
        check the meters' power, that A and B are not swapped, and the termination; then try --thorough, or --all
          请检查仪表电源、A/B 线是否接反，以及终端电阻；然后试 --thorough 或 --all
        ; send the answers of the unknown ones to whoever looks after profiles
          ；请把未识别仪表的应答发给维护配置文件的人
        --units {0}: write ids from 1 to 247, such as 1-32,50.
          --units {0}：请写 1 至 247 的站号，例如 1-32,50。
        --units names no unit.
          --units 中没有站号。
        {0} {1}: this is no list of them; see --help.
          {0} {1}：列表格式不对；见 --help。
        --answer {0}: 1 to {1}.
          --answer {0}：应为 1 至 {1}。
        // fleet and listen
        --homes {0}: 1 to 20,000.
          --homes {0}：应为 1 至 20,000。
        --duration {0}: 1 to 3600 seconds.
          --duration {0}：应为 1 至 3600 秒。
        --speed {0}: 1 to 1000.
          --speed {0}：应为 1 至 1000。
        --alarms {0}: 0 to 100 percent.
          --alarms {0}：应为百分之 0 至 100。
        --spread {0}: 0 to 3600 seconds.
          --spread {0}：应为 0 至 3600 秒。
        --certificate-file and --key-file go together.
          --certificate-file 和 --key-file 须一起使用。
        --user and --password-file go together.
          --user 和 --password-file 须一起使用。
        run it again on a machine with nothing else to do, or take fewer hubs
          请在空闲的机器上重试，或减少主机数
        {0} hubs need {1} file descriptors, and this process may have {2}
          {0} 台主机需要 {1} 个文件描述符，而本进程最多 {2} 个
        raise the limit (`ulimit -Hn`, as root), or take fewer hubs; the broker needs one for each, too
          请用 root 提高上限（`ulimit -Hn`），或减少主机数；服务器也需为每台主机提供一个
        listening to {0}:{1}, {2}/#
          正在监听 {0}:{1}，{2}/#
        """#
}
