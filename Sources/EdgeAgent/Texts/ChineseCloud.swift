// Chinese of what is said of the way to the cloud: name, TLS, log in, broker.

extension Chinese {
    static let cloud = #"""
        not configured
          未配置
        not connected yet
          尚未连接
        not connected
          未连接
        broker {0}:{1}
          服务器 {0}:{1}
        second {0}; {1}
          备用{0}；{1}
        {0}: the name cannot be resolved
          {0}：无法解析名称
        Check [upstream] broker for a typing error, and the hub's network and DNS.
          请检查 [upstream] broker 是否写错，以及主机的网络和 DNS。
        {0} refused the connection: nobody listens there
          {0} 拒绝连接：该处没有服务
        Check the port in [upstream] broker, and that the broker runs.
          请检查 [upstream] broker 的端口，以及服务器是否在运行。
        {0} ended the TLS handshake without saying why
          {0} 中断了 TLS 握手，没有说明原因
        Check certificate-file and key-file in [upstream] with whoever runs the broker, and that the port speaks TLS; the next attempt may say more.
          请与服务器管理员核对 [upstream] 的 certificate-file 和 key-file，并确认该端口使用 TLS；下次尝试可能有更多信息。
        Check the hub's network; the agent goes on trying.
          请检查主机的网络；程序会继续重试。
        {0}: TLS failed: {1}
          {0}：TLS 失败：{1}
        no reason given
          没有说明原因
        Check that the port speaks TLS, and the files in [upstream].
          请检查该端口是否使用 TLS，以及 [upstream] 中的文件。
        {0}: connection lost: {1}
          {0}：连接断开：{1}
        The agent connects again by itself; if it recurs, check network and broker.
          程序会自动重连；若反复出现，请检查网络和服务器。
        {0}: no MQTT connection: {1}
          {0}：无法建立 MQTT 连接：{1}
        If the broker wants TLS, write mqtts:// in [upstream] broker.
          若服务器要求 TLS，请在 [upstream] broker 中写 mqtts://。
        Check that the port speaks MQTT over TLS, and that the client certificate is accepted.
          请检查该端口是否为 MQTT over TLS，以及客户端证书是否被接受。
        {0}: its certificate is for another host name
          {0}：其证书属于另一个主机名
        Use the name in the certificate in [upstream] broker, or give the broker a certificate for '{0}'.
          请在 [upstream] broker 中使用证书上的名称，或为服务器换用 '{0}' 的证书。
        {0}: its certificate is not signed by a known authority, or has expired
          {0}：其证书不是由已知机构签发，或已过期
        Put the right authority into [upstream] ca-file, and check the hub's clock.
          请在 [upstream] ca-file 中放入正确的机构证书，并检查主机时钟。
        it has been revoked
          已被吊销
        it has expired
          已过期
        {0} does not accept the hub's certificate: {1}
          {0} 不接受本机的证书：{1}
        Ask whoever runs the broker for a new one, for certificate-file and key-file in [upstream].
          请向服务器管理员索取新证书，用于 [upstream] 的 certificate-file 和 key-file。
        {0} does not accept the hub's certificate
          {0} 不接受本机的证书
        Check certificate-file and key-file in [upstream] with whoever runs the broker.
          请与服务器管理员核对 [upstream] 的 certificate-file 和 key-file。
        {0} refused the user name or password
          {0} 拒绝了用户名或密码
        Check the access token in [upstream] password-file.
          请检查 [upstream] password-file 中的访问令牌。
        Check [upstream] user and password-file, and the broker's list of users.
          请检查 [upstream] 的 user 和 password-file，以及服务器的用户列表。
        Check certificate-file, user and password-file in [upstream], and the broker's list of users.
          请检查 [upstream] 的 certificate-file、user 和 password-file，以及服务器的用户列表。
        {0} refused the client id '{1}'
          {0} 拒绝了客户端编号 '{1}'
        Check [home] id, and the broker's rules for client ids.
          请检查 [home] id，以及服务器对客户端编号的规定。
        {0} has banned this hub
          {0} 已禁止本机
        Ask whoever runs the broker.
          请询问服务器管理员。
        {0} refused the connection: {1}
          {0} 拒绝连接：{1}
        code {0}
          代码 {0}
        The agent goes on trying; if it lasts, ask whoever runs the broker.
          程序会继续重试；若持续如此，请询问服务器管理员。
        {0}: a message of {1} bytes was ignored
          {0}：忽略了 {1} 字节的消息
        Send at most {0} bytes.
          最多发送 {0} 字节。
        user name and password
          用户名和密码
        Both must be plain text in UTF-8.
          两者都必须是 UTF-8 纯文本。
        The file must exist and be readable for the agent's user.
          文件必须存在，且程序的用户有权读取。
        TLS files
          TLS 文件
        ca-file, certificate-file and key-file in [upstream] must be PEM files, the last two both or neither.
          [upstream] 的 ca-file、certificate-file 和 key-file 必须是 PEM 文件，后两者须同时提供或都不提供。
        TLS options
          TLS 选项
        This libmosquitto lacks TLS 1.2; install a newer one.
          此 libmosquitto 不支持 TLS 1.2；请安装更新的版本。
        [upstream] password-file: {0}: {1}
          [upstream] password-file：{0}：{1}
        [upstream] {0}: {1}: {2}
          [upstream] {0}：{1}：{2}
        The file must exist and be readable for the agent's user, and hold the password alone.
          文件必须存在，程序的用户有权读取，且其中只有密码。
        no MQTT client '{0}': {1}
          无法创建 MQTT 客户端 '{0}'：{1}
        Check [home] id: a client id is plain text.
          请检查 [home] id：客户端编号须为纯文本。
        last will on {0}
          {0} 上的遗嘱消息
        Check topic-prefix in [upstream].
          请检查 [upstream] 的 topic-prefix。
        publish on {0}
          在 {0} 上发布
        It is sent again on the next connection.
          下次连接时会重发。
        broker {0}:{1} did not answer within {2} s
          服务器 {0}:{1} 在 {2} 秒内没有应答
        Check address and port in [upstream] broker, a firewall, and the hub's network.
          请检查 [upstream] broker 的地址和端口、防火墙，以及主机的网络。
        broker {0}:{1} takes messages but does not answer them
          服务器 {0}:{1} 收消息但不应答
        The agent connects again by itself; check the broker's log for a quota.
          程序会自动重连；请查看服务器日志中是否有配额限制。
        {0}: a payload of {1} bytes, limit {2}
          {0}：消息体 {1} 字节，上限 {2}
        This is a fault of the agent; please report it.
          这是程序的错误，请上报。
        broker {0}:{1} is not connected
          服务器 {0}:{1} 未连接
        It is sent again once it is.
          连接后会重发。
        broker {0}:{1} does not speak MQTT 5
          服务器 {0}:{1} 不支持 MQTT 5
        Nothing to do: the next attempt uses MQTT 3.1.1.
          无需处理：下次尝试使用 MQTT 3.1.1。
        broker {0}:{1} refuses to let this client read
          服务器 {0}:{1} 不允许本客户端读取
        Acknowledgements cannot arrive. Give the user the right to read these topics.
          收不到确认。请给该用户读取这些主题的权限。
        the broker refuses what is published to {0}/{1}
          服务器拒绝发布到 {0}/{1} 的消息
        the broker refuses what is published to {0}
          服务器拒绝发布到 {0} 的消息
        give this user the right to publish there
          请给该用户在该主题发布的权限
        the broker takes messages, but nobody behind it has answered for {0} s
          服务器收下消息，但其后 {0} 秒无人应答
        check what listens on the broker; where nothing can answer, ack = "broker" says so
          请检查服务器后面的接收方；若无人能应答，请写 ack = "broker"
        the cloud answers again
          云端恢复应答
        no answer within {0} s
          {0} 秒内没有应答
        Check the broker.
          请检查服务器。
        another version's answer
          另一版本的回答
        """#
}
