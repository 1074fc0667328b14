// Texts that check-config must print, to the byte: what people and scripts have learnt to read does not change
// by accident.

/// For board-configs/homes/simulated-demo.toml.
let goldenGood = #"""
    # board-configs/homes/simulated-demo.toml, normalised: every default is written out, and it loads again to the same (hash f74f0e343d295a70).
    #
    # board-configs/homes/simulated-demo.toml:44:8: note N101: input[1].name: no input-active rule watches this smoke input: the rule "smoke.kitchen" (red) was added
    #   advice: nothing to do; write a [[rule]] to choose otherwise
    # board-configs/homes/simulated-demo.toml:49:8: note N101: input[2].name: no input-active rule watches this panic input: the rule "panic" (red) was added
    #   advice: nothing to do; write a [[rule]] to choose otherwise
    schema = 1

    [home]
    id = "demo"
    timezone = "Asia/Shanghai"
    board = "simulated"

    [[bus]]
    name = "gateway"
    kind = "tcp"
    address = "127.0.0.1:1502"

    [[meter]]
    name = "water"
    bus = "gateway"
    unit = 5
    poll = "10s"
    timeout = "1s"
    retries = 1
    pause = "0s"
    silent-after = "5min"
    max-registers = 125
    max-gap = 10

    [[meter.register]]
    signal = "volume"
    quantity = "volume"
    table = "holding"
    address = 0
    type = "u32"
    order = "ABCD"
    scale = "0.001"
    unit = "m3"
    max-rate = "6 m3/h"

    [[meter]]
    name = "power"
    bus = "gateway"
    unit = 6
    poll = "10s"
    timeout = "1s"
    retries = 1
    pause = "0s"
    silent-after = "5min"
    max-registers = 125
    max-gap = 10

    [[meter.register]]
    signal = "energy"
    quantity = "energy"
    table = "holding"
    address = 0
    type = "u32"
    order = "ABCD"
    scale = "0.01"
    unit = "kWh"
    max-rate = "75 kW"

    [[input]]
    name = "motion.bedroom"
    kind = "motion"
    line = "GPIO17"
    active = "high"
    bias = "pull-down"
    debounce = "50ms"

    [[input]]
    name = "smoke.kitchen"
    kind = "smoke"
    line = "GPIO23"
    active = "high"
    bias = "pull-down"
    debounce = "200ms"

    [[input]]
    name = "panic"
    kind = "panic"
    line = "GPIO24"
    active = "high"
    bias = "pull-down"
    debounce = "20ms"
    long-press = "3s"

    [[output]]
    name = "siren"
    kind = "siren"
    line = "GPIO27"
    active = "high"
    drive = "push-pull"

    [[rule]]
    name = "no-water"
    kind = "low-use"
    signal = "water.volume"
    window = "12h"
    below = "10 L"
    away = "rest-when-set"
    severity = "orange"
    warn-for = "0s"
    clear-after = "0s"
    latched = false

    [[rule]]
    name = "no-life"
    kind = "no-activity"
    signals = ["motion.bedroom", "water.volume"]
    silent-for = "12h"
    away = "rest"
    severity = "orange"
    warn-for = "10min"
    clear-after = "0s"
    latched = false

    [[rule]]
    name = "smoke.kitchen"
    kind = "input-active"
    signal = "smoke.kitchen"
    for = "0s"
    severity = "red"
    warn-for = "0s"
    clear-after = "0s"
    latched = true

    [[rule]]
    name = "panic"
    kind = "input-active"
    signal = "panic"
    for = "0s"
    severity = "red"
    warn-for = "0s"
    clear-after = "0s"
    latched = true

    [[escalation]]
    after = "3min"
    unless = "accepted"
    do = ["sound:not-reached"]

    [upstream]
    broker = "mqtt://127.0.0.1:1883"
    topic-prefix = "homes"
    encoding = "protobuf"
    ack = "application"
    heartbeat = "1min"
    readings = "1h"
    spread = "40s"

    # What the rules will do:
    # no-water: speaks (orange) when less than 10 L went through water.volume in any 12 h; rests while away is set; cannot tell while the meter is silent for more than 5 min
    # no-life: speaks (orange) when motion.bedroom and water.volume gave no sign of life for 12 h; warns in the home for the last 10 min before; rests while nobody is in; cannot tell while one of them is missing and the others show nothing
    # smoke.kitchen: speaks (red) as soon as smoke.kitchen is active; stays until somebody accepts it and the cause is gone; cannot tell while the line cannot be read
    # panic: speaks (red) as soon as panic is active; stays until somebody accepts it and the cause is gone; a press that answers a pre-alarm calls only if it is held for 3 s; cannot tell while the line cannot be read

    """#

let goldenBadHome = #"""
    schema = 1

    [home]
    id = "zs-zhuyuan-0012"
    timezone = "Asia/Shanghai"
    board = "raspberry-pi-5"

    [[bus]]
    name = "rs485"
    kind = "rtu"
    port = "/dev/ttyUSB0"
    baud = 9601

    [[meter]]
    name = "water"
    bus = "rs486"
    unit = 5
    profile = "generic-water-u32"
    pol = "10s"

    [[input]]
    name = "smoke.kitchen"
    kind = "smoke"
    line = "GPIO71"

    [[rule]]
    name = "too-much"
    kind = "departure"
    signal = "water.volume"

    """#

/// For `goldenBadHome`.
let goldenBad = #"""
    home.toml:1:1: warning W103: upstream: no [upstream]: nobody outside the home will hear of anything
      advice: add [upstream] with a broker, unless this home is a test
    home.toml:1:1: warning W106: output: no siren and no buzzer: nobody in the home will hear of anything
      advice: add an [[output]] of kind "siren" or "buzzer"
    home.toml:12:8: error E301: bus[0].baud: 9601 baud is not possible
      advice: allowed: 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200
    home.toml:16:7: error E203: meter[0].bus: no bus is called "rs486"
      advice: did you mean "rs485"? buses: rs485
    home.toml:19:1: error E102: meter[0].pol: [[meter]] has no key "pol"
      advice: did you mean "poll"? its keys: name, bus, unit, profile, signals, register, forbidden, poll, timeout, retries, pause, silent-after, max-registers, max-gap
    home.toml:24:8: warning W107: input[0].line: board raspberry-pi-5 has no line "GPIO71"; the kernel's line of that name will be taken
      advice: did you mean "GPIO11"? its lines: GPIO2, GPIO3, GPIO4, GPIO5, GPIO6, GPIO7, GPIO8, GPIO9, GPIO10, GPIO11, GPIO12, GPIO13, GPIO14, GPIO15, GPIO16, GPIO17, GPIO18, GPIO19, GPIO20, GPIO21, GPIO22, GPIO23, GPIO24, GPIO25, GPIO26, GPIO27
    home.toml:28:8: error E302: rule[0].kind: "departure" is known, but this version does not have it yet
      advice: this version has: low-use, high-use, continuous-use, no-activity, input-active, beyond, heat-and-still, visit-overdue, not-returned, active-while-away

    """#

let goldenBadJSON = #"""
    {"ok":false,"file":"home.toml","errors":[{"level":"error","code":"E301","file":"home.toml","line":12,"column":8,"key":"bus[0].baud","message":"9601 baud is not possible","advice":"allowed: 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200"},{"level":"error","code":"E203","file":"home.toml","line":16,"column":7,"key":"meter[0].bus","message":"no bus is called \"rs486\"","advice":"did you mean \"rs485\"? buses: rs485"},{"level":"error","code":"E102","file":"home.toml","line":19,"column":1,"key":"meter[0].pol","message":"[[meter]] has no key \"pol\"","advice":"did you mean \"poll\"? its keys: name, bus, unit, profile, signals, register, forbidden, poll, timeout, retries, pause, silent-after, max-registers, max-gap"},{"level":"error","code":"E302","file":"home.toml","line":28,"column":8,"key":"rule[0].kind","message":"\"departure\" is known, but this version does not have it yet","advice":"this version has: low-use, high-use, continuous-use, no-activity, input-active, beyond, heat-and-still, visit-overdue, not-returned, active-while-away"}],"warnings":[{"level":"warning","code":"W103","file":"home.toml","line":1,"column":1,"key":"upstream","message":"no [upstream]: nobody outside the home will hear of anything","advice":"add [upstream] with a broker, unless this home is a test"},{"level":"warning","code":"W106","file":"home.toml","line":1,"column":1,"key":"output","message":"no siren and no buzzer: nobody in the home will hear of anything","advice":"add an [[output]] of kind \"siren\" or \"buzzer\""},{"level":"warning","code":"W107","file":"home.toml","line":24,"column":8,"key":"input[0].line","message":"board raspberry-pi-5 has no line \"GPIO71\"; the kernel's line of that name will be taken","advice":"did you mean \"GPIO11\"? its lines: GPIO2, GPIO3, GPIO4, GPIO5, GPIO6, GPIO7, GPIO8, GPIO9, GPIO10, GPIO11, GPIO12, GPIO13, GPIO14, GPIO15, GPIO16, GPIO17, GPIO18, GPIO19, GPIO20, GPIO21, GPIO22, GPIO23, GPIO24, GPIO25, GPIO26, GPIO27"}]}
    """#

/// A meter profile called bad-meter.toml.
let goldenBadProfile = #"""
    name = "other-meter"

    [[register]]
    signal = "volume"
    quantity = "volumes"
    type = "u32"
    adress = 0
    unit = "m3"

    """#
