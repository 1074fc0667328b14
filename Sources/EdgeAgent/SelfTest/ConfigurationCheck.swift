// The configuration, by the same code as `check-config`.

struct ConfigurationCheck {
    private let file: String
    let result: CheckResult
    /// nil: it cannot be used.
    private(set) var home: HomeConfiguration?
    private(set) var isUnreadable = false

    /// - Parameter offered: what stands in for the file; nil: nothing does.
    init(file: String, loader: ConfigurationLoader, offered: HomeConfiguration? = nil) {
        let name = "configuration"
        self.file = file
        if let offered {
            home = offered
            result = .pass(name, offered.hash, Message(DevicePhrase.configurationOffered, file))
            return
        }
        do throws(ConfigurationErrors) {
            let home = try loader.load(file)
            self.home = home
            result =
                home.isCommissioned
                ? .pass(name, home.hash, Message(DevicePhrase.configurationGood, file))
                : .untested(
                    name, Message(DevicePhrase.configurationEmpty, file),
                    advice: Message(DevicePhrase.configurationEmptyAdvice))
        } catch {
            let errors = error.issues.filter(\.isError)
            let first = errors.first.map { "\($0.line): \($0.key): \($0.message)" } ?? ""
            isUnreadable = error.isUnreadable
            result =
                error.isUnreadable
                ? .fail(
                    name, Message(DevicePhrase.configurationUnreadable, file, errors.first?.message ?? ""),
                    advice: Message(DevicePhrase.configurationUnreadableAdvice))
                : .fail(
                    name, "\(errors.count)", Message(DevicePhrase.configurationWrong, "\(errors.count)", first),
                    advice: Message(DevicePhrase.configurationWrongAdvice, file))
        }
    }

    /// Whether it is what the daemon runs.
    func judge(_ daemon: AgentStatus) -> [CheckResult] {
        guard let home else { return [] }
        let name = "configuration.running"
        return daemon.configurationHash == home.hash
            ? [.pass(name, Message(DevicePhrase.configurationRuns))]
            : [
                .fail(
                    name, daemon.configurationHash, Message(DevicePhrase.configurationOld, file),
                    advice: Message(DevicePhrase.configurationOldAdvice))
            ]
    }
}
