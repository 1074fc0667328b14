"""Power cuts of the whole board at random moments; its disk loses a random part of what was not flushed.

After each cut the medium is judged by itself (file system, database, what must be in it), and the next start of the board
by what arrives at the broker.
"""
import contextlib
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import time

from board import LINES
from peers import wait_for
from tap import check

CUTS = int(os.environ.get("EDGE_AGENT_CUTS", "50"))
STATE = "/var/lib/edge-agent"
BOOT_SECONDS = 240
BUTTONS = [("PANIC", 0.1), ("SMOKE", 0.4), ("LEAK", 0.4)]


def live(lab, choice):
    """Some seconds in a home where much happens; ends at a random moment."""
    end = time.monotonic() + choice.uniform(0.1, 8)
    done = []
    while time.monotonic() < end:
        action = choice.random()
        open_alerts = sorted({m["alertId"] for _, m in lab.cloud.heard("alerts", lambda m: m["event"] == "raised")} - lab.cloud.accepted)
        if action < 0.6:
            name, seconds = choice.choice(BUTTONS)
            lab.board.press(name, seconds)
            done.append(name.lower())
        elif action < 0.8 and open_alerts:
            lab.cloud.accept({"alertId": choice.choice(open_alerts)})
            done.append("accept")
        elif action < 0.9:
            lab.board.cable(False)
            done.append("cable out")
        else:
            lab.board.cable(True)
            done.append("cable in")
        time.sleep(min(choice.uniform(0.02, 0.8), max(0, end - time.monotonic())))
    end_of_life = choice.random()
    # The leak is not latched: each time is a new alert, whatever is still open.
    if end_of_life < 0.3:
        # Right into an alarm's way to the disk and the broker, the sensor still wet.
        lab.board.pin("LEAK", 1)
        moment = choice.uniform(0, 0.12)
        time.sleep(moment)
        done.append(f"leak {moment * 1000:.0f} ms before")
    elif end_of_life < 0.8:
        # Between two writes of an alarm's commit: the disk stands still there until the plug is pulled.
        writes = choice.randint(1, 10)
        lab.board.stop_disk(writes)
        lab.board.pin("LEAK", 1)
        time.sleep(1)
        done.append(f"leak and {writes} more writes")
    return done


def medium(lab):
    """What the cut has left, looked at in a copy: (alarms on it as id → alert, remark). Fails on any damage."""
    folder = lab.folder / "medium"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    copy = folder / "disk.img"
    subprocess.run(["cp", "--sparse=always", lab.board.disk_image, copy], check=True)
    repair = subprocess.run(["e2fsck", "-fy", copy], capture_output=True, text=True)
    # 0: clean, 1: corrected (the journal is replayed); beyond that, something was left damaged.
    check(repair.returncode <= 1, f"file system: e2fsck says {repair.returncode}\n{repair.stdout[-1500:]}")
    subprocess.run(["debugfs", "-R", f"rdump {STATE} {folder}", copy], check=True, capture_output=True)
    copy.unlink()
    state = folder / pathlib.Path(STATE).name
    names = sorted(path.name for path in state.iterdir()) if state.exists() else []
    check(not any("damaged" in name for name in names), f"a database was set aside: {names}")
    if "outbox.db" not in names:
        return {}, "no database yet"
    with contextlib.closing(sqlite3.connect(state / "outbox.db")) as database:
        verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
        check(verdict == "ok", f"database: {verdict}")
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        if "alarm" not in tables:
            return {}, f"a database without tables yet: {tables}"
        return dict(database.execute("SELECT id, alert FROM alarm")), "database whole"


def nothing_repeats(lab):
    """One id, one record: whatever came twice was the same, and no sequence number has two ids."""
    records, numbers = {}, {}
    with lab.cloud.lock:
        heard = [m for _, topic, m in lab.cloud.messages if topic in ("alerts", "events", "readings")]
    for message in heard:
        header = message["header"]
        same = {**message, "header": {**header, "late": None}}
        check(records.setdefault(header["id"], same) == same, f"two records have the id {header['id']}")
        check(numbers.setdefault(header["sequence"], header["id"]) == header["id"], f"two records have the number {header['sequence']}")
    return len(records)


def missing(lab, mark):
    """Alarms that the medium or the broker had before the cut and that have not come since `mark`."""
    come = {m["header"]["id"] for _, m in lab.cloud.heard("alerts", since=mark)}
    return sorted(set(lab.owed) - come)


def one_cut(lab, number):
    choice, cloud, board = lab.choice, lab.cloud, lab.board
    mark, done = cloud.mark(), []
    board.power_on()
    if number > 1 and choice.random() < 0.15:
        moment = choice.uniform(0.5, 25)
        time.sleep(moment)
        done = [f"{moment:.1f} s after power-on"]
    else:
        cloud.first("the hub", "status", lambda m: m["state"] == "online", mark, BOOT_SECONDS)
        wait_for(f"{len(lab.owed)} alarms from before the cut", lambda: not missing(lab, mark), 90)
        done = live(lab, choice)
    said = board.cut()
    board.levels = [int(line == "DOOR") for line in LINES]
    records = nothing_repeats(lab)
    waiting = {m["header"]["id"]: m["alertId"] for _, m in cloud.heard("alerts")
               if m["event"] == "raised" and m["severity"] != "technical" and m["alertId"] not in cloud.accepted}
    stored, remark = medium(lab)
    lost = sorted(waiting[i] for i in set(waiting) - set(stored))
    check(not lost, f"alarms that the broker had heard and nobody accepted are not on the medium: {lost}")
    lab.owed = {i: alert for i, alert in stored.items() if alert not in cloud.accepted}
    return f"{', '.join(done[-8:])}; {said}; {remark}, {len(stored)} alarms stored, {len(waiting)} owed; {records} records so far, none twice"


def cut(number):
    def scenario(lab):
        if number == 1:
            lab.choice, lab.owed = random.Random(f"{lab.seed}/power"), {}
        return one_cut(lab, number)

    scenario.__doc__ = f"Power cut {number}."
    return scenario


def last_life(lab):
    """After the last cut everything that was owed arrives and can be accepted."""
    mark = lab.cloud.mark()
    lab.board.power_on()
    lab.cloud.first("the hub", "status", lambda m: m["state"] == "online", mark, BOOT_SECONDS)
    owed = len(lab.owed)
    wait_for(f"{owed} alarms from before the cut", lambda: not missing(lab, mark), 90)

    def waits():
        for _, message in lab.cloud.heard("alerts", lambda m: m["event"] == "raised"):
            lab.cloud.accept(message)
        time.sleep(1)
        return (status := lab.board.status()) and status["upstream"]["waiting"]["alarm"] == 0

    wait_for("an empty outbox", waits, 120)
    return f"{owed} arrived, {nothing_repeats(lab)} records in all, none twice, no alarm waits"


def scenarios(cuts=CUTS):
    return [cut(number) for number in range(1, cuts + 1)] + [last_life]
