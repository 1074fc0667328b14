// Chinese of what is said of the running hub, its storage and its way to the cloud, and of what it answers.

extension Chinese {
    static let hub = #"""
        // The picture of `status` and `simulate`
        A simulated home, {0} times as fast as life (seed {1}{2})
          模拟家庭，{0} 倍速（种子 {1}{2}）
        , broker {0}
          ，服务器 {0}
        , no broker
          ，无服务器
        // Words of tables
        Signals
          信号
        Rules
          规则
        Open
          未结束
        Buses
          总线
        Faults
          故障
        missing
          缺失
        active
          触发
        fine
          正常
        wrong
          异常
        silent
          静音
        accepted
          已确认
        raised
          已发出
        acknowledged
          已确认
        cleared
          已结束
        cancelled
          已取消
        escalated
          已升级
        stored
          已保存
        sent
          已发出
        brokered
          服务器已收
        received
          已收到
        displayed
          已显示
        connected
          已连接
        red
          红色
        orange
          橙色
        yellow
          黄色
        technical
          技术级
        smoke
          烟雾
        panic
          紧急按钮
        service
          服务按钮
        leak
          水浸
        tamper
          防拆
        mains
          市电
        battery
          电池
        motion
          人体感应
        door
          门磁
        visit
          探访
        away
          外出
        home
          在家
        maintenance
          维护
        none
          无校验
        even
          偶校验
        odd
          奇校验
        error
          错误
        warning
          警告
        note
          提示
        alarm
          告警
        warn
          预警
        locate
          定位
        // Storage
        cannot set space aside for alarms in {0}: {1}
          无法在 {0} 中为告警预留空间：{1}
        Free space there. Until then an alarm may have to wait in memory when others fill the disk.
          请释放空间。在此之前，若磁盘被占满，告警可能只能留在内存中。
        memory outbox: {0} alarms fill its {1} kB
          内存发件箱：{0} 条告警已占满 {1} kB
        Repair the hub's storage, or the way to the cloud, so that alarms can leave.
          请修复主机存储或通往云端的连接，使告警能够发出。
        storage works again: everything is on disk
          存储恢复正常：全部数据已写入磁盘
        out of memory
          内存不足
        database {0} is damaged and cannot be moved aside
          数据库 {0} 已损坏，且无法移走
        Make {0} writable for the agent, or remove the file by hand.
          请让程序有权写入 {0}，或手动删除该文件。
        database {0} was damaged ({1}); it is now {2} and a fresh one is in use
          数据库 {0} 已损坏（{1}）；已移到 {2}，现使用新库
        What had not been sent is in the old file. Check the memory card; replace it if this recurs.
          尚未发出的数据在旧文件中。请检查存储卡；若反复出现请更换。
        not this agent's: application id {0}, version {1}
          不是本程序的：应用编号 {0}，版本 {1}
        database {0}: cannot {1}: {2}
          数据库 {0}：无法{1w}：{2}
        open
          打开
        create
          创建
        read
          读取
        write
          写入
        Free space on the file system that holds it; until then records are kept in memory.
          请释放所在文件系统的空间；在此之前记录保存在内存中。
        The file will be set aside. Check the memory card; replace it if this recurs.
          该文件将被移走。请检查存储卡；若反复出现请更换。
        The state folder must exist and be writable for the agent's user.
          状态目录必须存在，且程序的用户有权写入。
        Another program holds the file. Is a second agent running on this folder?
          文件被其他程序占用。是否有另一个程序在使用该目录？
        The storage does not work. Check the kernel's log and the memory card.
          存储无法工作。请检查内核日志和存储卡。
        database {0} was deleted or replaced while in use
          数据库 {0} 在使用中被删除或替换
        A fresh one is in use, with the alarms that waited. Stop the agent before you touch its files.
          已改用新库，待发的告警仍在。改动文件前请先停止程序。
        {0} records could not be kept: {1}; {2}
          有 {0} 条记录未能保存：{1}；{2}
        {0} stored records cannot be read and are left out; check the memory card
          有 {0} 条已存记录无法读取，已跳过；请检查存储卡
        no more space for what waits for the cloud: {0} points of readings and {1} events were given up
          待发数据空间不足：已舍弃 {0} 个读数点和 {1} 个事件
        {0}; mend the way to the broker
          {0}；请修复到服务器的连接
        record {0}: its stored message cannot be read
          记录 {0}：已存的消息无法读取
        Check the memory card; the record is left out.
          请检查存储卡；该记录已跳过。
        // Safe mode and progress
        the agent ended {0} times within {1} without being asked to
          程序在 {1} 内意外退出了 {0} 次
        look for the reason with `journalctl -u edge-agent`; the agent tries again by itself after an hour
          请用 `journalctl -u edge-agent` 查找原因；程序一小时后会自行重试
        safe mode: no meter is read, because {0}; {1}
          安全模式：不读取仪表，因为{0}；{1}
        safe mode, bare: no meter is read, only smoke, panic and other single inputs are judged, and what the rules remembered is put aside, because in safe mode, too, {0}; {1}
          最小安全模式：不读取仪表，只判断烟雾、紧急按钮等单个输入，规则的记忆也已搁置，因为在安全模式下{0}；{1}
        no progress: {0}
          没有进展：{0}
        the agent starts again as usual
          程序恢复正常启动
        link to the broker
          到服务器的连接
        link to the second broker
          到备用服务器的连接
        {0} for {1} s
          {0} 已 {1} 秒
        no command is taken, for want of its key: {0}: {1}; {2}
          缺少命令密钥，不接受任何命令：{0}：{1}；{2}
        // Upstream/Profiles, CommandKey
        it holds no Ed25519 public key (32 bytes in hexadecimal or base64, or PEM)
          其中没有 Ed25519 公钥（32 字节，十六进制或 base64，或 PEM）
        an offered configuration cannot be kept: {0}; {1}
          无法保存下发的配置：{0}；{1}
        // What the control socket answers
        the daemon at {0} answers something else
          {0} 的守护进程的回答无法理解
        is it of another version? restart it
          它的版本是否不同？请重启它
        no control socket at {0}: `status` cannot ask
          {0} 处没有控制套接字：`status` 无法查询
        none is open
          目前没有待确认的
        open: {0}
          待确认：{0}
        nobody asks about the meter of {0}; {1}
          没有询问过 {0} 的仪表；{1}
        no input is called {0}; there are: {1}
          没有名为 {0} 的输入；现有：{1}
        unknown question; this daemon answers: {0}
          无法识别的请求；本守护进程支持：{0}
        locate takes seconds, 0 to {0}
          locate 的秒数为 0 至 {0}
        this home has no buzzer, lamp or siren that could blink or beep
          该家庭没有可闪烁或鸣响的蜂鸣器、灯或警号
        the home sounds {0}: that must not be drowned
          家中正在响 {0w}：不得掩盖
        this is no mode; write: mode home, mode away [SECONDS] or mode maintenance [SECONDS]
          没有这种模式；请写：mode home、mode away [SECONDS] 或 mode maintenance [SECONDS]
        home has no end; write: mode home
          在家模式没有期限；请写：mode home
        {0} lasts from 1 s to {1}
          {0w}模式的时长为 1 s 至 {1}
        {0} installers ask already
          已有 {0} 个安装人员在查询
        Try again in a moment.
          请稍后再试。
        this is no question to a meter
          这不是对仪表的请求
        Write: exchange BUS UNIT TABLE ADDRESS COUNT TIMEOUT.
          请写：exchange BUS UNIT TABLE ADDRESS COUNT TIMEOUT。
        bus {0} has too many questions
          总线 {0} 的请求太多
        bus {0} does not come round
          总线 {0} 没有回应
        Look at `edge-agent status`.
          请查看 `edge-agent status`。
        this names no bus
          没有写总线名
        Write: lease BUS.
          请写：lease BUS。
        bus {0} is not lent: somebody else has it, or its meters keep it busy
          总线 {0} 未借出：正被他人使用，或仪表占用
        End the other scan, or try again in a minute.
          请结束另一次扫描，或一分钟后再试。
        no bus is called {0}
          没有名为 {0} 的总线
        There are: {0}.
          现有：{0}。
        write: {0}
          请写：{0}
        the lines thread does not come round
          线路线程没有回应
        no output is called {0}; there are: {1}
          没有名为 {0} 的输出；现有：{1}
        the disk does not answer within {0} s
          磁盘在 {0} 秒内没有回应
        test-alert takes seconds, 1 to {0}
          test-alert 的秒数为 1 至 {0}
        no [upstream] is configured
          没有配置 [upstream]
        another test alert is under way, or was a second ago
          另一个测试告警正在进行或刚刚结束
        a test by the installer: nobody has to come
          安装人员的测试：无需前来
        """#
}
