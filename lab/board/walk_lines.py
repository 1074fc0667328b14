"""What the lines' port promises, on a real kernel's PL061 lines: its conformance suite, and the same through the agent,
looked at from outside; and lines that chatter. Not here: bias, which a PL061 does not have.
"""
import os
import threading
import time

import pins
from cloud import INPUTS, configuration, input_line, points_of, series_of
from peers import wait_for
from tap import check

OPTIONS = {"second_disk": os.environ.get("EDGE_AGENT_LINES_DISK")}
PULSES = 12
CHATTERING = ["SMOKE", "MOTION", "DOOR", "LEAK", "SPARE"]


def boots_quietly(lab):
    """Outputs start inactive, also one whose active level is low."""
    board = lab.board
    board.power_on()
    board.wait_ready()
    wait_for("the lamp's line", lambda: board.output("LAMP") is not None)
    edges = [(line, level) for _, line, level in board.edges if line in ("SIREN", "LAMP")]
    check(("SIREN", 1) not in edges and board.output("LAMP") == 1, f"edges of the outputs: {edges}")
    mark = lab.cloud.mark()
    board.press("PANIC")
    board.wait_output("LAMP", 0, seconds=5)
    _, alert = lab.cloud.raised("panic", mark)
    lab.cloud.accept(alert)
    lab.cloud.cleared("panic", mark)
    return f"edges from power-on to ready: {edges}; the lamp, active low, lit with the alarm"


def the_conformance_suite_passes_on_the_pl061(lab):
    """The lines' conformance suite passes on the board's PL061."""
    board = lab.board
    board.shell("mkdir -p /run/lines && mount -t ext4 -o ro /dev/vdb /run/lines && systemctl stop edge-agent")
    try:
        with pins.at_hand(board) as asked:
            said = board.shell(
                "NO_COLOR=1 EDGE_AGENT_PINS=/dev/virtio-ports/pins timeout 240 /run/lines/lines.xctest --testing-library swift-testing "
                "--no-parallel --filter linesOfTheBoard; echo exit status $?; umount /run/lines", seconds=300)
    finally:
        board.pin("PANIC", 0)
        board.shell("systemctl start edge-agent")
    # A filter that finds nothing, and a test that is skipped, would end well, too.
    check("exit status 0" in said and "linesOfTheBoard() passed" in said, f"the suite says:\n{said}")
    pulls = sum(question.startswith("pull") for question in asked)
    skipped = [line.removeprefix("# ") for line in said.splitlines() if line.startswith("# skipped")]
    return f"{pulls} changes of a pin, {len(asked) - pulls} looks at an output; {', '.join(skipped) or 'nothing skipped'}"


def points_heard(lab, signal, mark):
    """All points (Unix ms, value) of a signal in the readings since `mark`."""
    points = {}
    for _, message in lab.cloud.heard("readings", since=mark):
        if series := series_of(message).get(signal):
            points |= {time_ms: value for time_ms, value, _ in points_of(series)}
    return sorted(points.items())


def edges_in_order(lab):
    """Edges come all, in order and with the kernel's time."""
    board = lab.board
    # A door: of its changes every one is sent, of motion's not.
    board.configure(configuration(lab.cloud.port, INPUTS + input_line("door.back", "door", "SPARE")))
    mark, told = lab.cloud.mark(), []
    for number in range(2 * PULSES):
        told.append(board.pin("SPARE", (number + 1) % 2))
        time.sleep(0.15 + 0.01 * number)  # beyond the debounce of 50 ms, and each pause unlike the others

    def changes():
        points = points_heard(lab, "door.back", mark)
        found = [p for n, p in enumerate(points) if n == 0 or p[1] != points[n - 1][1]]
        while found and found[0][1] == 0:
            found.pop(0)
        return found if len(found) >= 2 * PULSES else None

    found = wait_for(f"{2 * PULSES} edges among the readings", changes, 90)
    check(len(found) == 2 * PULSES, f"{len(found)} edges instead of {2 * PULSES}")
    offs = [when - 1000 * at for (when, _), at in zip(found, told)]
    spread = max(offs) - min(offs)
    check(spread < 50, f"the times are {spread:.0f} ms apart from the wires'")
    return f"{len(found)} of {2 * PULSES} edges, alternating, their times within {spread:.0f} ms of the wire's"


def says_busy_and_missing(lab):
    """A line that somebody else holds, and one that does not exist, are said; the first is taken once it is free."""
    board = lab.board
    board.shell("systemctl stop edge-agent")
    board.shell("gpiomon -c gpiochip0 4 >/dev/null 2>&1 </dev/null & echo $! >/run/holder")
    wait_for("the holder", lambda: "consumer=gpiomon" in board.shell("gpioinfo", check=False).replace('"', ""))
    board.configure(configuration(lab.cloud.port, INPUTS + input_line("motion.attic", "motion", "ATTIC")))

    def fault(word):
        return wait_for(f"a fault that names {word}", lambda: next(
            (f for f in (board.status() or {"faults": []})["faults"] if word in f), None))

    busy, missing = fault("gpiomon"), fault("ATTIC")
    board.shell("kill $(cat /run/holder)")
    wait_for("the line, free again", lambda: (s := board.status()) and not any("gpiomon" in f for f in s["faults"]), 90)
    mark = lab.cloud.mark()
    board.pin("LEAK", 1)
    _, alert = lab.cloud.raised("leak", mark)
    board.pin("LEAK", 0)
    lab.cloud.accept(alert)
    lab.cloud.cleared("leak", mark)
    board.configure(configuration(lab.cloud.port))
    return f'"{busy[:110]}…"; "{missing[:90]}…"; the busy one was taken and raised once free'


def chatters(lab):
    """Five lines chatter without pause while panic is pressed (a PL061 has eight lines, three are in use)."""
    board, cloud = lab.board, lab.cloud
    names = "".join(input_line(f"motion.{line.lower()}", "motion", line) for line in CHATTERING)
    board.configure(configuration(cloud.port, input_line("panic", "panic", "PANIC") + names, rules="", bus=False))
    stop, edges = threading.Event(), 0

    def chatter():
        nonlocal edges
        while not stop.is_set():
            for line in CHATTERING:
                board.pin(line, edges // len(CHATTERING) % 2)
                edges += 1

    noise, began, waits = threading.Thread(target=chatter), time.monotonic(), []
    noise.start()
    try:
        for _ in range(10):
            mark = cloud.mark()
            pressed = board.press("PANIC", 0.2)
            waits.append(board.wait_output("SIREN", 1, seconds=10, since=pressed) - pressed)
            _, alert = cloud.raised("panic", mark)
            cloud.accept(alert)
            cloud.cleared("panic", mark)
            wait_for("the siren's silence", lambda: board.status()["sound"] in ("silent", "accepted"))
    finally:
        stop.set()
        noise.join()
        seconds = time.monotonic() - began
        for line in CHATTERING:
            board.pin(line, line == "DOOR")
        board.configure(configuration(cloud.port))
    median, worst = sorted(waits)[len(waits) // 2] * 1000, max(waits) * 1000
    check(worst < 1000, f"the siren came {worst:.0f} ms after the press")
    return f"{edges / seconds:.0f} edges/s on {len(CHATTERING)} lines; 10 presses, siren after {median:.0f} ms in the middle, {worst:.0f} ms at most"


SCENARIOS = [boots_quietly, the_conformance_suite_passes_on_the_pl061, edges_in_order, says_busy_and_missing, chatters]
