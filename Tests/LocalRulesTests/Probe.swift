import Testing
@testable import LocalRules
