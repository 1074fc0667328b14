// One input for every parser that faces the network. The fuzzer of Fuzz/ and the tests feed it the same bytes.
//
//     first byte   the rest is
//     ──────────   ───────────────────────────────────────────────────────────────────────
//     c            a payload on `commands`; what comes in is carried out in a home
//     s            the same, where a key is configured
//     a            a payload on `acks`
//     o            an offered configuration: TOML
//     d            a topic, a zero byte and a payload, as `listen` reads them
//
// The promise: whatever comes, it is refused or done, and the process lives.

import LocalRules
import Upstream

@testable import EdgeAgent

struct ParserTarget {
    private let core: HomeCore
    private let offers: OfferStore
    private let key: CommandKey
    private let stamp: Stamp
    private let start = Instant(milliseconds: 1_767_225_600_000)

    /// - Parameter boardConfigs: the folder of descriptions that offers may name.
    init?(boardConfigs: String) {
        let loader = ConfigurationLoader(descriptionFolders: [boardConfigs])
        offers = OfferStore(folder: "/nonexistent", installed: "\(boardConfigs)/home.toml", loader: loader)
        guard let configuration = try? loader.load(text: Array(Self.home.utf8), file: "home.toml"),
            let key = CommandKey(raw: Self.publicKey)
        else { return nil }
        self.key = key
        core = HomeCore(configuration: configuration, restoring: [:], at: start)
        stamp = Stamp(
            wallMilliseconds: start.milliseconds, bootMilliseconds: 0, bootID: "fuzz", trust: .synchronised)
    }

    func run(_ input: [UInt8]) {
        let rest = Array(input.dropFirst())
        switch input.first {
        case UInt8(ascii: "c"): command(rest, sentry: .open)
        case UInt8(ascii: "s"): command(rest, sentry: .key(key))
        case UInt8(ascii: "a"): _ = try? WireDecoder.acknowledgement(topic: "homes/h-1/acks", payload: rest)
        case UInt8(ascii: "o"):
            let hash = sha256(rest) ?? ""
            _ = offers.check(ConfigurationOffer(text: rest, sha256: hash, probation: .minutes(10)), home: "h-1")
        case UInt8(ascii: "d"):
            let topic = String(decoding: rest.prefix { $0 != 0 }, as: UTF8.self)
            let payload = Array(rest.drop { $0 != 0 }.dropFirst())
            guard let (home, message) = try? WireDecoder.decode(topic: topic, payload: payload) else { return }
            _ = MessageText.line(home: home, message)
            _ = try? message.json()
        default: break
        }
    }

    /// Through the door, into the home, and a day on.
    private func command(_ payload: [UInt8], sentry: CommandDoor.Guard) {
        var door = CommandDoor(home: "h-1", sentry: sentry)
        var core = core
        switch door.take(payload, at: 0) {
        case .pass(let command):
            var check: OfferCheck?
            if case .offerConfiguration(let offer) = command.action { check = offers.check(offer, home: "h-1") }
            _ = core.command(command, offer: check, at: start, stamp: { stamp })
            // Twice is once.
            _ = core.command(command, offer: check, at: start, stamp: { stamp })
            _ = core.advance(to: start + .days(1), stamp: { stamp })
        case .refuse(let reply): _ = core.refused(reply, at: start, stamp: { stamp })
        case .ignore: break
        }
    }

    /// RFC 8032, 7.1, test 2: its signature in the corpus is that of one byte only, which is no command.
    private static let publicKey: [UInt8] = [
        0x3D, 0x40, 0x17, 0xC3, 0xE8, 0x43, 0x89, 0x5A, 0x92, 0xB7, 0x0A, 0xA7, 0x4D, 0x1B, 0x7E, 0xBC,
        0x9C, 0x98, 0x2C, 0xCF, 0x2E, 0xC4, 0x96, 0x8C, 0xC0, 0xCD, 0x55, 0xF1, 0x2A, 0xF4, 0x66, 0x0C,
    ]

    private static let home = """
        schema = 1
        [home]
        id = "h-1"
        timezone = "Asia/Shanghai"
        board = "simulated"
        [[input]]
        name = "motion.bedroom"
        kind = "motion"
        line = "MOTION"
        [[input]]
        name = "visit"
        kind = "visit"
        line = "VISIT"
        [[output]]
        name = "buzzer"
        kind = "buzzer"
        line = "BUZZER"
        [[rule]]
        name = "visits"
        kind = "visit-overdue"
        signal = "visit"
        every = "7d"
        [[rule]]
        name = "heat"
        kind = "heat-and-still"
        signals = ["temperature.outside", "motion.bedroom"]
        [upstream]
        broker = "mqtt://127.0.0.1"
        """
}
