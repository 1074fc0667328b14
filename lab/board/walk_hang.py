"""Hangs: one thread stopped, the whole process stopped. systemd's watchdog ends it; the home goes on where it was."""
import re
import time

from peers import wait_for
from tap import check

# Nobody makes progress for 30 s, then the watchdog is not fed for 60 s, then up to 10 s for an abort; and an emulated start.
PATIENCE = 180


def boots_with_alarm(lab):
    """A home with an open alarm that nobody has accepted."""
    lab.board.power_on()
    ready = lab.board.wait_ready()
    lab.start_meters()
    wait_for("water", lambda: "412" in str(lab.board.status()["signals"]), 60)
    lab.board.press("PANIC")
    _, alert = lab.cloud.raised("panic")
    lab.alert = alert["alertId"]
    # Accepted is for later: until then the alarm goes on, through every hang.
    return f"ready {ready:.1f} s after power-on, {lab.alert}"


def hang(lab, stop):
    """Stops something by a shell command, awaits the next life of the service, and looks whether it goes on."""
    board = lab.board
    before = board.unit("MainPID", "NRestarts")
    window = low_use(board)
    said = board.shell(stop.replace("PID", before["MainPID"]))
    began = time.monotonic()
    now = wait_for("systemd to start it again", lambda: (u := board.unit("MainPID", "NRestarts", "ActiveState"))
                   ["NRestarts"] != before["NRestarts"] and u["ActiveState"] == "active" and u, PATIENCE)
    restarted = time.monotonic()
    wait_for("the same alert in status", lambda: any(a["id"] == lab.alert for a in (board.status() or {"alerts": []})["alerts"]), 30)
    board.wait_output("SIREN", 1, seconds=30)
    check(now["MainPID"] != before["MainPID"], "it is the same process")
    reason = board.shell("journalctl -u edge-agent --no-pager -o cat | grep -iE 'watchdog' | tail -3", check=False).replace("\n", " / ")
    alerts = [a["id"] for a in board.status()["alerts"] if a["rule"] == "panic"]
    check(alerts == [lab.alert], f"open alerts of panic: {alerts}, before: {lab.alert}")
    return (f"{said or 'stopped'}; a new process {restarted - began:.0f} s later, the same alert open, the siren on; "
            f"low use before \"{window}\", after \"{low_use(board)}\"; {reason[:160]}")


def low_use(board):
    return next((re.sub(r"\s+", " ", rule["reason"]) for rule in board.status()["rules"] if rule["kind"] == "low-use"), "")


def stop_thread(name):
    # Ends by itself when the process does; in the background, for it has to stay.
    return (f"stop-thread PID {name} >/run/stopped 2>&1 </dev/null & "
            "for i in 1 2 3 4 5 6 7 8 9 10; do grep . /run/stopped && break; sleep 0.5; done; grep -q ^stopped /run/stopped")


def lines_hang(lab):
    """The lines' thread hangs."""
    return hang(lab, stop_thread("lines"))


def home_hangs(lab):
    """The home's thread hangs."""
    return hang(lab, stop_thread("home"))


def outbox_hangs(lab):
    """The outbox's thread hangs."""
    return hang(lab, stop_thread("outbox"))


def bus_hangs(lab):
    """The bus's thread hangs."""
    return hang(lab, stop_thread("bus-rs485"))


def process_stops(lab):
    """The whole process is stopped (SIGSTOP)."""
    return hang(lab, "kill -STOP PID")


SCENARIOS = [boots_with_alarm, lines_hang, home_hangs, outbox_hangs, bus_hangs, process_stops]
