// All lines of the home together: first levels, edges, re-reads, retries; never lets one line harm another.
//
// Edges can be lost: a queue overflows, a chip comes and goes. So a level is read again after every batch of edges
// and every second, and a level that contradicts what was said last becomes a sample. A line that chatters is no
// longer followed edge by edge, so that it starves no other; its level is still looked at every second.

/// Owns a line port and every line of the home. One thread; no call waits.
package struct LineBank<Port: LinePort & ~Copyable>: ~Copyable {
    /// A lost edge may cost one second. Outputs keep the same pace: a siren that is gone must be known before it is
    /// needed.
    private static var rereadMilliseconds: Int64 { 1000 }

    private var port: Port
    private var inputs: [BankInput]
    private var outputs: [BankOutput]
    /// Positions of inputs, those of smoke and panic before all others.
    private let order: [Int]

    package init(port: consuming Port, inputs: [InputPlan], outputs: [LineSettings]) {
        self.port = port
        self.inputs = inputs.map { BankInput(plan: $0) }
        order = inputs.indices.filter { inputs[$0].isSafety } + inputs.indices.filter { !inputs[$0].isSafety }
        self.outputs = outputs.map { BankOutput(settings: $0) }
    }

    /// Requests every line; samples hold the first level of each input, or its absence.
    package mutating func open(now: BootTime) -> [Sample] {
        // Outputs first: a line that floats until it is requested may sound a siren.
        for index in outputs.indices { request(output: index, now: now) }
        return inputs.indices.map { request(input: $0, now: now) }
    }

    /// What to watch for readability. May change after `service` and `reread` (a line was lost or came back, one
    /// chatters or has calmed down).
    package var descriptors: [Int32] {
        inputs.compactMap { input in
            input.isFollowed ? input.hold.line.flatMap { port.descriptor($0) } : nil
        }
    }

    /// Takes the edges behind these descriptors, then reads each such line's level once more; smoke and panic
    /// first.
    package mutating func service(ready: [Int32], now: BootTime) -> [Sample] {
        var samples: [Sample] = []
        for index in order {
            guard let line = inputs[index].hold.line, let descriptor = port.descriptor(line),
                ready.contains(descriptor)
            else { continue }
            do throws(LineError) {
                let edges = try port.takeEdges(line)
                samples += inputs[index].take(edges, level: try port.level(line), now: now)
            } catch {
                samples.append(lose(input: index, error, now: now))
            }
        }
        return samples
    }

    /// Re-reads every level each second and retries lines that are gone with back-off. A sample where the level is
    /// news, and as a sign of life where it is not: each second of smoke and panic, each minute of others.
    package mutating func reread(now: BootTime) -> [Sample] {
        for index in outputs.indices where outputs[index].hold.due <= now { renew(output: index, now: now) }
        var samples: [Sample] = []
        for index in order {
            samples += settle(input: index, now: now)
            if inputs[index].hold.due <= now, let sample = renew(input: index, now: now) { samples.append(sample) }
        }
        return samples
    }

    /// What was remarkable about inputs since the last call, each once.
    package mutating func takeNotices() -> [LineNotice] {
        var notices: [LineNotice] = []
        for index in inputs.indices where !inputs[index].notices.isEmpty {
            notices += inputs[index].notices
            inputs[index].notices = []
        }
        return notices
    }

    /// When `reread` has something to do next (debounce ends included).
    package var nextDue: BootTime {
        let holds = inputs.map(\.hold.due) + outputs.map(\.hold.due)
        let bounces = inputs.compactMap { $0.hold.line == nil ? nil : $0.due }
        return (holds + bounces).min() ?? .distantFuture
    }

    /// Drives an output, by its position in `outputs`. The wanted state is kept even if this fails: `reread`
    /// goes on until the line has it.
    package mutating func set(output: Int, active: Bool) throws(LineError) {
        guard outputs.indices.contains(output) else { throw .unknown(output) }
        outputs[output].wanted = active
        guard let line = outputs[output].hold.line else { throw outputs[output].hold.fault ?? .unknown(output) }
        do throws(LineError) {
            try port.set(line, active: active)
        } catch {
            // Given back and requested anew at the next `reread`, which is due at once.
            port.release(line)
            outputs[output].hold.lost(error)
            throw error
        }
    }

    /// Problems that stand now: lines that could not be requested, with what to do.
    package var faults: [LineError] { inputs.compactMap(\.hold.fault) + outputs.compactMap(\.hold.fault) }

    /// Why an output cannot be driven now, by its position in `outputs`; nil: it can.
    package func fault(output: Int) -> LineError? { outputs[output].hold.fault }

    /// How an input stands, by its position in `inputs`: whether it was active when last looked at (nil: it is not
    /// ours, or is counted), the edges that came since the start, and why it is not ours.
    package func state(input: Int) -> (isActive: Bool?, edges: Int64, fault: LineError?) {
        (inputs[input].isActive, inputs[input].edges, inputs[input].hold.fault)
    }

    // MARK: Inputs

    private mutating func request(input index: Int, now: BootTime) -> Sample {
        do throws(LineError) {
            let line = try port.request(inputs[index].plan.settings)
            inputs[index].hold.line = line
            let level = try port.level(line)
            inputs[index].hold.got(until: now.advanced(milliseconds: LineBank.rereadMilliseconds))
            return inputs[index].start(level: level, now: now)
        } catch {
            return lose(input: index, error, now: now)
        }
    }

    private mutating func renew(input index: Int, now: BootTime) -> Sample? {
        guard let line = inputs[index].hold.line else { return request(input: index, now: now) }
        do throws(LineError) {
            // Nobody wakes up for the edges of a line that chatters; how many wait says whether it still does.
            let waiting = inputs[index].isFollowed ? [] : try port.takeEdges(line)
            let level = try port.level(line)
            inputs[index].hold.got(until: now.advanced(milliseconds: LineBank.rereadMilliseconds))
            return inputs[index].say(level: level, now: now, waiting: waiting)
        } catch {
            return lose(input: index, error, now: now)
        }
    }

    /// The end of a bounce, if it has come.
    private mutating func settle(input index: Int, now: BootTime) -> [Sample] {
        guard let line = inputs[index].hold.line, let due = inputs[index].due, due <= now else { return [] }
        do throws(LineError) {
            return inputs[index].settle(level: try port.level(line), now: now)
        } catch {
            return [lose(input: index, error, now: now)]
        }
    }

    private mutating func lose(input index: Int, _ error: LineError, now: BootTime) -> Sample {
        if let line = inputs[index].hold.line { port.release(line) }
        inputs[index].hold.lost(error, of: inputs[index].plan.settings, now: now)
        let fault = inputs[index].hold.fault ?? error
        return Sample(channel: inputs[index].plan.channel, time: now, outcome: .absent(fault))
    }

    // MARK: Outputs

    private mutating func request(output index: Int, now: BootTime) {
        do throws(LineError) {
            outputs[index].hold.line = try port.request(outputs[index].settings)
            if outputs[index].wanted { renew(output: index, now: now) }
            guard outputs[index].hold.line != nil else { return }
            outputs[index].hold.got(until: now.advanced(milliseconds: LineBank.rereadMilliseconds))
        } catch {
            outputs[index].hold.lost(error, of: outputs[index].settings, now: now)
        }
    }

    /// Drives it again to what is wanted: cheap, and it finds out that a line is gone.
    private mutating func renew(output index: Int, now: BootTime) {
        guard let line = outputs[index].hold.line else { return request(output: index, now: now) }
        do throws(LineError) {
            try port.set(line, active: outputs[index].wanted)
            outputs[index].hold.got(until: now.advanced(milliseconds: LineBank.rereadMilliseconds))
        } catch {
            port.release(line)
            outputs[index].hold.lost(error, of: outputs[index].settings, now: now)
        }
    }
}
