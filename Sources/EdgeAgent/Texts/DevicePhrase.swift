// What a self-test says of configuration, ports, meters, lines and outputs.

enum DevicePhrase: String, Phrase {
    case configurationGood, configurationOffered, configurationEmpty, configurationEmptyAdvice
    case configurationRuns, configurationOld, configurationOldAdvice
    case configurationWrong, configurationWrongAdvice, configurationUnreadable, configurationUnreadableAdvice

    case portOpens, portOfDaemon, portMissing, portMissingAdvice, portMissingNoneAdvice, portDenied, portDeniedAdvice
    case portBusy, portBusyAdvice, portBusyUnknown, portBusyUnknownAdvice, portFailed, portFailedAdvice
    case gatewayFailed, gatewayFailedAdvice, portLent, portLentAdvice, portQuiet, portNoisy, portNoisyAdvice

    case meterAnswers, meterSometimes, meterSometimesAdvice, meterSilent, meterSilentAdvice
    case meterElsewhere, meterElsewhereAdvice, meterDamaged, meterDamagedAdvice, meterRefuses, meterRefusesAdvice
    case meterUnreached, meterUnreachedAdvice
    case valuesPlausible, valueImplausible, valueImplausibleAdvice, valueOrderAdvice, valueNone, valueNoneAdvice
    case totalSteady, totalFell, totalFellAdvice

    case lineIdle, lineActive, lineActiveAtRest, lineActiveAtRestAdvice, lineBusy, lineBusyAdvice
    case lineNotFound, lineNotFoundAdvice, lineDenied, lineDeniedAdvice, lineFailed, lineFailedAdvice
    case lineChatters, lineChattersAdvice, lineStuck, lineStuckAdvice, lineLoses, lineLosesAdvice
    case linesUnseen, linesUnseenAdvice

    case outputNoticed, outputUnnoticed, outputUnnoticedAdvice, outputUnconfirmed, outputUnconfirmedAdvice
    case outputReady, outputInUse, outputInUseAdvice
    case askHeard, askSeen, askSwitched

    var texts: Texts { configurationTexts ?? meterTexts ?? lineTexts }

    private var configurationTexts: Texts? {
        switch self {
        case .configurationGood: Texts("{0} has no errors", zh: "{0} 没有错误")
        case .configurationOffered:
            Texts("an offered configuration stands in for {0}", zh: "目前使用云端下发的配置，代替 {0}")
        case .configurationEmpty:
            Texts("{0} describes nothing yet: nothing is guarded", zh: "{0} 还没有任何内容：目前什么都没有守护")
        case .configurationEmptyAdvice:
            Texts("Add meters, inputs, outputs and [upstream].", zh: "请添加仪表、输入、输出和 [upstream]。")
        case .configurationRuns: Texts("the daemon runs this configuration", zh: "守护进程使用的正是该配置")
        case .configurationOld: Texts("the daemon runs another configuration than {0}", zh: "守护进程使用的不是 {0} 的配置")
        case .configurationOldAdvice:
            Texts(
                "`systemctl restart edge-agent`: the file was changed since it started, or it was started with another.",
                zh: "运行 `systemctl restart edge-agent`：启动后文件已被修改，或启动时用的是另一个文件。")
        case .configurationWrong: Texts("{0} errors, the first: {1}", zh: "有 {0} 处错误，第一处：{1}")
        case .configurationWrongAdvice:
            Texts(
                "`edge-agent check-config {0}` lists all of them, each with what to do.",
                zh: "运行 `edge-agent check-config {0}`，会逐条列出错误和处理办法。")
        case .configurationUnreadable: Texts("{0} cannot be read: {1}", zh: "无法读取 {0}：{1}")
        case .configurationUnreadableAdvice:
            Texts(
                "Name the file with --config; who runs this must be allowed to read it.",
                zh: "用 --config 指定文件，并确认当前用户有权读取它。")
        case .portOpens: Texts("{0} opens and is set", zh: "{0} 可以打开并完成设置")
        case .portOfDaemon: Texts("{0} is open, the daemon has it", zh: "{0} 已打开，由守护进程使用")
        case .portMissing: Texts("{0} is not there", zh: "{0} 不存在")
        case .portMissingAdvice:
            Texts(
                "Plug the adapter in, or correct `port` of this bus. There is: {0}.",
                zh: "请插好转换器，或更正该总线的 `port`。现有：{0}。")
        case .portMissingNoneAdvice:
            Texts(
                "Plug the adapter in: no serial adapter is plugged in at all.",
                zh: "请插好转换器：目前没有插任何串口转换器。")
        case .portDenied: Texts("{0} may not be opened", zh: "无权打开 {0}")
        case .portDeniedAdvice:
            Texts(
                "Run this as root; the daemon's user must be in the device's group (often `dialout`).",
                zh: "请用 root 运行；守护进程的用户须在该设备所属的组中（通常是 `dialout`）。")
        case .portBusy: Texts("{0} is used by {1}", zh: "{0} 正被 {1} 占用")
        case .portBusyAdvice:
            Texts("Stop {0}: a port has one owner.", zh: "请停止 {0}：一个端口只能有一个使用者。")
        case .portBusyUnknown: Texts("{0} is used by another program", zh: "{0} 正被其他程序占用")
        case .portBusyUnknownAdvice:
            Texts(
                "Run this as root, or `fuser {0}`, which names that program; then stop it.",
                zh: "请用 root 运行，或用 `fuser {0}` 查出该程序，然后停止它。")
        case .portFailed: Texts("{0} cannot be used: {1}", zh: "{0} 无法使用：{1}")
        case .portFailedAdvice:
            Texts(
                "Check that `port` names a serial adapter, and the settings of this bus.",
                zh: "请检查 `port` 是否为串口设备，以及该总线的各项设置。")
        case .gatewayFailed: Texts("{0} cannot be reached: {1}", zh: "无法连接 {0}：{1}")
        case .gatewayFailedAdvice:
            Texts(
                "Check `address`, the gateway's power, its network cable and its port number.",
                zh: "请检查 `address`、网关的电源、网线和端口号。")
        case .portLent: Texts("{0} is lent to somebody who scans it", zh: "{0} 正借给别人扫描")
        case .portLentAdvice: Texts("Wait until that scan is over.", zh: "请等那次扫描结束。")
        case .portQuiet: Texts("nothing comes unasked", zh: "没有多余的数据")
        case .portNoisy: Texts("{0} bytes came unasked", zh: "收到 {0} 个多余的字节")
        case .portNoisyAdvice:
            Texts(
                "Look for a second master, missing termination, or a cable beside mains.",
                zh: "请检查是否有第二个主站、缺少终端电阻，或线缆靠近市电。")
        default: nil
        }
    }

    private var meterTexts: Texts? {
        switch self {
        case .meterAnswers: Texts("unit {0} answers", zh: "站号 {0} 有应答")
        case .meterSometimes: Texts("unit {0} answered {1} of {2} times", zh: "站号 {0} 在 {2} 次中只应答了 {1} 次")
        case .meterSometimesAdvice:
            Texts(
                "Look for a loose wire or missing termination; a slow meter needs a longer `timeout`.",
                zh: "请检查接线是否松动、是否缺少终端电阻；应答慢的仪表需要更长的 `timeout`。")
        case .meterSilent: Texts("unit {0} does not answer", zh: "站号 {0} 没有应答")
        case .meterSilentAdvice:
            Texts(
                "Check the meter's power, its unit id, that A and B are not swapped, and its baud rate and parity "
                    + "(here {0}).",
                zh: "请检查仪表电源、站号、A/B 线是否接反，以及波特率和校验（此处为 {0}）。")
        case .meterElsewhere: Texts("unit {0} answers at {1}, not at {2}", zh: "站号 {0} 在 {1} 时应答，而不是 {2}")
        case .meterElsewhereAdvice:
            Texts(
                "Wrong baud rate or parity: set this bus to {0}, or set the meter to {1}.",
                zh: "波特率或校验不对：请把该总线设为 {0}，或把仪表设为 {1}。")
        case .meterDamaged: Texts("unit {0}: answers cannot be used: {1}", zh: "站号 {0} 的应答无法使用：{1}")
        case .meterDamagedAdvice:
            Texts(
                "Look for a second device with this unit id, a wrong baud rate or parity, or missing termination.",
                zh: "请检查是否有另一台设备用了同一站号、波特率或校验是否不对，或缺少终端电阻。")
        case .meterRefuses: Texts("unit {0} refuses {1}: {2}", zh: "站号 {0} 拒绝读取 {1}：{2}")
        case .meterRefusesAdvice:
            Texts(
                "It is there, but of another model: `edge-agent scan` tells which profile fits.",
                zh: "仪表在线，但型号不符：`edge-agent scan` 会指出合适的配置文件。")
        case .meterUnreached: Texts("its port cannot be used", zh: "它的端口无法使用")
        case .meterUnreachedAdvice: Texts("Mend the port first.", zh: "请先解决端口的问题。")
        case .valuesPlausible: Texts("its values are what a home can have", zh: "各项数值在家庭的合理范围内")
        case .valueImplausible: Texts("{0} shows {1}, which no home has", zh: "{0} 显示 {1}，家庭中不可能出现")
        case .valueImplausibleAdvice:
            Texts(
                "Check profile, type, order and scale: {0} must be what the meter's display shows.",
                zh: "请检查配置文件、type、order 和 scale：{0} 应与仪表显示一致。")
        case .valueOrderAdvice:
            Texts(
                "The words are swapped: with order = \"{0}\" it is {1}. Compare with the meter's display.",
                zh: "字序不对：用 order = \"{0}\" 读出 {1}。请与仪表显示对比。")
        case .valueNone: Texts("{0} has no value: {1}", zh: "{0} 没有数值：{1}")
        case .valueNoneAdvice:
            Texts(
                "Check profile and wiring of the meter; `edge-agent read {0} --raw` shows every frame.",
                zh: "请检查仪表的配置文件和接线；`edge-agent read {0} --raw` 可显示每一帧。")
        case .totalSteady: Texts("its totals do not fall", zh: "累计值没有减少")
        case .totalFell: Texts("{0} fell from {1} to {2}", zh: "{0} 从 {1} 减少到 {2}")
        case .totalFellAdvice:
            Texts(
                "A total only rises: check the register, and that no second device has this unit id.",
                zh: "累计值只会增加：请检查寄存器，以及是否有另一台设备用了同一站号。")
        default: nil
        }
    }

    private var lineTexts: Texts {
        switch self {
        case .lineIdle: Texts("{0} is ours and idle", zh: "{0} 已占用，处于静止状态")
        case .lineActive: Texts("{0} is ours and active now", zh: "{0} 已占用，当前处于触发状态")
        case .lineActiveAtRest: Texts("{0} is active although nothing should be", zh: "{0} 在不该触发时处于触发状态")
        case .lineActiveAtRestAdvice:
            Texts(
                "If nothing has set it off, the line is inverted (change `active`), its wire is broken, or its pull "
                    + "resistor is wrong (`bias`, here {0}).",
                zh: "若确实没有触发：可能是电平接反（修改 `active`）、断线，或上下拉不对（`bias`，此处为 {0}）。")
        case .lineBusy: Texts("{0} is in use: {1}", zh: "{0} 已被占用：{1}")
        case .lineBusyAdvice:
            Texts(
                "Stop that program or kernel driver, or use another line.", zh: "请停止该程序或内核驱动，或改用其他线路。")
        case .lineNotFound: Texts("{0} is on no GPIO chip", zh: "任何 GPIO 芯片上都没有 {0}")
        case .lineNotFoundAdvice:
            Texts(
                "Compare `line` with the board's wiring page and `gpioinfo`; check `board`.",
                zh: "请对照主板接线说明和 `gpioinfo` 检查 `line`，并检查 `board`。")
        case .lineDenied: Texts("{0} may not be opened", zh: "无权打开 {0}")
        case .lineDeniedAdvice:
            Texts(
                "Run this as root; the daemon's user must be in the group of /dev/gpiochip*.",
                zh: "请用 root 运行；守护进程的用户须在 /dev/gpiochip* 所属的组中。")
        case .lineFailed: Texts("{0} does not work: {1}", zh: "{0} 无法工作：{1}")
        case .lineFailedAdvice:
            Texts(
                "Check `bias` and `active`, and the cable of the expander, if there is one.",
                zh: "请检查 `bias` 和 `active`；如有扩展板，请检查其连线。")
        case .lineChatters: Texts("{0} changes all the time", zh: "{0} 不停地变化")
        case .lineChattersAdvice:
            Texts(
                "Look for a loose contact, a missing pull resistor (`bias`), or a cable beside mains.",
                zh: "请检查接触不良、缺少上下拉电阻（`bias`），或线缆靠近市电。")
        case .lineStuck: Texts("{0} has been active for too long", zh: "{0} 处于触发状态的时间过长")
        case .lineStuckAdvice:
            Texts("Look at the sensor: it sticks, or its wires touch.", zh: "请检查传感器：可能卡住，或导线短接。")
        case .lineLoses: Texts("{0} has lost {1} edges", zh: "{0} 丢失了 {1} 个边沿")
        case .lineLosesAdvice:
            Texts(
                "Its contact bounces hard: fit a capacitor or a better contact.",
                zh: "触点抖动严重：请加电容或更换触点。")
        case .linesUnseen: Texts("simulated lines exist only in the running daemon", zh: "模拟线路只存在于运行中的守护进程里")
        case .linesUnseenAdvice: Texts("Start the daemon: {0}.", zh: "请启动守护进程：{0}。")
        case .outputNoticed: Texts("{0} works: you noticed it", zh: "{0} 正常：您已确认")
        case .outputUnnoticed: Texts("{0} was driven, and nobody noticed it", zh: "{0} 已驱动，但没有人察觉")
        case .outputUnnoticedAdvice:
            Texts(
                "Check its wires, its own power supply, and `active`.", zh: "请检查接线、它自身的电源，以及 `active`。")
        case .outputUnconfirmed: Texts("nobody was asked whether {0} works", zh: "没有人确认 {0} 是否工作")
        case .outputUnconfirmedAdvice:
            Texts("Run this on a terminal, without --yes.", zh: "请在终端中运行，不要加 --yes。")
        case .outputReady: Texts("{0} is ours and can be driven", zh: "{0} 已占用，可以驱动")
        case .outputInUse: Texts("{0} was not tried: {1}", zh: "没有试 {0}：{1}")
        case .outputInUseAdvice: Texts("Try again once the home is silent.", zh: "请等家中安静后再试。")
        case .askHeard: Texts("{0} sounded for half a second. Did you hear it?", zh: "{0} 响了半秒。您听到了吗？")
        case .askSeen: Texts("{0} was lit for half a second. Did you see it?", zh: "{0} 亮了半秒。您看到了吗？")
        case .askSwitched: Texts("{0} switched for half a second. Did it work?", zh: "{0} 接通了半秒。它动作了吗？")
        default: Texts(rawValue, zh: rawValue)
        }
    }
}
