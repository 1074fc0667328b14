import Testing
@testable import EdgeAgent
