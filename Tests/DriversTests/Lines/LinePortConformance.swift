import Foundation
import Glibc
import Testing

@testable import Drivers

/// What the outside world does to a line, whichever port is tested.
protocol LineWorld {
    /// Two lines that exist, and one name that does not.
    var lines: [String] { get }
    var missing: String { get }
    /// Puts a physical level on a line from outside.
    func pull(_ line: String, _ level: Bool)
    /// The physical level that an output has.
    func outputLevel(_ line: String) -> Bool?
    /// The clock that edges are stamped by.
    var now: BootTime { get }
}

/// One suite for every LinePort: what LineBank relies on.
struct LinePortConformance<Port: LinePort & ~Copyable> {
    let world: any LineWorld
    let makePort: () -> Port

    private func settings(
        _ line: String, _ direction: LineSettings.Direction = .input, activeLow: Bool = false, bias: Bias = .pullDown
    ) -> LineSettings {
        LineSettings(name: "test", line: line, direction: direction, activeLow: activeLow, bias: bias)
    }

    /// Takes edges until there are `count`, with a deadline.
    private func take(_ count: Int, from port: inout Port, _ line: Int) throws -> [Edge] {
        let watched = port.descriptor(line)
        let descriptor = try #require(watched)
        var edges: [Edge] = []
        while edges.count < count, becomesReadable(descriptor) { edges += try port.takeEdges(line) }
        return edges
    }

    func run() throws {
        try edgesComeInOrderWithTheirTime()
        try activeLowTurnsLevelsAndEdges()
        try biasGivesTheIdleLevel()
        try outputsStartInactive()
        try aLineIsTakenOnce()
        try whatIsMissingIsSaid()
        try anOutputCanFloatAtOneLevel()
        try moreEdgesThanFitDoNotHurt()
        try whatWasDroppedIsTold()
        try whatIsReleasedIsGone()
    }

    func edgesComeInOrderWithTheirTime() throws {
        var port = makePort()
        world.pull(world.lines[0], false)
        let line = try port.request(settings(world.lines[0]))
        #expect(try port.level(line) == false)
        #expect(try port.takeEdges(line) == [])
        let before = world.now
        world.pull(world.lines[0], true)
        world.pull(world.lines[0], false)
        let edges = try take(2, from: &port, line)
        #expect(edges.map(\.isActive) == [true, false])
        #expect(zip(edges, edges.dropFirst()).allSatisfy { $0.time <= $1.time })
        #expect(edges.allSatisfy { $0.time >= before && $0.time <= world.now })
        // None waits any more, and the descriptor says so.
        let watched = port.descriptor(line)
        let descriptor = try #require(watched)
        #expect(!becomesReadable(descriptor, milliseconds: 0))
    }

    func activeLowTurnsLevelsAndEdges() throws {
        var port = makePort()
        world.pull(world.lines[0], true)
        let line = try port.request(settings(world.lines[0], activeLow: true, bias: .pullUp))
        #expect(try port.level(line) == false)
        world.pull(world.lines[0], false)
        #expect(try take(1, from: &port, line).map(\.isActive) == [true])
        #expect(try port.level(line) == true)
    }

    func biasGivesTheIdleLevel() throws {
        var port = makePort()
        let line = try port.request(settings(world.lines[1], bias: .pullUp))
        #expect(try port.level(line) == true)
        port.release(line)
        let again = try port.request(settings(world.lines[1], bias: .pullDown))
        #expect(try port.level(again) == false)
    }

    func outputsStartInactive() throws {
        for activeLow in [false, true] {
            var port = makePort()
            let line = try port.request(settings(world.lines[1], .output, activeLow: activeLow, bias: .asIs))
            let watched = port.descriptor(line)
            #expect(watched == nil)
            #expect(world.outputLevel(world.lines[1]) == activeLow)
            try port.set(line, active: true)
            #expect(world.outputLevel(world.lines[1]) == !activeLow)
            #expect(try port.level(line) == true)
            try port.set(line, active: false)
            #expect(world.outputLevel(world.lines[1]) == activeLow)
        }
    }

    func aLineIsTakenOnce() throws {
        var first = makePort()
        var second = makePort()
        let line = try first.request(settings(world.lines[0]))
        do {
            _ = try second.request(settings(world.lines[0]))
            Issue.record("a line was taken twice")
        } catch {
            #expect(error.kind == .busy)
            #expect(error.message.contains("'edge-agent'"))
        }
        first.release(line)
        _ = try second.request(settings(world.lines[0]))
    }

    func whatIsMissingIsSaid() throws {
        var port = makePort()
        do {
            _ = try port.request(settings(world.missing))
            Issue.record("a missing line was found")
        } catch {
            #expect(error.kind == .notFound)
            #expect(error.message.contains(world.missing))
            #expect(!error.advice.isEmpty)
        }
    }

    func moreEdgesThanFitDoNotHurt() throws {
        var port = makePort()
        world.pull(world.lines[0], false)
        let line = try port.request(settings(world.lines[0]))
        for edge in 0..<101 { world.pull(world.lines[0], edge % 2 == 0) }
        #expect(try !take(1, from: &port, line).isEmpty)
        #expect(try port.level(line) == true)
    }

    /// Open drain drives only low, and low is what every port can show of it.
    func anOutputCanFloatAtOneLevel() throws {
        var port = makePort()
        var wanted = settings(world.lines[1], .output, bias: .asIs)
        wanted.drive = .openDrain
        let line = try port.request(wanted)
        try port.set(line, active: true)
        try port.set(line, active: false)
        #expect(world.outputLevel(world.lines[1]) == false)
    }

    /// Numbered edges say exactly what is missing; without numbers the queue keeps the oldest sixteen, and that it was
    /// full is told.
    func whatWasDroppedIsTold() throws {
        let count = 601
        var port = makePort()
        world.pull(world.lines[0], false)
        let line = try port.request(settings(world.lines[0]))
        for edge in 0..<count { world.pull(world.lines[0], edge % 2 == 0) }
        var losses = LostEdges(debounceMilliseconds: 0)
        let (taken, lost) = try port.drain(line, counting: &losses)
        if taken.first?.sequence != nil {
            #expect(taken.allSatisfy { $0.sequence != nil })
            #expect(taken.count < count)
            #expect(taken.count + lost == count)
            #expect(taken.last?.isActive == true)
        } else {
            #expect(taken.count == 16)
            #expect(taken.allSatisfy { $0.sequence == nil })
            #expect(lost == 1, "at least")
        }
        #expect(try port.level(line) == true)
    }

    func whatIsReleasedIsGone() throws {
        var port = makePort()
        let line = try port.request(settings(world.lines[0]))
        port.release(line)
        port.release(line)
        let watched = port.descriptor(line)
        #expect(watched == nil)
        do {
            _ = try port.level(line)
            Issue.record("a released line was read")
        } catch {
            #expect(error.kind == .failed)
        }
    }
}

extension LinePort where Self: ~Copyable {
    /// Every edge that waits, and how many were lost before or between them as far as is known.
    mutating func drain(_ line: Int, counting losses: inout LostEdges) throws -> (taken: [Edge], lost: Int) {
        let watched = descriptor(line)
        let descriptor = try #require(watched)
        var taken: [Edge] = []
        var lost = 0
        while becomesReadable(descriptor, milliseconds: 0) {
            let edges = try takeEdges(line)
            for edge in edges { lost += losses.take(edge) }
            lost += losses.end(of: edges.count)
            taken += edges
        }
        return (taken, lost)
    }
}
