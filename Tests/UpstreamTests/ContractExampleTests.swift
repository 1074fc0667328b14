// contract/examples/messages: what is shown to whoever builds the cloud is what the agent's own code reads and writes.

import Glibc
import Testing

@testable import Upstream

private let folder =
    String(#filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" })
    + "/contract/examples/messages"

/// The names of the example files; their part before the first "-" or "." is the topic.
private func exampleNames() -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name.hasSuffix(".json") { names.append(name) }
    }
    return names.sorted()
}

private func contents(of name: String) -> [UInt8] {
    guard let file = fopen("\(folder)/\(name)", "r") else { return [] }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = fread(&buffer, 1, buffer.count, file)
    return Array(buffer.prefix(count))
}

/// JSON without the white space between its words.
private func compact(_ json: [UInt8]) -> String {
    var isText = false
    var isEscaped = false
    let kept = json.filter { byte in
        if isText {
            isText = isEscaped || byte != UInt8(ascii: "\"")
            isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            return true
        }
        isText = byte == UInt8(ascii: "\"")
        return byte > UInt8(ascii: " ")
    }
    return String(decoding: kept, as: UTF8.self)
}

@Suite struct ContractExampleTests {
    @Test func thereAreExamplesOfEveryTopic() {
        let topics = Set(exampleNames().map { $0.prefix { $0 != "-" && $0 != "." } })
        #expect(topics == ["status", "heartbeat", "alerts", "events", "readings", "acks", "commands", "replies"])
    }

    /// As JSON, and once through the binary form: the same message, field for field.
    @Test(arguments: exampleNames()) func anExampleIsWhatTheAgentWrites(_ name: String) throws {
        let topic = "homes/zs-zhuyuan-0012/\(name.prefix { $0 != "-" && $0 != "." })"
        let text = contents(of: name)
        let (home, message) = try WireDecoder.decode(topic: topic, payload: text)
        #expect(home == "zs-zhuyuan-0012")
        #expect(try message.json() == compact(text))
        let binary = try message.binary()
        #expect(binary.count < text.count)
        #expect(try WireDecoder.decode(topic: topic, payload: binary).message.json() == compact(text))
    }
}

extension WireMessage {
    fileprivate func binary() throws -> [UInt8] {
        let encoder = WireEncoder(home: "")
        return switch self {
        case .alert(let message): try encoder.bytes(message)
        case .readings(let message): try encoder.bytes(message)
        case .event(let message): try encoder.bytes(message)
        case .heartbeat(let message): try encoder.bytes(message)
        case .status(let message): try encoder.bytes(message)
        case .ack(let message): try encoder.bytes(message)
        case .command(let message): try encoder.bytes(message)
        case .reply(let message): try encoder.bytes(message)
        }
    }
}
