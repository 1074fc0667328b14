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
        forgetDamaged(keeping: UpstreamLimits.damagedKept)
        return target
    }

    // MARK: Space

    /// What belongs to the database alone, whoever fills the disk.
    private var reserved: [(path: String, bytes: Int64)] {
        [(path, UpstreamLimits.databaseBytes), (path + "-wal", UpstreamLimits.logBytes)]
    }

    var isReserved: Bool {
        reserved.allSatisfy { path, bytes in
            var information = stat()
            // Blocks are counted in 512 bytes, whatever the file system's own are (stat(2)).
            return stat(path, &information) == 0 && Int64(information.st_blocks) * 512 >= bytes
        }
    }

    /// Sets the space aside: bytes of zero behind what the files hold, which SQLite ignores. Only while nothing has
    /// them open. Old damaged sets make room for it. Returns why it could not.
    func reserve() -> OutboxError? {
        for (path, bytes) in reserved {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
            guard descriptor >= 0 else { return unreserved(errno) }
            defer { close(descriptor) }
            var information = stat()
            guard fstat(descriptor, &information) == 0 else { return unreserved(errno) }
            var failure = posix_fallocate(descriptor, 0, off_t(bytes))
            if failure == ENOSPC, forgetDamaged(keeping: 0) {
                failure = posix_fallocate(descriptor, 0, off_t(bytes))
            }
            guard failure == 0 else { return unreserved(failure) }
            if path.hasSuffix("-wal") { writeZeros(descriptor, from: information.st_size, to: off_t(bytes)) }
        }
        return nil
    }

    /// Space that was set aside and never written is noted as such by ext4, and the first commit into each piece of it
    /// changes that note: a second flush, of the file system's journal, at the moment of an alarm. So it is written
    /// once. What cannot be written is only slower.
    private func writeZeros(_ descriptor: Int32, from start: off_t, to end: off_t) {
        let zeros = [UInt8](repeating: 0, count: 256 << 10)
        var offset = start
        while offset < end {
            let count = pwrite(descriptor, zeros, min(zeros.count, Int(end - offset)), offset)
            guard count > 0 else { break }
            offset += off_t(count)
        }
        guard offset > start else { return }
        fsync(descriptor)
        // Newer kernels cache such a stretch in one large piece, and count all of it as written for each page of a commit.
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    }

    /// Makes the log of a database be read as empty. Nothing but its owner may have it open.
    static func blankLog(of path: String) {
        let descriptor = open(path + "-wal", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var information = stat()
        // A log without a header of 32 bytes holds nothing (sqlite.org/fileformat2.html#walformat).
        guard fstat(descriptor, &information) == 0, information.st_size >= 32 else { return }
        let nothing = [UInt8](repeating: 0, count: 32)
        if pwrite(descriptor, nothing, nothing.count, 0) == nothing.count { fsync(descriptor) }
    }

    private func unreserved(_ code: Int32) -> OutboxError {
        OutboxError(
            kind: .full,
            message: "cannot set space aside for alarms in \(directory): \(String(cString: strerror(code)))",
            advice: "Free space there. Until then an alarm may have to wait in memory when others fill the disk.")
    }

    /// Returns whether there was one to delete.
    @discardableResult private func forgetDamaged(keeping kept: Int) -> Bool {
        let old = damagedStamps().sorted(by: >).dropFirst(kept)
        for stamp in old {
            for suffix in Self.suffixes { unlink("\(path).damaged-\(stamp)\(suffix)") }
        }
        return !old.isEmpty
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
