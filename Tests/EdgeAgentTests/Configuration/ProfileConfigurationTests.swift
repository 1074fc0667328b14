// [upstream] profile: what it brings, and what it leaves without a meaning.

import LocalRules
import Testing
import Upstream

@testable import EdgeAgent

@Suite struct UpstreamProfileTests {
    private func home(_ upstream: String) -> String {
        """
        schema = 1
        [home]
        id = "h1"
        timezone = "UTC"
        board = "simulated"
        [[input]]
        name = "smoke.kitchen"
        kind = "smoke"
        line = "SMOKE"
        [[rule]]
        name = "smoke"
        kind = "input-active"
        signal = "smoke.kitchen"
        [upstream]
        broker = "mqtt://127.0.0.1"
        \(upstream)
        """
    }

    private func load(_ upstream: String) throws(ConfigurationErrors) -> HomeConfiguration {
        try ConfigurationLoader(checksFiles: false).load(text: Array(home(upstream).utf8), file: "home.toml")
    }

    private func codes(_ upstream: String) -> [String] {
        do throws(ConfigurationErrors) {
            return try load(upstream).warnings.map(\.code)
        } catch {
            return error.issues.map(\.code)
        }
    }

    @Test func theNativeContractIsTheStandard() throws {
        let upstream = try #require(try load("").upstream)
        #expect(upstream.profile == .native && upstream.acknowledgement == .application)
        #expect(upstream.readings == .hours(1))
        #expect(upstream.translation(of: try load("")) == nil)
        #expect(!codes("").contains("N121"))
    }

    @Test(arguments: [ProfileKind.homeAssistant, .thingsBoard])
    func aProfileTakesTheBrokersWordAndSaysSo(_ kind: ProfileKind) throws {
        let text = "profile = \"\(kind.rawValue)\""
        let upstream = try #require(try load(text).upstream)
        #expect(upstream.profile == kind && upstream.acknowledgement == .broker)
        #expect(upstream.readings == .minutes(1))
        // A person accepts, with a button: the home hears of nobody who does.
        #expect(try load(text).home.escalation == EscalationStep.standard)
        #expect(try load(text + "\nreadings = \"15m\"").upstream?.readings == .minutes(15))
        #expect(try load(text).warnings.contains { $0.code == "N121" && $0.advice.contains("docs/profiles.md") })
        #expect(try load(text + "\nack = \"broker\"").upstream?.acknowledgement == .broker)
        #expect(codes(text + "\nack = \"application\"").contains("E441"))
        #expect(codes(text + "\nencoding = \"json\"").contains("E404"))
        // What is normalised loads again to the same.
        let again = try ConfigurationLoader(checksFiles: false).load(
            text: Array(try load(text).normalisedText.utf8), file: "home.toml")
        #expect(again.hash == (try load(text).hash))
    }

    @Test func thingsBoardHasTopicsAndTokensOfItsOwn() throws {
        let text = "profile = \"thingsboard\"\n"
        #expect(codes(text + "topic-prefix = \"homes\"").contains("E404"))
        #expect(try load(text + "password-file = \"/run/token\"").upstream?.user == nil)
        #expect(codes("profile = \"home-assistant\"\npassword-file = \"/run/token\"").contains("E406"))
    }

    @Test func anUnknownProfileNamesThoseThereAre() throws {
        do throws(ConfigurationErrors) {
            _ = try load("profile = \"openhab\"")
            Issue.record("it was taken")
        } catch {
            let issue = try #require(error.issues.first { $0.code == "E301" })
            #expect("\(issue.message) \(issue.advice)".contains("home-assistant"))
        }
    }

    @Test func rulesAboutAnInputNameIt() throws {
        let home = try load("profile = \"home-assistant\"")
        let profile = try #require(home.upstream?.translation(of: home))
        let stamp = Stamp(wallMilliseconds: 0, bootMilliseconds: 0, bootID: "b", trust: .none)
        let text = String(decoding: try #require(profile.introductions(stamp: stamp).first).payload, as: UTF8.self)
        #expect(
            text.contains(
                #""alert-smoke":{"p":"binary_sensor","uniq_id":"edge-h1-alert-smoke","name":"Alert smoke","dev_cla":"smoke""#
            ))
    }
}
