// Points of readings as the contract packs them, and back: differences, which protobuf stores in one or two bytes
// where a value takes five. Differences wrap, as sums of them do.

import LocalRules
import SwiftProtobuf

extension WireReadings.Series {
    /// One point of a series. `time` in milliseconds on the home's timeline, `value` in base units.
    package struct Point: Hashable, Sendable {
        package var time: Int64
        package var value: Int64
        package var quality: WireReadings.Quality
    }

    /// - Parameter points: in order of time.
    init(signal: String, quantity: WireReadings.Quantity, points: [Point]) {
        self.init()
        self.signal = signal
        self.quantity = quantity
        guard let first = points.first else { return }
        baseUnixMs = first.time
        baseValue = first.value
        let times = zip(points, points.dropFirst()).map { $1.time &- $0.time }
        if times.allSatisfy({ $0 % 1000 == 0 }) {
            timeDeltasS = times.map { $0 / 1000 }
        } else {
            timeDeltasMs = times
        }
        valueDeltas = zip(points, points.dropFirst()).map { $1.value &- $0.value }
        if points.contains(where: { $0.quality != .good }) { qualities = points.map(\.quality) }
    }

    /// Every point, the first included. What has lists of different lengths ends with the shortest.
    package var points: [Point] {
        var time = baseUnixMs
        var value = baseValue
        var points = [Point(time: time, value: value, quality: qualities.first ?? .good)]
        let times = timeDeltasS.isEmpty ? timeDeltasMs : timeDeltasS.map { $0 &* 1000 }
        for (index, (timeDelta, valueDelta)) in zip(times, valueDeltas).enumerated() {
            time = time &+ timeDelta
            value = value &+ valueDelta
            let quality = qualities.indices.contains(index + 1) ? qualities[index + 1] : .good
            points.append(Point(time: time, value: value, quality: quality))
        }
        return points
    }

    /// The value of the last point.
    package var lastValue: Int64 { valueDeltas.reduce(baseValue, &+) }
}

extension WireReadings {
    /// Several records' series as one record's: of each slot of `seconds` the last good point of each signal, or the
    /// last point at all where none is good.
    static func thinned(_ records: [WireReadings], toSeconds seconds: Int64) -> WireReadings {
        var order: [String] = []
        var series: [String: Series] = [:]
        var points: [String: [Series.Point]] = [:]
        for one in records.flatMap(\.series) {
            if series[one.signal] == nil {
                order.append(one.signal)
                series[one.signal] = one
            }
            points[one.signal, default: []] += one.points
        }
        var thinned = WireReadings()
        thinned.thinnedToS = seconds
        thinned.series = order.map { signal in
            let all = points[signal] ?? []
            return Series(
                signal: signal, quantity: series[signal]?.quantity ?? .notSaid,
                points: lastOfSlots(all, milliseconds: seconds * 1000))
        }
        return thinned
    }

    private static func lastOfSlots(_ points: [Series.Point], milliseconds: Int64) -> [Series.Point] {
        var kept: [Series.Point] = []
        for point in points {
            guard let last = kept.last, last.time / milliseconds == point.time / milliseconds else {
                kept.append(point)
                continue
            }
            if point.quality == .good || last.quality != .good { kept[kept.count - 1] = point }
        }
        return kept
    }

    /// Points of all signals.
    var pointCount: Int { series.reduce(0) { $0 + 1 + $1.valueDeltas.count } }
}

extension WireEncoder {
    /// Readings by signal, in the order in which signals first appear.
    static func series(_ readings: [Reading], of signals: [SignalModel]) -> [WireReadings.Series] {
        var order: [SignalID] = []
        var bySignal: [SignalID: [Reading]] = [:]
        for reading in readings where signals.indices.contains(reading.signal.index) {
            if bySignal[reading.signal] == nil { order.append(reading.signal) }
            bySignal[reading.signal, default: []].append(reading)
        }
        return order.map { id in
            let signal = signals[id.index]
            let quantity: WireReadings.Quantity =
                switch signal.source {
                case .meter(let quantity): quantity.wire
                case .input: .state
                }
            let points = (bySignal[id] ?? []).map { reading in
                WireReadings.Series.Point(
                    time: reading.time.milliseconds, value: reading.value, quality: reading.quality.wire)
            }
            return WireReadings.Series(signal: signal.name, quantity: quantity, points: points)
        }
    }

    /// Readings that are gathered but not yet a record, to be kept as a state.
    package func openBatch(_ readings: [Reading], of signals: [SignalModel]) throws(WireError) -> [UInt8] {
        var message = WireReadings()
        message.series = Self.series(readings, of: signals)
        return try bytes(message)
    }
}

extension WireDecoder {
    /// What `openBatch` kept, in order of time; nothing where it cannot be read. Signals that the home no longer has are
    /// left out.
    package static func openBatch(_ bytes: [UInt8], of signals: [SignalModel]) -> [Reading] {
        guard let message = try? WireReadings(serializedBytes: bytes) else { return [] }
        let readings = message.series.flatMap { series -> [Reading] in
            guard let index = signals.firstIndex(where: { $0.name == series.signal }) else { return [] }
            return series.points.map { point in
                Reading(
                    signal: SignalID(index), time: Instant(milliseconds: point.time), value: point.value,
                    quality: Reading.Quality(point.quality))
            }
        }
        return readings.sorted { $0.time < $1.time }
    }
}

extension Reading.Quality {
    fileprivate init(_ quality: WireReadings.Quality) {
        switch quality {
        case .good: self = .good
        case .stale: self = .stale
        case .suspect, .UNRECOGNIZED: self = .suspect
        case .missing: self = .missing
        }
    }
}
