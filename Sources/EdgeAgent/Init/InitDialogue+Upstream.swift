// The broker, and how the hub proves to it who it is.

extension InitDialogue {
    mutating func upstream() throws(InitEnd) {
        let url = try askOptional(
            "--broker", given: given.broker, .initBroker, .initBrokerHelp, problem: InitWords.problem(withBroker:))
        guard let url else {
            desk.tell(Message(InitPhrase.initNoBroker))
            return
        }
        var broker = InitPlan.Broker(url: url, heartbeat: "")
        if url.hasPrefix("mqtts") {
            broker.caFile = try file("--ca-file", given.caFile, .initCA, .initCAHelp)
            broker.certificateFile = try file(
                "--certificate-file", given.certificateFile, .initCertificate, .initCertificateHelp)
            if broker.certificateFile != nil {
                broker.keyFile = try ask(
                    "--key-file", given: given.keyFile, Message(InitPhrase.initKey), Message(InitPhrase.initKeyHelp),
                    fallback: nil, problem: InitWords.problem(withFile:))
            }
        }
        broker.user = try askOptional("--user", given: given.user, .initUser, .initUserHelp) { _ in nil }
        if broker.user != nil { broker.passwordFile = try passwordFile() }
        broker.heartbeat = try ask(
            "--heartbeat", given: given.heartbeat, Message(InitPhrase.initHeartbeat),
            Message(InitPhrase.initHeartbeatHelp),
            fallback: "5min", problem: InitWords.problem(withHeartbeat:))
        plan.broker = broker
    }

    private func file(
        _ option: String, _ given: String?, _ question: InitPhrase, _ help: InitPhrase
    ) throws(InitEnd) -> String? {
        try askOptional(option, given: given, question, help, problem: InitWords.problem(withFile:))
    }

    /// A password is never on the command line, where every process sees it, and never in home.toml, which is shown around.
    private mutating func passwordFile() throws(InitEnd) -> String {
        if let file = given.passwordFile {
            if let problem = InitWords.problem(withFile: file) { throw .usage(problem) }
            return file
        }
        guard desk.isManned else { throw .usage(Message(InitPhrase.initMissing, "--password-file")) }
        while password == nil {
            guard let typed = desk.secret(Message(InitPhrase.initPassword)) else { throw .ended }
            if typed.isEmpty { desk.tell(Message(InitPhrase.initNothing)) } else { password = typed }
        }
        return site.secretFile.reference
    }
}
