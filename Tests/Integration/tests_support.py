"""Looking on, asking for help, handing over: watch, doctor, report, completions, manual pages."""
import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import termios
import time

import homes
from peers import Failed, PATIENCE, free_port, wait_for
from tests_installer import places
from tests_main_job import check

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Screen:
    """A command on a terminal of its own: what it wrote, and what stands on the terminal now."""

    def __init__(self, command, env, columns=80, rows=24):
        self.ours, theirs = pty.openpty()
        self.resize(columns, rows)
        self.before = termios.tcgetattr(self.ours)
        self.child = subprocess.Popen(
            [str(part) for part in command], stdin=theirs, stdout=theirs, stderr=theirs, env={**env, "TERM": "xterm"},
            start_new_session=True)
        # Kept open: the terminal is looked at after the command's end.
        self.theirs = theirs
        self.text = ""

    def resize(self, columns, rows):
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self):
        while select.select([self.ours], [], [], 0.05)[0]:
            try:
                self.text += os.read(self.ours, 65536).decode(errors="replace")
            except OSError:
                return

    def lines(self):
        """The last whole picture: every one begins at the top left corner."""
        self.read()
        pictures = self.text.split("\x1b[H")
        plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", pictures[-1])
        return plain.split("\r\n")

    def wait(self, what, condition):
        try:
            return wait_for(what, lambda: condition("\n".join(self.lines())))
        except Failed:
            raise Failed(f"waited in vain for {what}: {self.lines()}")

    def press(self, keys):
        os.write(self.ours, keys)

    def end(self):
        code = self.child.wait(10)
        self.read()
        after = termios.tcgetattr(self.ours)
        os.close(self.theirs)
        os.close(self.ours)
        check(after == self.before, "the terminal is not as it was")
        check(self.text.rstrip().endswith("\x1b[?1049l") and "\x1b[?25h" in self.text, f"not restored: {self.text[-80:]!r}")
        return code


def watch_on_a_terminal(bench):
    """Signals, an alarm, a daemon that goes and comes back, a smaller terminal; q gives the terminal back."""
    config = bench.write("home.toml", homes.home())
    first = bench.agent(config, name="first")
    wait_for("the daemon", lambda: (s := bench.status()) and s["signals"])
    screen = Screen([bench.binary, "watch", "--language", "en"], places(bench))
    screen.wait("the picture", lambda text: "Signals" in text and "motion.bedroom" in text)
    check("\x1b[?1049h" in screen.text, "not on the other screen")
    check(len(screen.lines()) == 24 and all(len(line) <= 80 for line in screen.lines()), f"does not fit: {screen.lines()}")
    bench.ask("line SMOKE 1")
    screen.wait("the alarm", lambda text: "smoke.kitchen raised" in text and "♪ alarm" in text)
    screen.resize(40, 10)
    screen.child.send_signal(signal.SIGWINCH)
    screen.wait("a smaller picture", lambda text: len(text.split("\n")) == 10 and all(len(line) <= 40 for line in text.split("\n")))
    screen.press(b"\x1b[6~")
    screen.wait("the next lines", lambda text: re.search(r"\s([2-9]|\d\d)-\d+ of", text))
    first.end(signal.SIGKILL)
    screen.wait("the absence", lambda text: "has not answered" in text)
    bench.agent(config, name="second")
    screen.wait("the return", lambda text: "answers again" in text)
    screen.press(b"q")
    check(screen.end() == 0, "exit code")


def watch_ended_by_a_signal(bench):
    """Ctrl-C as a key, and SIGTERM: the terminal comes back; in Chinese as the environment says."""
    bench.agent(bench.write("home.toml", homes.home()))
    wait_for("the daemon", lambda: (s := bench.status()) and s["signals"])
    for end in (lambda s: s.press(b"\x03"), lambda s: s.child.send_signal(signal.SIGTERM)):
        screen = Screen([bench.binary, "watch"], {**places(bench), "LC_ALL": "zh_CN.UTF-8"})
        screen.wait("the picture", lambda text: "信号" in text)
        end(screen)
        check(screen.end() == 0, "exit code")


def watch_in_a_script(bench):
    """A line for each change, an object a second; ends with its reader; nobody to look at is exit code 4."""
    nobody = bench.run("watch", env=places(bench))
    check(nobody.returncode == 4 and "advice" in nobody.stderr, f"{nobody.returncode}: {nobody.stderr}")
    agent = bench.agent(bench.write("home.toml", homes.home()))
    wait_for("the daemon", lambda: (s := bench.status()) and s["signals"])
    objects = bench.run("watch", "--json", "--seconds", "2", env=places(bench))
    seen = [json.loads(line) for line in objects.stdout.splitlines()]
    check(objects.returncode == 0 and len(seen) == 2 and seen[0]["home"] == "test-home", f"{objects.returncode}: {objects.stdout}")
    log = bench.start("watch", [bench.binary, "watch", "--language", "en"], env=places(bench), stdout_lines=True)
    heard = []

    def line(part):
        while not log.lines.empty():
            heard.append(log.lines.get())
        return any(part in one for one in heard)
    wait_for("the link", lambda: line("broker: not configured"))
    bench.ask("line MOTION 1")
    wait_for("the motion", lambda: line("signal motion.bedroom: active"))
    bench.ask("line SMOKE 1")
    wait_for("the alert", lambda: line("smoke.kitchen raised"))
    agent.end(signal.SIGKILL)
    wait_for("the absence", lambda: line("the daemon does not answer"))
    log.child.send_signal(signal.SIGINT)
    check(log.child.wait(5) == 4, f"ended without a daemon: exit code {log.child.returncode}")
    bench.agent(bench.folder / "home.toml", name="again")
    wait_for("the daemon", lambda: (s := bench.status()) and s["signals"])
    piped = subprocess.run(f"'{bench.binary}' watch --json | head -1", shell=True, capture_output=True, text=True, timeout=30, env=places(bench))
    check(json.loads(piped.stdout)["home"] == "test-home", f"printed {piped.stdout}")


def doctor_beside_the_daemon(bench):
    """A gateway that is not there, a broker that refuses: named with advice; the bundle has no password, no address, no id."""
    broker = bench.broker(password=("hub-of-wang", "secret"))
    bench.write("password", "wrong-pass-word\n")
    gateway = free_port()
    up = homes.upstream(f"mqtt://127.0.0.1:{broker.port}", f'user = "hub-of-wang"\npassword-file = "{bench.folder}/password"\n')
    config = bench.write("home.toml", homes.home(homes.tcp_bus(gateway), homes.METERS, homes.RULES, up))
    bench.agent(config)
    wait_for("the faults", lambda: (s := bench.status()) and any("bus meters" in f for f in s["faults"]))
    options = ["doctor", "--config", config, "--state", bench.folder / "state", "--language", "en"]
    done = bench.run(*options, "--output", bench.folder / "bundle.json", env=places(bench))
    check(done.returncode == 1, f"exit code {done.returncode}: {done.stdout}{done.stderr}")
    check("port.meters.open" in done.stdout and "broker.login" in done.stdout, f"found {done.stdout}")
    check(done.stdout.count("advice: ") >= 2 and "bundle.json is written" in done.stderr, f"said {done.stdout}{done.stderr}")
    check(os.stat(bench.folder / "bundle.json").st_mode & 0o777 == 0o600, "others may read the bundle")
    text = (bench.folder / "bundle.json").read_text()
    bundle = json.loads(text)
    for secret in ("test-home", "hub-of-wang", "wrong-pass-word", "127.0.0.1", f"{bench.folder}/password", os.uname().nodename):
        check(secret not in text, f"{secret} is in the bundle")
    check(bundle["status"]["home"].startswith("home-") and bundle["configuration"]["bus"][0]["kind"] == "tcp", "the bundle is empty")
    codes = [finding["code"] for finding in bundle["findings"]]
    check("brokerRefuses" in codes and len(codes) <= 10, f"found {codes}")
    same = bench.run(*options, "--json", env=places(bench))
    check(json.loads(same.stdout)["bundle"] == 1 and same.returncode == 1, f"printed {same.stdout[:200]}")
    refused = bench.run(*options, "--output", "/nowhere/bundle.json", env=places(bench))
    check(refused.returncode == 4 and "advice" in refused.stderr, f"{refused.returncode}: {refused.stderr}")
    status = bench.run("status", "--language", "en", env=places(bench))
    check("    advice: " in status.stdout, f"status gives no advice: {status.stdout}")


def report_of_an_installation(bench):
    """In both languages, with and without a self-test."""
    config = bench.write("home.toml", homes.home(homes.tcp_bus(free_port()), homes.METERS, homes.RULES))
    plain = bench.run("report", "--config", config, "--language", "en")
    check(plain.returncode == 3 and "# Installation of home test-home" in plain.stdout, f"{plain.returncode}: {plain.stdout}")
    test = bench.run("self-test", "--config", config, "--state", bench.folder / "state", "--format", "json", env=places(bench))
    file = bench.write("test.json", test.stdout)
    page = bench.run("report", "--config", config, "--self-test", file, "--language", "zh")
    check("失败：port.meters.open" in page.stdout, f"printed {page.stdout}")
    broken = bench.run("report", "--config", config, "--self-test", config)
    check(broken.returncode == 4 and "advice" in broken.stderr, f"{broken.returncode}: {broken.stderr}")


def a_command_that_is_misspelt(bench):
    for word, near in (("statsu", "status"), ("doktor", "doctor"), ("wach", "watch")):
        done = bench.run(word, env={**os.environ, "LC_ALL": "C"})
        check(done.returncode == 2 and f"did you mean `edge-agent {near}`?" in done.stderr, f"{done.returncode}: {done.stderr}")
    done = bench.run("status", "--jsno", env={**os.environ, "LC_ALL": "C"})
    check(done.returncode == 2 and "'--json'" in done.stderr, f"{done.returncode}: {done.stderr}")


def completions(bench):
    """Each shell takes its script, and bash completes a command, an option and a value."""
    scripts = {}
    for shell in ("bash", "zsh", "fish"):
        made = bench.run("--generate-completion-script", shell)
        check(made.returncode == 0 and "doctor" in made.stdout and "watch" in made.stdout, f"{shell}: {made.stderr}")
        scripts[shell] = bench.write(f"completion.{shell}", made.stdout)
        if shutil.which(shell):
            checked = subprocess.run([shell, "-n", scripts[shell]], capture_output=True, text=True)
            check(checked.returncode == 0, f"{shell} -n: {checked.stderr}")

    def complete(*words):
        line = " ".join(words)
        asked = f"""shopt -s extglob; source {scripts['bash']}; COMP_WORDS=({' '.join(f"'{w}'" for w in words)}); COMP_CWORD={len(words) - 1}
            COMP_LINE='{line}'; COMP_POINT={len(line)}; COMP_TYPE=9; _edge-agent edge-agent '{words[-1]}' '{words[-2]}'; printf '%s\\n' "${{COMPREPLY[@]}}\""""
        done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True)
        return [reply.strip() for reply in done.stdout.split()]
    check("doctor" in complete("edge-agent", "doc"), f"no command: {complete('edge-agent', 'doc')}")
    check("--output" in complete("edge-agent", "doctor", "--ou"), f"no option: {complete('edge-agent', 'doctor', '--ou')}")
    check("junit" in complete("edge-agent", "self-test", "--format", "ju"), f"no value: {complete('edge-agent', 'self-test', '--format', 'ju')}")


def manual_pages(bench):
    """One for the program and one for each command, without a word from groff, whose macros man uses."""
    dump = bench.run("--experimental-dump-help").stdout
    pages = bench.folder / "man"
    pages.mkdir()
    subprocess.run([f"{ROOT}/packaging/man-pages", "0.0.0", "2026-01-01", pages], input=dump, text=True, check=True)
    commands = [c["commandName"] for c in json.loads(dump)["command"]["subcommands"] if c["commandName"] != "help"]
    names = sorted(page.name for page in pages.iterdir())
    check(names == sorted(["edge-agent.1"] + [f"edge-agent-{c}.1" for c in commands]), f"pages: {names}")
    for page in pages.iterdir():
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-K", "utf8", "-rLL=78n", page], capture_output=True, text=True)
        check(done.returncode == 0 and done.stderr == "", f"{page.name}: {done.stderr}")
        check(len(done.stdout) > 500, f"{page.name} is empty")
    return f"{len(names)} pages"


TESTS = [
    watch_on_a_terminal, watch_ended_by_a_signal, watch_in_a_script, doctor_beside_the_daemon, report_of_an_installation,
    a_command_that_is_misspelt, completions, manual_pages,
]
