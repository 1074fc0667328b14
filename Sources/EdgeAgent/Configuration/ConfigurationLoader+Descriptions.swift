// Boards, HATs and meter profiles by themselves: to check one, or to know every model.

import Glibc

/// What a file turned out to be.
enum CheckedFile: Sendable {
    case home(HomeConfiguration)
    case profile(MeterProfile, warnings: [ConfigurationIssue])
    case board(BoardDescription, warnings: [ConfigurationIssue])
    case hat(HatDescription, warnings: [ConfigurationIssue])
}

extension ConfigurationLoader {
    /// Loads a home, a meter profile, a board or a HAT. Throws everything that is wrong with it at once.
    func check(_ path: String) throws(ConfigurationErrors) -> CheckedFile {
        try check(text: try bytes(of: path), file: path)
    }

    /// The same for a text that has been read already.
    func check(text: [UInt8], file: String) throws(ConfigurationErrors) -> CheckedFile {
        let log = IssueLog()
        guard let root = parse(text, file: file, log) else { throw ConfigurationErrors(issues: log.sorted) }
        func has(_ key: String) -> Bool { root[key] != nil }
        let interpreter = DescriptionInterpreter(file: file, log: log)
        // Only a home has a home. Anything else that is no description is checked as one, too: it lacks it.
        if has(RootKey.home.rawValue) {
            return .home(try load(root, file: file, log))
        } else if has(ProfileKey.register.rawValue) {
            guard let profile = interpreter.profile(root, named: fileStem(file)) else {
                throw ConfigurationErrors(issues: log.sorted)
            }
            interpreter.reportUnconfirmed(in: profile)
            return .profile(profile, warnings: log.sorted)
        } else if has(BoardKey.lines.rawValue) || has(BoardKey.simulated.rawValue) {
            guard let board = interpreter.board(root, named: fileStem(file)) else {
                throw ConfigurationErrors(issues: log.sorted)
            }
            return .board(board, warnings: log.sorted)
        } else if [HatKey.takes, .shares, .terminals].contains(where: { has($0.rawValue) }) {
            guard let hat = interpreter.hat(root, named: fileStem(file)) else {
                throw ConfigurationErrors(issues: log.sorted)
            }
            return .hat(hat, warnings: log.sorted)
        }
        return .home(try load(root, file: file, log))
    }

    /// Every meter model that is known without a home, by name. Of two files of one name the first folder's
    /// counts; what cannot be used is left out and said.
    func profiles() -> (profiles: [MeterProfile], issues: [ConfigurationIssue]) {
        let log = IssueLog()
        let profiles = all("meters", log) { DescriptionInterpreter(file: $2, log: log).profile($1, named: $0) }
        return (profiles, log.sorted)
    }

    /// The same for boards.
    func boards() -> (boards: [BoardDescription], issues: [ConfigurationIssue]) {
        let log = IssueLog()
        let boards = all("boards", log) { DescriptionInterpreter(file: $2, log: log).board($1, named: $0) }
        return (boards, log.sorted)
    }

    /// The same for HATs.
    func hats() -> [HatDescription] {
        let log = IssueLog()
        return all("hats", log) { DescriptionInterpreter(file: $2, log: log).hat($1, named: $0) }
    }

    /// `read` gets a name, what its file says, and the file.
    private func all<Found>(_ kind: String, _ log: IssueLog, read: (String, TomlTable, String) -> Found?) -> [Found] {
        var paths: [String: String] = [:]
        for folder in descriptionFolders + [Self.installedFolder] {
            for name in descriptionNames(in: "\(folder)/\(kind)") where paths[name] == nil {
                paths[name] = "\(folder)/\(kind)/\(name).toml"
            }
        }
        return paths.sorted { $0.key < $1.key }.compactMap { name, path in
            guard case .found(let table, let file) = description(at: path, log) else { return nil }
            return read(name, table, file)
        }
    }

    /// What the device tree says that this machine is, the most exact first; empty where there is none.
    func machine() -> [String] {
        guard let machineFile, let bytes = try? readSmallFile(machineFile) else { return [] }
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Lines of another board are found nowhere, or are other lines.
    func checkMachine(_ board: BoardDescription, _ root: TomlTable, file: String, _ log: IssueLog) {
        let machine = machine()
        guard let name = machine.first, !board.compatible.isEmpty, !board.matches(machine),
            case .table(let home)? = root[RootKey.home.rawValue]?.value.content,
            let place = home[HomeKey.board.rawValue]?.value.position
        else { return }
        let right = boards().boards.first { $0.matches(machine) }?.name
        log.report(
            .otherMachine, file: file, at: place, key: "home.board",
            "this machine is no \(board.name): its device tree says \"\(name)\"",
            advice: right.map { "write board = \"\($0)\", unless this home is for another machine" }
                ?? "check the board's name, unless this home is for another machine")
    }

    /// Names of the `.toml` files in a folder; none if there is no such folder.
    private func descriptionNames(in folder: String) -> [String] {
        entries(of: folder).filter { $0.hasSuffix(".toml") }.map(fileStem).filter(isFileStem)
    }
}

/// Names in a folder, in order, without "." and ".."; empty where it cannot be read.
func entries(of folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { name in
            String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// "meters/sdm120.toml" → "sdm120"
private func fileStem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map { String($0) } ?? path
    return name.hasSuffix(".toml") ? String(name.dropLast(".toml".utf8.count)) : name
}
