// Chinese of what check-config says of values, rules, modes and the way to the cloud.

extension Chinese {
    static let configurationRules = #"""
        // TableReader
        "{0}" is known, but this version does not have it yet
          已知 "{0}"，但此版本尚不支持
        remove it, or wait for the version that has it
          请删除，或等待支持它的版本
        {0} has no key "{1}"
          {0}没有键 "{1}"
        its keys
          可用的键
        its keys: {0}
          可用的键：{0}
        "{0}" is the name of another {1} already
          "{0}" 已是另一个{1w}的名称
        give each {0} a name of its own
          请给每个{0w}取不同的名称
        bus
          总线
        meter
          仪表
        output
          输出
        rule
          规则
        signal of this meter
          该仪表的信号
        {0} needs "{1}"
          {0}缺少 "{1}"
        the file's top level
          文件顶层
        the meter profile
          仪表配置文件
        the board description
          主板描述
        the HAT description
          HAT 描述
        too long, or has control characters
          太长，或含有控制字符
        at most 4096 bytes of plain text
          最多 4096 字节的纯文本
        is empty
          为空
        write a value, or remove the key
          请写一个值，或删除该键
        a string
          字符串
        an integer
          整数
        a number with a point
          小数
        true or false
          true 或 false
        a date or time
          日期或时间
        an array
          数组
        a table
          表
        a profile
          仪表配置文件
        "{0}" is no duration
          "{0}" 不是时长
        a whole number and a unit, such as "30ms", "10s", "15min", "12h" or "3d"
          请写整数加单位，例如 "30ms"、"10s"、"15min"、"12h" 或 "3d"
        choose a duration within these bounds
          请取此范围内的时长
        a decimal number in quotes
          带引号的十进制数
        is no decimal number above zero
          不是大于零的十进制数
        digits and a point, such as "0.001"
          请写数字和小数点，例如 "0.001"
        "{0}" is not a whole number of {1}, or too large
          "{0}" 不是 {1} 的整数倍，或数值太大
        use fewer digits; values are kept in whole {0}
          请减少位数；数值以整 {0} 保存
        "{0}" is not a number{1} and a unit
          "{0}" 不是{1}的数加单位
        above zero
          大于零
        such as "10 {0}"; units of {1}: {2}
          例如 "10 {0}"；{1} 的单位：{2}
        this version has: {0}
          此版本支持：{0}
        "{0}" is not allowed here
          此处不能写 "{0}"
        "{0}" cannot be a name here
          "{0}" 不能用作这里的名称
        at most {0} letters, digits, "-" and "_"{1}
          最多 {0} 个字母、数字、"-" 和 "_"{1}
        , with "." inside
          ，中间可有 "."
        , without "."
          ，不含 "."
        an array of strings
          字符串数组
        name at least one
          至少写一个
        an array of integers
          整数数组
        name at least one, or remove the key
          至少写一个，或删除该键
        {0} does not fit into {1} bits, unsigned
          {0} 超出 {1} 位无符号数的范围
        write what the registers hold, such as 0xFFFF for a 16-bit -1
          请写寄存器中的内容，例如 16 位的 -1 写 0xFFFF
        a table, written {0}
          表，写作 {0}
        an array of tables, written [[{0}]]
          表数组，写作 [[{0}]]
        write {0}
          请写{0}
        put it in quotes, so that every digit stays exact
          请加引号，以保持每一位数字准确
        must be {0}, is {1}
          必须是{0}，现在是{1}
        there are none
          现在一个也没有
        did you mean "{0}"? {1}
          是否想写 "{0}"？{1}
        // TableReader+Hours
        must be two different times of the day
          必须是一天中两个不同的时刻
        such as ["07:00", "10:00"], or ["22:00", "06:00"] over midnight
          例如 ["07:00", "10:00"]，跨午夜写 ["22:00", "06:00"]
        "{0}" is no time of the day
          "{0}" 不是一天中的时刻
        hours and minutes with two digits each, "07:00"; midnight is "00:00"
          时和分各写两位数字，例如 "07:00"；午夜为 "00:00"
        "{0}" is no weekday
          "{0}" 不是星期
        // TableReader+Registers
        describes no register
          没有描述任何寄存器
        add a [[register]] (in a meter: [[meter.register]])
          请添加 [[register]]（在仪表中写 [[meter.register]]）
        is about models: whoever writes a home can look at the meter
          该键用于型号描述：编写家庭配置时可以直接查看仪表
        compare the register with the meter's display, and remove this
          请将寄存器与仪表显示对比，然后删除该键
        the most registers that one request may ask for
          请写一次请求最多读取的寄存器数
        unwanted registers that one request may read over; 0 for none
          请写一次请求可顺带读过的无用寄存器数；不允许则写 0
        the first address that no request may touch, from 0
          请写禁止读取的起始地址，从 0 开始
        the last address that no request may touch
          请写禁止读取的末尾地址
        {0} lies in front of {1}
          {0} 在 {1} 之前
        swap first and last
          请对调 first 和 last
        single bits ({0}) are known, but this version does not have them yet
          已知单个位（{0}），但此版本尚不支持
        this version has: holding, input
          此版本支持：holding、input
        a {0} at {1} ends behind the last register, 65535
          地址 {1} 处的 {0} 超出了最后一个寄存器 65535
        check address and type
          请检查 address 和 type
        such as "volume": a meter "water" then gives water.volume
          例如 "volume"：仪表 "water" 就给出 water.volume
        what it measures: {0}
          请写测量的量：{0}
        as sent on the wire, from 0: 30001 in a manual is address 0 of table "input"
          请写线上发送的地址，从 0 开始：手册中的 30001 是 "input" 表的地址 0
        what the words hold: {0}
          请写数据类型：{0}
        the unit of the register times its scale, such as "m3"
          请写寄存器值乘以 scale 后的单位，例如 "m3"
        a {0} takes {1} registers, one request at most {2}
          {0} 占 {1} 个寄存器，而一次请求最多 {2} 个
        raise max-registers, or check the type
          请增大 max-registers，或检查 type
        {0} register {1} lies in {2} to {3}, which no request may touch
          {0} 寄存器 {1} 位于 {2} 至 {3} 之间，任何请求都不得读取
        "{0}" is no unit of {1}
          "{0}" 不是 {1} 的单位
        its units
          可用单位
        has more digits than can be exact
          位数太多，无法准确表示
        at most 9 behind the point, or choose another unit
          小数点后最多 9 位，或换用其他单位
        bits are of unsigned integers, and this is {0}
          bits 只用于无符号整数，而这里是 {0}
        make the type u16, u32 or u64, or remove it
          请把 type 改为 u16、u32 或 u64，或删除该键
        "{0}" names no bits
          "{0}" 不表示任何位
        such as "4-7", or "3"; 0 is the lowest
          例如 "4-7" 或 "3"；最低位为 0
        a {0} has no bit {1}
          {0} 没有第 {1} 位
        at most {0}
          最多 {0}
        {0} needs none: NaN always means that there is no value
          {0} 不需要：NaN 总表示没有数值
        of the register that holds the scale, from 0
          请写存放倍率的寄存器地址，从 0 开始
        what that register holds, such as "i16"
          请写该寄存器的类型，例如 "i16"
        "exponent" (times 10 to this power) or "multiplier"
          "exponent"（乘以 10 的幂）或 "multiplier"（乘数）
        a scale in a {0} would not be exact
          {0} 类型的倍率不准确
        an integer type
          请用整数类型
        // HomeInterpreter
        write schema = 1 at the top
          请在开头写 schema = 1
        [home] with id, timezone and board
          请写 [home]，其中有 id、timezone 和 board
        this version of the agent reads schema 1 only
          此版本只能读取 schema 1
        write schema = 1, a number without quotes, or install a newer agent
          请写 schema = 1（数字，不带引号），或安装更新的版本
        an opaque identifier such as "zs-zhuyuan-0012"; no name, no address
          请写不含个人信息的编号，例如 "zs-zhuyuan-0012"；不要写姓名或地址
        a description in board-configs/boards, such as "raspberry-pi-5", or "simulated"
          请写 board-configs/boards 中的描述，例如 "raspberry-pi-5"，或 "simulated"
        "{0}" is no time zone
          "{0}" 不是时区
        this home is not yet commissioned: nothing is read, watched or told
          该家庭尚未投入使用：不读数、不守护、不通知
        describe it with [[bus]], [[meter]], [[input]], [[output]] and [upstream], then restart
          请用 [[bus]]、[[meter]]、[[input]]、[[output]] 和 [upstream] 描述，然后重启
        no [upstream]: nobody outside the home will hear of anything
          没有 [upstream]：家庭以外没有人会得到通知
        add [upstream] with a broker, unless this home is a test
          请添加带 broker 的 [upstream]，除非只是测试
        no siren and no buzzer: nobody in the home will hear of anything
          没有警号和蜂鸣器：家中没有人会听到提醒
        add an [[output]] of kind "siren" or "buzzer"
          请添加 kind 为 "siren" 或 "buzzer" 的 [[output]]
        the signal "{0}" exists already
          信号 "{0}" 已经存在
        rename one of the two
          请给其中一个改名
        // HomeInterpreter+Upstream, +Profile, +Escalation
        this is the first broker again: what it does not do, it does not do twice
          这与第一个服务器相同：它送不到的，再送一次也没用
        another broker, at best of another provider
          请用另一个服务器，最好由另一家运营
        such as "mqtts://broker.example:8883"
          例如 "mqtts://broker.example:8883"
        "{0}" cannot begin a topic
          主题不能以 "{0}" 开头
        words with "/" between them; no "+", "#", "$" or space, no "/" at either end
          请写用 "/" 隔开的词；不能有 "+"、"#"、"$" 和空格，首尾不能有 "/"
        "{0}" without "{1}": {2}
          有 "{0}" 却没有 "{1}"：{2}
        add {0}, or remove {1}
          请添加 {0}，或删除 {1}
        a certificate proves nothing without its key
          没有私钥，证书不起作用
        a key proves nothing without its certificate
          没有证书，私钥不起作用
        the broker would be told no password
          不会向服务器提供密码
        the broker would not know whose password it is
          服务器不知道这是谁的密码
        a hub that is dead is missed only after {0}
          主机失效 {0} 之后才会被发现
        {0} or less; the standard is {1}
          请取 {0} 以下；标准为 {1}
        mqtt:// is not encrypted, so that "{0}" means nothing
          mqtt:// 不加密，"{0}" 不起作用
        write mqtts://, or remove {0}
          请写 mqtts://，或删除 {0}
        alarms{0} cross the network readable for anybody
          告警{0}在网络上以明文传输，任何人都能看到
        and the password
          和密码
        write mqtts://
          请写 mqtts://
        begins with neither mqtts:// nor mqtt://
          开头不是 mqtts:// 或 mqtt://
        holds a user or password
          含有用户名或密码
        use the keys user and password-file, so that no secret stands in this file
          请使用 user 和 password-file，不要在此文件中写密码
        has no end of its address
          地址没有结束
        such as "mqtts://[fd00::1]:8883"
          例如 "mqtts://[fd00::1]:8883"
        has no good host name
          没有有效的主机名
        a name or an address and a port, nothing behind it
          请写名称或地址，再加端口，后面不要有别的
        has no good port
          没有有效的端口
        a number from 1 to 65535 behind the colon, nothing after it
          请在冒号后写 1 至 65535 的数字，后面不要有别的
        nobody behind {0} answers records, so that every one would be sent for ever
          {0} 不会对记录作出应答，每条都会不停重发
        remove ack, or write ack = "broker"; docs/profiles.md says what that is worth
          请删除 ack，或写 ack = "broker"；其含义见 docs/profiles.md
        {0} has an encoding of its own
          {0} 有自己的编码
        ThingsBoard's topics are fixed
          ThingsBoard 的主题是固定的
        an alarm is taken for delivered when the broker has it, whether or not anybody saw it
          服务器收到告警即视为送达，不论是否有人看到
        nothing to do where that is enough; docs/profiles.md says what is weaker, and how to notice
          若已够用，无需处理；不足之处及发现办法见 docs/profiles.md
        remove {0}
          请删除 {0}
        there is no step: nobody would hear that help has not been reached
          没有任何升级步骤：联系不上救助时没有人会知道
        add "fallback" to a step
          请在某个步骤中加入 "fallback"
        remove the key; the standard step then holds
          请删除该键，将采用标准步骤
        there is a step after {0} already
          {0} 后已经有一个步骤
        join the two
          请合并为一个
        no step has "fallback": the second broker hears only of alarms that the first has not delivered, never of those that nobody accepts
          没有步骤含 "fallback"：备用服务器只会收到首选服务器未送达的告警，收不到无人确认的告警
        counted from the alarm, such as "180s"
          从告警时算起，例如 "180s"
        such as do = ["sound:not-reached"]
          例如 do = ["sound:not-reached"]
        with ack = "broker" nobody says "{0}": this step is always taken
          用 ack = "broker" 时没有人会回 "{0}"：该步骤总会执行
        "fallback" needs a second broker, and there is no [upstream.fallback]
          "fallback" 需要备用服务器，而没有 [upstream.fallback]
        add [upstream.fallback] with its broker, or remove "fallback"
          请添加带 broker 的 [upstream.fallback]，或删除 "fallback"
        there is no output "{0}" of kind relay
          没有 kind 为 relay 的输出 "{0}"
        the relays
          现有继电器
        "{0}" is nothing that can be done
          "{0}" 不是可执行的动作
        // OfferStore
        line {0}: {1}{2}
          第 {0} 行：{1}{2}
        (and {0} more; check-config tells them all)
          （另有 {0} 处；check-config 会全部列出）
        it cannot be read
          无法读取
        it is for home {0}
          它属于家庭 {0}
        without [upstream] it could never prove itself
          没有 [upstream] 就无法验证
        trying out the configuration that {0} offered, for {1}
          正在试用 {0} 下发的配置，为期 {1}
        it cannot be loaded any more
          已无法载入
        the agent ended while it was tried out
          试用期间程序退出
        {0} was changed since {1} offered another configuration: the file counts
          {1} 下发另一配置之后 {0} 已被修改：以文件为准
        with the configuration that {0} offered; a change of {1} takes its place
          使用 {0} 下发的配置；修改 {1} 即可取而代之
        the configuration that {0} offered cannot be loaded: {1} is used
          无法载入 {0} 下发的配置：改用 {1}
        """#
}
