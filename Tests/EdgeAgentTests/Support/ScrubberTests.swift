// What goes to support: secrets stand everywhere, and none is found in the bundle.

import FoundationEssentials
import Glibc
import LocalRules
import Testing
import Upstream

@testable import Drivers
@testable import EdgeAgent

/// A folder that stands in for "/".
final class FakeRoot {
    let folder: HeldFolder
    var path: String { folder.path }

    init(_ files: [String: String]) throws {
        folder = try HeldFolder()
        for (path, text) in files { write(path, text) }
    }

    func write(_ path: String, _ text: String) {
        let whole = folder.path + path
        var made = folder.path
        for part in path.split(separator: "/").dropLast() {
            made += "/" + part
            mkdir(made, 0o755)
        }
        let descriptor = open(whole, O_CREAT | O_TRUNC | O_WRONLY, 0o644)
        #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
        close(descriptor)
    }

    deinit { remove(folder.path) }

    private func remove(_ path: String) {
        for name in entries(of: path) where unlink("\(path)/\(name)") != 0 {
            remove("\(path)/\(name)")
            rmdir("\(path)/\(name)")
        }
    }
}

@Suite struct ScrubberTests {
    private let scrubber = Scrubber(secrets: [
        "zs-0012": "home-1", "hub": "…", "Wang-WiFi": "…", "correct-horse-battery": "…",
    ])

    @Test(arguments: [
        // Known words, whole or long.
        ("home zs-0012, client edge-hub-1, user hub", "home home-1, client edge-hub-1, user …"),
        ("xcorrect-horse-batteryx", "x…x"), ("joined Wang-WiFi", "joined …"),
        // Addresses.
        ("bus 192.168.1.20:502 and 10.0.0.2.", "bus … and …."),
        ("route 192.168.1.0/24 via fe80::1%eth0", "route … via …"),
        ("2001:db8:0:0:0:0:2:1", "…"), ("mac b8:27:eb:01:02:03, b8-27-eb-01-02-03", "mac …, …"),
        ("broker mqtts://u:p@broker.example:8883 refused", "broker mqtts://… refused"),
        ("broker b.example.com:8883: no", "broker …: no"), ("to li.wei@family.cn", "to …"), ("localhost:1883", "…"),
        ("call 13800138000 or +8613800138000", "call … or …"),
        // Keys.
        ("id 0f0e0d0c-0b0a-0908-0706-050403020100", "id …"), ("psk=\"my wifi\"", "psk=\"… wifi\""),
        ("wpa ssid=Home7 up", "wpa ssid=… up"), ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "…"),
        // Paths of people.
        ("/home/wang/keys/a.pem", "/home/…"), ("/dev/serial/by-id/usb-FTDI_A9XYZ-if00", "/dev/serial/by-id/…"),
        // People.
        ("accepted by Li Wei after 3 min 2 s", "accepted by … after 3 min 2 s"),
        ("away (set by Li Wei), 3 h", "away (set by …), 3 h"),
    ])
    func whatTellsIsTakenOut(_ text: String, _ scrubbed: String) { #expect(scrubber.text(text) == scrubbed) }

    @Test(arguments: [
        "bus rs485 (/dev/ttyUSB0): no answer", "water.volume: 0.004 m3 in 12 h, limit 0.01 m3",
        "at 2026-01-01T00:00:00Z, 12:30:05",
        "/var/lib/edge-agent is full", "/etc/edge-agent/home.toml:12:8: error E203",
        "meter.water.answers brokerUntrustedAdvice",
        "GPIO17 (pinctrl-rp1:17), 9600 baud 8N1", "edge-agent 0.1.0, libgpiod 2.2.1", "hash af63dc4c8601ec8c",
        "1795369999854",
        "{\"a\":[1,2],\"b\":\"x\\ny\"}", "守护进程没有回答", "[upstream] password-file, user and ca-file",
    ])
    func whatHelpsStays(_ text: String) { #expect(scrubber.text(text) == text) }
}

@Suite struct SupportBundleTests {
    /// Everything that could be secret has one of these in it.
    private static let secrets = [
        "zs-zhuyuan-0012", "broker.wangjia.example", "fallback.wangjia.example", "wang-hub-user", "hunter2!x",
        "tok-en-of-fallback",
        "192.168.77.20", "10.11.12.13", "town-of-wang", "/home/wang", "wang-ca.pem", "wang-key.pem", "MIIEvQIBADANBgkq",
        "b8:27:eb:aa:bb:cc",
        "Wang-Home-5G", "wifi-psk-geheim", "100000003d1d1c3c", "raspi-wang", "Li Wei", "A9WANGXYZ", "fe80::ba27:ebff",
        "0123456789abcdef0123456789abcdef", "13800138000", "wang@example.cn",
    ]

    private func root() throws -> FakeRoot {
        try FakeRoot([
            "/etc/hostname": "raspi-wang\n", "/etc/machine-id": "0123456789abcdef0123456789abcdef\n",
            "/proc/device-tree/serial-number": "100000003d1d1c3c\0",
            "/proc/device-tree/model": "Raspberry Pi 5 Model B Rev 1.0\0",
            "/proc/sys/kernel/random/boot_id": "0f0e0d0c-0b0a-0908-0706-050403020100\n",
            "/proc/sys/kernel/osrelease": "6.12.1\n",
            "/sys/class/net/eth0/address": "b8:27:eb:aa:bb:cc\n", "/sys/class/net/eth0/operstate": "up\n",
            "/home/wang/x": "", "/home/name/x": "",
            "/etc/NetworkManager/system-connections/Wang-Home-5G.nmconnection": "",
            "/etc/wpa_supplicant/wpa_supplicant.conf":
                "network={\n  ssid=\"Wang-Home-5G\"\n  psk=\"wifi-psk-geheim\"\n}\n",
            "/dev/serial/by-id/usb-FTDI_FT232R_A9WANGXYZ-if00-port0": "",
            "/secret/password": "hunter2!x\n", "/secret/fallback-password": "tok-en-of-fallback\n",
            "/secret/wang-key.pem": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----\n",
            "/secret/wang-ca.pem": "",
        ])
    }

    private func home(_ root: FakeRoot) throws -> HomeConfiguration {
        let secret = root.path + "/secret"
        let files = """
            ca-file = "\(secret)/wang-ca.pem"
            certificate-file = "\(secret)/wang-ca.pem"
            key-file = "\(secret)/wang-key.pem"
            user = "wang-hub-user"

            """
        return try load(
            """
            schema = 1
            [home]
            id = "zs-zhuyuan-0012"
            timezone = "Asia/Shanghai"
            board = "simulated"
            [[bus]]
            name = "gateway"
            kind = "tcp"
            address = "192.168.77.20:502"
            [[bus]]
            name = "rs485"
            kind = "rtu"
            port = "/dev/serial/by-id/usb-FTDI_FT232R_A9WANGXYZ-if00-port0"
            [[meter]]
            name = "water"
            bus = "gateway"
            unit = 5
            [[meter.register]]
            signal = "volume"
            quantity = "volume"
            address = 0
            type = "u32"
            scale = "0.001"
            unit = "m3"
            [upstream]
            broker = "mqtts://broker.wangjia.example:8883"
            topic-prefix = "town-of-wang"
            \(files)password-file = "\(root.path)/secret/password"
            [upstream.fallback]
            broker = "mqtts://fallback.wangjia.example:8883"
            \(files)password-file = "\(root.path)/secret/fallback-password"

            """)
    }

    /// One sentence with everything in it, in every place that takes a text.
    private func findings(_ home: HomeConfiguration) -> DoctorFindings {
        let all = Self.secrets.joined(separator: " ") + " accepted by Li Wei after 3 s"
        let text =
            all.split(separator: " ").filter { $0 != "Li" && $0 != "Wei" }.joined(separator: " ")
            + " accepted by Li Wei after 3 s"
        var status = AgentStatus()
        status.home = home.homeID
        status.configurationRemark = text
        status.modeText = text + " (set by Li Wei)"
        status.faults = [text]
        status.faultAdvice = [text: text]
        status.upstream.link = text
        status.upstream.fallback = text
        status.signals = [AgentStatus.Signal(name: "water.volume", value: "412.316 m3", ageSeconds: 1, missing: false)]
        status.rules = [AgentStatus.Rule(name: "no-water", kind: "low-use", verdict: .wrong, reason: text)]
        let alert = Alert(
            id: "no-water/2026-01-01T00:00:00Z", rule: "no-water", kind: "low-use", severity: .orange, signals: [],
            reasons: [text], state: .raised, began: midnight, raised: midnight)
        status.alerts = [alert]
        status.steps = [AgentStatus.Step(event: .acknowledged, alert: alert, at: midnight)]
        status.buses = home.buses.map {
            AgentStatus.Bus(
                BusReport(bus: $0.settings.name, hasEcho: false, strayBytes: 0, meters: []), at: $0.settings,
                isLent: false)
        }
        var findings = DoctorFindings()
        findings.home = home
        findings.status = status
        findings.machine.diskErrors = [text]
        findings.machine.model = "Raspberry Pi 5 Model B Rev 1.0"
        findings.checks = [
            .fail(
                "daemon.fault", text, Message(SupportPhrase.otherFault, text),
                advice: Message(SupportPhrase.otherAdvice, text))
        ]
        return findings
    }

    @Test func noSecretIsInTheBundle() throws {
        let root = try root()
        let home = try home(root)
        let findings = findings(home)
        let secrets = SupportSecrets.gathered(findings, root: root.path)
        let bundle = SupportBundle(
            findings: findings, log: findings.machine.diskErrors, scrubber: Scrubber(secrets: secrets))
        let text = bundle.json(madeAt: midnight)
        for secret in Self.secrets { #expect(!text.contains(secret), "\(secret) is in the bundle") }
        #expect(!text.contains("wang") && !text.contains("Wang"), "a part of a secret is in the bundle")
        // What support needs is.
        let alias = SupportSecrets.alias(ofHome: "zs-zhuyuan-0012")
        for word in [
            alias, "Raspberry Pi 5 Model B", "\"kind\":\"tcp\"", "412.316 m3", "no-water/2026-01-01T00:00:00Z",
            AgentVersion.text,
            "\"timezone\":\"Asia/Shanghai\"", "\"scale\":\"0.001\"", "accepted by … after 3 s",
        ] { #expect(text.contains(word), "\(word) is missing") }
        // And it is JSON still.
        struct Shape: Decodable { var bundle: Int; var status: AgentStatus }
        let shape = try JSONDecoder().decode(Shape.self, from: Data(text.utf8))
        #expect(shape.bundle == 1)
        #expect(shape.status.home == alias)
    }

    /// Somebody has broken the file: the daemon still says whose home it is, and where it calls.
    @Test func withoutAConfigurationTheHomeIsNotTold() throws {
        let root = try FakeRoot([:])
        var findings = DoctorFindings()
        var status = AgentStatus()
        status.home = "zs-zhuyuan-0012"
        status.faults = ["broker iot.wangjia.shop:8883 does not let edge-zs-zhuyuan-0012 in"]
        findings.status = status
        let secrets = SupportSecrets.gathered(findings, root: root.path)
        let text = SupportBundle(findings: findings, log: [], scrubber: Scrubber(secrets: secrets)).json(
            madeAt: midnight)
        #expect(!text.contains("zhuyuan") && !text.contains("wangjia"))
        #expect(text.contains("does not let edge-home-"))
    }

    /// The first test would pass with an empty bundle; this one shows that its secrets reach it.
    @Test func withoutTheScrubberTheyAreThere() throws {
        let findings = findings(try home(try root()))
        let text = SupportBundle(findings: findings, log: [], scrubber: Scrubber()).json(madeAt: midnight)
        #expect(text.contains("wang-hub-user") && text.contains("hunter2!x"))
    }
}
