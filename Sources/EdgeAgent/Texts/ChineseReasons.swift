// Chinese of what a rule will do, and of why it says what it says: for residents and neighbours, too.

extension Chinese {
    static let rules = #"""
        // RuleSentence
        speaks ({0}{1}) {2}
          发出{1w}告警：{2}{0-}
        , request: {0}
          ，请求 {0}
        when less than {0} went through {1} in any {2}
          任意 {2} 内 {1} 的用量不足 {0} 时
        when more than {0} went through {1} in any {2}
          任意 {2} 内 {1} 的用量超过 {0} 时
        when {0} or more went through {1} in every {2} of {3}
          {3} 中的每 {2} 内 {1} 的用量都达到 {0} 时
        when {0} or more were drawn at {1} in every {2} of {3}
          {3} 中的每 {2} 内 {1} 都达到 {0} 时
        when {0} gave no sign of life {1}
          {0} 没有活动迹象（{1}）时
        and, by chance, up to {0} more
          另加最多 {0} 的随机时间
        below {0}
          低于 {0}
        above {0}
          高于 {0}
        for {0}
          持续 {0}
        {0} for {1}
          {0} 持续 {1}
        when {0} is {1}{2}
          {0} {1}{2} 时
        when {0} has been at {1} or more for {2} and {3} gave no sign of life for {4}
          {0} 持续 {2} 达到 {1} 以上，且 {3} 持续 {4} 没有活动迹象时
        when {0} was not pressed for {1}, and no visit was told of
          {1} 没有按下 {0}，也没有探访记录时
        when somebody has gone out by {0}, or away was set, and nobody is back after {1} and by the time that was said
          有人从 {0} 外出或设为外出后，超过 {1} 和约定时间仍无人返回时
        when {0} shows somebody twice within half an hour in a home that was set to be empty
          设为无人的家中，{0} 在半小时内两次显示有人时
        nobody
          探访按钮
        from {0}, not once
          {0} 期间一次都没有
        for {0}, counted from {1} only and carried over from one day to the next
          持续 {0}，只计 {1} 之内，可跨日累计
        for {0}, counted from {1} only and anew each day
          持续 {0}，只计 {1} 之内，每日重新计算
        mains power is lost
          市电中断
        once {0} has been active for {1}
          {0} 持续触发 {1} 时
        as soon as {0} is active
          {0} 一经触发
        once {0} has said for {1} that {2}
          {0} 持续 {1} 显示{2}时
        as soon as {0} says that {1}
          {0} 一经显示{1}
        becomes {0} after {1}
          {1} 后升为{0w}
        becomes {0} once {1} agrees within {2}, or none of them can be read
          {2} 内 {1} 也触发，或都无法读取时，升为{0w}
        warns in the home for the last {0} before
          在此前的最后 {0} 先在家中预警
        waits from {0} for the morning{1}
          {0} 期间推迟到早晨{1}
        , while it is yellow
          （仅限黄色时）
        ends once all has been well for {0}
          恢复正常 {0} 后结束
        rests while away is set
          设为外出时暂停
        rests while nobody is in
          家中无人时暂停
        stays until somebody accepts it and the cause is gone
          一直保持到有人确认且原因消失
        cannot tell while the meter is silent for more than {0}
          仪表无数据超过 {0} 时无法判断
        cannot tell while {0} missing{1}
          {0}缺失{1}时无法判断
        it is
          信号
        one of them is
          其中之一
        and the others show nothing
          且其余没有动静
        a press that answers a pre-alarm calls only if it is held for {0}
          预警期间须长按 {0} 才会呼救
        cannot tell while the line cannot be read
          线路无法读取时无法判断
        the temperature is
          温度
        all temperatures are
          所有温度
        cannot tell while {0} missing, or all signs of life are
          {0}缺失或全部活动迹象缺失时无法判断
        while the clock is not set, all hours count
          未校时期间，全天都计入
        while the clock is not set, speaks after {0} of silence
          未校时期间，无动静 {0} 后告警
        // LocalRules: alerts
        was {0}
          原为{0w}
        accepted by {0} after {1}
          {0} 在 {1} 后确认
        it could not be kept
          未能保存
        it could not be sent
          未能发出
        no broker has taken it
          没有服务器收下
        nobody has confirmed that it arrived
          没有人确认收到
        no screen has shown it
          没有在屏幕上显示
        nobody accepted it
          没有人确认
        rule changed in configuration
          规则已在配置中修改
        accepted, and now active again
          已确认，现在又触发
        {0}: readings again
          {0}：恢复读数
        {0} can speak again
          {0} 恢复告警能力
        {0} can see again
          {0} 恢复判断能力
        {0} cannot tell:
          {0} 无法判断：
        cannot tell
          无法判断
        rests: {0}
          暂停：{0}
        waiting for the first readings after the restart
          等待重启后的首次读数
        looks at no signal
          不监视任何信号
        {0}: the register went back from {1} to {2}; counted anew from there
          {0}：寄存器从 {1} 退回到 {2}；从该处重新计数
        // LocalRules: modes
        {0} was switched off
          {0} 已关闭
        after {0} away
          （外出 {0}）
        home: {0}{1}
          在家：{0}{1}
        command line
          命令行
        set by {0}
          由 {0} 设置
        set with {0}
          用 {0} 设置
        {0}, then nothing inside
          {0}，此后室内无动静
        expected back by now
          预计此时已返回
        expected back within {0}
          预计 {0} 内返回
        expected back {0} ago
          {0} 前应已返回
        away for {0} ({1}), {2}
          外出 {0}（{1}），{2}
        maintenance for {0} (set by {1}), {2} left
          维护 {0}（由 {1} 设置），还剩 {2}
        a door, then nothing inside, as far as is known after the restart
          重启后所知：门有动静，此后室内无动静
        nobody is away
          没有人外出
        {0}, limit {1}
          {0}，限值 {1}
        // LocalRules: kinds
        nothing inside while away was set
          设为外出期间室内无动静
        , {0} before the end
          ，距结束 {0}
        active while away: {0} after {1}{2} (set by {3})
          外出期间有动静：{0}，在 {1}{2} 后（由 {3} 设置）
        {0}: no reading yet
          {0}：尚无读数
        {0}{1}, limit {2} {3}{4}
          {0}{1}，限值{2w} {3}{4}
        above
          高于
        below
          低于
        {0} agrees
          {0} 也触发
        nobody can be asked:
          没有可用于确认的传感器：
        limit {0}
          限值 {0}
        nothing used for {0}, {1} with use in every {2}
          {0} 没有用量，{1}（每 {2} 都有用量）
        {0} used, some in every {1}
          用了 {0}，每 {1} 都有
        {0} or more in every {1}
          每 {1} 都达到 {0}
        {0}, for {1}, {2}
          {0}，持续 {1}，{2}
        no temperature is known
          没有温度数据
        {0} {1}, limit {2}
          {0} {1}，限值 {2}
        last: {0}
          最近：{0}
        none since the start
          启动以来没有
        no sign of life for {0} ({1}), limit {2}
          {0} 没有活动迹象（{1}），限值 {2}
        limit {0} in {1}
          限值 {1} 内 {0}
        between {0} and {1}
          {0} 至 {1}
        {0} in {1}, limit {2}
          {1} 内 {0}，限值 {2}
        {0} in {1}, {2}
          {1} 内 {0}，{2}
        window not complete: {0} in {1}, {2}
          窗口未满：{1} 内 {0}，{2}
        {0}: {1} (held for {2})
          {0}：{1}（按住 {2}）
        {0}: pressed to say that all is well; a call for help if held for {1}
          {0}：按下表示平安；长按 {1} 为呼救
        {0}: {1} ({2}, limit {3})
          {0}：{1w}（{2}，限值 {3}）
        answered with {0}, counted anew from there
          已用 {0} 应答，从那时重新计时
        help asked for
          有人求助
        {0} asked for
          请求 {0}
        water where it should be dry
          不该有水的地方有水
        opened or moved
          被打开或移动
        mains power is there
          市电正常
        the battery has enough
          电池电量充足
        not active
          未触发
        mains power was lost for {0}
          市电中断了 {0}
        mains power was lost {0} times, for {1} in all
          市电中断 {0} 次，共 {1}
        {0} in {1}, limit {2} in {3}
          {1} 内 {0}，限值 {3} 内 {2}
        answered with {0}, rests for {1}
          已用 {0} 应答，暂停 {1}
        window begins with the return: {0} of {1}
          窗口从返回时算起：{1} 中的 {0}
        window not complete: {0} in {1}, {2} in {3}
          窗口未满：{1} 内 {0}，{3} 内{2}
        between {0} and {1} in {2}, {3}
          {2} 内 {0} 至 {1}，{3}
        {0} in {1}, {2} in {3}
          {1} 内 {0}，{3} 内{2}
        {0} cannot speak: {1} never stops
          {0} 无法告警：{1} 一直不停
        {0}: motion again
          {0}：又有移动
        {0}: no motion for {1} at home, limit {2}, although others showed life in {3} hours of it (last: {4})
          {0}：在家 {1} 没有移动，限值 {2}，而其间有 {3} 小时其他设备显示有人活动（最近：{4}）
        {0}: a pause of {1} or more
          {0}：停顿达 {1}
        {0}: water used {1} ago
          {0}：{1} 前用过水
        {0}: motion for {1} without a pause of {2}, and no water for {3}, limit {4}: sensor stuck, a pet, or somebody who cannot leave the bed
          {0}：持续移动 {1} 且没有 {2} 的停顿，又有 {3} 没有用水，限值 {4}：传感器卡住、宠物，或有人卧床不起
        sign of life: {0}
          活动迹象：{0}
        last sign of life {0} ago ({1}), limit {2}
          最近的活动迹象在 {0} 前（{1}），限值 {2}
        {0} of {1}
          {1} 中的 {0}
        {0}: no reading for {1}
          {0}：{1} 没有读数
        {0}: suspect for {1}, saw nothing while others did
          {0}：{1} 以来可疑，其他设备有动静而它没有
        no visit for {0} (none since the start), limit {1}
          {0} 没有探访（启动以来没有），限值 {1}
        visit: {0}
          探访：{0}
        last visit {0} ago ({1}), limit {2}
          最近的探访在 {0} 前（{1}），限值 {2}
        visit recorded: {0}
          已记录探访：{0}
        """#
}
