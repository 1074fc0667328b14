// [upstream] profile: which language is spoken, and what that leaves without a meaning.

import LocalRules
import Upstream

extension HomeInterpreter {
    /// The profile with what it makes of acknowledgements and of the time between records of readings.
    func readProfile(
        _ reader: TableReader<UpstreamKey>
    ) -> (kind: ProfileKind, acknowledgement: AcknowledgementMode, readings: Span) {
        let kind = reader.word(.profile, of: ProfileKind.self) ?? .native
        let asked = reader.word(.ack, of: AcknowledgementMode.self)
        let readings = reader.span(.readings, in: ConfigurationLimits.readings)
        guard kind != .native else {
            return (kind, asked ?? .application, readings ?? ConfigurationDefaults.readings)
        }
        if asked == .application {
            reader.report(
                .neverAnswered, .ack,
                "nobody behind \(kind.rawValue) answers records, so that every one would be sent for ever",
                advice: "remove ack, or write ack = \"broker\"; docs/profiles.md says what that is worth")
        }
        refuse(.encoding, "\(kind.rawValue) has an encoding of its own", reader)
        if kind == .thingsBoard { refuse(.topicPrefix, "ThingsBoard's topics are fixed", reader) }
        reader.report(
            .weakerProfile, .profile,
            "an alarm is taken for delivered when the broker has it, whether or not anybody saw it",
            advice: "nothing to do where that is enough; docs/profiles.md says what is weaker, and how to notice")
        return (kind, .broker, readings ?? ConfigurationDefaults.profileReadings)
    }

    private func refuse(_ key: UpstreamKey, _ why: String, _ reader: TableReader<UpstreamKey>) {
        guard reader.has(key) else { return }
        reader.report(.keyDoesNotApply, key, why, advice: "remove \(key.rawValue)")
    }
}
