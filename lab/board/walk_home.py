"""An ordinary home on the board: boot, alarms, meters on the dongle, the network away and back, an offered configuration."""
import hashlib
import time

from cloud import configuration, is_step, points_of, series_of
from peers import wait_for
from tap import check

PATIENCE = 60


def boots(lab):
    """Boot with the panic button held: the first line's verdict."""
    board, cloud = lab.board, lab.cloud
    board.levels[0] = 1
    began = time.monotonic()
    board.power_on()
    siren = board.wait_output("SIREN", 1, seconds=180, since=began)
    ready = board.wait_ready()
    _, alert = cloud.raised("panic", seconds=120)
    seen, _ = start_times(board, alert)
    board.pin("PANIC", 0)
    cloud.accept(alert)
    cloud.cleared("panic")
    return f"siren {siren - began:.1f} s and ready {ready:.1f} s after power-on; {seen}"


def start_times(board, alert):
    """What the service's start took, by systemd's stamps and the record's of the moment of the verdict: in words, and
    the program's own part of it until the verdict in milliseconds."""
    names = ["InactiveExit", "ExecMainHandoff", "ActiveEnter"]
    stamps = board.unit(*(f"{name}TimestampMonotonic" for name in names))
    begun, program, active = (int(stamps[f"{name}TimestampMonotonic"]) / 1000 for name in names)
    verdict = int(alert["header"]["bootMs"])
    return (f"first verdict {verdict - program:.0f} ms and ready {active - program:.0f} ms after the program began, "
            f"which systemd's sandbox took {program - begun:.0f} ms to do"), verdict - program


def starts_quickly(lab):
    """The service starts anew on the idle board, the button held (goal: first verdict within 1 s)."""
    board, cloud = lab.board, lab.cloud
    seen, own = [], []
    for _ in range(3):
        board.shell("systemctl stop edge-agent")
        mark = cloud.mark()
        board.pin("PANIC", 1)
        board.shell("systemctl start edge-agent")
        _, alert = cloud.raised("panic", mark)
        said, milliseconds = start_times(board, alert)
        seen.append(said)
        own.append(milliseconds)
        board.pin("PANIC", 0)
        cloud.accept(alert)
        cloud.cleared("panic", mark)
    check(sorted(own)[1] <= 1000, f"the program takes too long to its first verdict: {'; '.join(seen)}")
    return "; ".join(seen)


def tells(lab):
    """Panic, smoke, leak and door arrive as what they are, motion as a reading."""
    seen = []
    for pin, active, rule, severity, latched in [
        ("PANIC", 1, "panic", "red", True), ("SMOKE", 1, "smoke.kitchen", "red", True),
        ("LEAK", 1, "leak", "orange", False), ("DOOR", 0, "door-open", "yellow", False),
    ]:
        mark = lab.cloud.mark()
        began = lab.board.pin(pin, active)
        when, alert = lab.cloud.raised(rule, mark)
        check(alert["severity"] == severity, f"{rule} is {alert['severity']}, not {severity}")
        lab.board.pin(pin, 1 - active)
        lab.cloud.accept(alert)
        lab.cloud.cleared(rule, mark)
        seen.append(f"{rule} {severity} after {(when - began) * 1000:.0f} ms")
    mark = lab.cloud.mark()
    lab.board.press("MOTION", 0.2)

    def has_motion(message):
        series = series_of(message).get("motion.bedroom")
        return series and any(value == 1 for _, value, _ in points_of(series))

    when, _ = lab.cloud.first("motion among the readings", "readings", has_motion, mark, seconds=90)
    return ", ".join(seen) + ", motion among the readings"


def sounds(lab):
    """The siren sounds at once, goes on until somebody accepts, then is silent."""
    mark = lab.cloud.mark()
    began = lab.board.press("PANIC")
    heard = lab.board.wait_output("SIREN", 1, since=began)
    _, alert = lab.cloud.raised("panic", mark)
    # The temporal pattern of ISO 8201: on 0.5, off 0.5, three times, then a pause of 1.5 s.
    for _ in range(4):
        lab.board.wait_output("SIREN", 1, seconds=10)
    accepted = time.monotonic()
    lab.cloud.accept(alert)
    lab.cloud.cleared("panic", mark)
    time.sleep(3)  # longer than any pause of the pattern: what is silent now stays silent
    later = [edge for edge in lab.board.edges if edge[1] == "SIREN" and edge[2] == 1 and edge[0] > accepted + 2.5]
    check(not later and lab.board.output("SIREN") == 0, f"the siren went on after it was accepted: {later}")
    return f"{(heard - began) * 1000:.1f} ms after the press, silent after it was accepted"


def reads_meters(lab):
    """Two meters on the dongle; it is pulled, which is said, and plugged in again."""
    board, cloud = lab.board, lab.cloud
    mark = cloud.mark()
    lab.start_meters()

    def value(name):
        status = board.status()
        return status and next((s.get("value") for s in status["signals"] if s["name"] == name and not s["missing"]), None)

    water = wait_for("water in status", lambda: value("water.volume"), PATIENCE)
    check(water == "412.345 m3", f"water is {water}")
    power = wait_for("power in status", lambda: value("power.power"), PATIENCE)
    # What does not change is sent once in a quarter of an hour: each signal's first good point.
    for name in ("water.volume", "power.power"):
        def is_read(message, name=name):
            series = series_of(message).get(name)
            return series and any(quality == "good" for *_, quality in points_of(series))

        cloud.first(f"{name} among the readings", "readings", is_read, mark, 90)
    mark, pulled = cloud.mark(), time.monotonic()
    board.unplug()
    fault = wait_for("the fault in status", lambda: (s := board.status()) and next((f for f in s["faults"] if "rs485" in f or "ttyUSB0" in f), None))
    when, silent = cloud.first("'silent-sensor' at the broker", "alerts", is_step("raised", "silent-sensor"), mark, 90)
    mark, plugged = cloud.mark(), time.monotonic()
    board.plug()
    back, _ = cloud.first("the meters' return", "alerts", is_step("cleared", "silent-sensor"), mark, 120)
    wait_for("water in status again", lambda: value("water.volume"), PATIENCE)
    return (f"water {water}, power {power}; pulled: \"{fault[:70]}…\", {silent['signals'][0]} said to be silent after {when - pulled:.1f} s; "
            f"readings back {back - plugged:.1f} s after it was plugged in")


def outlives_the_broker(lab):
    """The broker dies and comes back: all records late, in order, none lost."""
    board, cloud = lab.board, lab.cloud
    cloud.away()
    wait_for("the loss in status", lambda: (s := board.status()) and not s["upstream"]["isConnected"])
    mark = cloud.mark()
    rules = [("PANIC", 1, "panic"), ("SMOKE", 1, "smoke.kitchen"), ("LEAK", 1, "leak"), ("DOOR", 0, "door-open")]
    for pin, active, rule in rules:
        board.pin(pin, active)
        wait_for(f"{rule} in status", lambda: any(a["rule"] == rule for a in (board.status() or {"alerts": []})["alerts"]))
        board.pin(pin, 1 - active)
    gone = time.monotonic()
    cloud.back()
    arrived = [cloud.raised(rule, mark, 120) for _, _, rule in rules]
    sequences = [int(alert["header"]["sequence"]) for _, alert in arrived]
    check(all(alert["header"].get("late") for _, alert in arrived), "not all say that they are late")
    order = [m["rule"] for _, m in cloud.heard("alerts", lambda m: m["event"] == "raised", mark)][: len(rules)]
    check(order == [rule for *_, rule in rules], f"the order is {order}")
    check(sequences == sorted(sequences), f"the sequence is {sequences}")
    for _, alert in arrived:
        cloud.accept(alert)
    for *_, rule in rules:
        cloud.cleared(rule, mark)
    return f"{len(rules)} alarms, in order {sequences}, the first {arrived[0][0] - gone:.1f} s after the broker's return"


def alarms_without_network(lab):
    """The cable is pulled: the home hears its alarm all the same."""
    board, cloud = lab.board, lab.cloud
    board.cable(False)
    mark = cloud.mark()
    began = board.press("SMOKE", 0.5)
    siren = board.wait_output("SIREN", 1, since=began)
    time.sleep(2)
    cloud.not_raised("no record can come without a cable", mark)
    board.cable(True)
    when, alert = cloud.raised("smoke.kitchen", mark, 180)
    cloud.accept(alert)
    cloud.cleared("smoke.kitchen", mark)
    return f"siren {(siren - began) * 1000:.1f} ms after the smoke; at the broker {when - began:.1f} s after it, with the cable back for {when - began - 2:.1f} s"


def takes_an_offer(lab):
    """Under systemd's sandbox: the same process begins anew with an offered configuration, which proves itself and survives a restart."""
    board, cloud = lab.board, lab.cloud
    text = configuration(cloud.port) + '\n[[rule]]\nname = "offered"\nkind = "input-active"\nsignal = "panic"\n'
    before, mark = board.unit("MainPID", "NRestarts"), cloud.mark()

    def rules():
        return [rule["name"] for rule in (board.status() or {"rules": []})["rules"]]

    offer = cloud.command("lab-offer-1", offerConfiguration={
        "text": text, "sha256": hashlib.sha256(text.encode()).hexdigest(), "probationSeconds": "60"})
    began = time.monotonic()

    reply = cloud.first("an answer", "replies", lambda m: m.get("commandId") == offer, mark)[1]
    check(reply["outcome"] == "begun", f"the offer is answered with {reply}")
    wait_for("the offered rule", lambda: "offered" in rules(), PATIENCE)
    anew = time.monotonic() - began
    check(board.unit("MainPID", "NRestarts") == before, "systemd has started another process")
    when, kept = cloud.first("the second answer", "replies", lambda m: m.get("commandId") == offer and m["outcome"] != "begun", mark, 180)
    check(kept["outcome"] == "done", f"it was not kept: {kept}")
    board.shell("systemctl restart edge-agent")
    board.wait_ready()
    check("offered" in wait_for("rules after a restart", rules, PATIENCE), f"forgotten by the restart: {rules()}")
    # For the scenarios behind this one.
    board.shell("systemctl stop edge-agent && rm /var/lib/edge-agent/offers.json && systemctl start edge-agent")
    board.wait_ready()
    check("offered" not in wait_for("rules of the installed file", rules, PATIENCE), "the offer is still in force")
    return f"the offered rule {anew:.1f} s after the command, kept after {when - began:.0f} s, the same process; still there after a restart"


SCENARIOS = [boots, starts_quickly, tells, sounds, reads_meters, outlives_the_broker, alarms_without_network, takes_an_offer]
