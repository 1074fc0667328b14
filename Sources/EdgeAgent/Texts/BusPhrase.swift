// What `scan` and `read` say about meters that nobody has configured yet.

enum BusPhrase: String, Phrase {
    case meterAnswersAlso, unknownCompare, unknownWrite, unknownTest, manualAddress, manualAddressAdvice
    case configurationUnusable, configurationUnusableAdvice

    var texts: Texts {
        switch self {
        case .meterAnswersAlso:
            Texts("the same meter answers at {0}, too: it is listed once", zh: "同一块表在 {0} 时也应答：只列出一次")
        case .unknownCompare:
            Texts(
                "next: look for the number on its display among its registers: `edge-agent read {0}`",
                zh: "下一步：在寄存器中找出与仪表显示一致的数：`edge-agent read {0}`")
        case .unknownWrite:
            Texts(
                "then write that register into a [[meter]] with a [[meter.register]]: address, type, order, scale, unit",
                zh: "然后把该寄存器写进 [[meter]] 的 [[meter.register]]：address、type、order、scale、unit")
        case .unknownTest:
            Texts(
                "last: `edge-agent self-test --tap` (water) or `--power` (electricity) says whether they are right",
                zh: "最后：`edge-agent self-test --tap`（水表）或 `--power`（电表）会检查是否写对")
        case .manualAddress:
            Texts("{0} is a number of a manual, not an address on the wire", zh: "{0} 是说明书中的编号，不是线上的地址")
        case .manualAddressAdvice:
            Texts(
                "That is register {0} of the {1} table: write --table {1} --address {0}.",
                zh: "它是 {1} 表的第 {0} 号寄存器：请写 --table {1} --address {0}。")
        case .configurationUnusable: Texts("{0} cannot be used", zh: "无法使用 {0}")
        case .configurationUnusableAdvice:
            Texts("`edge-agent check-config {0}` lists what is wrong.", zh: "`edge-agent check-config {0}` 会列出错误。")
        }
    }
}

/// A register as manuals number them: 40001 is the first holding register, 30001 the first input register.
struct ManualAddress: Hashable {
    let table: String
    let address: Int

    /// nil: nothing that looks like one.
    init?(_ text: String) {
        guard let number = Int(text) else { return nil }
        switch number {
        case 30_001...39_999: (table, address) = ("input", number - 30_001)
        case 40_001...49_999: (table, address) = ("holding", number - 40_001)
        case 300_001...365_536: (table, address) = ("input", number - 300_001)
        case 400_001...465_536: (table, address) = ("holding", number - 400_001)
        default: return nil
        }
    }

    var advice: Message { Message(BusPhrase.manualAddressAdvice, "\(address)", table) }
}
