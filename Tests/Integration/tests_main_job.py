"""Readings, heartbeats and alarms from meters that are not ours to a broker that is not ours."""
import signal

import homes
from peers import Certificates, Failed, free_port, wait_for


def check(condition, message):
    if not condition:
        raise Failed(message)


def alert(event, rule=None):
    return lambda m: (m["topic"].endswith("/alerts") and m["message"].get("event") == event
                      and (rule is None or m["message"].get("rule") == rule))


def series(listener):
    """Every good point of every series that has arrived: signal → values in order."""
    points = {}
    for seen in listener.take():
        if not seen["topic"].endswith("/readings"):
            continue
        for one in seen["message"].get("series", []):
            value, values = 0, []
            for delta in [one.get("baseValue", 0), *one.get("valueDeltas", [])]:
                value += int(delta)
                values.append(value)
            qualities = one.get("qualities", ["good"] * len(values))
            good = [value for value, quality in zip(values, qualities) if quality == "good"]
            if good:
                points.setdefault(one["signal"], []).extend(good)
    return points


def whole_way(bench, bus, broker_options, url, encoding):
    """Readings, a heartbeat and a panic alert arrive and are accepted."""
    listener = bench.listener(url, *broker_options["listen"], "--acknowledge")
    config = bench.write("home.toml", homes.home(
        bus, homes.METERS, homes.RULES, homes.upstream(url, broker_options["home"], encoding=encoding)))
    bench.agent(config, "--speed", "20")
    listener.first("the birth message", lambda m: m["topic"].endswith("/status") and m["message"].get("state") == "online")
    listener.first("a heartbeat with fine coverage", lambda m: m["topic"].endswith("/heartbeat")
                   and any(s["name"] == "water.volume" and "ageMs" in s for s in m["message"].get("signals", [])))
    points = wait_for("readings of both meters", lambda: (
        lambda p: p if "water.volume" in p and "power.energy" in p else None)(series(listener)))
    check(points["water.volume"][0] == 412_345_000, f"water is {points['water.volume'][0]} mL, not 412345000")
    check(points["power.energy"][0] == 3_178_250_000, f"energy is {points['power.energy'][0]} mWh, not 3178250000")
    check(points["power.power"][0] == 287_500, f"power is {points['power.power'][0]} mW, not 287500")
    bench.ask("line PANIC 1")
    raised = listener.first("the panic alert", alert("raised", "panic"))["message"]
    bench.ask("line PANIC 0")
    check(raised["severity"] == "red", f"severity {raised['severity']}")
    check(not raised["header"].get("late", False), "a live alarm is marked late")
    listener.first("the acknowledgement's echo", alert("acknowledged", "panic"))
    listener.first("the end of the alert", alert("cleared", "panic"))
    wait_for("an empty alarm lane", lambda: bench.status()["upstream"]["waiting"].get("alarm", 0) == 0)


def pymodbus_tcp_and_broker_with_tls(bench):
    certificates = Certificates(bench.folder)
    broker = bench.broker(tls=certificates)
    tls = ["--ca-file", certificates.ca, "--certificate-file", certificates.client, "--key-file", certificates.client_key]
    port = bench.meters_tcp()
    whole_way(bench, homes.tcp_bus(port), {"listen": tls, "home": homes.tls_keys(certificates)},
              f"mqtts://localhost:{broker.port}", "protobuf")


def pymodbus_rtu_and_broker_with_password(bench):
    broker = bench.broker(password=("hub", "open sesame"))
    secret = bench.write("secret", "open sesame\n")
    login = ["--user", "hub", "--password-file", secret]
    tty = bench.meters_rtu()
    whole_way(bench, homes.rtu_bus(tty), {"listen": login, "home": f'user = "hub"\npassword-file = "{secret}"\n'},
              f"mqtt://127.0.0.1:{broker.port}", "json")


def broker_away_for_ten_minutes_and_agent_killed(bench):
    """Every alert raised meanwhile arrives once per id, late, in order, before any reading."""
    speed = 30
    port = bench.meters_tcp()
    broker, hub_port = bench.broker(), free_port()
    network = bench.network(hub_port, broker)
    places = ["bath", "bed", "hall", "stairs"]
    more = "".join(f'\n[[input]]\nname = "smoke.{place}"\nkind = "smoke"\nline = "SMOKE-{place}"\n' for place in places)
    config = bench.write("home.toml", homes.home(
        homes.tcp_bus(port), homes.METERS, homes.RULES + more, homes.upstream(f"mqtt://127.0.0.1:{hub_port}")))
    bench.agent(config, "--speed", str(speed))
    wait_for("the connection", lambda: (s := bench.status()) and s["upstream"]["isConnected"])
    broker.end(signal.SIGKILL)
    network.end(signal.SIGKILL)
    wait_for("the loss to be noticed", lambda: not bench.status()["upstream"]["isConnected"])
    began = bench.status()["unixMilliseconds"]
    alarms = [("panic", "PANIC"), ("smoke.kitchen", "SMOKE")] + [(f"smoke.{place}", f"SMOKE-{place}") for place in places]
    kills = 0
    for number, (rule, line) in enumerate(alarms):
        if number in (2, 4):
            # Killed without a word, with alarms waiting; the next life has a board whose lines are at rest.
            bench.children[-1].end(signal.SIGKILL)
            kills += 1
            bench.agent(config, "--speed", str(speed), name=f"agent-{kills}")
            wait_for("the next life", bench.status)
        bench.ask(f"line {line} 1")
        wait_for(f"{rule} to be raised", lambda: any(
            step["event"] == "raised" and step["alert"].startswith(rule + "/") for step in bench.status()["steps"]))
        wait_for("the record on disk", lambda: bench.status()["upstream"]["waiting"].get("alarm", 0) == number + 1)
        bench.ask(f"line {line} 0")
    wait_for("all of them to be open", lambda: len(
        [a for a in bench.status()["alerts"] if a["severity"] == "red"]) == len(alarms))
    raised = {a["id"] for a in bench.status()["alerts"] if a["severity"] == "red"}
    waiting = bench.status()["upstream"]["waiting"]["alarm"]
    wait_for("ten minutes of agent time", lambda: bench.status()["unixMilliseconds"] - began > 600_000, seconds=60)
    # Somebody listens before the hub can be back: what a broker hands to nobody is lost, and not our matter here.
    broker = bench.broker(port=broker.port)
    listener = bench.listener(f"mqtt://127.0.0.1:{broker.port}", "--acknowledge")
    wait_for("the listener", lambda: "listening to" in listener.child.text())
    bench.network(hub_port, broker)
    for rule, _ in alarms:
        listener.first(f"{rule}'s end", alert("cleared", rule), seconds=90)
    listener.first("a reading", lambda m: m["topic"].endswith("/readings"), seconds=60)
    records = [m for m in listener.take() if m["topic"].split("/")[-1] in ("alerts", "readings")]
    arrived = [m["message"] for m in records if m["topic"].endswith("/alerts") and m["message"]["event"] == "raised"
              and m["message"]["severity"] == "red"]
    check({a["alertId"] for a in arrived} == raised, f"arrived: {[a['alertId'] for a in arrived]}, raised: {sorted(raised)}")
    check(len(arrived) == len(raised), f"{len(arrived)} messages for {len(raised)} alarms")
    check(all(a["header"].get("late") for a in arrived), "an alarm from before the connection is not marked late")
    sequences = [int(a["header"]["sequence"]) for a in arrived]
    check(sequences == sorted(sequences), f"out of order: {sequences}")
    first_reading = next(i for i, m in enumerate(records) if m["topic"].endswith("/readings"))
    last_alarm = max(i for i, m in enumerate(records) if m["topic"].endswith("/alerts") and m["message"] in arrived)
    check(last_alarm < first_reading, "a reading came before an alarm")
    return f"{len(arrived)} alarms, {kills} kills, {waiting} records waited in the alarm lane"


def a_second_broker_behind_tls(bench):
    """Alarms go by it while the first is away; a stranger's certificate is refused, and status says what to do."""
    first, certificates = bench.broker(), Certificates(bench.folder)
    second = bench.broker(tls=certificates)
    url = f"mqtts://localhost:{second.port}"
    (bench.folder / "other").mkdir()
    stranger = Certificates(bench.folder / "other")

    def home(keys):
        return homes.home(up=homes.upstream(f"mqtt://127.0.0.1:{first.port}") + f'\n[upstream.fallback]\nbroker = "{url}"\n{keys}')

    good = homes.tls_keys(certificates)
    agent = bench.agent(bench.write("home.toml", home(good.replace(str(certificates.ca), str(stranger.ca)))))
    fault = wait_for("the refusal", lambda: next((f for f in (bench.status() or {"faults": []})["faults"] if "certificate" in f), None))
    check(f"localhost:{second.port}" in fault and "ca-file" in fault, f"said {fault}")
    check(not bench.status()["upstream"]["isFallbackConnected"], "it is connected to a stranger")
    agent.end()

    listener = bench.listener(url, "--acknowledge", "--ca-file", certificates.ca, "--certificate-file", certificates.client,
                              "--key-file", certificates.client_key)
    bench.agent(bench.write("home.toml", home(good)), name="trusted")
    wait_for("both brokers", lambda: (s := bench.status()) and s["upstream"]["isConnected"] and s["upstream"]["isFallbackConnected"])
    first.end(signal.SIGKILL)
    wait_for("the loss to be noticed", lambda: not bench.status()["upstream"]["isConnected"])
    bench.ask("line PANIC 1")
    listener.first("the alarm by the second broker", alert("raised", "panic"), seconds=60)
    bench.ask("line PANIC 0")
    wait_for("the alert to be over", lambda: not [a for a in bench.status()["alerts"] if a["severity"] == "red"])
    wait_for("an empty alarm lane", lambda: bench.status()["upstream"]["waiting"].get("alarm", 0) == 0)


def acknowledgement_in_json_by_hand(bench):
    """Somebody with mosquitto_pub alone accepts an alarm."""
    import json
    import subprocess
    broker = bench.broker()
    url = f"mqtt://127.0.0.1:{broker.port}"
    listener = bench.listener(url)
    config = bench.write("home.toml", homes.home(up=homes.upstream(url, encoding="json")))
    agent = bench.agent(config)
    wait_for("the connection", lambda: (s := bench.status()) and s["upstream"]["isConnected"])
    bench.ask("line PANIC 1")
    raised = listener.first("the panic alert", alert("raised", "panic"))["message"]
    bench.ask("line PANIC 0")
    answer = {"id": raised["header"]["id"], "level": "accepted", "by": "Mrs Wang"}
    subprocess.run(["mosquitto_pub", "-p", str(broker.port), "-q", "1", "-t", "homes/test-home/acks",
                    "-m", json.dumps(answer)], check=True)
    accepted = listener.first("the acknowledged step", alert("acknowledged", "panic"))["message"]
    answer["id"] = "0" * 32
    subprocess.run(["mosquitto_pub", "-p", str(broker.port), "-q", "1", "-t", "homes/test-home/acks",
                    "-m", json.dumps(answer)], check=True)
    wait_for("a word about an answer to nothing", lambda: "names no record" in agent.text())
    check("Mrs Wang" in " ".join(accepted["reasons"]), f"nobody says who accepted: {accepted['reasons']}")


TESTS = [
    pymodbus_tcp_and_broker_with_tls,
    pymodbus_rtu_and_broker_with_password,
    broker_away_for_ten_minutes_and_agent_killed,
    a_second_broker_behind_tls,
    acknowledgement_in_json_by_hand,
]
