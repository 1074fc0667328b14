// Gives back the memory that only the start needed.

import Glibc

/// The Swift runtime looks through all of the binary's type records when it first casts, decodes or parses; that
/// maps nearly the whole text of the process, more than half of its resident memory, and almost none of it is
/// needed again.
enum StartPages {
    /// Unmaps the text pages; those that are used come back from the page cache one fault at a time. Only mappings
    /// that are executable and not writable: they never hold anything that is not in the file.
    static func release() {
        guard let maps = fopen("/proc/self/maps", "re") else { return }
        defer { fclose(maps) }
        var line = [CChar](repeating: 0, count: 512)
        while fgets(&line, 512, maps) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            // "7f0a00000000-7f0a00010000 r-xp 00000000 fe:00 1234  /usr/bin/edge-agent"
            let fields = text.split(separator: " ")
            guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { continue }
            let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard bounds.count == 2, bounds[0] < bounds[1] else { continue }
            madvise(UnsafeMutableRawPointer(bitPattern: bounds[0]), Int(bounds[1] - bounds[0]), MADV_DONTNEED)
        }
    }
}
