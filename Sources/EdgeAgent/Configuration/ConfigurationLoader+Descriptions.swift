// Boards and meter profiles by themselves: to check one, or to know every model.

import Glibc

/// What a file turned out to be.
enum CheckedFile: Sendable {
    case home(HomeConfiguration)
    case profile(MeterProfile, warnings: [ConfigurationIssue])
    case board(BoardDescription, warnings: [ConfigurationIssue])
}

extension ConfigurationLoader {
    /// Loads a home, a meter profile or a board. Throws everything that is wrong with it at once.
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
        }
        return .home(try load(root, file: file, log))
    }

    /// Every meter model that is known without a home, by name. Of two files of one name the first folder's
    /// counts; what cannot be used is left out and said.
    func profiles() -> (profiles: [MeterProfile], issues: [ConfigurationIssue]) {
        let log = IssueLog()
        var paths: [String: String] = [:]
        for folder in descriptionFolders + [Self.installedFolder] {
            for name in descriptionNames(in: "\(folder)/meters") where paths[name] == nil {
                paths[name] = "\(folder)/meters/\(name).toml"
            }
        }
        let profiles = paths.sorted { $0.key < $1.key }.compactMap { name, path -> MeterProfile? in
            guard case .found(let table, let file) = description(at: path, log) else { return nil }
            return DescriptionInterpreter(file: file, log: log).profile(table, named: name)
        }
        return (profiles, log.sorted)
    }

    /// Names of the `.toml` files in a folder; none if there is no such folder.
    private func descriptionNames(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let file = withUnsafeBytes(of: entry.pointee.d_name) { name in
                String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
            }
            if file.hasSuffix(".toml"), isFileStem(fileStem(file)) { names.append(fileStem(file)) }
        }
        return names
    }
}

/// "meters/sdm120.toml" → "sdm120"
private func fileStem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map { String($0) } ?? path
    return name.hasSuffix(".toml") ? String(name.dropLast(".toml".utf8.count)) : name
}
