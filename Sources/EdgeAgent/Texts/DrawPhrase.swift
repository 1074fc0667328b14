// What is said while water is drawn or a kettle is on, and of what the meter showed meanwhile.

enum DrawPhrase: String, Phrase {
    case drawRight, drawScale, drawUnit, drawOrder, drawType, drawHalf, drawRegister, drawTable, drawSeveral
    case drawFew, drawFewAdvice, drawKeysAdvice, drawUncertain, drawUncertainAdvice
    case drawStill, drawStillAdvice, drawElsewhere, drawElsewhereAdvice, drawMomentary, drawMomentaryAdvice
    case drawFell, drawFellAdvice, drawMuch, drawLittle, drawAmountAdvice, drawUnreadable, drawUnreadableAdvice

    case loadRight, loadReversed, loadReversedAdvice, loadStillAdvice, loadAmountAdvice
    case loadPhaseMissing, loadPhaseMissingAdvice

    case tapNow, tapWaiting, tapRunning, tapCoarse, tapCoarseAdvice
    case kettleReady, kettleNow, kettleHeating, kettleCoarse, kettleCoarseAdvice
    case drawLooking, drawEnded, drawEndedAdvice, drawLost, drawLostAdvice, drawNoMeter, drawNoMeterAdvice, askDisplay
    case askDrawn, drawDisputed, drawDisputedAdvice
    case drawUnknownMeter, drawUnknownMeterAdvice

    var texts: Texts { verdictTexts ?? movementTexts ?? courseTexts }

    private var verdictTexts: Texts? {
        switch self {
        case .drawRight:
            Texts(
                "{0} rose by {1} while about {2} were used; the meter's display must show {3} now",
                zh: "用了约 {2}，{0} 增加了 {1}；此刻仪表显示应为 {3}")
        case .drawScale:
            Texts("the scale of {0} is wrong: it rose by {1}, not by {2}", zh: "{0} 的 scale 不对：增加了 {1}，而不是 {2}")
        case .drawUnit:
            Texts("the unit of {0} is wrong: it rose by {1}, not by {2}", zh: "{0} 的 unit 不对：增加了 {1}，而不是 {2}")
        case .drawOrder:
            Texts(
                "the words or bytes of {0} are swapped: it rose by {1}, not by {2}", zh: "{0} 的字序或字节序不对：增加了 {1}，而不是 {2}"
            )
        case .drawType:
            Texts("the type of {0} is wrong: it rose by {1}, not by {2}", zh: "{0} 的 type 不对：增加了 {1}，而不是 {2}")
        case .drawHalf:
            Texts(
                "{0} takes too few or too many registers: it rose by {1} while {2} were used",
                zh: "{0} 的寄存器个数不对：用了 {2}，它增加了 {1}")
        case .drawRegister:
            Texts(
                "{0} is the wrong register: it rose by {1} while {2} were used; another one counted that",
                zh: "{0} 的寄存器地址不对：用了 {2}，它增加了 {1}；计量的是另一个寄存器")
        case .drawTable:
            Texts(
                "{0} is in the wrong table: it rose by {1} while {2} were used; the other table counted that",
                zh: "{0} 的 table 不对：用了 {2}，它增加了 {1}；计量的是另一个表")
        case .drawSeveral:
            Texts("{0} rose by {1}, not by {2}: several settings would be right", zh: "{0} 增加了 {1}，而不是 {2}：有几种设置都说得通")
        case .drawFew:
            Texts(
                "{0} rose by {1}, not by {2}: a single count, which may be {3} or more",
                zh: "{0} 增加了 {1}，而不是 {2}：只走了一个字，可能代表 {3} 或更多")
        case .drawFewAdvice:
            Texts(
                "Scale, unit or register is wrong; which one shows if more is used: test again with about {0}.",
                zh: "scale、unit 或寄存器不对；多用一些才能分辨：请用约 {0} 重测。")
        case .drawKeysAdvice:
            Texts(
                "Write {0} for this register, in the meter or in its profile: then it rose by {1} and shows {2}. "
                    + "Compare that with the meter's display.",
                zh: "请在该仪表或其配置文件中把该寄存器写成 {0}：这样增加了 {1}，读数为 {2}。请与仪表显示对比。")
        case .drawUncertain:
            Texts("{0} rose as it should, but another reading fits as well", zh: "{0} 增加的量正确，但另一种读法同样说得通")
        case .drawUncertainAdvice:
            Texts(
                "What does the meter's display show? {0}. (\"=\" is how it is written now.) A second test with more "
                    + "water or current can tell, too.",
                zh: "仪表显示的是哪个数？{0}。（“=”表示现在的写法。）多用些水或电再测一次也能分辨。")
        default: nil
        }
    }

    private var movementTexts: Texts? {
        switch self {
        case .drawStill: Texts("nothing in this meter moved while about {0} were used", zh: "用了约 {0}，该仪表没有任何变化")
        case .drawStillAdvice:
            Texts(
                "Is it this home's meter, with the right unit id, and is its valve open? Or it counts in larger steps: "
                    + "try --litres 50.",
                zh: "请确认这是本户的表、站号正确、阀门已开。也可能计量步长较大：请试 --litres 50。")
        case .drawElsewhere: Texts("{0} did not move while about {1} were used", zh: "用了约 {1}，{0} 没有变化")
        case .drawElsewhereAdvice:
            Texts(
                "It is the wrong register, or it counts in larger steps. These moved: {0}. Take the total's address from "
                    + "the manual, or test again with --litres 50.",
                zh: "寄存器不对，或计量步长较大。有变化的是：{0}。请按说明书填写累计量的地址，或用 --litres 50 重测。")
        case .drawMomentary:
            Texts("{0} rose and came back: it shows what flows now, not a total", zh: "{0} 升高后又回落：它是瞬时值，不是累计值")
        case .drawMomentaryAdvice:
            Texts(
                "Take the address of the total (the cumulative volume or energy) from the meter's manual.",
                zh: "请按仪表说明书填写累计量（总用水量或总电量）的地址。")
        case .drawFell: Texts("{0} fell from {1} to {2}", zh: "{0} 从 {1} 减少到 {2}")
        case .drawFellAdvice:
            Texts(
                "A total only rises: check type, order and address against the manual, and that the meter is not "
                    + "mounted backwards.",
                zh: "累计值只会增加：请对照说明书检查 type、order 和 address，并确认仪表没有装反。")
        case .drawMuch: Texts("{0} rose by {1}: far more than {2}", zh: "{0} 增加了 {1}：远多于 {2}")
        case .drawLittle: Texts("{0} rose by {1}: far less than {2}", zh: "{0} 增加了 {1}：远少于 {2}")
        case .drawAmountAdvice:
            Texts(
                "{0} times what was used. If nobody else used any, check scale and unit: a pulse value, gallons or a "
                    + "transformer's ratio; then test again.",
                zh: "是实际用量的 {0} 倍。若没有别人在用，请检查 scale 和 unit：脉冲当量、加仑或互感器变比；然后重测。")
        case .drawUnreadable: Texts("{0} holds no number", zh: "{0} 读不出数值")
        case .drawUnreadableAdvice:
            Texts(
                "Check address, type and order against the manual; `edge-agent read` shows the words.",
                zh: "请对照说明书检查 address、type 和 order；`edge-agent read` 可显示原始数据。")
        case .loadRight: Texts("{0} rose by {1} with about {2} switched on", zh: "接通约 {2} 的负载后，{0} 升高了 {1}")
        case .loadReversed: Texts("{0} fell: {1}", zh: "{0} 反而降低：{1}")
        case .loadReversedAdvice:
            Texts(
                "The current transformer is mounted backwards, or its two wires are swapped: turn it round.",
                zh: "互感器装反，或两根引线接反：请掉转方向。")
        case .loadStillAdvice:
            Texts(
                "The current transformer is around another conductor or not plugged in, the kettle hangs on a phase "
                    + "that is not measured, or it is another home's meter.",
                zh: "互感器套在别的导线上或没有插好、水壶接在未计量的相上，或这是别户的电表。")
        case .loadAmountAdvice:
            Texts(
                "{0} times what was switched on. Check the ratio of the current transformer, in the meter's menu and "
                    + "in the scale, and that nothing else was switched.",
                zh: "是接通负载的 {0} 倍。请检查互感器变比（表内菜单和 scale），并确认没有开关其他电器。")
        case .loadPhaseMissing: Texts("{0} shows {1}: this phase has no voltage", zh: "{0} 显示 {1}：该相没有电压")
        case .loadPhaseMissingAdvice:
            Texts(
                "Connect the meter's voltage terminal of this phase, or reset its fuse. If the home has one phase only, "
                    + "this is as it should be.",
                zh: "请接好该相的电压端子，或合上其熔断器。若家中只有单相，则属正常。")
        default: nil
        }
    }

    private var courseTexts: Texts {
        switch self {
        case .tapNow:
            Texts(
                "{0}: draw about {1} now, for instance with a measuring jug or bottle, and close the tap.",
                zh: "{0}：请现在放水约 {1}（可用量杯或水瓶），然后关好水龙头。")
        case .tapWaiting: Texts("{0}: nothing has moved yet, {1} s left", zh: "{0}：还没有变化，剩余 {1} 秒")
        case .tapRunning: Texts("{0}: it moves; waiting until it stands still", zh: "{0}：有变化；等待停止")
        case .tapCoarse: Texts("{0} counts in steps of {1}: too coarse to be tested", zh: "{0} 的步长为 {1}：太大，无法测试")
        case .tapCoarseAdvice:
            Texts(
                "If the meter's display has smaller steps, the scale is wrong. Otherwise read it, use {0} in the course "
                    + "of days, and compare.",
                zh: "若仪表显示的步长更小，则 scale 不对。否则请记下读数，几天内用掉 {0} 后再对比。")
        case .kettleReady:
            Texts(
                "{0}: get a kettle or heater of about {1} ready, still switched off, and switch nothing else.",
                zh: "{0}：请准备约 {1} 的电水壶或电暖器（先不要开），期间不要开关其他电器。")
        case .kettleNow:
            Texts(
                "{0}: switch the kettle (about {1}) on now. Is it heating?", zh: "{0}：请现在打开电水壶（约 {1}）。开始加热了吗？")
        case .kettleHeating: Texts("{0}: leave it on for {1} s more", zh: "{0}：请再加热 {1} 秒")
        case .kettleCoarse:
            Texts("{0} counts in steps of {1}: too coarse to be tested with a kettle", zh: "{0} 的步长为 {1}：太大，无法用电水壶测试")
        case .kettleCoarseAdvice:
            Texts(
                "If the meter's display has smaller steps, the scale is wrong. Otherwise compare the totals after a day.",
                zh: "若仪表显示的步长更小，则 scale 不对。否则请一天后对比读数。")
        case .drawLooking: Texts("{0}: reading it at rest", zh: "{0}：读取静止时的数值")
        case .drawEnded: Texts("ended before anything was seen", zh: "还没有结果就结束了")
        case .drawEndedAdvice: Texts("Run it again, and wait for its end.", zh: "请重新运行，并等到结束。")
        case .drawLost: Texts("the meter could not be read: {0}", zh: "无法读取仪表：{0}")
        case .drawLostAdvice:
            Texts("`edge-agent self-test` finds out why; mend that first.", zh: "`edge-agent self-test` 会指出原因；请先解决。")
        case .drawNoMeter: Texts("no configured meter counts this: {0}", zh: "没有配置这种仪表：{0}")
        case .drawNoMeterAdvice:
            Texts(
                "Add a [[meter]] with such a register, or name another one with --meter.",
                zh: "请添加带这种寄存器的 [[meter]]，或用 --meter 指定另一块表。")
        case .drawUnknownMeter: Texts("no meter of this home is called {0}", zh: "本户没有名为 {0} 的仪表")
        case .drawUnknownMeterAdvice: Texts("Its meters are: {0}.", zh: "已有的仪表：{0}。")
        case .askDrawn: Texts("It counted {0}. Is that about what you drew?", zh: "仪表计了 {0}。和您实际放的水差不多吗？")
        case .drawDisputed:
            Texts("{0} rose by {1}, which is not what was drawn", zh: "{0} 增加了 {1}，与实际用水量不符")
        case .drawDisputedAdvice:
            Texts(
                "Compare with the meter's display before and after: most likely `scale` or `unit` of the register is wrong, "
                    + "or somebody else drew water.",
                zh: "请对照仪表显示的前后差：多半是寄存器的 `scale` 或 `unit` 不对，或者有别人在用水。")
        case .askDisplay: Texts("Does the meter's display show about {0}?", zh: "仪表显示的是约 {0} 吗？")
        default: Texts(rawValue, zh: rawValue)
        }
    }
}
