"""The installer's checklist beside the running daemon and without it. One thing wrong after the other: tests_installing.py."""
import fcntl
import json
import os
import pty
import select
import subprocess
import time
import xml.etree.ElementTree

import homes
from peers import wait_for
from tests_installer import meters_rtu, places
from tests_main_job import alert, check

# What this machine is like is not the home's: a container has neither systemd nor, often, a time server.
OF_THE_MACHINE = ("clock.", "service.")


def self_test(bench, config, *options):
    done = bench.run("self-test", "--config", config, "--state", bench.folder / "state", "--format", "json", "--language", "en",
                     "--answer", "40", *options, env=places(bench))
    check(done.stdout.startswith("{"), f"exit code {done.returncode}: {done.stdout}{done.stderr}")
    result = json.loads(done.stdout)
    check(result["exitCode"] == done.returncode, f"exit code {done.returncode}, said {result['exitCode']}")
    return result


def checks(result):
    """name → (verdict, code), without what is this machine's."""
    return {c["name"]: (c["verdict"], c["code"]) for c in result["checks"] if not c["name"].startswith(OF_THE_MACHINE)}


def wrong(result):
    # A machine whose disk is slow today is no fault of the home's.
    return {name: code for name, (verdict, code) in checks(result).items() if verdict == "fail" and code != "storageSlow"}


def a_good_home(bench):
    """Everything but the siren, which nobody is there to hear; a test alert there and back, and the daemon goes on."""
    tty = meters_rtu(bench)
    broker = bench.broker()
    url = f"mqtt://127.0.0.1:{broker.port}"
    listener = bench.listener(url, "--acknowledge")
    config = bench.write("home.toml", homes.home(homes.rtu_bus(tty), homes.METERS, homes.RULES, homes.upstream(url)))
    bench.agent(config)
    wait_for("a first reading and the link", lambda: (s := bench.status()) and s["upstream"]["isConnected"] and any(
        s["name"] == "power.energy" and s.get("value") for s in s["signals"]))
    result = self_test(bench, config)
    found = checks(result)
    check(result["daemon"] and wrong(result) == {}, f"wrong: {wrong(result)}")
    for name in ("port.meters.open", "meter.water.answers", "meter.power.values", "meter.power.total", "line.panic",
                 "configuration.running", "broker.login", "broker.test-alert"):
        check(found.get(name, ("",))[0] == "pass", f"{name}: {found.get(name)}")
    untested = [name for name, (verdict, _) in found.items() if verdict == "untested"]
    check(untested == ["output.siren.noticed"], f"untested: {untested}")
    raised = listener.first("the test alert", alert("raised", "self-test"))["message"]
    check(raised.get("test") is True, f"it is not marked as a test: {raised}")
    cleared = listener.first("its end", alert("cleared", "self-test"))["message"]
    check(cleared.get("test") is True, f"its end is not marked as a test: {cleared}")
    wait_for("an empty alarm lane", lambda: bench.status()["upstream"]["waiting"].get("alarm", 0) == 0)
    check(bench.status()["alerts"] == [] and bench.status()["faults"] == [], f"left behind: {bench.status()}")


def formats(bench):
    """JUnit is XML, TAP counts, people read Chinese; wrong usage is 2, no configuration 4."""
    config = bench.write("home.toml", homes.home())
    options = ["self-test", "--config", config, "--state", bench.folder / "state"]
    suite = xml.etree.ElementTree.fromstring(bench.run(*options, "--format", "junit", env=places(bench)).stdout)
    check(int(suite.get("tests")) == len(suite.findall("testcase")) > 3, f"counted {suite.attrib}")
    tap = bench.run(*options, "--format", "tap", env=places(bench)).stdout.splitlines()
    check(tap[0] == "TAP version 14" and tap[1] == f"1..{suite.get('tests')}", f"tap: {tap[:2]}")
    human = bench.run(*options, env={**places(bench), "LC_ALL": "zh_CN.UTF-8"})
    check("通过" in human.stdout and "\x1b" not in human.stdout, f"said {human.stdout}")
    check(bench.run("self-test", "--format", "yaml").returncode == 2, "an unknown format is not wrong usage")
    nobody = bench.run("self-test", "--config", bench.folder / "none.toml", "--state", bench.folder / "state", env=places(bench))
    check(nobody.returncode == 4, f"no configuration: exit code {nobody.returncode}")


def a_port_of_somebody_else(bench):
    """Another program reads the same line: named, with its number."""
    tty = meters_rtu(bench)
    config = bench.write("home.toml", homes.head() + homes.rtu_bus(tty) + homes.METERS)
    port = os.open(tty, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    fcntl.flock(port, fcntl.LOCK_EX)
    result = self_test(bench, config)
    os.close(port)
    check(wrong(result) == {"port.meters.open": "portBusy"}, f"found {wrong(result)}")
    busy = next(c for c in result["checks"] if c["name"] == "port.meters.open")
    check(f"({os.getpid()})" in busy["advice"], f"said {busy}")
    check(checks(result)["meter.water.answers"] == ("untested", "meterUnreached"), f"found {checks(result)}")


def a_wrong_password(bench):
    """And a daemon without a way to its broker sends no test alert."""
    broker = bench.broker(password=("hub", "secret"))
    bench.write("password", "wrong\n")
    up = homes.upstream(f"mqtt://127.0.0.1:{broker.port}", f'user = "hub"\npassword-file = "{bench.folder}/password"\n')
    config = bench.write("home.toml", homes.home(up=up))
    check(wrong(self_test(bench, config)) == {"broker.login": "brokerRefuses"}, "without a daemon")
    bench.agent(config)
    wait_for("the daemon", bench.status)
    result = self_test(bench, config)
    check(wrong(result) == {"broker.login": "brokerRefuses"}, f"with the daemon: {wrong(result)}")
    check(checks(result)["broker.test-alert"] == ("untested", "brokerUnreached"), f"found {checks(result)}")


def dead_meters_beside_the_daemon(bench):
    """Each is looked for at other settings on the borrowed port, which the daemon has back before the next one is asked."""
    tty = meters_rtu(bench)
    config = bench.write("home.toml", homes.head() + homes.rtu_bus(tty) + homes.METERS)
    bench.agent(config)
    wait_for("a first reading", lambda: (s := bench.status()) and any(x.get("value") for x in s["signals"]))
    next(child for child in bench.children if child.name == "meters").end()
    result = self_test(bench, config)
    check(wrong(result) == {"meter.water.answers": "meterSilent", "meter.power.answers": "meterSilent"}, f"found {wrong(result)}")


def nobody_answers(bench):
    """The broker takes a test alert and nobody accepts it; afterwards nothing waits any more."""
    broker = bench.broker()
    config = bench.write("home.toml", homes.home(up=homes.upstream(f"mqtt://127.0.0.1:{broker.port}")))
    bench.agent(config)
    wait_for("the link", lambda: (s := bench.status()) and s["upstream"]["isConnected"])
    result = self_test(bench, config, "--answer", "2")
    check(wrong(result) == {"broker.test-alert": "testUnanswered"}, f"found {wrong(result)}")
    wait_for("the test alert to leave", lambda: bench.status()["upstream"]["waiting"].get("alarm", 0) == 0)


def on_a_terminal(bench):
    """A person at a terminal is asked whether the siren was heard, and answers no."""
    config = bench.write("home.toml", homes.home())
    bench.agent(config)
    wait_for("the daemon", lambda: (s := bench.status()) and s["signals"])
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [str(bench.binary), "self-test", "--config", config, "--state", bench.folder / "state", "--language", "en"],
        stdin=theirs, stdout=theirs, stderr=theirs, env={**places(bench), "NO_COLOR": "1"})
    os.close(theirs)
    text, isAnswered, end = "", False, time.monotonic() + 60
    while time.monotonic() < end:
        if not select.select([ours], [], [], 0.2)[0]:
            continue
        try:
            part = os.read(ours, 4096).decode(errors="replace")
        except OSError:
            break
        if not part:
            break
        text += part
        if "Did you hear it?" in text and not isAnswered:
            isAnswered = True
            os.write(ours, b"n\n")
    os.close(ours)
    check(child.wait(10) == 1, f"exit code {child.returncode}: {text}")
    check(isAnswered and "output.siren.noticed: siren was driven, and nobody noticed it" in text, f"said {text}")
    check("\x1b[3" not in text, "colours in spite of NO_COLOR")


TESTS = [
    a_good_home, formats, a_port_of_somebody_else, a_wrong_password, dead_meters_beside_the_daemon, nobody_answers, on_a_terminal,
]
