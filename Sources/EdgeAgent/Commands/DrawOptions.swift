// `self-test --tap` and `--power`: a known amount is drawn, and the meters must have counted it.

import ArgumentParser
import Drivers
import LocalRules

struct DrawOptions: ParsableArguments {
    @Flag(help: "Draw about two litres: are scale, word order, unit and register of the water meters right?")
    var tap = false
    @Flag(help: "Switch a kettle on: the same for power and energy meters.") var power = false
    @Option(help: "With --tap and --power: only this meter.") var meter: String?
    @Option(help: "With --tap: how much will be drawn, 1 to 100 litres.") var litres: Int64 = 2
    @Option(help: "With --power: what the kettle takes, 100 to 20000 watts.") var watts: Int64 = 2000

    var isAsked: Bool { tap || power }

    func validate() throws {
        guard (1...100).contains(litres) else { throw ValidationError("--litres \(litres): 1 to 100.") }
        guard (100...20_000).contains(watts) else { throw ValidationError("--watts \(watts): 100 to 20000.") }
        guard meter == nil || isAsked else { throw ValidationError("--meter goes with --tap or --power.") }
    }

    /// Both, where both are asked for.
    func run(_ site: SelfTestSite, _ guide: Guide) -> SelfTestResult {
        var found = SelfTestResult()
        func take(_ results: [CheckResult]) {
            found.results += results
            for result in results { site.observe(result) }
        }
        let daemon = DaemonAnswer.status(socket: site.socket)
        if case .failure(let problem) = daemon {
            take([problem])
            found.couldNotRun = true
            return found
        }
        let status = (try? daemon.get()) ?? nil
        found.hasDaemon = status != nil
        let check = ConfigurationCheck(file: site.file, loader: site.loader, offered: site.offered)
        guard let home = check.home else {
            take([check.result])
            found.couldNotRun = true
            return found
        }
        let names = home.buses.flatMap(\.meters).map(\.name)
        if let meter, !names.contains(meter) {
            take([
                .untested(
                    "meter.\(meter)", Message(DrawPhrase.drawUnknownMeter, meter),
                    advice: Message(
                        DrawPhrase.drawUnknownMeterAdvice, names.isEmpty ? "–" : names.joined(separator: ", ")))
            ])
            return found
        }
        let milliseconds = { AgentClock.boot().nanoseconds / 1_000_000 }
        func meters(_ quantities: [Quantity]) -> [WatchedMeter] {
            home.watchedMeters(of: quantities, named: meter, status: status, socket: site.socket)
        }
        if tap { take(TapTest(meters: meters([.volume]), wanted: litres * 1000, clock: milliseconds).run(guide)) }
        if power { take(KettleTest(meters: meters([.power, .energy]), watts: watts, clock: milliseconds).run(guide)) }
        return found
    }
}
