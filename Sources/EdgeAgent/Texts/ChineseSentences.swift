// Chinese of what check-config says of rules, of their sense, and of what each will do.

extension Chinese {
    static let configurationSentences = #"""
        // HomeInterpreter+Rules
        such as "no-water"; alerts are called by it
          例如 "no-water"；告警以此命名
        "{0}" is a name that the agent gives itself
          "{0}" 是程序自用的名称
        choose another name
          请换一个名称
        silent-sensor watches every signal by itself and is not written
          silent-sensor 会自动监视所有信号，不用写
        remove the rule; set silent-after at the meter or input
          请删除该规则；在仪表或输入处设置 silent-after
        a {0} rule has no "{1}"
          {0} 规则没有 "{1}"
        how far it looks back, such as "12h"
          请写向前回看的时长，例如 "12h"
        the limit, such as "0.01 m3" or "500 Wh"
          请写限值，例如 "0.01 m3" 或 "500 Wh"
        "{0}" is a meter's signal
          "{0}" 是仪表的信号
        input-active rules watch an [[input]]
          input-active 规则监视 [[input]]
        "{0}" says that all is well and alerts nobody
          "{0}" 表示平安，不会告警
        for a button that calls, make its kind "panic" or "service"
          呼叫按钮的 kind 应为 "panic" 或 "service"
        no signal is called "{0}"
          没有名为 "{0}" 的信号
        the name of an input, or <meter>.<register>, such as "water.volume"
          请写输入的名称，或 <仪表>.<寄存器>，例如 "water.volume"
        "{0}" does not count what is used
          "{0}" 不是用量累计值
        {0} rules watch a volume or an energy
          {0} 规则监视水量或电量
        "{0}" also goes up by itself (refrigerator, router): this rule may never speak
          "{0}" 会自行增加（冰箱、路由器）：该规则可能永远不会告警
        leave it out where anything runs day and night
          若有设备昼夜运行，请去掉它
        "{0}" is no sign of life
          "{0}" 不是活动迹象
        inputs of kind motion, door, panic, service, visit, ok or pulse; volumes and energies of meters
          可用 kind 为 motion、door、panic、service、visit、ok 或 pulse 的输入，以及仪表的水量和电量
        the warning ({0}) is not shorter than "{1}" ({2})
          预警时间（{0}）不短于 "{1}"（{2}）
        shorten warn-for: it is the last part of the wait, not an addition
          请缩短 warn-for：它是等待时间的最后一段，不是额外增加的
        {0} is shorter than two polls of {1} ({2} each)
          {0} 短于 {1} 的两次轮询（每次 {2}）
        lengthen "{0}", or poll the meter more often
          请加长 "{0}"，或更频繁地轮询仪表
        {0} cannot be told apart: one count of {1} is {2}
          {0} 无法分辨：{1} 的最小步长是 {2}
        a limit of {0} or more (better {1}), or a finer meter
          请取 {0} 以上的限值（最好 {1}），或换更精细的仪表
        {0} is only {1} counts of {2} ({3} each): uses near the limit are judged wrongly
          {0} 只相当于 {2} 的 {1} 个步长（每个 {3}）：接近限值的用量会判错
        a longer window with a higher limit, or a finer meter
          请加长窗口并提高限值，或换更精细的仪表
        {0} is never technical: nobody in the home would be helped
          {0w}不能设为技术级：家中的人会得不到帮助
        {0} would wait {1}
          {0w}会等待 {1}
        at most {0}, against a press by mistake; better none
          最多 {0}，用于防误按；最好不设
        {0} does not wait by chance
          {0w}不能随机等待
        remove spread
          请删除 spread
        {0} has no pre-alarm
          {0w}没有预警
        remove warn-for
          请删除 warn-for
        this {0} alert ends by itself, perhaps before anybody has seen it
          该{0w}告警会自行结束，可能还没有人看到
        remove latched = false
          请删除 latched = false
        this {0} alert is only {1}
          该{0w}告警仅为{1w}
        severity = "red", unless this is a test
          请写 severity = "red"，除非只是测试
        the rule "{0}" has the name of this input's implicit rule but watches something else
          规则 "{0}" 与该输入的内置规则同名，监视的却是别的信号
        rename that rule, or write an input-active rule for this input
          请给该规则改名，或为该输入写 input-active 规则
        no input-active rule watches this {0} input: the rule "{1}" ({2}) was added
          没有 input-active 规则监视该{0w}输入：已添加规则 "{1}"（{2w}）
        nothing to do; write a [[rule]] to choose otherwise
          无需处理；如需更改请写 [[rule]]
        no rule watches "{0}": it is recorded and sent, but never alerts
          没有规则监视 "{0}"：会记录和上报，但不会告警
        add a [[rule]], or leave it so
          可添加 [[rule]]，或保持不变
        // HomeInterpreter+Groups
        "confirm-within" goes with "confirm"
          "confirm-within" 须与 "confirm" 一起使用
        add confirm = ["motion.hall"], or remove it
          请添加 confirm = ["motion.hall"]，或删除该键
        only a red alert waits for a second sensor, and this one is {0}
          只有红色告警才等待第二个传感器，而该告警为{0w}
        severity = "red", or remove confirm
          请写 severity = "red"，或删除 confirm
        "{0}" stands here twice
          "{0}" 在此出现了两次
        remove one
          请删去一个
        a group has at most {0} sensors beside its own
          一组除自身外最多 {0} 个传感器
        name those nearest to {0}
          请写离 {0} 最近的几个
        whoever presses for help needs nobody to agree
          按钮呼救不需要其他传感器确认
        remove confirm
          请删除 confirm
        smoke in one room is only orange until another sensor agrees
          在另一个传感器确认之前，单个房间的烟雾只算橙色
        remove confirm, unless this detector has a history of false alarms
          请删除 confirm，除非该探测器常有误报
        a sensor cannot agree with itself
          传感器不能由自己确认
        name another sensor
          请写另一个传感器
        "{0}" shows nothing that could agree
          "{0}" 没有可用于确认的内容
        an input that becomes active, a door, or a meter's volume or energy
          请用会触发的输入、门磁，或仪表的水量、电量
        // HomeInterpreter+Lint
        this rule judges what "{0}" judges: everybody is called twice
          该规则与 "{0}" 判断相同：会重复通知
        remove one; for another severity later, use rise
          请删去一个；若之后要提高级别，请用 rise
        quiet hours of {0} hold yellow alerts back for half a day or more
          {0} 的安静时段会把黄色告警推迟半天以上
        the night only, such as quiet = ["22:00", "07:00"]
          只设夜间，例如 quiet = ["22:00", "07:00"]
        {0} pass without a sign in every night: this rule speaks while people sleep
          每晚都会有 {0} 没有动静：该规则会在睡眠时告警
        {0} or more, or a no-activity rule with between = ["07:00", "22:00"]
          请取 {0} 以上，或用带 between = ["07:00", "22:00"] 的 no-activity 规则
        what is due at {0} waits until the quiet hours end at {1}
          {0} 该发的告警要等到安静时段 {1} 结束
        severity = "orange", or hours that end by day
          请写 severity = "orange"，或取白天结束的时段
        nobody visits at night: overdue after {0} each morning
          夜间没有人探访：每天早晨都会超过 {0}
        every = "1d" or more
          请写 every = "1d" 以上
        {0} may be silent for {1} before anybody hears of it, longer than this rule waits ({2})
          {0} 无数据 {1} 后才有人知道，长于该规则的等待时间（{2}）
        a shorter silent-after at the meter
          请缩短该仪表的 silent-after
        {0} is read every {1}, so {2} last {3}
          {0} 每 {1} 读一次，所以 {2} 实际为 {3}
        poll the meter more often, or write for = "0s"
          请更频繁地轮询仪表，或写 for = "0s"
        in steps of {0} a drip of {1} cannot be told from somebody who uses little: it may keep this rule satisfied, and nobody hears of that
          步长为 {0} 时，{1} 的滴漏与用水很少无法区分：可能一直满足该规则而无人知道
        {0}: this rule will never speak
          {0}：该规则永远不会告警
        a limit that can be reached
          请取能达到的限值
        no more than {0} can go through in {1}
          {1} 内的用量不可能超过 {0}
        an ordinary day of one person needs {0} or more
          一个人平常一天要用 {0} 以上
        a limit well above what the home uses in a day
          请取明显高于家庭日用量的限值
        {0} is never exceeded
          不可能超过 {0}
        it is never below {0}
          不可能低于 {0}
        no room is at {0}
          室温不可能达到 {0}
        whoever goes out for long is reported as if she had fallen
          外出较久会被当作跌倒而告警
        remove away = "judge": not-returned watches over who is out
          请删除 away = "judge"：外出由 not-returned 规则守护
        this alert ends when {0} is let go, before the first step of escalation ({1}): nobody need ever see it
          松开 {0} 该告警就结束，早于第一个升级步骤（{1}）：可能没有人看到
        latched = true, or a clear-after of {0} or more
          请写 latched = true，或 clear-after 取 {0} 以上
        no rule notices silence: who lies on the floor and cannot reach a button is not found
          没有规则能发现长时间无动静：跌倒后够不到按钮的人不会被发现
        a no-activity or low-use rule; or no [[rule]] at all, for the recommended ones
          请写 no-activity 或 low-use 规则；或不写任何 [[rule]]，以采用推荐规则
        nothing in this home shows that somebody is back: who forgets "{0}" is not watched over for as long as away lasts
          家中没有任何设备能显示有人回来：忘记操作 "{0}" 时，整个外出期间都得不到守护
        an exit door, a motion sensor or a water meter
          请添加出入门的门磁、人体感应或水表
        no step has "sound:not-reached": who waits for help never hears that nobody has answered
          没有步骤含 "sound:not-reached"：等待救助的人听不到“无人应答”的提示
        nothing happens for {0} while nobody answers
          无人应答时，{0} 内没有任何动作
        a first step after {0} or less; the standard is 180s
          第一步请设在 {0} 以内；标准为 180s
        // HomeInterpreter+Modes, +Silence, +Use, +Recommended
        add an [[input]] of kind "door" or "away"
          请添加 kind 为 "door" 或 "away" 的 [[input]]
        add an input of kind "motion", or a water meter
          请添加 kind 为 "motion" 的输入，或水表
        "{0}" does not say that
          "{0}" 不能说明这一点
        leave "signals" out: all that fit are taken
          请去掉 "signals"：会自动采用所有合适的信号
        nothing in this home says that
          家中没有设备能说明这一点
        rules rest while nobody is in: the rule "{0}" ({1}) was added
          家中无人时规则会暂停：已添加规则 "{0}"（{1w}）
        nothing to do; write a [[rule]] of this kind to choose otherwise
          无需处理；如需更改请写同类 [[rule]]
        only a door leads out of the home
          只有门才通向家外
        such as signals = ["motion.bedroom", "water.volume"]
          例如 signals = ["motion.bedroom", "water.volume"]
        how long without a sign of life, such as "12h"
          请写没有活动迹象的时长，例如 "12h"
        "{0}" goes with "between"
          "{0}" 须与 "between" 一起使用
        add between = ["07:00", "22:00"], or remove it
          请添加 between = ["07:00", "22:00"]，或删除该键
        "carry" goes with "silent-for": without, the hours are judged whole
          "carry" 须与 "silent-for" 一起使用：否则按整个时段判断
        add silent-for = "10h", or remove it
          请添加 silent-for = "10h"，或删除该键
        {0} do not fit into {1}{2}
          {1}{2} 容纳不下 {0}
        {0} days of
          {0} 天的
        shorten it
          请缩短
        shorten it, or let it count over the night with carry = true
          请缩短，或用 carry = true 跨夜累计
        temperatures and signs of life, such as ["{0}", "motion.hall"]
          请写温度和活动迹象，例如 ["{0}", "motion.hall"]
        needs a temperature and a sign of life, and has no {0}
          需要温度和活动迹象，现在缺少{0w}
        temperature
          温度
        sign of life
          活动迹象
        add "{0}", or the like
          请添加 "{0}" 之类的信号
        how often somebody comes, such as "7d"
          请写探访间隔，例如 "7d"
        the input that visitors press
          请写探访者按的按钮
        "{0}" is no visit input
          "{0}" 不是探访输入
        an [[input]] of kind "visit"
          请用 kind 为 "visit" 的 [[input]]
        {0} after {1} is no rise from {2} after {3}
          {1} 后的{0w}不是从 {3} 后的{2w}升级
        each step is longer and more severe than the one before: yellow, orange, red
          每一步都应比前一步更久、更严重：yellow、orange、red
        how far it looks back, such as "24h"
          请写向前回看的时长，例如 "24h"
        the limit, such as "2 m3" or "20 kWh"
          请写限值，例如 "2 m3" 或 "20 kWh"
        a slot ({0}) is not shorter than the span ({1})
          slot（{0}）不短于 span（{1}）
        such as slot = "30min", span = "24h"
          例如 slot = "30min"，span = "24h"
        "{0}" does not say what is used
          "{0}" 不反映用量
        continuous-use rules watch a volume, an energy or a power
          continuous-use 规则监视水量、电量或功率
        the power of what was left on, such as "1000 W"
          请写未关电器的功率，例如 "1000 W"
        a beyond rule needs "above" or "below", or both
          beyond 规则需要 "above" 或 "below"，或两者
        such as below = "12 degC"
          例如 below = "12 degC"
        "{0}" has no value that could be beyond a limit
          "{0}" 没有可与限值比较的数值
        beyond rules watch a temperature, humidity, voltage, power or the like, not a counter or an input
          beyond 规则监视温度、湿度、电压、功率等，不用于累计值或输入
        between "below" and "above" there is no room for the hysteresis ({0})
          "below" 与 "above" 之间容不下回差（{0}）
        limits that lie further apart, or a smaller hysteresis
          请拉开两个限值，或减小回差
        a rule about use that is too much has no warning before it
          用量过多的规则没有预警
        no [[rule]] is written: the recommended rule "{0}" ({1}) watches {2}
          没有写 [[rule]]：推荐规则 "{0}"（{1w}）监视 {2}
        nothing to do; any [[rule]] replaces all recommended ones, and they can be copied from below
          无需处理；写任何 [[rule]] 都会取代全部推荐规则，可从下面复制
        in steps of {0} a dripping tap looks like somebody who uses little water, and hides that nobody does
          步长为 {0} 时，滴水的龙头看起来像有人少量用水，会掩盖无人用水的情况
        have drips mended, add a motion sensor, or a meter with steps of 1 L
          请修好滴漏，加装人体感应，或换步长为 1 L 的水表
        "{0}" also goes up by itself (refrigerator, router), and nothing else tells of life: the rule "no-sign-of-life" may speak late or never
          "{0}" 会自行增加（冰箱、路由器），又没有其他活动迹象：规则 "no-sign-of-life" 可能很晚才告警，甚至不告警
        add a water meter or a motion sensor
          请加装水表或人体感应
        nothing in this home shows soon enough that somebody is well: no recommended rule notices silence
          家中没有设备能及时显示有人平安：没有推荐规则能发现长时间无动静
        add a motion sensor, or a water meter with steps of 1 L that is read every hour; or write a [[rule]]
          请加装人体感应，或步长为 1 L 且每小时读数的水表；或写一条 [[rule]]
        """#
}
