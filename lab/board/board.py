"""The virtual board: QEMU's "virt" machine with pins, an RS-485 dongle, a network cable, a disk and a mains plug.

The lab touches it from outside only, as wires would: pins by QEMU's qtest protocol, dongle and cable by QMP. The one
thing inside is a shell on a virtio port, for what only somebody at the board can do (stop a thread, ask systemd).
"""
import collections
import ctypes
import json
import os
import pathlib
import queue
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time

from peers import Failed, wait_for

LINES = ["PANIC", "SMOKE", "MOTION", "DOOR", "LEAK", "SPARE", "SIREN", "LAMP"]  # by offset of the PL061
HERE = pathlib.Path(__file__).parent
BOOT_SECONDS = 180  # an emulated boot on a machine that others use, too


PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)


def die_with_us():
    """In a child before it starts: however this program ends, nothing of the board stays behind."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Board:
    def __init__(self, image, folder, files, seed=0, nice=0, start_time="utc", has_clock=True):
        """Writes `files` (path in the board → text) to a copy of the image's disk; the board is still off.

        `has_clock` False: without a battery-backed clock, as a Raspberry Pi is.
        """
        self.image, self.folder, self.start_time, self.nice = pathlib.Path(image), pathlib.Path(folder), start_time, nice
        self.folder.mkdir(parents=True)
        self.disk_image = self.folder / "disk.img"
        subprocess.run(["cp", "--sparse=always", self.image / "disk.img", self.disk_image], check=True)
        for path, text in files.items():
            local = self.folder / path.replace("/", "_")
            local.write_text(text)
            edit = f"rm {path}\nwrite {local} {path}\n"
            subprocess.run(["debugfs", "-w", "-f", "-", self.disk_image], input=edit, text=True, check=True, capture_output=True)
        self.qemu, self.levels, self.runs = None, [0] * len(LINES), 0
        self.console = self.folder / "console.log"
        self.disk = subprocess.Popen(
            [sys.executable, HERE / "disk.py", self.disk_image, self.folder / "nbd", str(seed)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, preexec_fn=die_with_us)
        self.disk.stdout.readline()
        self._device_tree(has_clock)

    def _machine(self, machine="virt"):
        return ["qemu-system-aarch64", "-M", machine, "-cpu", "cortex-a53", "-smp", "1", "-m", "512", "-nodefaults",
                "-no-reboot", "-display", "none"]

    def _device_tree(self, has_clock):
        """QEMU's own, with names for the lines; line 3 is no longer its power button."""
        self.tree = self.folder / "board.dtb"
        subprocess.run(self._machine(f"virt,dumpdtb={self.tree}"), check=True, capture_output=True)
        subprocess.run(["fdtput", "-t", "s", self.tree, "/pl061@9030000", "gpio-line-names", *LINES], check=True)
        subprocess.run(["fdtput", "-r", self.tree, "/gpio-keys"], check=True)
        if not has_clock:
            subprocess.run(["fdtput", "-r", self.tree, "/pl031@9010000"], check=True)

    # Power

    def power_on(self):
        qtest, qmp, shell = (self.folder / name for name in ("qtest", "qmp", "shell"))
        for path in (qtest, qmp, shell):
            path.unlink(missing_ok=True)
        self.runs += 1
        # "norandmaps": under emulation, randomised addresses cost a third more CPU.
        kernel = "console=ttyAMA0 root=/dev/vda rw norandmaps panic=-1 loglevel=4 systemd.show_status=0"
        command = self._machine() + [
            "-kernel", self.image / "vmlinuz", "-initrd", self.image / "initrd", "-append", kernel, "-dtb", self.tree,
            "-rtc", f"base={self.start_time}", "-serial", f"file:{self.console}.{self.runs}",
            "-qtest", f"unix:{qtest}", "-qtest-log", "none", "-qmp", f"unix:{qmp},server=on,wait=off",
            "-drive", f"if=none,id=disk,format=raw,cache=none,file=nbd:unix:{self.folder / 'nbd'}",
            "-device", "virtio-blk-pci,drive=disk,romfile=",
            "-netdev", "user,id=cable", "-device", "virtio-net-pci,netdev=cable,id=net,romfile=",
            "-device", "virtio-serial-pci", "-chardev", f"socket,id=shell,path={shell},server=on,wait=off",
            "-device", "virtserialport,chardev=shell,name=lab",
            "-device", "qemu-xhci,id=usb", "-chardev", "pty,id=rs485",
            "-device", "usb-serial,chardev=rs485,id=dongle,bus=usb.0"]
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(qtest))
        listener.listen(1)
        listener.settimeout(20)
        self.log = open(self.folder / "qemu.log", "ab")
        self.began = time.monotonic()
        self.qemu = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            preexec_fn=lambda: (die_with_us(), os.nice(self.nice)))
        self._pins = listener.accept()[0].makefile("rwb", 0)
        listener.close()
        self._answers, self.edges, self.outputs = queue.Queue(), collections.deque(), {}
        self.changed, self._pins_lock = threading.Condition(), threading.Lock()
        threading.Thread(target=self._hear_pins, args=(self._pins,), daemon=True).start()
        self._qmp = connect(qmp).makefile("rw")
        self._qmp.readline()
        self.qmp("qmp_capabilities")
        devices = self.qmp("qom-list", path="/machine/unattached")
        self._chip = "/machine/unattached/" + next(d["name"] for d in devices if d["type"] == "child<pl061>")
        self.serial_port = next(c["filename"] for c in self.qmp("query-chardev") if c["label"] == "rs485").removeprefix("pty:")
        self._ask_pins(f"irq_intercept_out {self._chip}")
        for offset, level in enumerate(self.levels):
            self.pin(LINES[offset], level)
        self._shell = connect(shell)
        self._shell_lock = threading.Lock()

    def cut(self):
        """Pulls the plug: nothing that was not flushed is safe. Returns what the disk says of it."""
        if self.qemu is None:
            return "was off"
        self.qemu.send_signal(signal.SIGKILL)
        self.qemu.wait()
        self.qemu = None
        self._shell.close()
        self.log.close()
        return self.disk.stdout.readline().strip()

    def stop_disk(self, writes):
        """After so many more writes the disk answers nothing any more."""
        self.disk.stdin.write(f"{writes}\n")

    def close(self):
        self.cut()
        self.disk.terminate()
        self.disk.wait()

    def console_text(self):
        """What the board's serial console said since it was switched on last."""
        try:
            return pathlib.Path(f"{self.console}.{self.runs}").read_text(errors="replace")
        except OSError:
            return ""

    # Pins

    def _hear_pins(self, stream):
        for line in stream:
            words = line.decode().split()
            if words[:1] == ["IRQ"]:
                with self.changed:
                    self.outputs[int(words[2])] = level = int(words[1] == "raise")
                    self.edges.append((time.monotonic(), LINES[int(words[2])], level))
                    self.changed.notify_all()
            else:
                self._answers.put(words)

    def _ask_pins(self, text):
        with self._pins_lock:
            self._pins.write(text.encode() + b"\n")
            answer = self._answers.get(timeout=30)
        if answer[0] != "OK":
            raise Failed(f"QEMU's qtest answers {answer} to '{text}'")

    def pin(self, name, level):
        """Puts a level on an input, as a wire would; returns when (monotonic seconds)."""
        offset = LINES.index(name)
        self.levels[offset] = int(level)
        now = time.monotonic()
        self._ask_pins(f"set_irq_in {self._chip} unnamed-gpio-in {offset} {int(level)}")
        return now

    def press(self, name, seconds=0.1):
        """A button, held long enough for any debounce; returns when it went down."""
        began = self.pin(name, 1)
        time.sleep(seconds)
        self.pin(name, 0)
        return began

    def output(self, name):
        """The level of an output, as last driven; None: never."""
        return self.outputs.get(LINES.index(name))

    def wait_output(self, name, level, seconds=30, since=None):
        """The time of the first edge of an output to `level` after `since` (default: now)."""
        since = time.monotonic() if since is None else since
        end = time.monotonic() + seconds
        with self.changed:
            while True:
                for when, line, value in self.edges:
                    if line == name and value == level and when >= since:
                        return when
                if not self.changed.wait(max(0, end - time.monotonic())) and time.monotonic() >= end:
                    raise Failed(f"{name} did not go to {level} within {seconds} s")

    # USB and network

    def qmp(self, command, **arguments):
        self._qmp.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self._qmp.flush()
        while line := self._qmp.readline():
            answer = json.loads(line)
            if "error" in answer:
                raise Failed(f"QEMU refuses {command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]
        raise Failed(f"QEMU is gone:\n{(self.folder / 'qemu.log').read_text()[-1000:]}")

    def unplug(self):
        self.qmp("device_del", id="dongle")

    def plug(self):
        self.qmp("device_add", driver="usb-serial", chardev="rs485", id="dongle", bus="usb.0")

    def cable(self, connected):
        self.qmp("set_link", name="net", up=connected)

    # At the board

    def shell(self, command, seconds=60, check=True):
        """Runs a command in the board's shell; returns its output."""
        with self._shell_lock:
            self._shell.settimeout(seconds)
            self._shell.sendall(command.encode() + b"\n")
            answer = b""
            while not (end := re.search(rb"(?:^|\n)@@(\d+)\n$", answer)):
                try:
                    part = self._shell.recv(65536)
                except TimeoutError:
                    raise Failed(f"the board's shell did not answer '{command}' within {seconds} s") from None
                if not part:
                    raise Failed(f"the board's shell is gone at '{command}'")
                answer += part
        text, code = answer[: end.start()].decode(errors="replace").strip(), int(end[1])
        if check and code != 0:
            raise Failed(f"'{command}' on the board: exit code {code}\n{text[-2000:]}")
        return text

    def write(self, path, text):
        self.shell(f"printf %s {shlex.quote(text.encode().hex())} | python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' > {path}")

    def wait_ready(self):
        """Until systemd says that the service is active; returns the seconds since power-on."""
        self.shell("true", seconds=BOOT_SECONDS)
        wait_for("the service on the board", self.is_active, BOOT_SECONDS)
        return time.monotonic() - self.began

    def configure(self, home):
        """Another home's configuration, as an installer changes it; returns when the service runs again."""
        self.write("/etc/edge-agent/home.toml", home)
        self.shell("edge-agent check-config >/dev/null && systemctl restart edge-agent")

    def is_active(self):
        return self.unit("ActiveState")["ActiveState"] == "active"

    def unit(self, *properties):
        """Properties of the agent's service, as systemd has them."""
        text = self.shell("systemctl show " + " ".join(f"-p {p}" for p in properties) + " edge-agent", check=False)
        return {p: "" for p in properties} | dict(line.split("=", 1) for line in text.splitlines() if "=" in line)

    def status(self):
        """What `edge-agent status --json` prints, or None while nobody answers."""
        try:
            return json.loads(self.shell("edge-agent status --json", check=False))
        except json.JSONDecodeError:
            return None


def connect(path):
    def attempt():
        peer = socket.socket(socket.AF_UNIX)
        try:
            peer.connect(str(path))
            return peer
        except OSError:
            peer.close()
            return None

    return wait_for(f"QEMU's {path.name}", attempt, 20)
