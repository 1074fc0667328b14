"""What the agent costs after ten minutes with two meters and eight lines."""
import os
import time

from cloud import INPUTS, input_line
from peers import wait_for
from tap import check

SECONDS = int(os.environ.get("EDGE_AGENT_SOAK_SECONDS", "600"))
LIMIT_KB = 20_000
HOME = {"inputs": INPUTS + input_line("motion.hall", "motion", "SPARE")}


def boots(lab):
    """Two meters, six inputs, two outputs: all eight lines of the PL061."""
    lab.board.power_on()
    ready = lab.board.wait_ready()
    lab.start_meters()
    wait_for("water", lambda: "412" in str(lab.board.status()["signals"]), 60)
    return f"ready {ready:.1f} s after power-on"


def used(board, pid):
    """(resident kB, proportional kB, threads, descriptors, CPU seconds, wake-ups) of a process on the board."""
    text = board.shell(
        f"cd /proc/{pid}; grep -E '^(Rss|Pss):' smaps_rollup; grep ^Threads status; echo Descriptors: $(ls fd | wc -l); "
        "echo Ticks: $(sed 's/.*) //' stat | cut -d' ' -f12,13); cat task/*/status | grep ^voluntary | tr -d '\\n'")
    fields = dict(line.split(":", 1) for line in text.splitlines()[:5])
    ticks = sum(int(part) for part in fields["Ticks"].split())
    wakes = sum(int(part.split(":")[1]) for part in text.splitlines()[5].replace("voluntary", "\nvoluntary").split("\n") if ":" in part)
    return (*(int(fields[name].split()[0]) for name in ("Rss", "Pss", "Threads", "Descriptors")), ticks / 100, wakes)


def stays_small(lab):
    """Memory, threads, descriptors and CPU over the run (at most 20 MB resident)."""
    pid = lab.board.unit("MainPID")["MainPID"]
    early = used(lab.board, pid)
    began = time.monotonic()
    presses = 0
    while time.monotonic() - began < SECONDS:
        mark = lab.cloud.mark()
        lab.board.press("MOTION", 0.2)
        if presses % 6 == 0:
            lab.board.press("PANIC")
            _, alert = lab.cloud.raised("panic", mark)
            lab.cloud.accept(alert)
        presses += 1
        time.sleep(min(5, max(0, SECONDS - (time.monotonic() - began))))
    seconds = time.monotonic() - began
    resident, proportional, threads, descriptors, cpu, wakes = used(lab.board, pid)
    check(lab.board.unit("MainPID")["MainPID"] == pid, "the service was restarted meanwhile")
    said = (f"after {seconds:.0f} s: {resident} kB resident ({early[0]} at first), {proportional} kB proportional, {threads} threads, "
            f"{descriptors} descriptors ({early[3]} at first), {cpu - early[4]:.1f} s of emulated CPU "
            f"({100 * (cpu - early[4]) / seconds:.1f} %), {(wakes - early[5]) / seconds:.1f} wake-ups/s; limit {LIMIT_KB} kB")
    check(resident <= LIMIT_KB, said)
    return said


SCENARIOS = [boots, stays_small]
