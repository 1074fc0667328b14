// Chinese of what check-config says of files, boards, buses, meters, lines and values.

/// Catalogues for `Translation`: an English line as it is made, places as {0}, {1} … in its order, and below it, indented,
/// its Chinese. `scripts/check-translations` finds what is missing here and what nobody says any more.
enum Chinese {
    static let configuration = #"""
        // CheckReport
        good
          正确
        not good
          不正确
        {0}: {1}, {2}, {3}, {4}
          {0}: {1w}，{2}，{3}，{4}
        # {0}, normalised: every default is written out, and it loads again to the same (hash {1}).
          # {0} 的规范写法：写出了所有默认值，重新载入结果相同（哈希 {1}）。
        # What the rules will do:
          # 各条规则的作用：
        // ConfigurationLoader
        this machine is no {0}: its device tree says "{1}"
          本机不是 {0}：设备树中写的是 "{1}"
        write board = "{0}", unless this home is for another machine
          请写 board = "{0}"，除非此配置用于另一台机器
        check the board's name, unless this home is for another machine
          请检查主板名称，除非此配置用于另一台机器
        cannot be read: {0}
          无法读取：{0}
        is no TOML: {0}
          不是 TOML 格式：{0}
        correct this line; nothing behind it has been looked at
          请更正这一行；后面的内容尚未检查
        systemd brings it when the service starts: look into /etc/credstore and at LoadCredential=
          由 systemd 在服务启动时提供：请检查 /etc/credstore 和 LoadCredential=
        this machine has no time zones to check it against
          本机没有时区数据，无法核对
        install the package tzdata
          请安装软件包 tzdata
        no time zone is called so
          没有这个时区
        an IANA name such as "Asia/Shanghai"
          请写 IANA 时区名，例如 "Asia/Shanghai"
        write it with `openssl pkey -in KEY -pubout -out FILE`
          请用 `openssl pkey -in KEY -pubout -out FILE` 生成
        it is no regular file
          它不是普通文件
        name a file, not a folder, pipe or device
          请指定文件，而不是目录、管道或设备
        check the path; the file is not there
          文件不存在，请检查路径
        let the user that runs the agent read it, for example with chgrp and chmod 0640
          请让运行程序的用户有权读取，例如用 chgrp 和 chmod 0640
        check the disk and the path
          请检查磁盘和路径
        it is larger than 1 MiB
          文件大于 1 MiB
        this is no configuration: check the path
          这不是配置文件：请检查路径
        // DescriptionInterpreter, BoardDescription, Descriptions
        {0} (pin {1})
          {0}（针脚 {1}）
        is no line
          不是线路
        a line name in quotes, or "chip-label:offset"
          请写带引号的线路名，或 "芯片标签:偏移"
        as the kernel calls it, such as "/dev/ttyAMA0"
          请写内核中的名称，例如 "/dev/ttyAMA0"
        the header's name of the line that sends
          请写排针上发送线的名称
        the header's name of the line that receives
          请写排针上接收线的名称
        "{0}" is no device path
          "{0}" 不是设备路径
        an absolute path, such as "/dev/ttyS0"
          请写绝对路径，例如 "/dev/ttyS0"
        [lines] has no "{0}"
          [lines] 中没有 "{0}"
        its lines
          现有线路
        pin {0} is there twice
          针脚 {0} 出现了两次
        one pin, one thing
          一个针脚只能有一个用途
        there are {0}, at most {1} are possible
          共有 {0} 个，最多允许 {1} 个
        remove some
          请删去一些
        must be a table, written [{0}], is {1}
          必须是表，写作 [{0}]，现在是{1}
        an array of pins
          针脚数组
        is no pin of a header
          不是排针的针脚
        its number, {0}–{1}
          请写针脚编号 {0}–{1}
        "{0}" is not confirmed: {1}
          "{0}" 尚未核实：{1}
        compare it with a meter's display, then remove this key
          请与仪表显示对比，然后删除该键
        the file's own name without .toml: "{0}"
          请写该文件不带 .toml 的文件名："{0}"
        the file is {0}.toml, but calls itself "{1}"
          文件名为 {0}.toml，其中的 name 却是 "{1}"
        make them the same
          请改成一致
        say what an installer must know, and no more
          只写安装人员必须知道的内容
        as sent on the wire, from 0
          请写线上发送的地址，从 0 开始
        how many registers, such as "u16"
          请写占用的寄存器类型，例如 "u16"
        what they hold in every meter of this model, such as 0x0020
          请写该型号每台仪表中都相同的内容，例如 0x0020
        lies in {0} to {1}, which no request may touch
          位于 {0} 至 {1} 之间，任何请求都不得读取
        check the address, or the [[forbidden]] range
          请检查地址，或 [[forbidden]] 的范围
        there is no {0} "{1}"
          没有{0} "{1}"
        meter profile
          仪表配置文件
        // HomeInterpreter+Board
        name those that are on the header
          请写出插在排针上的扩展板
        "{0}" is there twice
          "{0}" 出现了两次
        name it once
          只写一次即可
        {0} has no header for HATs
          {0} 没有可插 HAT 的排针
        remove it, or correct the board's name
          请删除，或更正主板名称
        "{0}" cannot be a HAT's name
          "{0}" 不能作为 HAT 的名称
        a description in board-configs/hats, without .toml
          请写 board-configs/hats 中的描述文件名，不带 .toml
        {0} has a terminal on pin {1}, where {2} has no line
          {0} 的端子接在针脚 {1} 上，而 {2} 的该针脚没有线路
        this HAT does not fit on this board
          该 HAT 不适用于此主板
        {0} needs {1}, which "{2}" uses
          {0} 需要 {1}，而它已被 "{2}" 使用
        these two do not go together
          这两者不能同时使用
        {0} and {1} both have a terminal {2}
          {0} 和 {1} 都有端子 {2}
        name the header's line instead of the terminal
          请写排针上的线路名，不要写端子名
        on {0}, {1} has no line with which the kernel could switch the transceiver
          在 {0} 上，{1} 没有可供内核切换收发器的线路
        use a transceiver that switches itself, or another port; without it meters do not answer
          请使用自动切换的收发器，或换一个端口；否则仪表不会应答
        {0} needs {1}, which the bus "{2}" uses
          {0} 需要 {1}，而它已被总线 "{2}" 使用
        put the meters on one bus, or choose another port
          请把仪表接到同一条总线，或换一个端口
        on {0}, the kernel prints its messages on {1}
          在 {0} 上，内核会向 {1} 输出信息
        take console={0} out of the kernel's command line, and stop the login on it
          请从内核命令行中删去 console={0}，并停用该端口上的登录
        {0} is there only when it is switched on
          {0} 需要先启用才会出现
        {0} is pulled up on the board: an open wire reads high, and so active
          {0} 在主板上已上拉：断线时读到高电平，会被当作触发
        wire the contact to ground and write active = "low", or use another line
          请把触点接地并写 active = "low"，或改用其他线路
        {0} is pulled up from power-on until the agent has it: the output may be on meanwhile
          {0} 从上电到程序接管之前一直上拉：其间输出可能接通
        use a line that does not start high, or a driver that a low level switches on
          请改用上电不为高电平的线路，或低电平有效的驱动电路
        a {0} level switches {1} of {2} on
          {0w}电平会接通 {2} 的 {1}
        remove it, unless the load is to be on while nothing is wrong
          请删除，除非平时就要接通该负载
        high
          高
        low
          低
        // HomeInterpreter+Buses
        such as "rs485"; meters refer to it
          例如 "rs485"；仪表按此名引用
        "rtu" for a serial port, "tcp" for a gateway, "rtu-over-tcp" for a serial server
          串口写 "rtu"，网关写 "tcp"，串口服务器写 "rtu-over-tcp"
        another bus uses {0} already
          另一条总线已使用 {0}
        one bus may have many meters: put them on it
          一条总线可接多台仪表：请都接到那条总线
        an rtu bus
          rtu 总线
        such as "/dev/ttyUSB0", better "/dev/serial/by-id/…", which stays the same
          例如 "/dev/ttyUSB0"，最好写 "/dev/serial/by-id/…"，名称不会改变
        an absolute path, such as "/dev/ttyUSB0"
          请写绝对路径，例如 "/dev/ttyUSB0"
        a {0} bus
          {0} 总线
        an IPv4 address and a port, such as "192.168.1.20:502"; names are not resolved here
          请写 IPv4 地址和端口，例如 "192.168.1.20:502"；此处不解析域名
        "{0}" is no address of a gateway
          "{0}" 不是网关地址
        {0} has no "{1}"
          {0}没有 "{1}"
        remove it, or change the bus' kind
          请删除，或修改总线的 kind
        allowed: {0}
          可用：{0}
        {0} baud is not possible
          波特率不能为 {0}
        // HomeInterpreter+Counters
        {0} is not counted up
          {0} 不是累计值
        remove it: only volume and energy have a "max-rate"
          请删除：只有 volume 和 energy 才有 "max-rate"
        {0} is not within {1}...{2}
          {0} 不在 {1} 至 {2} 之间
        the most that the meter can measure, such as its overload flow Q4 or its maximum current
          请写仪表的最大量程，例如过载流量 Q4 或最大电流
        // HomeInterpreter+Meters
        such as "water"; it begins the names of the meter's signals
          例如 "water"；该仪表的信号名以它开头
        the name of a [[bus]]
          请写某个 [[bus]] 的名称
        the unit id set in the meter, 1 to 247
          请写仪表中设置的站号，1 至 247
        unit {0} on bus {1} is the meter "{2}" already
          总线 {1} 上的站号 {0} 已是仪表 "{2}"
        two meters that answer to one unit id disturb each other: change one of them
          两台仪表共用一个站号会互相干扰：请修改其中一台
        no bus is called "{0}"
          没有名为 "{0}" 的总线
        bus "{0}" has no meter
          总线 "{0}" 上没有仪表
        remove it, or add a [[meter]]
          请删除，或添加 [[meter]]
        {0} is over before the next poll ({1})
          {0} 短于轮询间隔（{1}）
        choose three polls or more: {0}
          请取三次轮询以上：{0}
        each one costs the other meters a whole time-out
          每次都会让其他仪表多等一个超时时间
        has both a profile and registers
          既有 profile 又有寄存器
        has neither a profile nor registers
          既没有 profile 也没有寄存器
        name a profile, or describe each register in a [[meter.register]]
          请写 profile，或用 [[meter.register]] 描述每个寄存器
        "{0}" goes with {1}
          "{0}" 须与{1}一起使用
        registers of the meter's own
          该仪表自己的寄存器
        leave out the registers that are not wanted
          请去掉不需要的寄存器
        write it in the profile, whose model it is about
          它与型号有关，请写在仪表配置文件中
        "{0}" of {1} is not confirmed: {2}
          {1} 的 "{0}" 尚未核实：{2}
        compare it with the meter's display before a rule relies on it, or leave it out of "signals"
          在规则依赖它之前请与仪表显示对比，或从 "signals" 中去掉
        {0} has no signal "{1}"
          {0} 没有信号 "{1}"
        its signals
          现有信号
        "{0}" is named twice
          "{0}" 写了两次
        remove one of the two
          请删去其中一个
        0 is broadcast, 248 and above are reserved
          0 为广播地址，248 及以上为保留地址
        // HomeInterpreter+Pulses
        nothing is counted here
          此处不计数
        it goes with kind = "pulse" and a "quantity"; else remove it
          须与 kind = "pulse" 和 "quantity" 一起使用；否则请删除
        these pulses are signs of life and nothing more: nothing is counted
          这些脉冲只作为活动迹象，不计数
        add quantity = "volume" or "energy", and per-pulse such as "1 L"
          请添加 quantity = "volume" 或 "energy"，以及 per-pulse，例如 "1 L"
        what one pulse stands for, such as "1 L" or "1 Wh"; the meter's plate says it
          请写每个脉冲代表的量，例如 "1 L" 或 "1 Wh"；见仪表铭牌
        pulses that are counted have a "minimum-width" instead
          计数的脉冲应使用 "minimum-width"
        remove it, or rename it to minimum-width
          请删除，或改名为 minimum-width
        no meter's pulse stands for that
          没有仪表的脉冲代表这个量
        between 1 {0} and {1}
          应在 1 {0} 与 {1} 之间
        // HomeInterpreter+Lines
        the signal's name, such as "motion.bedroom"
          请写信号名，例如 "motion.bedroom"
        one of {0}
          请取以下之一：{0}
        a line name such as "GPIO17", or "chip-label:offset"
          请写线路名，例如 "GPIO17"，或 "芯片标签:偏移"
        {0} is over before the line is read again (every {1})
          {0} 短于线路的重读间隔（每 {1} 一次）
        choose 3min or more, or remove it
          请取 3min 以上，或删除
        only a panic button tells a long press from a short one
          只有紧急按钮才区分长按和短按
        remove it
          请删除
        power is lost
          市电中断
        the battery is nearly empty
          电池即将耗尽
        it is not said which level means that {0}: high is taken
          没有说明哪个电平表示{0}：按高电平处理
        write active = "high" or "low", pull the plug and look at edge-agent status
          请写 active = "high" 或 "low"，拔掉电源插头后查看 edge-agent status
        a {0} input asks for nothing
          {0} 输入不请求服务
        remove it, or make the kind "service"
          请删除，或把 kind 改为 "service"
        such as "siren"
          例如 "siren"
        a line name such as "GPIO27", or "chip-label:offset"
          请写线路名，例如 "GPIO27"，或 "芯片标签:偏移"
        "{0}" is no line
          "{0}" 不是线路
        a line name such as "GPIO17", or "chip-label:offset" such as "pinctrl-rp1:17", never a chip number such as gpiochip0
          请写线路名，例如 "GPIO17"，或 "芯片标签:偏移"，例如 "pinctrl-rp1:17"；不要写 gpiochip0 这样的芯片编号
        board {0} has no line "{1}"; the kernel's line of that name will be taken
          主板 {0} 没有线路 "{1}"；将使用内核中同名的线路
        line {0}
          线路 {0}
        {0} is used by "{1}" already
          {0}已被 "{1}" 使用
        one line, one thing: check the wiring
          一条线路只能有一个用途：请检查接线
        """#
}
