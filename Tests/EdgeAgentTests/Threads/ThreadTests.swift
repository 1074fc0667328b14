// Mailboxes, threads and epoll, with real descriptors. Every wait has an end.

import Drivers
import Glibc
import Synchronization
import Testing

@testable import EdgeAgent

/// A loaded machine may be slow; a test that waits longer has failed.
let patienceMilliseconds: Int32 = 10_000

/// Waits, with an end, until something holds that another thread brings about and no descriptor tells.
func reaches(_ condition: () -> Bool) -> Bool {
    let end = AgentClock.boot().advanced(milliseconds: Int64(patienceMilliseconds))
    while !condition() {
        if AgentClock.boot() > end { return false }
        poll(nil, 0, 2)
    }
    return true
}

func isReadable(_ descriptor: Int32, withinMilliseconds limit: Int32 = 0) -> Bool {
    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&watched, 1, limit) == 1
}

/// A pipe's read and write end.
private func makePipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    return (ends[0], ends[1])
}

@Suite struct MailboxTests {
    @Test func messagesComeInTheOrderInWhichTheyWerePosted() {
        let mailbox = Mailbox<Int>(limit: 10)
        #expect(!isReadable(mailbox.descriptor))
        for number in 1...3 { mailbox.post(number) }
        #expect(isReadable(mailbox.descriptor))
        #expect(mailbox.take() == [1, 2, 3])
        #expect(!isReadable(mailbox.descriptor))
        #expect(mailbox.take().isEmpty)
    }

    @Test func beyondTheLimitOnlyWhatMustNotBeLostIsTaken() {
        let mailbox = Mailbox<Int>(limit: 2)
        #expect(mailbox.post(1))
        #expect(mailbox.post(2))
        #expect(!mailbox.post(3))
        #expect(mailbox.post(4, always: true))
        #expect(!mailbox.post(5))
        #expect(mailbox.take() == [1, 2, 4])
        #expect(mailbox.post(6))
        #expect(mailbox.take() == [6])
    }

    @Test func nothingIsLostBetweenThreads() {
        let mailbox = Mailbox<Int>(limit: 1)
        let count = 1000
        let writers = (0..<4).map { writer in
            Worker(name: "writer-\(writer)") {
                for number in 0..<count { mailbox.post(writer * count + number, always: true) }
            }
        }
        var taken: [Int] = []
        while taken.count < 4 * count, isReadable(mailbox.descriptor, withinMilliseconds: patienceMilliseconds) {
            taken += mailbox.take()
        }
        #expect(taken.sorted() == Array(0..<4 * count))
        for writer in 0..<4 {
            let own = taken.filter { $0 / count == writer }
            #expect(own == own.sorted())
        }
        for writer in writers { #expect(writer.join(withinMilliseconds: patienceMilliseconds)) }
    }
}

/// The first line of a file under /proc.
private func readProc(_ path: String) throws -> String {
    let file = try #require(fopen(path, "re"))
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 64)
    try #require(fgets(&line, 64, file) != nil)
    return String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

@Suite struct WorkerTests {
    /// The kernel's name of a thread that was called `name`.
    private func kernelName(_ name: String) -> String {
        let answer = Mailbox<String>(limit: 1)
        let worker = Worker(name: name) {
            guard let comm = try? readProc("/proc/thread-self/comm") else { return }
            answer.post(comm)
        }
        #expect(worker.join(withinMilliseconds: patienceMilliseconds))
        return answer.take().first ?? ""
    }

    @Test func theNameShowsAsFarAsTheKernelKeepsIt() {
        #expect(kernelName("lines") == "lines")
        #expect(kernelName("bus-a-very-long-name") == "bus-a-very-long")
        // Cut between characters: 4 + 3 × 3 bytes.
        #expect(kernelName("bus-水表水表水表") == "bus-水表水")
    }

    @Test func joinWaitsForTheEndAndNoLonger() {
        let gate = Mailbox<Void>(limit: 1)
        let worker = Worker(name: "waits") { _ = isReadable(gate.descriptor, withinMilliseconds: patienceMilliseconds) }
        #expect(!worker.join(withinMilliseconds: 0))
        gate.post(())
        #expect(worker.join(withinMilliseconds: patienceMilliseconds))
        // Once ended it stays so.
        #expect(worker.join(withinMilliseconds: 0))
    }

    @Test func aThreadThatOutlivesItsWorkerWritesIntoNobodysDescriptor() throws {
        let gate = Mailbox<Void>(limit: 1)
        let isOver = Mutex(false)
        // Let go at once: only the thread still knows the descriptor that says it has ended.
        do {
            let worker = Worker(name: "left") {
                _ = isReadable(gate.descriptor, withinMilliseconds: patienceMilliseconds)
                isOver.withLock { $0 = true }
            }
            #expect(!worker.join(withinMilliseconds: 0))
        }
        // Whoever opens something now must not get the number that the thread will write to.
        var ends = [Int32](repeating: 0, count: 16)
        for pair in stride(from: 0, to: 16, by: 2) {
            try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends[pair]) == 0)
        }
        defer { for end in ends { close(end) } }
        gate.post(())
        #expect(reaches { isOver.withLock { $0 } })
        var watched = ends.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        #expect(poll(&watched, nfds_t(watched.count), 50) == 0)
    }
}

@Suite struct PollerTests {
    @Test func saysWhichDescriptorsAreReady() throws {
        let (a, b) = (try makePipe(), try makePipe())
        defer { for end in [a.read, a.write, b.read, b.write] { close(end) } }
        var poller = Poller()
        poller.watch(reading: [a.read, b.read])
        #expect(poller.wait(milliseconds: 0).isEmpty)
        write(b.write, "x", 1)
        #expect(poller.wait(milliseconds: patienceMilliseconds) == [b.read])
        write(a.write, "x", 1)
        #expect(Set(poller.wait(milliseconds: patienceMilliseconds)) == [a.read, b.read])
        poller.watch(reading: [a.read])
        #expect(poller.wait(milliseconds: patienceMilliseconds) == [a.read])
        poller.watch(reading: [])
        #expect(poller.wait(milliseconds: 0).isEmpty)
    }

    @Test func aNumberThatWasClosedAndOpenedAgainIsWatchedAgain() throws {
        let first = try makePipe()
        var poller = Poller()
        poller.watch(reading: [first.read])
        let second = try makePipe()
        defer { for end in [first.read, first.write, second.read, second.write] { close(end) } }
        // Closes the first pipe's end and puts the second's under its number.
        try #require(dup2(second.read, first.read) == first.read)
        write(second.write, "x", 1)
        #expect(poller.wait(milliseconds: 0).isEmpty, "the kernel has forgotten it")
        poller.watch(reading: [first.read])
        #expect(poller.wait(milliseconds: patienceMilliseconds) == [first.read])
    }

    @Test func waitsForRoomToWriteOnlyWhereAsked() throws {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }
        var poller = Poller()
        poller.watch(reading: [ends[0]])
        #expect(poller.wait(milliseconds: 0).isEmpty)
        poller.watch(reading: [ends[0]], writing: [ends[0]])
        #expect(poller.wait(milliseconds: patienceMilliseconds) == [ends[0]])
        poller.watch(reading: [ends[0]])
        #expect(poller.wait(milliseconds: 0).isEmpty)
    }
}
