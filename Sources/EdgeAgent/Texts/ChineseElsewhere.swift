// Chinese of sentences that others make (the C library, libmosquitto, ArgumentParser), and of what is put together.
// No literal of ours says them, so that nobody can find one here that has died out.

extension Chinese {
    static let elsewhere = #"""
        // Put together
        write a table, written {0}
          请写表，写作 {0}
        {0}: smoke
          {0}：烟雾
        {0}: active
          {0}：触发
        "{0}" {1}
          "{0}" {1}
        Unit {0} at {1} baud, parity {2}, {3} stop bit{4}
          站号 {0}（{1} 波特，{2w}，{3} 个停止位）{4-}
        buses: {0}
          现有总线：{0}
        signals: {0}
          现有信号：{0}
        weekdays: {0}
          星期可写：{0}
        it could not be kept for {0}
          {0} 内未能保存
        it could not be sent for {0}
          {0} 内未能发出
        no broker has taken it for {0}
          {0} 内没有服务器收下
        nobody has confirmed that it arrived for {0}
          {0} 内没有人确认收到
        no screen has shown it for {0}
          {0} 内没有在屏幕上显示
        nobody accepted it for {0}
          {0} 内没有人确认
        {0} days of {1}
          {0} 天的 {1}
        unit {0}: {1} of {2} asked, {3} found, {4} so far{5}
          站号 {0}：已询问 {1}/{2}，找到 {3} 台，已用 {4}{5}
        {0} {1} {2}, unit {3}
          {0} {1} {2}，站号 {3}
        {0} {1} {2}, finding out what unit {3} is
          {0} {1} {2}，正在识别站号 {3}
        ended early
          提前结束
        ended early: {0}
          提前结束：{0}
        same registers as {0}
          寄存器与 {0} 相同
        {0}; send the answers of the unknown ones to whoever looks after profiles
          {0}；请把未识别仪表的应答发给维护配置文件的人
        {0}, request: {1}
          {0w}（请求 {1}）
        {0} and, by chance, up to {1} more
          {0}（另加最多 {1} 的随机时间）
        {0} cannot tell: {1}
          {0} 无法判断：{1}
        {0} after {1} away
          {0}（外出 {1}）
        {0}, {1} before the end
          {0}（距结束 {1}）
        nobody can be asked: {0}
          没有可用于确认的传感器：{0}
        {0} within {1}
          {1} 内 {0}
        {0} alarm{1}, {2} event{3}, {4} reading{5}
          告警 {0}，事件 {2}，读数 {4}{1-}{3-}{5-}
        {0} error{1}
          {0} 个错误{1-}
        {0} warning{1}
          {0} 个警告{1-}
        {0} note{1}
          {0} 条提示{1-}
        {0}: {1} baud is not known
          {0}：未知的波特率 {1}
        meter {0} (unit {1}), {2} register {3} {4}
          仪表 {0}（站号 {1}），{2} 寄存器 {3}：{4}
        at least {0}
          至少 {0}
        reads {0}
          读数：{0}
        {0}, {1} points: {2}
          {0}，{1} 分：{2}
        broker {0}:{1} refuses to let this client read {2}
          服务器 {0}:{1} 不允许本客户端读取 {2}
        {0} and {1}
          {0} 和 {1}
        {0} or {1}
          {0} 或 {1}
        (default: {0})
          （默认：{0}）
        (required)
          （必填）
        (values: {0})
          （可取：{0}）
        (values: {0}; default: {1})
          （可取：{0}；默认：{1}）
        Sun
          周日
        Mon
          周一
        Tue
          周二
        Wed
          周三
        Thu
          周四
        Fri
          周五
        Sat
          周六
        pre-alarm
          预警
        not-reached
          未联系上
        // Made by others: toml++, and what stands around it
        this line has a bracket, name or date that cannot be read
          这一行的括号、名称或日期无法识别
        Error while parsing {0}: {1}
          解析{0}时出错：{1}
        table header
          表头
        key-value pair
          键值对
        root table
          顶层表
        inline table
          内联表
        array-of-tables header
          表数组的表头
        cannot redefine existing {0} '{1}'
          不能重复定义 {0} '{1}'
        cannot redefine existing {0} '{1}' as {2}
          不能把 {0} '{1}' 重新定义为 {2}
        expected {0}, saw {1}
          应为 {0}，实际为 {1}
        expected keys, tables, whitespace or comments, saw {0}
          应为键、表、空白或注释，实际为 {0}
        encountered end-of-file
          文件提前结束
        encountered {0}
          遇到 {0}
        // Made by others: errno(3)
        No such file or directory
          没有该文件或目录
        Permission denied
          权限不足
        Operation not permitted
          不允许此操作
        Input/output error
          输入/输出错误
        No such device
          没有该设备
        No such device or address
          没有该设备或地址
        Device or resource busy
          设备或资源正忙
        Resource temporarily unavailable
          资源暂时不可用
        Inappropriate ioctl for device
          设备不支持该操作
        Invalid argument
          参数无效
        Is a directory
          是一个目录
        Not a directory
          不是目录
        File exists
          文件已存在
        File too large
          文件太大
        No space left on device
          磁盘空间不足
        Read-only file system
          文件系统只读
        Too many open files
          打开的文件太多
        Cannot allocate memory
          内存不足
        Connection refused
          连接被拒绝
        Connection reset by peer
          连接被对方重置
        Connection timed out
          连接超时
        Broken pipe
          管道已断开
        Address already in use
          地址已被占用
        Network is unreachable
          网络不可达
        No route to host
          无法到达主机
        Too many levels of symbolic links
          符号链接层数过多
        Protocol error
          协议错误
        // Made by others: libmosquitto
        The connection was lost.
          连接断开。
        The connection was refused.
          连接被拒绝。
        Lookup error.
          名称解析错误。
        A TLS error occurred.
          TLS 出错。
        Not authorized
          未获授权
        Bad user name or password
          用户名或密码错误
        Server unavailable
          服务器不可用
        Server busy
          服务器忙
        Keep alive timeout
          保活超时
        Protocol error.
          协议错误。
        // Made by others: ArgumentParser: help
        ARGUMENTS:
          参数：
        OPTIONS:
          选项：
        SUBCOMMANDS:
          子命令：
        OVERVIEW: {0}
          概述：{0}
        USAGE: {0}
          用法：{0}
        Usage: {0}
          用法：{0}
        Error: {0}
          错误：{0}
        Show help information.
          显示帮助。
        Show the version.
          显示版本。
        Show subcommand help information.
          显示子命令的帮助。
        See '{0} <subcommand>' for detailed help.
          详细帮助见 '{0} <subcommand>'。
        See '{0}' for more information.
          更多信息见 '{0}'。
        // Made by others: ArgumentParser: errors
        Unknown option '{0}'
          未知选项 '{0}'
        Unknown option '{0}'. Did you mean '{1}'?
          未知选项 '{0}'。是否想用 '{1}'？
        Missing value for '{0}'
          '{0}' 缺少值
        The option '{0}' does not take any value, but '{1}' was specified.
          选项 '{0}' 不带值，却给了 '{1}'。
        Unexpected argument '{0}'
          多余的参数 '{0}'
        {0} unexpected arguments: '{1}'
          有 {0} 个多余的参数：'{1}'
        Missing expected argument '{0}'
          缺少参数 '{0}'
        Missing one of: '{0}'
          缺少以下之一：'{0}'
        The value '{0}' is invalid for '{1}'
          '{1}' 的值 '{0}' 无效
        The value '{0}' is invalid for '{1}'.
          '{1}' 的值 '{0}' 无效。
        The value '{0}' is invalid for '{1}': {2}
          '{1}' 的值 '{0}' 无效：{2}
        The value '{0}' is invalid for '{1}'. Please provide one of {2}.
          '{1}' 的值 '{0}' 无效。请取以下之一：{2}。
        Invalid option: {0}
          无效的选项：{0}
        Missing required subcommand.
          缺少子命令。
        """#
}
