"""A board without a clock of its own, in 1970 until a time server answers."""
import datetime
import socket
import struct
import threading
import time

from cloud import RULES, is_step
from peers import wait_for
from tap import check

NTP_EPOCH = 2_208_988_800  # seconds from 1900 to 1970
# An absence rule that comes due after the jump, and one that a jump of years would set off.
ABSENCE = """
[[rule]]
name = "nobody-moves"
kind = "no-activity"
signals = ["motion.bedroom"]
silent-for = "3min"
warn-for = "0s"
severity = "yellow"

[[rule]]
name = "nobody-moves-for-long"
kind = "no-activity"
signals = ["motion.bedroom"]
silent-for = "12h"
"""
OPTIONS = {"home": {"rules": RULES + ABSENCE, "bus": False}, "start_time": "1970-01-01T00:00:30", "has_clock": False}
SILENT_FOR = 180


class TimeServer(threading.Thread):
    """SNTP (RFC 4330) on the host's loopback; the board sees it at 10.0.2.2."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket, self.answered = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), 0
        self.socket.bind(("127.0.0.1", 123))
        self.start()

    def run(self):
        while True:
            try:
                self.answer(*self.socket.recvfrom(256))
            except OSError:
                return  # closed

    def answer(self, question, peer):
        now = int((time.time() + NTP_EPOCH) * (1 << 32))
        # Version 4, server, stratum 1; the question's transmit time comes back as the originate time.
        answer = struct.pack(">BBbbII4sQ", 0x24, 1, 6, -20, 0, 0, b"LAB\0", now) + question[40:48] + struct.pack(">QQ", now, now)
        self.socket.sendto(answer, peer)
        self.answered += 1

    def close(self):
        self.socket.close()


def boots_in_the_past(lab):
    """Boot without any clock: records say that their time is not to be trusted."""
    board, cloud = lab.board, lab.cloud
    board.power_on()
    ready = board.wait_ready()
    board.press("MOTION", 0.2)
    lab.moved = time.monotonic()
    mark = cloud.mark()
    board.press("PANIC")
    _, alert = cloud.raised("panic", mark)
    cloud.accept(alert)
    cloud.cleared("panic", mark)
    header = alert["header"]
    check(header["clockTrust"] == "none", f"clock trust is {header['clockTrust']}")
    lab.wall = int(header["wallUnixMs"]) / 1000
    check(time.time() - lab.wall > 86400, "the board's clock is right already")
    lab.mark = mark
    return f"ready {ready:.1f} s after power-on, trust {header['clockTrust']}, the wall clock says {said(lab.wall)}"


def survives_the_jump(lab):
    """A time server answers: the clock jumps, trust changes, and no alert is made or unmade by it."""
    board, cloud = lab.board, lab.cloud
    server = TimeServer()
    try:
        # A cable that is plugged in makes timesyncd ask at once.
        board.cable(False)
        time.sleep(1)
        board.cable(True)
        wait_for("the clock", lambda: board.status()["clockTrust"] == "synchronised", 120)
        jumped = time.monotonic()
        check(jumped - lab.moved < SILENT_FOR - 5, f"the clock came {jumped - lab.moved:.0f} s after the motion, too late for this test")
        early = cloud.heard("alerts", lambda m: m["event"] == "raised" and m["rule"].startswith("nobody"), lab.mark)
        check(not early, f"the jump raised {[m['alertId'] for _, m in early]}")
        when, alert = cloud.first("'nobody-moves'", "alerts", is_step("raised", "nobody-moves"), lab.mark, SILENT_FOR + 60)
        waited = when - lab.moved
        check(abs(waited - SILENT_FOR) < 10, f"'nobody-moves' came {waited:.0f} s after the last motion, not {SILENT_FOR} s")
        long = cloud.heard("alerts", is_step("raised", "nobody-moves-for-long"), lab.mark)
        check(not long, "'nobody-moves-for-long' was raised by the jump")
    finally:
        server.close()
    header = alert["header"]
    check(header["clockTrust"] == "synchronised", f"clock trust is {header['clockTrust']}")
    off = int(header["wallUnixMs"]) / 1000 - lab.wall
    check(abs(int(header["wallUnixMs"]) / 1000 - time.time()) < 60, f"the wall clock says {said(int(header['wallUnixMs']) / 1000)}")
    cloud.accept(alert)
    board.press("MOTION", 0.2)
    cloud.cleared("nobody-moves", lab.mark)
    return (f"the clock jumped by {off / 86400:.0f} days, {jumped - lab.moved:.0f} s after the last motion; 'nobody-moves' {waited:.1f} s after it "
            f"(due {SILENT_FOR} s); trust {header['clockTrust']}; {server.answered} answers of the time server")


def said(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat(timespec="seconds")


SCENARIOS = [boots_in_the_past, survives_the_jump]
