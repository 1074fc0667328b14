// Chinese of what is said of buses, meters, lines, counters, and of what scan and read find.

extension Chinese {
    static let devices = #"""
        // Drivers: lines
        line {0} ({1})
          线路 {0}（{1}）
        {0}: no such line on any GPIO chip
          {0}：任何 GPIO 芯片上都没有这条线路
        Compare with the list of `gpioinfo`; name the line, or its chip's label and offset ("pinctrl-rp1:17"), in `line`.
          请对照 `gpioinfo` 的列表；在 `line` 中写线路名，或芯片标签和偏移（"pinctrl-rp1:17"）。
        by something unnamed
          未知程序
        by '{0}'
          '{0}'
        {0}: in use {1}
          {0}：已被{1}占用
        Stop that program or kernel driver, or give this line once only in the configuration.
          请停止该程序或内核驱动；同一线路在配置中只能写一次。
        {0}: not allowed to open the GPIO chips
          {0}：无权打开 GPIO 芯片
        Add the user that runs the agent to the group that owns /dev/gpiochip* (often `gpio`).
          请把运行程序的用户加入 /dev/gpiochip* 所属的组（通常是 `gpio`）。
        request it
          申请该线路
        read its edges
          读取边沿
        read its level
          读取电平
        drive it
          驱动输出
        line {0} ({1}): cannot {2}: {3}
          线路 {0}（{1}）：无法{2}：{3}
        Check that the chip supports what the configuration asks of this line (bias, edges).
          请检查芯片是否支持配置对该线路的要求（上下拉、边沿）。
        line {0} ({1}): its GPIO chip is gone
          线路 {0}（{1}）：GPIO 芯片已断开
        Check the expander or USB cable; the agent keeps trying.
          请检查扩展板或 USB 线；程序会继续重试。
        line {0} ({1}): chatters, more than {2} edges in 10 s
          线路 {0}（{1}）：频繁抖动，10 秒内超过 {2} 个边沿
        Look for a loose wire or contact, a missing pull resistor or a cable beside mains; it is looked at once a second until it has been calm for a minute.
          请检查接线或触点是否松动、是否缺少上下拉电阻、线缆是否靠近市电；在平静一分钟之前每秒查看一次。
        line number {0} is not requested
          未申请编号为 {0} 的线路
        Report this as a bug.
          请作为程序错误上报。
        // Drivers: buses and meters
        a server on 127.0.0.1:{0}
          127.0.0.1:{0} 上的服务
        a pseudo-terminal
          伪终端
        a socket
          套接字
        a stop signal
          停止信号
        simulated meters: cannot make {0}: {1}
          模拟仪表：无法创建{0}：{1}
        Another program listens there: choose another port.
          另有程序在监听该端口：请换一个端口。
        Try again.
          请重试。
        {0} baud is not known
          未知的波特率 {0}
        Use one of {0}.
          请用以下之一：{0}。
        '{0}' is not an IPv4 address
          '{0}' 不是 IPv4 地址
        Write the address in numbers, as in "192.168.1.20:502".
          请写数字地址，例如 "192.168.1.20:502"。
        the kernel cannot drive this port's direction: {0}
          内核无法控制该端口的收发方向：{0}
        Remove `rs485` from this [[bus]] if the adapter switches by itself, as USB adapters do.
          若转换器能自动切换（USB 转换器都能），请从该 [[bus]] 中删除 `rs485`。
        bus {0}
          总线 {0}
        bus {0} ({1})
          总线 {0}（{1}）
        unit {0}
          站号 {0}
        meter {0}
          仪表 {0}
        meter {0} (unit {1})
          仪表 {0}（站号 {1}）
        {0}: cannot open: {1}
          {0}：无法打开：{1}
        {0}, {1}: no answer within {2} ms
          {0}，{1}：{2} 毫秒内没有应答
        Check that the meter has power, its unit id, the baud rate and parity, and that A and B are not swapped.
          请检查仪表电源、站号、波特率和校验，以及 A/B 线是否接反。
        {0}, unit {1}: did not answer, and is left alone for {2} s
          {0}，站号 {1}：没有应答，{2} 秒内不再询问
        Check that it has power and its unit id, and ask again then.
          请检查其电源和站号，稍后再试。
        {0}, {1}: unusable answer: {2}
          {0}，{1}：应答无法使用：{2}
        Look for a second device with this unit id, missing termination, or a wrong parity.
          请检查是否有另一台设备用了同一站号、缺少终端电阻，或校验不对。
        {0}, {1}: the connection is gone: {2}
          {0}，{1}：连接已断开：{2}
        Check the adapter's plug or the network cable; the agent reopens it by itself.
          请检查转换器插头或网线；程序会自动重新打开。
        Plug the adapter in; name it by /dev/serial/by-id/… so that it keeps its name.
          请插好转换器；用 /dev/serial/by-id/… 命名可保持名称不变。
        Add the user that runs the agent to the group that owns the device (often `dialout`).
          请把运行程序的用户加入该设备所属的组（通常是 `dialout`）。
        Another program has the port: stop it (`fuser` tells which), or give each bus a port of its own.
          端口被其他程序占用：请停止它（`fuser` 可查出），或让每条总线使用各自的端口。
        This is not a serial port; name the adapter's device in `port`.
          这不是串口；请在 `port` 中写转换器的设备名。
        Check the device and the settings of this [[bus]].
          请检查该设备和该 [[bus]] 的各项设置。
        The device is there but does not listen on this port; Modbus TCP is usually port 502.
          设备在线，但没有监听该端口；Modbus TCP 通常是 502 端口。
        Check the address, the cable and that the device has power.
          请检查地址、网线和设备电源。
        no request can ask for {0} of {1} from {2} on
          一次请求不能从 {2} 起读取 {0} 个 {1}
        Ask for 1 to 125 registers or 1 to 2000 bits, up to address 65535.
          请读取 1 至 125 个寄存器或 1 至 2000 个位，地址不超过 65535。
        {0}, unit {1}: the gateway cannot reach the meter (exception {2})
          {0}，站号 {1}：网关联系不上仪表（异常 {2}）
        Check the line between gateway and meter, and the unit id.
          请检查网关与仪表之间的接线和站号。
        meter {0} (unit {1}), {2} register {3}
          仪表 {0}（站号 {1}），{2} 寄存器 {3}
        Check address, type and order of this register against the meter's datasheet.
          请对照仪表手册检查该寄存器的 address、type 和 order。
        it speaks out of turn
          未被询问就发送数据
        more bytes behind the answer
          应答之后还有多余字节
        a stream of bytes without an answer
          连续收到字节但没有应答
        a wrong checksum
          校验和错误
        unit {0} answered instead
          应答的是站号 {0}
        {0} bytes that are no answer
          {0} 个字节，不是应答
        an answer to another question, most likely a late one
          对另一请求的应答，很可能是迟到的
        no Modbus TCP frame
          不是 Modbus TCP 帧
        {0} bytes that are no whole answer
          {0} 个字节，不是完整的应答
        an answer to another question
          对另一请求的应答
        a wrong function or length
          功能码或长度不对
        holds {0}, above the largest number that is kept, {1}
          内容为 {0}，超过可保存的最大值 {1}
        holds no number (NaN)
          没有数值（NaN）
        holds {0}, which is no number
          内容为 {0}，不是数字
        holds 0x{0}, which is no decimal number
          内容为 0x{0}，不是十进制数
        came with {0} words
          收到 {0} 个字
        holds 0x{0}, by which this meter says that it has no value
          内容为 0x{0}，表示仪表没有数值
        has no integer in its scale register {0}
          倍率寄存器 {0} 中不是整数
        has {0} in its multiplier, register {1}
          乘数寄存器 {1} 中为 {0}
        cannot be scaled by {0}, the content of register {1}
          无法按寄存器 {1} 的内容 {0} 换算
        // Faults of the home's devices
        {0}: it is lent to somebody who scans it
          {0}：正借给别人扫描
        Wait until that scan is over, or end it.
          请等扫描结束，或终止扫描。
        Check the sensor behind this register; the meter itself answers.
          请检查该寄存器所接的传感器；仪表本身有应答。
        channel {0}
          通道 {0}
        illegal function
          非法功能码
        illegal data address
          非法数据地址
        illegal data value
          非法数据值
        server device failure
          设备故障
        server device busy
          设备忙
        memory parity error
          存储奇偶校验错误
        gateway path unavailable
          网关路径不可用
        gateway target device failed to respond
          网关目标设备没有应答
        not in the standard
          标准中没有
        exception {0} ({1})
          异常 {0}（{1}）
        the meter refuses to be asked for {0}: Modbus {1}
          仪表拒绝读取 {0}：Modbus {1}
        compare the profile's table, address and type with the meter's manual
          请对照仪表手册检查配置文件的 table、address 和 type
        {0} shows more than {1}, which no home has used
          {0} 的示数超过 {1}，家庭用不了这么多
        check type, order and scale of its register: what `edge-agent read` shows must be what the meter shows
          请检查该寄存器的 type、order 和 scale：`edge-agent read` 的显示应与仪表一致
        mains power is lost: meters are asked more seldom, lines and alarms as ever
          市电中断：减少仪表询问，线路和告警照常
        mains power is back: meters are asked as ever
          市电恢复：仪表询问恢复正常
        a number beyond all meters
          超出所有仪表的数值
        {0}: the register turned over, from {1} to {2}; counted on
          {0}：寄存器翻转，从 {1} 到 {2}；继续累计
        {0}: the register went from {1} to zero and stands at {2}; counted on
          {0}：寄存器从 {1} 归零，现为 {2}；继续累计
        {0}: after {1} the old register is back, at {2}; check the meter's supply, and that no other meter has its unit id
          {0}：出现 {1} 之后又恢复原值，现为 {2}；请检查仪表供电，以及是否有另一台仪表用了同一站号
        {0}: read {1} once, between readings around {2}; not counted ({3} so far); if it goes on, check cable, termination and word order
          {0}：在 {2} 附近的读数之间读到一次 {1}；不计入（至今 {3} 次）；若反复出现，请检查线缆、终端电阻和字序
        {0}: the register runs backwards, from {1} to {2}; not counted; check the check valve, and which way round the meter is mounted
          {0}：寄存器倒走，从 {1} 到 {2}；不计入；请检查止回阀和仪表安装方向
        {0}: the meter seems to have been replaced, its register went from {1}; confirm the new meter, or tell us it was not changed
          {0}：仪表似乎已更换，寄存器从 {1}；请确认新仪表，或告知没有更换
        confirm the new meter (edge-agent confirm-meter {0}), or tell us it was not changed (--not-changed): {1} went from {2}
          请确认新仪表（edge-agent confirm-meter {0}），或告知没有更换（--not-changed）：{1} 从 {2}
        {0} to {1}
          {0} 变为 {1}
        {0}: readings contradict each other, the last is {1}; none is judged by; check cable, termination, word order, and that unit ids differ
          {0}：读数互相矛盾，最近一次为 {1}；均不采用；请检查线缆、终端电阻、字序，以及站号是否重复
        beyond all meters
          超出所有仪表的数值
        a new meter, confirmed
          新仪表，已确认
        not a new meter, says whoever looked
          查看者表示没有更换仪表
        ; the register went from {0}
          ；寄存器从 {0}
        {0} edge{1}
          {0} 个边沿{1-}
        , {0} since the start
          ，启动以来 {0} 个
        at least
          至少
        {0}: {1}{2} lost{3}; the level was read again; if it goes on, look for a line that chatters, or a board that is overloaded
          {0}：丢失了{1}{2}{3}；已重新读取电平；若反复出现，请检查是否有线路抖动，或主板负荷过重
        {0}: calm for a minute, followed again
          {0}：已平静一分钟，恢复跟踪
        line {0} ({1}): chatters, more than {2} edges in 10 s; only its level is looked at, once a second; look for a loose wire or contact, a missing pull resistor or a cable beside mains
          线路 {0}（{1}）：频繁抖动，10 秒内超过 {2} 个边沿；现在每秒只看一次电平；请检查接线或触点是否松动、是否缺少上下拉电阻、线缆是否靠近市电
        {0}: has moved again
          {0}：又有变化
        line {0} ({1}): active for more than {2} without a break; look for something that leans on it, a caught cord, a short circuit or the wrong `active` level
          线路 {0}（{1}）：连续触发超过 {2}；请检查是否有东西压住、拉绳卡住、短路，或 `active` 电平不对
        there is no such output
          没有这个输出
        the home sounds {0}
          家中正在响 {0w}
        // Reading a meter
        the daemon at {0} does not answer: {1}
          {0} 的守护进程没有回答：{1}
        bus {0}: the daemon does not lend it
          总线 {0}：守护进程不肯借出
        Try again in a minute.
          请一分钟后再试。
        bus {0}: {1}
          总线 {0}：{1}
        End another scan, or stop the daemon (`systemctl stop edge-agent`).
          请结束另一次扫描，或停止守护进程（`systemctl stop edge-agent`）。
        answers something else
          的回答无法理解
        Is it of another version? Restart it.
          它的版本是否不同？请重启它。
        does not answer: {0}
          没有回答：{0}
        Look at `systemctl status edge-agent`.
          请查看 `systemctl status edge-agent`。
        bus {0}: the daemon at {1} {2}
          总线 {0}：{1} 的守护进程{2}
        asks unit {0} for {1} {2} {3} from 0x{4}
          向站号 {0} 从 0x{4} 起读取 {1} 个 {2} {3w}
        registers
          寄存器
        bits
          位
        {0}, to see whether its answers are in order
          {0}，以确认其应答顺序正常
        answers with {0}
          应答 {0} 个
        refuses: {0}
          拒绝：{0}
        is larger than anything that is kept
          超过可保存的最大值
        no value: {0}
          没有数值：{0}
        refused: {0}
          被拒绝：{0}
        not read: {0}
          未读到：{0}
        (nothing)
          （无）
        {0}: {1} of {2} registers read
          {0}：读到 {1}/{2} 个寄存器
        round trip {0} ms (median), {1} ms at most
          往返 {0} 毫秒（中位数），最长 {1} 毫秒
        {0} requests, {1} without an answer
          {0} 次请求，{1} 次无应答
        // Scanning a bus
        very likely
          很可能
        likely
          可能
        certain
          确定
        weak
          存疑
        its identifying registers say so
          识别寄存器相符
        {0} of {1} registers answer
          {0}/{1} 个寄存器有应答
        the phases add up to the power
          各相之和等于总功率
        the phases do not add up to the power
          各相之和不等于总功率
        power{0} is more than voltage × current
          power{0} 大于电压×电流
        power{0} fits voltage × current
          power{0} 与电压×电流相符
        {0} falls
          {0} 减少
        {0} rises
          {0} 增加
        the line is set as its maker does
          通信设置与出厂相同
        unit {0} is its maker's
          站号 {0} 是出厂值
        is beyond any number
          超出数值范围
        {0} is refused (exception {1})
          {0} 被拒绝（异常 {1}）
        {0} is not answered
          {0} 没有应答
        would be {0}, which is no measurement
          会得到 {0}，不是测量值
        {0} is impossible in a home
          {0} 在家庭中不可能
        {0} is mains
          {0} 为市电
        {0} is no mains voltage
          {0} 不是市电电压
        {0} is the grid's
          {0} 为电网频率
        {0} is no grid's frequency
          {0} 不是电网频率
        {0} is impossible
          {0} 不可能
        {0} is a room's
          {0} 为室内数值
        {0}: set it to {1}, so that it can be on the same bus.
          {0}：请设为 {1}，才能接在同一条总线上。
        All of these show the same totals: this device answers to every unit id. Take the first.
          以上累计值完全相同：该设备对所有站号都应答。请取第一个。
        Unit {0} at {1}: something answers, but never soundly. Two meters with one unit
          站号 {0}（{1}）：有应答，但总不完整。可能是两台仪表用了同一
        id, another parity, or a disturbed line; or a gateway that speaks for meters that are not there.
          站号、校验不同、线路受干扰，或网关替不存在的仪表作了应答。
        already configured: meter "{0}"
          已配置：仪表 "{0}"
        note: {0}
          注意：{0}
        {0}, {1} points:
          {0}，{1} 分：
        unknown. No profile fits what it answers; its answers, for whoever knows it:
          未知。没有合适的配置文件；其应答如下，供了解它的人参考：
        ; same registers as {0}
          ；寄存器与 {0} 相同
        Unit {0}
          站号 {0}
        Unit {0} at {1}
          站号 {0}（{1}）
        {0} {1} to {2}: {3}
          {0} {1} 至 {2}：{3}
        no answer
          没有应答
        not asked
          没有询问
        {0} baud, parity {1}, {2} stop bit{3}
          {0} 波特，{1w}，{2} 个停止位{3-}
        """#
}
