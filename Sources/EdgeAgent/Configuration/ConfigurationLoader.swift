// From a path to a HomeConfiguration: reads the home's file, finds the board and the meter profiles that it
// names, checks that other files exist. HomeInterpreter decides what they mean.

import Glibc
import LocalRules
import Upstream

struct ConfigurationLoader: Sendable {
    /// Folders with `boards/`, `hats/` and `meters/` below, searched first and in this order.
    var descriptionFolders: [String] = []
    /// Whether certificates, keys and the like must be there; `replay` needs none of them and is only warned.
    var checksFiles = true
    /// Where the kernel says what machine this is; nil does not ask.
    var machineFile: String?

    /// Set by an installer's script or a test, colons between the folders: searched after the command line's.
    static let environmentVariable = "EDGE_AGENT_BOARD_CONFIGS"
    static let installedFolder = "/usr/share/edge-agent/board-configs"
    /// Where systemd hands secrets to services (systemd.exec(5), LoadCredential=).
    static let credentialsFolder = "/run/credentials/"
    static let standardFile = "/etc/edge-agent/home.toml"

    /// A loader that also looks where the environment says.
    static func standard(descriptionFolders: [String] = [], checksFiles: Bool = true) -> ConfigurationLoader {
        let environment = getenv(environmentVariable).map { String(cString: $0) } ?? ""
        return ConfigurationLoader(
            descriptionFolders: descriptionFolders + environment.split(separator: ":").map(String.init),
            checksFiles: checksFiles, machineFile: "/proc/device-tree/compatible")
    }

    /// Loads one home. Throws everything that is wrong with it at once.
    func load(_ path: String) throws(ConfigurationErrors) -> HomeConfiguration {
        try load(text: try bytes(of: path), file: path)
    }

    /// The same for a text that has been read already; `file` is its name in messages, and where relative
    /// paths and board descriptions are looked for.
    func load(text: [UInt8], file: String) throws(ConfigurationErrors) -> HomeConfiguration {
        let log = IssueLog()
        guard let root = parse(text, file: file, log) else { throw ConfigurationErrors(issues: log.sorted) }
        return try load(root, file: file, log)
    }

    /// A whole file that somebody named.
    func bytes(of path: String) throws(ConfigurationErrors) -> [UInt8] {
        do {
            return try readSmallFile(path)
        } catch {
            let issue = ConfigurationIssue(
                code: IssueCode.unreadable.rawValue, file: path, line: 1, column: 1, key: "",
                message: "cannot be read: \(error.message)", advice: error.advice)
            throw ConfigurationErrors(issues: [issue], isUnreadable: true)
        }
    }

    func load(_ root: TomlTable, file: String, _ log: IssueLog) throws(ConfigurationErrors) -> HomeConfiguration {
        let folder = absoluteFolder(of: file)
        var interpreter = HomeInterpreter(
            file: file, folder: folder, descriptions: descriptions(namedIn: root, folder: folder, log), log: log)
        let configuration = interpreter.interpret(root)
        for reference in interpreter.files { check(reference, file: file, log) }
        if let board = interpreter.board { checkMachine(board, root, file: file, log) }
        guard var configuration, !log.issues.contains(where: \.isError) else {
            // Notes on what was added to a configuration that is refused would only be in the way.
            throw ConfigurationErrors(issues: log.sorted.filter { $0.code != IssueCode.implicitRule.rawValue })
        }
        configuration.warnings = log.sorted
        return configuration
    }

    /// nil when it is no TOML, which has been reported.
    func parse(_ text: [UInt8], file: String, _ log: IssueLog) -> TomlTable? {
        do {
            return try TomlDocument(parsing: text).root
        } catch {
            log.report(
                .syntax, file: file, at: error.position, key: "", "is no TOML: \(error.message)",
                advice: "correct this line; nothing behind it has been looked at")
            return nil
        }
    }

    // MARK: Boards and profiles

    private func descriptions(namedIn root: TomlTable, folder: String, _ log: IssueLog) -> Descriptions {
        var found = Descriptions()
        if case .table(let home)? = root[RootKey.home.rawValue]?.value.content,
            case .string(let board)? = home[HomeKey.board.rawValue]?.value.content, isFileStem(board)
        {
            found.boards[board] = find("boards", board, folder: folder, log)
        }
        if case .table(let home)? = root[RootKey.home.rawValue]?.value.content,
            case .array(let hats)? = home[HomeKey.hats.rawValue]?.value.content
        {
            for case .string(let hat) in hats.prefix(ConfigurationLimits.hats).map(\.content) where isFileStem(hat) {
                found.hats[hat] = find("hats", hat, folder: folder, log)
            }
        }
        if case .array(let meters)? = root[RootKey.meter.rawValue]?.value.content {
            for case .table(let meter) in meters.prefix(ConfigurationLimits.meters).map(\.content) {
                guard case .string(let profile)? = meter[MeterKey.profile.rawValue]?.value.content, isFileStem(profile),
                    found.profiles[profile] == nil
                else { continue }
                found.profiles[profile] = find("meters", profile, folder: folder, log)
            }
        }
        return found
    }

    /// Nothing that could lead out of the folder.
    func isFileStem(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= ConfigurationLimits.nameBytes && !name.contains("/") && !name.hasPrefix(".")
            && !name.utf8.contains(0)
    }

    /// `kind` is "boards", "hats" or "meters".
    private func find(_ kind: String, _ name: String, folder: String, _ log: IssueLog) -> Description {
        // The folder itself for a home that brings its own; the folder above because whole examples stand in
        // board-configs/homes, beside board-configs/boards and board-configs/meters.
        let folders =
            descriptionFolders + [folder, "\(folder)/board-configs", parent(of: folder), Self.installedFolder]
        let paths = folders.map { "\($0)/\(kind)/\(name).toml" }
        guard let path = paths.first(where: { access($0, F_OK) == 0 }) else { return .missing(searched: paths) }
        return description(at: path, log)
    }

    /// A description that is there.
    func description(at path: String, _ log: IssueLog) -> Description {
        do {
            guard let table = parse(try readSmallFile(path), file: path, log) else { return .broken }
            return .found(table, file: path)
        } catch {
            log.report(
                .unreadable, file: path, at: TomlPosition(line: 1, column: 1), key: "",
                "cannot be read: \(error.message)",
                advice: error.advice)
            return .broken
        }
    }

    private func check(_ reference: HomeInterpreter.FileReference, file: String, _ log: IssueLog) {
        guard let problem = problemOfReading(reference.path) else {
            if reference.use == .publicKey { checkKey(reference, file: file, log) }
            return
        }
        func report(_ code: IssueCode, _ message: String, advice: String) {
            log.report(
                code, file: file, at: reference.place.position, key: reference.place.key, message, advice: advice)
        }
        switch reference.use {
        case .credential where reference.path.hasPrefix(Self.credentialsFolder):
            // It is there only while the service runs; and without it a home still has its siren.
            report(
                .fileUnchecked, "\(reference.path): \(problem.message)",
                advice: "systemd brings it when the service starts: look into /etc/credstore and at LoadCredential=")
        case .credential, .publicKey:
            report(
                checksFiles ? .fileMissing : .fileUnchecked, "\(reference.path): \(problem.message)",
                advice: problem.advice)
        case .timezone where access(HomeInterpreter.zoneFolder, F_OK) != 0:
            // The daemon works without; only people's local times need it.
            report(
                .fileUnchecked, "this machine has no time zones to check it against",
                advice: "install the package tzdata")
        case .timezone:
            report(.badName, "no time zone is called so", advice: "an IANA name such as \"Asia/Shanghai\"")
        }
    }

    private func checkKey(_ reference: HomeInterpreter.FileReference, file: String, _ log: IssueLog) {
        guard CommandKey(file: (try? readSmallFile(reference.path)) ?? []) == nil else { return }
        log.report(
            .badKey, file: file, at: reference.place.position, key: reference.place.key,
            "\(reference.path): \(CommandKey.problem)",
            advice: "write it with `openssl pkey -in KEY -pubout -out FILE`")
    }

    /// nil when it is a regular file that may be read.
    private func problemOfReading(_ path: String) -> FileProblem? {
        var status = stat()
        guard stat(path, &status) == 0, access(path, R_OK) == 0 else { return FileProblem(errno: errno) }
        return status.st_mode & S_IFMT == S_IFREG ? nil : .notRegular
    }
}

/// Why a file could not be read.
struct FileProblem: Error, Hashable, Sendable {
    static let notRegular = FileProblem(
        message: "it is no regular file", advice: "name a file, not a folder, pipe or device")

    var message: String
    var advice: String

    init(message: String, advice: String) {
        self.message = message
        self.advice = advice
    }

    init(errno number: Int32) {
        message = String(cString: strerror(number))
        advice =
            switch number {
            case ENOENT, ENOTDIR: "check the path; the file is not there"
            case EACCES, EPERM:
                "let the user that runs the agent read it, for example with chgrp and chmod 0640"
            default: "check the disk and the path"
            }
    }
}

/// A whole regular file of at most one configuration's size.
func readSmallFile(_ path: String) throws(FileProblem) -> [UInt8] {
    // Not to hang on a pipe that was named by mistake.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileProblem(errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileProblem(errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
    guard status.st_size <= TomlDocument.maximumBytes else {
        throw FileProblem(message: "it is larger than 1 MiB", advice: "this is no configuration: check the path")
    }
    var bytes: [UInt8] = []
    while bytes.count <= TomlDocument.maximumBytes {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = read(descriptor, &chunk, chunk.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw FileProblem(errno: errno) }
        if count == 0 { break }
        bytes += chunk.prefix(count)
    }
    return bytes
}

private func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
}

/// The folder that holds `file`, absolute, with links resolved; as written where that is not possible.
private func absoluteFolder(of file: String) -> String {
    let folder = file.contains("/") ? parent(of: file) : "."
    guard let resolved = realpath(folder, nil) else { return folder }
    defer { free(resolved) }
    return String(cString: resolved)
}
