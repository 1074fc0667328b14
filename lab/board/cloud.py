"""The host's side of the network: a private mosquitto, and a cloud behind it that hears everything and answers."""
import json
import subprocess
import threading
import time

from board import die_with_us
from peers import Failed, wait_for

HOME_ID = "lab"


class Cloud:
    """Keeps what hubs sent, oldest first, as (monotonic seconds, topic, message); a record that comes again stands twice.

    Answers everything with `received` but calls for help, which wait for `accept`.
    """

    def __init__(self, bench):
        self.bench, self.messages, self.lock = bench, [], threading.Lock()
        self.accepted = set()  # alerts, by their ids: whoever has taken one on says so again when it comes again
        self.broker = bench.broker()
        self.port = self.broker.port
        self._connect()

    def _connect(self):
        peer = ["-h", "127.0.0.1", "-p", str(self.port), "-q", "1"]
        self.ear = subprocess.Popen(
            ["mosquitto_sub", *peer, "-t", f"homes/{HOME_ID}/#", "-F", "%t\t%r\t%p"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, preexec_fn=die_with_us)
        self.mouth = subprocess.Popen(
            ["mosquitto_pub", *peer, "-l", "-t", f"homes/{HOME_ID}/acks"], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, text=True, bufsize=1, preexec_fn=die_with_us)
        threading.Thread(target=self._hear, args=(self.ear.stdout,), daemon=True).start()
        wait_for("the subscription", lambda: f"homes/{HOME_ID}/#" in self.broker.text())

    def _hear(self, stream):
        for line in stream:
            now = time.monotonic()
            topic, retained, text = line.rstrip("\n").split("\t", 2)
            topic = topic.rsplit("/", 1)[-1]
            if topic == "acks" or retained == "1" or not text.startswith("{"):
                continue
            message = json.loads(text)
            with self.lock:
                self.messages.append((now, topic, message))
            if message.get("alertId") in self.accepted:
                self.answer(message["header"]["id"], "accepted")
            elif topic in ("alerts", "events", "readings") and not needs_somebody(message):
                self.answer(message["header"]["id"], "received")

    def answer(self, identity, level):
        try:
            self.mouth.stdin.write(json.dumps({"id": identity, "level": level, "by": "lab"}) + "\n")
        except (BrokenPipeError, ValueError):
            pass  # the broker is away: the hub asks again

    def accept(self, alert):
        """Somebody takes an alert on, by the alert's id."""
        self.accepted.add(alert["alertId"])
        self.answer(alert["alertId"], "accepted")

    def command(self, identity, **action):
        """Gives a command that lives for ten minutes; its id."""
        now = int(time.time() * 1000)
        command = {"id": identity, "givenUnixMs": str(now), "expiresUnixMs": str(now + 600_000), "by": "lab", "home": HOME_ID, **action}
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.port), "-q", "1", "-t", f"homes/{HOME_ID}/commands", "-s"],
                       input=json.dumps(command).encode(), check=True)
        return identity

    def away(self):
        """The broker dies; whatever it held is gone."""
        self.broker.end(9)
        for child in (self.ear, self.mouth):
            child.kill()
            child.wait()

    def back(self):
        self.broker = self.bench.broker(port=self.port)
        self._connect()

    def close(self):
        for child in (self.ear, self.mouth):
            child.kill()
            child.wait()

    # What was heard

    def mark(self):
        """A place in the order of messages, for `since`."""
        with self.lock:
            return len(self.messages)

    def heard(self, topic, condition=lambda message: True, since=0):
        with self.lock:
            return [(when, m) for when, t, m in self.messages[since:] if t == topic and condition(m)]

    def first(self, what, topic, condition, since=0, seconds=60):
        return wait_for(what, lambda: next(iter(self.heard(topic, condition, since)), None), seconds)

    def raised(self, rule, since=0, seconds=60):
        """The first call for help of a rule: (when, message)."""
        return self.first(f"'{rule}' at the broker", "alerts", is_step("raised", rule), since, seconds)

    def cleared(self, rule, since=0, seconds=60):
        return self.first(f"the end of '{rule}' at the broker", "alerts", is_step("cleared", rule), since, seconds)

    def not_raised(self, what, since):
        if found := self.heard("alerts", lambda m: m["event"] == "raised", since):
            raise Failed(f"{what}: raised {[m['alertId'] for _, m in found]}")


def is_step(event, rule):
    return lambda message: message["event"] == event and message["rule"] == rule


def needs_somebody(message):
    """Of an alert: only `accepted` ends it."""
    return message.get("event") == "raised" and message.get("severity") != "technical"


def series_of(readings):
    return {series["signal"]: series for series in readings.get("series", [])}


def points_of(series):
    """(Unix ms, value, quality) of each point."""
    times = series.get("timeDeltasMs") or [1000 * int(delta) for delta in series.get("timeDeltasS", [])]
    values = series.get("valueDeltas", [])
    qualities = series.get("qualities", ["good"] * (len(values) + 1))
    time_ms, value = int(series["baseUnixMs"]), int(series.get("baseValue", 0))
    points = [(time_ms, value, qualities[0])]
    for later, change, quality in zip(times, values, qualities[1:]):
        time_ms, value = time_ms + int(later), value + int(change)
        points.append((time_ms, value, quality))
    return points


def input_line(name, kind, line, more=""):
    return f'\n[[input]]\nname = "{name}"\nkind = "{kind}"\nline = "{line}"\n{more}'


INPUTS = "".join([
    input_line("panic", "panic", "PANIC"), input_line("smoke.kitchen", "smoke", "SMOKE"),
    input_line("motion.bedroom", "motion", "MOTION"),
    input_line("door.front", "door", "DOOR", 'active = "low"\nbias = "pull-up"\n'),
    input_line("leak.bath", "leak", "LEAK")])
RULES = """
[[rule]]
name = "door-open"
kind = "input-active"
signal = "door.front"
severity = "yellow"

[[rule]]
name = "leak"
kind = "input-active"
signal = "leak.bath"
"""
LAMP = """
[[output]]
name = "lamp"
kind = "lamp"
line = "LAMP"
active = "low"
"""
LOW_USE = """
[[rule]]
name = "no-water"
kind = "low-use"
signal = "water.volume"
window = "12h"
below = "0.01 m3"
"""


def configuration(port, inputs=INPUTS, rules=RULES + LOW_USE, bus=True, lamp=True):
    """The lab's home, as an installer would write it for this board. The lamp is on when its line is low."""
    meters = """
[[bus]]
name = "rs485"
kind = "rtu"
port = "/dev/ttyUSB0"

[[meter]]
name = "water"
bus = "rs485"
unit = 5
poll = "1s"
silent-after = "5s"
profile = "generic-water-u32"

[[meter]]
name = "power"
bus = "rs485"
unit = 6
poll = "1s"
silent-after = "5s"
profile = "eastron-sdm120"
"""
    return f"""schema = 1

[home]
id = "{HOME_ID}"
timezone = "Asia/Shanghai"
board = "qemu-virt"
{meters if bus else ""}{inputs}
[[output]]
name = "siren"
kind = "siren"
line = "SIREN"
{LAMP if lamp else ""}{rules}
[upstream]
broker = "mqtt://10.0.2.2:{port}"
encoding = "json"
heartbeat = "1min"
readings = "1min"
spread = "0s"
"""
