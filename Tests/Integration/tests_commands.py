"""Commands as an integrator gives them: JSON through mosquitto_pub, answers through `listen`."""
import base64
import hashlib
import json
import signal
import subprocess
import time

import homes
from peers import free_port, openssl, wait_for
from tests_main_job import alert, check

VISITS_AND_HEAT = """
[[input]]
name = "visit"
kind = "visit"
line = "VISIT"

[[output]]
name = "buzzer"
kind = "buzzer"
line = "BUZZER"

[[rule]]
name = "visits"
kind = "visit-overdue"
signal = "visit"
every = "7d"

[[rule]]
name = "heat"
kind = "heat-and-still"
signals = ["temperature.outside", "motion.bedroom"]
"""


class Platform:
    """The other side: gives commands with ids of its own, and waits for what is answered."""

    def __init__(self, bench, broker, *options):
        self.port, self.count = broker.port, 0
        self.topic = "homes/test-home/commands"
        self.listener = bench.listener(f"mqtt://127.0.0.1:{broker.port}", *options)
        wait_for("the listener", lambda: "listening to" in self.listener.child.text())

    def command(self, **action):
        self.count += 1
        now = int(time.time() * 1000)
        return {"id": f"it-{self.count:08}", "givenUnixMs": str(now), "expiresUnixMs": str(now + 600_000),
                "by": "Mei", "home": "test-home", **action}

    def publish(self, payload):
        subprocess.run(["mosquitto_pub", "-p", str(self.port), "-q", "1", "-t", self.topic, "-s"],
                       input=payload, check=True)

    def replies(self, command_id):
        return [m["message"] for m in self.listener.take()
                if m["topic"].endswith("/replies") and m["message"].get("commandId", "") == command_id]

    def give(self, command, count=1, seconds=30):
        """Sends it and returns the answer, or of several the last."""
        self.publish(json.dumps(command).encode())
        return self.answer(command["id"], count, seconds)

    def answer(self, command_id, count=1, seconds=30):
        return wait_for(f"answer {count} to '{command_id}'", lambda: (
            lambda r: r[count - 1] if len(r) >= count else None)(self.replies(command_id)), seconds)

    def done(self, **action):
        command = self.command(**action)
        reply = self.give(command)
        check(reply["outcome"] == "done" and reply["code"] == "done" and not reply.get("repeated"),
              f"{action}: {reply}")
        return command, reply

    def refused(self, code, **action):
        command = self.command(**action)
        reply = self.give(command)
        check(reply["outcome"] == "refused" and reply["code"] == code, f"{action}: {reply}, not {code}")
        return reply


def connected(bench):
    wait_for("the connection", lambda: (s := bench.status()) and s["upstream"]["isConnected"])


def signal_value(bench, name):
    return next(s.get("value") for s in bench.status()["signals"] if s["name"] == name)


def a_self_test_from_afar(bench, broker, platform):
    """The installer's checklist, test alert and all: begun at once, answered when somebody has accepted the alert."""
    command = platform.command(selfTest={})
    check(platform.give(command)["outcome"] == "begun", "a self-test is not begun")
    test = platform.listener.first("the test alert", alert("raised", "self-test"))["message"]
    check(test.get("test") is True, f"it is not marked as a test: {test}")
    answer = {"id": test["header"]["id"], "level": "accepted", "by": "Mei", "atUnixMs": str(int(time.time() * 1000))}
    subprocess.run(["mosquitto_pub", "-p", str(broker.port), "-q", "1", "-t", "homes/test-home/acks", "-m", json.dumps(answer)], check=True)
    reply = platform.answer(command["id"], count=2, seconds=90)
    check(reply["outcome"] == "done", f"{reply}")
    found = {c["name"]: c["verdict"] for c in json.loads(reply["bundle"])["checks"]}
    check(found["broker.test-alert"] == "pass" and found["line.panic"] == "pass", f"found {found}")
    check(found["output.siren.noticed"] == "untested", "somebody was asked who is not there")
    check(str(bench.folder) not in reply["bundle"] and str(broker.port) not in reply["bundle"], f"bundle {reply['bundle']}")


def every_command_once_and_across_a_kill(bench):
    broker = bench.broker()
    # Nobody else takes anything on.
    platform = Platform(bench, broker)
    config = bench.write("home.toml", homes.home(
        rules=VISITS_AND_HEAT, up=homes.upstream(f"mqtt://127.0.0.1:{broker.port}", heartbeat="5m", encoding="json")))
    agent = bench.agent(config)
    connected(bench)

    away, reply = platform.done(setMode={"mode": "away", "lastingSeconds": "3600"})
    check("set by Mei" in reply["text"], f"{reply}")
    wait_for("away", lambda: bench.status()["mode"] == "away")
    platform.done(setMode={"mode": "maintenance"})
    wait_for("maintenance", lambda: bench.status()["mode"] == "maintenance")
    platform.done(setMode={"mode": "home"})
    wait_for("home", lambda: bench.status()["mode"] == "home")
    platform.done(recordVisit={})
    platform.done(weather={"temperature": "36500"})
    wait_for("the weather", lambda: signal_value(bench, "temperature.outside") == "36.5 °C")
    platform.done(setHeartbeat={"seconds": "60"})
    platform.listener.first("a heartbeat of that period", lambda m: m["topic"].endswith("/heartbeat")
                            and m["message"].get("nextDueSeconds") == "60")
    platform.done(locate={"seconds": "1"})
    platform.refused("not-here", confirmMeter={"signal": "water.volume", "wasReplaced": True})
    _, reply = platform.done(sendStatus={})
    bundle = json.loads(reply["bundle"])
    check(bundle["home"] == "test-home" and str(broker.port) not in reply["bundle"], f"bundle {bundle}")
    a_self_test_from_afar(bench, broker, platform)
    bench.ask("line PANIC 1")
    raised = platform.listener.first("the panic alert", alert("raised", "panic"))["message"]
    bench.ask("line PANIC 0")
    platform.done(acknowledge={"alertId": raised["alertId"]})
    platform.listener.first("the acknowledged step", alert("acknowledged", "panic"))
    for code, count in [("command-done", 10), ("command-refused", 1)]:
        wait_for(f"{count} events {code}", lambda code=code, count=count: len([
            m for m in platform.listener.take()
            if m["topic"].endswith("/events") and m["message"]["code"] == code]) >= count)

    # Once only, in the same life and in the next.
    check(platform.give(away, count=2)["repeated"], "a repetition is not called so")
    check(bench.status()["mode"] == "home", "a repetition was done")
    agent.end(signal.SIGKILL)
    bench.agent(config, name="again")
    connected(bench)
    reply = platform.give(away, count=3)
    check(reply["repeated"] and reply["outcome"] == "done", f"{reply}")
    check(bench.status()["mode"] == "home", "a repetition was done after a kill")
    wait_for("the weather of before", lambda: signal_value(bench, "temperature.outside") == "36.5 °C")
    return f"{platform.count} commands"


def commands_signed_and_refused(bench):
    keys = {}
    for name in ("right", "wrong"):
        keys[name] = bench.folder / f"{name}.pem"
        openssl("genpkey", "-algorithm", "ed25519", "-out", keys[name])
    openssl("pkey", "-in", keys["right"], "-pubout", "-out", bench.folder / "command-key.pem")
    broker = bench.broker()
    platform = Platform(bench, broker, "--acknowledge")
    config = bench.write("home.toml", homes.home(up=homes.upstream(
        f"mqtt://127.0.0.1:{broker.port}", 'command-key = "command-key.pem"\n')))
    bench.agent(config)
    connected(bench)

    def signed(key, command):
        inner = bench.folder / "inner.json"
        inner.write_text(json.dumps(command))
        openssl("pkeyutl", "-sign", "-inkey", keys[key], "-rawin", "-in", inner, "-out", bench.folder / "signature")
        return json.dumps({name: base64.b64encode((bench.folder / file).read_bytes()).decode()
                           for name, file in [("signed", "inner.json"), ("signature", "signature")]}).encode()

    platform.refused("unsigned", setMode={"mode": "away"})
    good = platform.command(setMode={"mode": "away"})
    platform.publish(signed("wrong", good))
    check(platform.answer("")["code"] == "bad-signature", "the wrong key passes")
    check(bench.status()["mode"] == "home", "the wrong key has set the mode")
    envelope = signed("right", good)
    platform.publish(envelope)
    check(platform.answer(good["id"])["outcome"] == "done", "the right key does not pass")
    wait_for("the mode", lambda: bench.status()["mode"] == "away")
    # Played back by whoever has heard it.
    platform.publish(envelope)
    check(platform.answer(good["id"], count=2)["repeated"], "a replay is not noticed")
    other = {**platform.command(setMode={"mode": "home"}), "home": "other-home"}
    platform.publish(signed("right", other))
    check(platform.answer(other["id"])["code"] == "not-here", "another home's command is taken")

    answered = len(platform.replies(""))
    for payload, code in [(b"{", "malformed"), (b"\xff\xff", "malformed"), (b'{"x":"' + b"x" * 70_000 + b'"}', "too-large")]:
        platform.publish(payload)
        answered += 1
        check(platform.answer("", answered)["code"] == code, f"{payload[:8]} is not {code}")
    for number in range(40):
        platform.publish(b"{%d" % number)
    wait_for("too many", lambda: any(r["code"] == "too-many" for r in platform.replies("")))
    check(bench.status()["mode"] == "away", "something that was refused was done")
    return f"{len(platform.replies(''))} refusals answered"


def offered_configurations_prove_themselves(bench):
    """Kept, or given back: no broker, a crash. `--speed`: the probation of a minute takes two seconds."""
    broker = bench.broker()
    platform = Platform(bench, broker, "--acknowledge")
    url = f"mqtt://127.0.0.1:{broker.port}"
    speed = ("--speed", "30")
    installed = homes.home(up=homes.upstream(url))
    config = bench.write("home.toml", installed)
    agent = bench.agent(config, *speed)
    connected(bench)

    def rules():
        return [r["name"] for r in (bench.status() or {"rules": []})["rules"]]

    def offer(text, probation="60"):
        return platform.command(offerConfiguration={
            "text": text, "sha256": hashlib.sha256(text.encode()).hexdigest(), "probationSeconds": probation})

    def rule(name):
        return f'\n[[rule]]\nname = "{name}"\nkind = "input-active"\nsignal = "smoke.kitchen"\n'

    def given_back(text, why):
        command = offer(text)
        check(platform.give(command)["outcome"] == "begun", "it is not begun")
        reply = platform.answer(command["id"], count=2, seconds=60)
        check(reply["outcome"] == "failed" and reply["code"] == "returned" and why in reply["text"], f"{reply}")
        connected(bench)

    reply = platform.give(offer(installed.replace("[home]", "[hoem]")))
    check(reply["code"] == "invalid" and "home" in reply["text"], f"{reply}")
    bench.ask("line PANIC 1")
    raised = platform.listener.first("the panic alert", alert("raised", "panic"))["message"]
    bench.ask("line PANIC 0")
    # `listen --acknowledge` takes it on, and with that it is over.
    wait_for("the end of the alert", lambda: not bench.status()["alerts"])
    check(raised["severity"] == "red", "a panic alert that is not red")

    first = offer(installed + rule("first"))
    check(platform.give(first)["outcome"] == "begun", "a good offer is not begun")
    wait_for("the offered rule", lambda: "first" in rules())
    kept = platform.answer(first["id"], count=2, seconds=60)
    check(kept["outcome"] == "done" and "stays" in kept["text"], f"{kept}")
    check(agent.child.poll() is None, "the process has ended")
    check("trying out" in bench.status().get("configurationRemark", ""), "status does not say what it runs with")

    given_back(installed.replace(url, f"mqtt://127.0.0.1:{free_port()}") + rule("second"), "broker was not reached")
    check("first" in rules() and "second" not in rules(), f"not the last good one: {rules()}")

    # Killed while it is tried out, which looks like a crash.
    third = offer(installed + rule("third"), probation="86400")
    check(platform.give(third)["outcome"] == "begun", "a third offer is not begun")
    wait_for("the third rule", lambda: "third" in rules())
    connected(bench)
    agent.end(signal.SIGKILL)
    agent = bench.agent(config, *speed, name="after-crash")
    reply = platform.answer(third["id"], count=2, seconds=60)
    check(reply["code"] == "returned" and "ended while it was tried out" in reply["text"], f"{reply}")
    check("first" in rules() and "third" not in rules(), f"not the last good one: {rules()}")
    platform.publish(json.dumps(third).encode())
    check(platform.answer(third["id"], count=3)["repeated"], "an offer is taken twice")

    # An installer's hand counts for more than what was offered before it.
    agent.end()
    bench.write("home.toml", installed + rule("by-hand"))
    bench.agent(config, *speed, name="by-hand")
    wait_for("the rule written by hand", lambda: "by-hand" in rules() and "first" not in rules())
    for code in ("configuration-accepted", "configuration-returned"):
        platform.listener.first(code, lambda m, code=code: m["topic"].endswith("/events") and m["message"]["code"] == code)
    return "one kept, one without a broker, one crash, one by hand"


TESTS = [
    every_command_once_and_across_a_kill,
    commands_signed_and_refused,
    offered_configurations_prove_themselves,
]
