"""Runs scenarios and says of each, as a line of TAP, what was seen; a failure shows the console's end."""
import contextlib
import pathlib
import shutil
import signal
import sys
import tempfile
import time
import traceback

import peers
from board import LINES, Board
from cloud import Cloud, configuration
from peers import Bench, Failed


class Lab:
    """A board, its home's configuration, and the network that it hangs on."""

    def __init__(self, image, seed=0, nice=0, home=None, **board):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="edge-lab-"))
        self.bench = Bench(None, self.folder / "host")
        self.cloud = Cloud(self.bench)
        self.seed = seed
        text = configuration(self.cloud.port, **(home or {}))
        self.board = Board(image, self.folder / "board", {"/etc/edge-agent/home.toml": text}, seed, nice, **board)
        self.board.levels[LINES.index("DOOR")] = 1  # active low: it is shut

    def start_meters(self):
        """pymodbus at the other end of the dongle's cable; the board is on, for the cable is QEMU's pseudo-terminal."""
        script = pathlib.Path(peers.__file__).with_name("meters.py")
        self.bench.start("meters", [sys.executable, script, "rtu", self.board.serial_port])

    def close(self):
        self.board.close()
        self.cloud.close()
        self.bench.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def check(condition, otherwise):
    if not condition:
        raise Failed(otherwise)


class Report:
    """Numbered TAP lines over all groups of one run."""

    def __init__(self):
        self.count = self.failures = 0

    def scenario(self, lab, scenario):
        began = time.monotonic()
        self.count += 1
        title = scenario.__doc__.splitlines()[0].rstrip(".")
        try:
            remark = scenario(lab)
            print(f"ok {self.count} - {title}: {remark} [{time.monotonic() - began:.0f} s]", flush=True)
        except Exception as error:
            self.failures += 1
            print(f"not ok {self.count} - {title}: {error} [{time.monotonic() - began:.0f} s]", flush=True)
            if not isinstance(error, Failed):
                comment(traceback.format_exc())
            self.evidence(lab)

    def evidence(self, lab):
        comment("--- console\n" + lab.board.console_text()[-2000:])
        with contextlib.suppress(Exception):
            comment("--- the agent's log\n" + lab.board.shell("journalctl -u edge-agent -o short-monotonic --no-pager | tail -25", 20))
        heard = "\n".join(f"{when:.3f} {topic} {str(message)[:200]}" for when, topic, message in lab.cloud.messages[-8:])
        comment("--- last at the broker\n" + heard)


def comment(text):
    for line in text.splitlines():
        print("#", line, flush=True)


def run(groups, image, seed):
    """Each group: (options of its Lab, scenarios). Exits 1 when anything failed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything below is ended
    report, began = Report(), time.monotonic()
    print("TAP version 13", flush=True)
    print(f"# seed {seed} (EDGE_AGENT_SEED)", flush=True)
    for options, scenarios in groups:
        lab = Lab(image, seed=seed, **options)
        try:
            for scenario in scenarios:
                report.scenario(lab, scenario)
        finally:
            lab.close()
    print(f"1..{report.count}")
    print(f"# {report.count - report.failures} of {report.count} good, {time.monotonic() - began:.0f} s", flush=True)
    return 1 if report.failures or not report.count else 0
