// libFuzzer (llvm.org/docs/LibFuzzer.html) around ParserTarget. $EDGE_AGENT_BOARD_CONFIGS names the descriptions.

import Glibc

/// Made once: every input meets the same home.
private let target = ParserTarget(
    boardConfigs: getenv("EDGE_AGENT_BOARD_CONFIGS").map { String(cString: $0) } ?? "board-configs")

/// What libFuzzer's own `main` looks for.
@_cdecl("LLVMFuzzerTestOneInput")
public func takeOne(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    target?.run(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ one: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// The package manager wants an entry point; it does what libFuzzer's does.
@main struct ParserFuzz {
    static func main() {
        guard target != nil else {
            print("ParserFuzz: EDGE_AGENT_BOARD_CONFIGS must name the folder board-configs")
            exit(4)
        }
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(runDriver(&count, &arguments) { takeOne($0, $1) })
    }
}
