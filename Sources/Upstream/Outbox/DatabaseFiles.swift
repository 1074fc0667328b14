// The database's files as files: setting a damaged one aside, and what its dates say.

import Glibc

/// `outbox.db` in the state folder, with what SQLite puts beside it.
struct DatabaseFiles {
    let directory: String
    static let name = "outbox.db"
    static let suffixes = ["", "-wal", "-shm"]

    var path: String { "\(directory)/\(Self.name)" }

    /// The newest change of any of the files, Unix milliseconds; nil where there is none.
    var modifiedMilliseconds: Int64? {
        Self.suffixes.compactMap { suffix -> Int64? in
            var information = stat()
            guard stat(path + suffix, &information) == 0 else { return nil }
            return Int64(information.st_mtim.tv_sec) * 1000 + Int64(information.st_mtim.tv_nsec) / 1_000_000
        }.max()
    }

    /// Renames the files to `outbox.db.damaged-<stamp>` and so on, and deletes the oldest of such sets when
    /// there are more than are kept. Returns the new path, or nil when the file could not be moved.
    func setAside(stamp: Int64) -> String? {
        let target = "\(path).damaged-\(stamp)"
        guard rename(path, target) == 0 else { return nil }
        for suffix in Self.suffixes.dropFirst() { _ = rename(path + suffix, target + suffix) }
        let stamps = damagedStamps().sorted(by: >)
        for old in stamps.dropFirst(UpstreamLimits.damagedKept) {
            for suffix in Self.suffixes { unlink("\(path).damaged-\(old)\(suffix)") }
        }
        return target
    }

    private func damagedStamps() -> [Int64] {
        guard let folder = opendir(directory) else { return [] }
        defer { closedir(folder) }
        let prefix = "\(Self.name).damaged-"
        var stamps: [Int64] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(prefix), let stamp = Int64(name.dropFirst(prefix.count)) { stamps.append(stamp) }
        }
        return stamps
    }
}
