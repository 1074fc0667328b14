// What can be known about a home.

/// What a meter's signal measures, and with it the base unit of its values.
package enum Quantity: String, Hashable, Codable, Sendable, CaseIterable {
    case volume  // millilitres, cumulative
    case energy  // milliwatt-hours, cumulative
    case power  // milliwatts
    case voltage  // millivolts
    case current  // milliamperes
    case frequency  // millihertz
    case temperature  // thousandths of a degree Celsius
    case humidity  // thousandths of a percent
    case flow  // millilitres an hour

    /// A register that only counts up, so that a difference says what was used.
    package var isCumulative: Bool { self == .volume || self == .energy }
}

/// What hangs on an input line.
package enum InputKind: String, Hashable, Codable, Sendable, CaseIterable {
    case motion, smoke, panic, service, door, leak, tamper, visit, away, pulse
    /// The resident says that all is well.
    case ok
    /// Active: mains power is lost.
    case mains
    /// Active: the battery is nearly empty.
    case battery
}

/// One named thing that can be known, such as `water.volume` or `motion.bedroom`.
package struct SignalModel: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        case meter(Quantity)
        case input(InputKind)
    }

    package var name: String
    package var source: Source
    /// No reading for this long makes the signal *missing*. `nil`: no timer here; the driver itself
    /// says when a line cannot be read (it re-reads levels), and that arrives as a missing reading.
    package var silentAfter: Span?
    /// What one count of a register is worth, in base units; nil: it does not count in steps, or nobody knows.
    package var step: Int64?
    /// A panic button that is held for this long while a pre-alarm asks calls for help; shorter, it answers.
    package var longPress: Span

    /// Three seconds: nobody holds a button so long to say that all is well, and a weak hand can.
    package static let longPress = Span.seconds(3)

    package init(
        name: String, source: Source, silentAfter: Span?, step: Int64? = nil, longPress: Span = SignalModel.longPress
    ) {
        self.name = name
        self.source = source
        self.silentAfter = silentAfter
        self.step = step
        self.longPress = longPress
    }
}

/// A signal's position in `HomeModel.signals`.
package struct SignalID: Hashable, Sendable {
    package var index: Int
    package init(_ index: Int) { self.index = index }
}

/// A sample interpreted: what one signal was worth at one moment.
package struct Reading: Hashable, Sendable {
    package enum Quality: String, Hashable, Codable, Sendable {
        case good  // judge by it
        case stale  // true once, too old to judge by
        case suspect  // implausible; kept for the record, not judged by
        case missing  // the meter or line did not answer; `value` means nothing
    }

    package var signal: SignalID
    package var time: Instant
    /// Base units of the signal's quantity; 1 (active) or 0 for inputs.
    package var value: Int64
    package var quality: Quality

    package init(signal: SignalID, time: Instant, value: Int64, quality: Quality = .good) {
        self.signal = signal
        self.time = time
        self.value = value
        self.quality = quality
    }

    package static func missing(_ signal: SignalID, at time: Instant) -> Reading {
        Reading(signal: signal, time: time, value: 0, quality: .missing)
    }
}
