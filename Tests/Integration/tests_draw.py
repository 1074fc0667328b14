"""`self-test --tap` and `--power` with a meter that is not ours, and somebody who draws water and boils it."""
import json
import subprocess
import threading
import time

import homes
from meters_values import LITRES, float_words
from peers import wait_for
from tests_installer import meters_rtu, places
from tests_main_job import check

POWER_ONLY = """
[[meter]]
name = "power"
bus = "meters"
unit = 6
  [[meter.register]]
  signal = "power"
  quantity = "power"
  table = "input"
  address = 12
  type = "f32"
  scale = "1"
  unit = "W"
"""


class Guided:
    """A guided test whose sentences are heard, and whose questions are answered."""

    def __init__(self, bench, config, *options):
        self.child = subprocess.Popen(
            [str(bench.binary), "self-test", "--config", str(config), "--format", "json", "--language", "en", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1, env=places(bench))
        self.heard = ""
        threading.Thread(target=self.hear, daemon=True).start()

    def hear(self):
        while piece := self.child.stderr.read(1):
            self.heard += piece

    def text(self):
        return self.heard

    def result(self):
        out = self.child.stdout.read()
        code = self.child.wait(30)
        check(out.startswith("{"), f"exit code {code}: {out}{self.text()}")
        result = json.loads(out)
        check(result["exitCode"] == code, f"exit code {code}, said {result['exitCode']}")
        return result


def draws(bench, litres):
    """A litre a second, as a tap does that somebody watches."""
    for litre in range(1, litres + 1):
        total = LITRES + litre
        bench.moves(f"5 3 0 {total >> 16} {total & 0xFFFF}")
        time.sleep(1)


def told(result):
    return [(c["name"], c["verdict"], c["code"]) for c in result["checks"]]


def a_tap_without_a_daemon(bench):
    """Four litres are asked for, drawn and counted."""
    tty = meters_rtu(bench)
    config = bench.write("home.toml", homes.head() + homes.rtu_bus(tty) + homes.METERS)
    test = Guided(bench, config, "--tap")
    wait_for("to be told to draw", lambda: "water: draw about 4 L now" in test.text())
    draws(bench, 4)
    result = test.result()
    check(told(result) == [("meter.water.tap", "pass", "drawRight")], f"found {result['checks']}")
    check("412.349 m3" in result["checks"][0]["reason"], f"said {result['checks']}")


def a_tap_beside_the_daemon(bench):
    """Swapped words: which order is right is said, and the daemon has gone on meanwhile."""
    port = bench.meters_tcp()
    config = bench.write(
        "home.toml", homes.home(homes.tcp_bus(port), homes.METERS.replace('"ABCD"', '"CDAB"')))
    bench.agent(config)
    wait_for("a first reading", lambda: (s := bench.status()) and any(
        s["name"] == "power.energy" and s.get("value") for s in s["signals"]))
    test = Guided(bench, config, "--tap", "--meter", "water")
    wait_for("to be told to draw", lambda: "draw about" in test.text())
    draws(bench, 4)
    result = test.result()
    check(result["daemon"] and told(result) == [("meter.water.tap", "fail", "drawOrder")], f"found {result}")
    check('order = "ABCD"' in result["checks"][0]["advice"], f"said {result['checks']}")
    age = next(s["ageSeconds"] for s in bench.status()["signals"] if s["name"] == "power.power")
    check(age <= 3, f"the daemon did not go on: {age} s")


def a_kettle(bench):
    """On after the question; a meter in kilowatts is found out."""
    port = bench.meters_tcp()
    head = homes.head() + homes.tcp_bus(port)
    for meters, expected in ((POWER_ONLY, "loadRight"), (POWER_ONLY.replace('"W"', '"kW"'), "drawUnit")):
        high, low = float_words(287.5)
        bench.moves(f"6 4 12 {high} {low}")
        reading = ["read", "--tcp", f"127.0.0.1:{port}", "--unit", "6", "--table", "input", "--address", "12", "--count", "2",
                   "--type", "f32", "--json"]
        wait_for("the meter at rest", lambda: json.loads(
            bench.run(*reading, env=places(bench)).stdout)["registers"][0]["value"] == 287.5)
        config = bench.write("home.toml", head + meters)
        test = Guided(bench, config, "--power", "--watts", "1800")
        wait_for("the question", lambda: "Is it heating?" in test.text())
        high, low = float_words(287.5 + 1950)
        bench.moves(f"6 4 12 {high} {low}")
        test.child.stdin.write("y\n")
        result = test.result()
        check([c["code"] for c in result["checks"]] == [expected], f"found {result['checks']}")


def nobody_counts_water(bench):
    """Without such a meter nothing was tested; wrong usage is 2."""
    config = bench.write("home.toml", homes.home())
    done = bench.run("self-test", "--tap", "--config", config, "--format", "json", env=places(bench))
    check(done.returncode == 3 and "drawNoMeter" in done.stdout, f"{done.returncode}: {done.stdout}{done.stderr}")
    done = bench.run("self-test", "--tap", "--meter", "hot", "--config", config, env=places(bench))
    check(done.returncode == 3 and "no meter of this home is called hot" in done.stdout, f"{done.returncode}: {done.stdout}")
    check(bench.run("self-test", "--tap", "--litres", "500").returncode == 2, "500 litres are accepted")


TESTS = [a_tap_without_a_daemon, a_tap_beside_the_daemon, a_kettle, nobody_counts_water]
