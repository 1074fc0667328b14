// A file that is there whole, old or new, whatever happens meanwhile.

import Glibc

/// Writes all of it or nothing, also through a power cut: a new file takes the old one's place.
/// - Parameter mode: of the file, whatever the process's mask is; nobody else reads it where nothing is said.
func replaceFile(_ path: String, with bytes: [UInt8], mode: mode_t = 0o600) throws(FileProblem) {
    let fresh = path + ".new"
    // Whoever could read an old one does not read this.
    unlink(fresh)
    let descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0o600)
    guard descriptor >= 0 else { throw FileProblem(errno: errno) }
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        rest = rest.dropFirst(count)
    }
    let isWritten = rest.isEmpty && fchmod(descriptor, mode) == 0 && fsync(descriptor) == 0
    let number = errno
    close(descriptor)
    guard isWritten, rename(fresh, path) == 0 else {
        let problem = FileProblem(errno: isWritten ? errno : number)
        unlink(fresh)
        throw problem
    }
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard parent >= 0 else { return }
    fsync(parent)
    close(parent)
}
