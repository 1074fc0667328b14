"""Pin to siren and pin to broker: the agent, a shell pipeline and mqtt-io, by turns, on one board in one run.

What is compared: the agent judges, commits to disk and then publishes. The pipelines are the quickest that can be written with
Debian's tools: processes that run already, nothing stored; a second one stores each edge first. mqtt-io is what people install for this.
"""
import os
import random
import time

from cloud import input_line
from peers import Failed, wait_for
from tap import check

PRESSES = int(os.environ.get("EDGE_AGENT_PRESSES", "200"))
HOME = {"inputs": input_line("panic", "panic", "PANIC"), "rules": "", "bus": False, "lamp": False}

# Debian's gpioset has no interactive mode, so that each press starts one.
TO_SIREN = """gpiomon -c gpiochip0 -e rising -F %o LEAK |
while read -r _; do level=$((1 - level)); gpioset -c gpiochip0 -t 0 LAMP=$level; done"""
TO_BROKER = """gpiomon -c gpiochip0 -e rising -F '{"line":%o}' SPARE |
mosquitto_pub -h 10.0.2.2 -p PORT -q 1 -l -t homes/lab/pipeline"""
# The same with the agent's promise, that what was published is on the disk.
STORED_FIRST = """gpiomon -c gpiochip0 -e rising -F '{"line":%o}' MOTION |
while read -r edge; do echo "$edge" | dd of=/var/lib/edges oflag=append conv=notrunc,fsync status=none; echo "$edge"; done |
mosquitto_pub -h 10.0.2.2 -p PORT -q 1 -l -t homes/lab/stored"""
MQTT_IO = """
mqtt:
  host: 10.0.2.2
  port: PORT
  topic_prefix: homes/lab/mqtt-io
gpio_modules:
  - name: board
    module: gpiod
    chip: /dev/gpiochip0
digital_inputs:
  - name: door
    module: board
    pin: 3
    pulldown: no
    interrupt: rising
    bouncetime: 20
    on_payload: '{"on":true}'
    off_payload: '{"on":false}'
"""


def boots_with_contestants(lab):
    """The board with all contestants running, each on lines of its own."""
    board, port = lab.board, str(lab.cloud.port)
    board.levels = [0] * len(board.levels)
    board.power_on()
    board.wait_ready()
    board.write("/run/mqtt-io.yml", MQTT_IO.replace("PORT", port))
    for name, command in [
        ("siren", TO_SIREN), ("broker", TO_BROKER.replace("PORT", port)), ("stored", STORED_FIRST.replace("PORT", port)),
        ("mqtt-io", "PYTHONPATH=/opt/mqtt-io exec python3 -m mqtt_io /run/mqtt-io.yml"),
    ]:
        board.write(f"/run/{name}.sh", command + "\n")
        board.shell(f"setsid bash /run/{name}.sh >/run/{name}.log 2>&1 </dev/null &")

    def held():
        lines = board.shell("gpioinfo -c gpiochip0")
        return 'consumer="mqtt-io"' in lines and lines.count('consumer="gpiomon"') == 3

    try:
        wait_for("all lines to be held", held, 120)
    except Failed as error:
        raise Failed(f"{error}\n{board.shell('gpioinfo -c gpiochip0; tail -n 20 /run/*.log', check=False)}") from None
    time.sleep(5)
    versions = board.shell("gpiomon --version | head -1", check=False).splitlines()
    return "; ".join([*versions, "mqtt-io 2.7.0 with gpiod 1.5.4", board.shell("python3 --version")])


def agent(lab):
    """One press of the agent's panic button: (to siren, to broker)."""
    mark = lab.cloud.mark()
    began = lab.board.press("PANIC")
    siren = lab.board.wait_output("SIREN", 1, since=began)
    when, alert = lab.cloud.raised("panic", mark)
    lab.cloud.accept(alert)
    lab.cloud.cleared("panic", mark)
    wait_for("the siren's silence", lambda: lab.board.output("SIREN") == 0)
    return siren - began, when - began


def pipelines(lab):
    """The same of the shell pipelines."""
    before = len(lab.board.edges)
    began = lab.board.press("LEAK")
    wait_for("the pipeline's output", lambda: any(line == "LAMP" for _, line, _ in list(lab.board.edges)[before:]))
    siren = next(when for when, line, _ in list(lab.board.edges)[before:] if line == "LAMP")
    return siren - began, published(lab, "SPARE", "pipeline")


def stored_pipeline(lab):
    """To the broker by a pipeline that stores first."""
    return None, published(lab, "MOTION", "stored")


def mqtt_io(lab):
    """The same of mqtt-io, which has no siren of its own."""
    broker = published(lab, "DOOR", "door")
    time.sleep(0.4)  # it publishes an edge twice now and then: the second must not pass as the next press's
    return None, broker


def published(lab, line, topic):
    mark = lab.cloud.mark()
    began = lab.board.press(line)
    when, _ = lab.cloud.first(f"{topic} at the broker", topic, lambda m: True, mark)
    return when - began


def compares(lab):
    """Presses by turns."""
    choice, times = random.Random(f"{lab.seed}/latency"), {}
    contestants = [agent, pipelines, stored_pipeline, mqtt_io]
    for number in range(PRESSES + 5):
        choice.shuffle(contestants)
        for contestant in contestants:
            siren, broker = contestant(lab)
            time.sleep(choice.uniform(0.02, 0.12))
            if number < 5:
                continue  # each has started everything it needs
            times.setdefault((contestant.__name__, "siren"), []).append(siren)
            times.setdefault((contestant.__name__, "broker"), []).append(broker)
    return times


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def is_quick(lab):
    """The agent's median is below the pipelines', its p99 at most a third of mqtt-io's."""
    times = compares(lab)
    rows = []
    for (who, where), values in sorted(times.items()):
        if None in values:
            continue
        rows.append(f"{who.replace('_', ' ')} to {where}: median {percentile(values, 0.5):.1f}, p99 {percentile(values, 0.99):.1f}, "
                    f"worst {max(values) * 1000:.1f} ms")
    for row in rows:
        print("#", row, flush=True)
    median = {key: percentile(values, 0.5) for key, values in times.items() if None not in values}
    p99 = {key: percentile(values, 0.99) for key, values in times.items() if None not in values}
    misses = [f"to {where}: {median['agent', where]:.1f} ms, the pipeline {median['pipelines', where]:.1f} ms"
              for where in ("siren", "broker") if median["agent", where] >= median["pipelines", where]]
    if 3 * p99["agent", "broker"] > p99["mqtt_io", "broker"]:
        misses.append(f"p99 to broker: {p99['agent', 'broker']:.1f} ms, mqtt-io {p99['mqtt_io', 'broker']:.1f} ms")
    check(not misses, f"the goal is missed; {'; '.join(misses)}")
    return f"{PRESSES} presses each; " + "; ".join(rows)


SCENARIOS = [boots_with_contestants, is_quick]
