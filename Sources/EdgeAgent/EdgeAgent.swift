import ArgumentParser

@main
struct EdgeAgent: AsyncParsableCommand {
    func run() async throws {}
}
