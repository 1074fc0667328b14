"""Guided tests as somebody at a terminal goes through them: a real daemon, a pseudo-terminal, a broker."""
import fcntl
import json
import os
import pty
import select
import signal
import socket
import subprocess
import termios
import time

import homes
from peers import PATIENCE, Failed, wait_for
from tests_installer import places
from tests_main_job import alert, check

DOOR = """
[[input]]
name = "door.front"
kind = "door"
line = "DOOR"
"""


class Typist:
    """A program at a pseudo-terminal, and the person who reads what it says and types."""

    def __init__(self, bench, config, *options):
        ours, theirs = pty.openpty()
        command = [str(bench.binary), "self-test", "--config", config, "--state", bench.folder / "state", "--language", "en", *options]
        self.child = subprocess.Popen(
            [str(part) for part in command], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that Ctrl-C is a signal
            env={**places(bench), "NO_COLOR": "1"})
        os.close(theirs)
        self.ours, self.text = ours, ""

    def read(self, seconds=0.1):
        if select.select([self.ours], [], [], seconds)[0]:
            try:
                self.text += os.read(self.ours, 4096).decode(errors="replace")
            except OSError:
                return False
        return True

    def sees(self, text):
        end = time.monotonic() + PATIENCE
        while text not in self.text:
            if not self.read() or time.monotonic() > end:
                raise Failed(f"never saw “{text}” in: {self.text}")

    def types(self, text):
        os.write(self.ours, text.encode())

    def ends(self):
        end = time.monotonic() + PATIENCE
        while self.child.poll() is None and time.monotonic() < end:
            self.read()
        while self.child.poll() is not None and self.read(0.2) and select.select([self.ours], [], [], 0)[0]:
            pass
        os.close(self.ours)
        return self.child.poll()


def line(bench, name, *levels):
    for level in levels:
        check("error" not in bench.ask(f"line {name} {level}"), f"line {name} {level}")


def walks(bench):
    return (bench.status() or {}).get("walkSecondsLeft") is not None


def a_home(bench, url, extra=""):
    config = bench.write("home.toml", homes.head() + homes.INPUTS + DOOR + homes.upstream(url, extra))
    agent = bench.agent(config)
    wait_for("the link and the lines", lambda: (s := bench.status()) and s["upstream"]["isConnected"] and s["signals"] and all(
        signal.get("value") for signal in s["signals"]))
    return config, agent


def walk(bench):
    """Every sensor is seen once; its alerts are tests, and end with the walk; afterwards a press is real again."""
    url = f"mqtt://127.0.0.1:{bench.broker().port}"
    listener = bench.listener(url)
    config, _ = a_home(bench, url)
    person = Typist(bench, config, "--walk")
    person.sees("4 inputs are to be set off")
    wait_for("a walk", lambda: walks(bench))
    check("error" in bench.ask("walk begin"), "two walks at once")
    line(bench, "motion.bedroom", 1, 0)
    person.sees("motion.bedroom is seen; still missing: ")
    line(bench, "door.front", 1)
    line(bench, "panic", 1)
    person.sees("panic is seen; still missing: ")
    check("door.front is seen" not in person.text, "a door that is only opened is no door that works")
    pressed = listener.first("the test", alert("raised", "panic"))["message"]
    check(pressed.get("test") is True, f"not marked as a test: {pressed}")
    line(bench, "panic", 0)
    line(bench, "door.front", 0)
    person.sees("door.front is seen; still missing: smoke.kitchen")
    # Smoke that is still there when the walk ends is a real alarm: it waits until the button is let go.
    line(bench, "smoke.kitchen", 1)
    person.sees("smoke.kitchen is seen; still missing: –")
    person.sees("waiting until these are idle again")
    check(walks(bench), "it ended over a smoke detector that is still tested")
    line(bench, "smoke.kitchen", 0)
    code = person.ends()
    check(code == 0 and "walk.smoke.kitchen" in person.text, f"exit code {code}: {person.text}")
    wait_for("the end of the walk", lambda: not walks(bench) and bench.status()["mode"] == "home")
    listener.first("word of it", lambda m: m["topic"].endswith("/events") and m["message"].get("code") == "walk-ended")
    wait_for("an empty alarm lane", lambda: bench.status()["upstream"]["waiting"].get("alarm", 0) == 0)
    line(bench, "panic", 1)
    real = listener.first("the real one", lambda m: alert("raised", "panic")(m) and not m["message"].get("test"))
    check(real["message"]["alertId"] != pressed["alertId"], f"the same alert: {real}")
    check(bench.ask("tested") == {}, "a passed self-test is not taken")
    listener.first("word of a passed self-test", lambda m: m["message"].get("code") == "tested")


def walk_ends_with_its_terminal(bench):
    """Ctrl-C: what was found so far. A terminal that dies: the daemon ends the walk. A daemon that dies: it goes on."""
    url = f"mqtt://127.0.0.1:{bench.broker().port}"
    config, agent = a_home(bench, url)
    person = Typist(bench, config, "--walk")
    person.sees("4 inputs")
    line(bench, "motion.bedroom", 1)
    person.sees("motion.bedroom is seen")
    agent.end(signal.SIGKILL)
    agent = bench.agent(config, name="agent-again")
    wait_for("the walk after a restart", lambda: walks(bench))
    line(bench, "panic", 1)
    person.sees("panic is seen; still missing: ")
    check(all(a.get("test") for a in bench.status()["alerts"]), f"not all are tests: {bench.status()['alerts']}")
    line(bench, "panic", 0)
    person.types("\x03")
    code = person.ends()
    check(code == 3, f"exit code {code}: {person.text}")
    check("walk.smoke.kitchen: smoke.kitchen was not set off" in person.text, f"said {person.text}")
    wait_for("the end of the walk", lambda: not walks(bench))
    second = Typist(bench, config, "--walk")
    second.sees("4 inputs")
    second.child.kill()
    second.ends()
    wait_for("the end of the second walk", lambda: not walks(bench))
    # Nobody ends it, and its time is over: said to the cloud, in the log and by the siren, never silently.
    listener = bench.listener(url)
    wait_for("the listener", lambda: "listening to" in listener.child.text())
    with socket.socket(socket.AF_UNIX) as held:
        held.connect(str(bench.folder / "run" / "control.sock"))
        held.sendall(b"walk begin 1\n")
        listener.first("word of its end", lambda m: m["message"].get("code") == "walk-ended")
        wait_for("the end of the third walk", lambda: not walks(bench))
    check("the walk through the home is over after" in agent.text(), "the log does not say so")
    alone = bench.run("self-test", "--config", config, "--state", bench.folder / "state", "--walk", stdin=subprocess.DEVNULL, env=places(bench))
    check(alone.returncode == 2 and "--yes" in alone.stderr, f"without a terminal: {alone.returncode} {alone.stderr}")
    agent.end()
    nobody = bench.run("self-test", "--config", config, "--walk", "--yes", env=places(bench))
    check(nobody.returncode == 4 and "systemctl start" in nobody.stderr, f"without a daemon: {nobody.returncode} {nobody.stderr}")
    both = bench.run("self-test", "--walk", "--offline")
    check(both.returncode == 2, f"two at once: {both.returncode}")


def offline(bench):
    """The cable is pulled and plugged in: the siren is heard meanwhile, and the alert arrives late and is accepted."""
    broker = bench.broker()
    config, _ = a_home(bench, f"mqtt://127.0.0.1:{broker.port}")
    person = Typist(bench, config, "--offline")
    person.sees("Pull the network cable")
    broker.end(signal.SIGKILL)
    person.sees("Did you hear it?")
    person.types("y\n")
    person.sees("Plug the network cable in again")
    broker = bench.broker(port=broker.port)
    listener = bench.listener(f"mqtt://127.0.0.1:{broker.port}", "--acknowledge")
    code = person.ends()
    check(code == 0, f"exit code {code}: {person.text}")
    for name in ("offline.noticed", "offline.sound", "offline.arrived"):
        check(f"pass     {name}" in person.text, f"{name}: {person.text}")
    raised = listener.first("the alert", alert("raised", "self-test"))["message"]
    check(raised.get("test") is True and raised["header"].get("late") is True, f"said {raised}")
    wait_for("an empty alarm lane", lambda: bench.status()["upstream"]["waiting"].get("alarm", 0) == 0)
    # Somebody gives up in the middle: nothing is left behind.
    person = Typist(bench, config, "--offline")
    person.sees("Pull the network cable")
    broker.end(signal.SIGKILL)
    person.sees("Did you hear it?")
    person.types("\x03")
    check(person.ends() == 1, f"said {person.text}")
    wait_for("the end of the test alert", lambda: bench.status()["upstream"]["waiting"].get("alarm", 0) == 0)


def power_cut(bench):
    """What is noted before the cut is there after it; a card that forgot everything is found."""
    broker = bench.broker()
    config, agent = a_home(bench, f"mqtt://127.0.0.1:{broker.port}")
    line(bench, "panic", 1)
    wait_for("an alarm that waits", lambda: bench.status()["alerts"] and bench.ask("records")["waiting"])
    note = bench.folder / "state" / "power-cut.json"

    def run():
        done = bench.run("self-test", "--config", config, "--state", bench.folder / "state", "--power-cut", "--yes", "--format", "json",
                         env=places(bench))
        check(done.stdout.startswith("{"), f"exit code {done.returncode}: {done.stdout}{done.stderr}")
        return done.returncode, {c["name"]: c["code"] for c in json.loads(done.stdout)["checks"]}

    def cut(agent, name, forgets=False):
        agent.end(signal.SIGKILL)
        if forgets:
            for file in (bench.folder / "state").glob("outbox.db*"):
                file.unlink()
        # A machine is not restarted for a test: the note is of another start of the board.
        note.write_text(json.dumps({**json.loads(note.read_text()), "bootID": "another"}))
        agent = bench.agent(config, name=name)
        wait_for("the daemon", lambda: (s := bench.status()) and s["signals"])
        return agent

    check(run() == (3, {"power-cut.restarted": "powerNoted"}), f"first: {run()}")
    check(run() == (3, {"power-cut.restarted": "powerNotCut"}), "the power was not away")
    agent = cut(agent, "agent-2")
    code, found = run()
    check(code == 0 and found == {
        "power-cut.restarted": "powerRestarted", "power-cut.ids": "powerIDsKept", "power-cut.windows": "powerWindowsKept",
        "power-cut.alerts": "powerAlertsKept"}, f"after the cut: {code} {found}")
    check(not note.exists(), "the note is still there")
    run()
    check(list((bench.folder / "state").glob("outbox.db*")), "the database has another name now")
    cut(agent, "agent-3", forgets=True)
    code, found = run()
    check(code == 1 and found["power-cut.restarted"] == "powerStarts" and found["power-cut.alerts"] == "powerAlertsLost",
          f"after a card that forgot: {code} {found}")


TESTS = [walk, walk_ends_with_its_terminal, offline, power_cut]
