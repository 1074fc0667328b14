"""An installer's hour: init typed at a terminal, the daemon, a self-test that passes; then one thing wrong after the other.

Tests/faults.tsv says which check must find each, and which word of its advice names the cause.
"""
import contextlib
import fcntl
import fnmatch
import itertools
import json
import os
import pathlib
import pty
import select
import signal
import socket
import subprocess
import sys
import termios
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import homes
from peers import Failed, free_port, listens, mosquitto, openssl, wait_for
from tests_installer import places
from tests_main_job import check
from tests_self_test import OF_THE_MACHINE, checks

TABLE = pathlib.Path(__file__).parent.parent / "faults.tsv"
REGISTERS = homes.METERS.split("[[meter.register]]")[1].split("[[meter]]")[0]


def table():
    rows = [line.split("\t") for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {fault: (check, code, word) for fault, where, check, code, word in rows if where == "installed"}, len(rows)


# Typing


def typed(bench, command, replies, stdout=None):
    """Runs a command on a terminal and answers each prompt; `replies`: what the question says → lines to type, in turn.
    Returns exit code, the terminal's text and, if asked for, standard output."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [str(part) for part in command], stdin=theirs, stdout=stdout or theirs, stderr=theirs,
        env={**places(bench), "NO_COLOR": "1", "LC_ALL": "C"})
    os.close(theirs)
    out = []
    if stdout:
        threading.Thread(target=lambda: out.append(child.stdout.read().decode()), daemon=True).start()
    replies = {question: list(lines) for question, lines in replies.items()}
    text, answered, end = "", 0, time.monotonic() + 60
    while time.monotonic() < end:
        if not select.select([ours], [], [], 0.2)[0]:
            continue
        try:
            part = os.read(ours, 4096).decode(errors="replace")
        except OSError:
            break
        if not part:
            break
        text += part
        prompt = text[answered:]
        if not prompt.endswith(("] > ", "(not shown) > ", "[y/n] ")):
            continue
        answered = len(text)
        asked = next((question for question in replies if question in prompt), None)
        if asked is None or not replies[asked]:
            child.kill()
            raise Failed(f"nobody knows what to answer to: {prompt}")
        os.write(ours, (replies[asked].pop(0) + "\n").encode())
    os.close(ours)
    code = child.wait(10)
    left = [question for question, lines in replies.items() if lines]
    check(not left, f"never asked: {left}; said {text}")
    wait_for("its output", lambda: out or not stdout)
    return code, text, "".join(out)


# Peers


class Authority:
    """Certificates for every state that one can be in."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.ca = self.made("ca", "-x509", "-days", "2", out="ca.pem")
        (folder / "index.txt").touch()
        (folder / "serial").write_text("01\n")
        (folder / "ca.cnf").write_text(
            "[ca]\ndefault_ca = d\n[d]\ndatabase = index.txt\nserial = serial\nnew_certs_dir = .\ndefault_md = sha256\npolicy = p\n"
            "certificate = ca.pem\nprivate_key = ca.key\ndefault_crl_days = 2\nunique_subject = no\n[p]\ncommonName = supplied\n")
        self.server = self.signed("server", "subjectAltName=DNS:localhost", "-days", "2")
        self.expired = self.signed("expired", "subjectAltName=DNS:localhost", "-startdate", "20200101000000Z", "-enddate", "20210101000000Z")
        self.revoked = self.signed("revoked", "extendedKeyUsage=clientAuth", "-days", "2")
        self.issue("-revoke", self.revoked)
        self.crl = folder / "crl.pem"
        self.issue("-gencrl", "-out", self.crl)
        for key in folder.glob("*.key"):
            os.chmod(key, 0o644)

    def made(self, name, *options, out):
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", self.folder / f"{name}.key",
                "-out", self.folder / out, *options)
        return self.folder / out

    def signed(self, name, extension, *dates):
        request, extensions = self.made(name, out=f"{name}.csr"), self.folder / f"{name}.ext"
        extensions.write_text(extension + "\n")
        certificate = self.folder / f"{name}.pem"
        self.issue("-in", request, "-out", certificate, "-extfile", extensions, "-notext", *dates)
        return certificate

    def issue(self, *arguments):
        subprocess.run(["openssl", "ca", "-batch", "-config", "ca.cnf", *map(str, arguments)], cwd=self.folder, check=True, capture_output=True)


class World:
    """Two meters of pymodbus on a line at 9600 baud, and a broker with a door for every kind of guest."""

    def __init__(self, bench):
        self.bench, self.numbers = bench, itertools.count()
        self.config = bench.folder / "home.toml"
        self.line, self.tty = self.start_line("line")
        self.other_line, self.other_tty = self.start_line("other-line")
        self.authority = Authority(bench.folder / "authority")
        self.start_broker()
        for tty in (self.tty, self.other_tty):
            probe = ["read", "--port", tty, "--unit", "5", "--table", "holding", "--timeout", "100ms"]
            wait_for("the meters on the line", lambda: bench.run(*probe, env=places(bench)).returncode == 0)

    def start_line(self, name):
        here, ours, theirs = pathlib.Path(__file__).parent, self.bench.folder / name, self.bench.folder / f"{name}-meters"
        line = self.bench.start(name, [sys.executable, here / "line.py", ours, theirs, "9600"])
        wait_for("the line", lambda: ours.exists() and theirs.exists())
        self.bench.start(f"{name}-meters-log", [sys.executable, here / "meters.py", "rtu", theirs])
        return line, ours

    def start_broker(self):
        made, bench = self.authority, self.bench
        passwords = bench.write("passwords", "")
        for user in ("hub", "desk", "mute"):
            subprocess.run(["mosquitto_passwd", "-b", passwords, user, f"s3cret-{user}"], check=True, capture_output=True)
            bench.write(f"{user}.password", f"s3cret-{user}\n")
        rights = bench.write("rights", "user hub\ntopic readwrite homes/#\ntopic readwrite elsewhere/#\n\nuser desk\ntopic readwrite #\n\n"
                             "user mute\ntopic read homes/#\n")
        self.port, self.strict, self.stale = free_port(), free_port(), free_port()
        lines = ["per_listener_settings true", "persistence false", "log_type all", "user root"]
        for port, certificate, rest in [
            (self.port, made.server, ["allow_anonymous false", f"password_file {passwords}", f"acl_file {rights}"]),
            (self.strict, made.server, ["allow_anonymous true", f"cafile {made.ca}", "require_certificate true", f"crlfile {made.crl}"]),
            (self.stale, made.expired, ["allow_anonymous true"]),
        ]:
            lines += [f"listener {port} 127.0.0.1", f"certfile {certificate}", f"keyfile {certificate.with_suffix('.key')}", *rest]
        bench.start("mosquitto", [mosquitto(), "-c", bench.write("mosquitto.conf", "\n".join(lines) + "\n")])
        wait_for("mosquitto", lambda: all(listens(port) for port in (self.port, self.strict, self.stale)))
        self.url = f"mqtts://localhost:{self.port}"

    # A home that differs from the good one

    def text(self, *parts):
        """What init wrote, only these of its sections."""
        head, *rest = self.config.read_text().split("\n[")
        wanted = ("[home", *parts)
        return head + "".join("\n[" + section for section in rest if ("[" + section).startswith(wanted))

    def home(self, text):
        return self.bench.write(f"broken-{next(self.numbers)}.toml", text)

    def self_test(self, config, *options, state=None, env=None):
        done = self.bench.run(
            "self-test", "--config", config, "--state", state or self.bench.folder / "state", "--format", "json", "--language", "en",
            "--answer", "2", *options, env={**places(self.bench), **(env or {})})
        check(done.stdout.startswith("{"), f"exit code {done.returncode}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    def bus(self, change):
        return self.self_test(self.home(change(self.text("[[bus", "[[meter"))))

    def water(self, old, new):
        """The water meter with registers of its own, one word of them wrong."""
        block = "[[meter.register]]" + REGISTERS.replace(old, new)
        check(old in REGISTERS, f"no {old} in {REGISTERS}")
        return self.bus(lambda text: text.replace('profile = "generic-water-u32"', block))

    def broker(self, change):
        text = self.text("[upstream")
        changed = change(text)
        check(changed != text, f"nothing was changed: {text}")
        return self.self_test(self.home(changed))

    def at(self, place, keys=""):
        """Another broker, without the good one's credentials."""
        head = self.text("[nothing")
        return self.self_test(self.home(f'{head}\n[upstream]\nbroker = "{place}"\n{keys}'))


# Init


def type_init(world):
    """As a person would, with a mistake or two."""
    bench = world.bench
    code, text, _ = typed(
        bench, [bench.binary, "init", "--output", world.config, "--bauds", "9600", "--parities", "none", "--units", "5-8"], {
            "Language": ["en"], "called upstream": ["Mrs Li, Zhuyuan Road 12", "zs-zhuyuan-0012"],
            "time zone": ["Shanghai", "Asia/Shanghai"], "Which board": ["simulated"], "On which ports": [str(world.tty)],
            "Look for meters": [""], "Which profile": ["generic-water", "generic-water-u32"], "unit 5 measure": ["water"],
            "unit 6 measure": [""], "meters to add by hand": [""], "Panic buttons": [""], "Smoke detectors": [""],
            "Motion sensors": ["bedroom"], "Door contacts": [""], "other inputs": ["ok mains battery"],
            "sounds or lights up": ["siren"], "wired so": [""], "Which broker": ["broker.example", world.url],
            "Which authority": [str(world.authority.ca)], "certificate of its own": [""], "Which user": ["hub"],
            "password": ["s3cret-hub"], "How often": ["1min"]})
    check(code == 0, f"exit code {code}: {text}")
    for said in ("looks like a name", "no time zone Shanghai", "Did you mean generic-water-u32", "is no broker", "has no errors",
                 "no-sign-of-life", "self-test --walk"):
        check(said in text, f"did not say '{said}': {text}")
    secret = bench.folder / "broker-password"
    check("s3cret" not in text and secret.read_text() == "s3cret-hub\n", "the password was shown, or not kept")
    check(secret.stat().st_mode & 0o777 == 0o600, f"anybody may read the password: {oct(secret.stat().st_mode)}")
    good = bench.run("check-config", world.config)
    check(good.returncode == 0, f"init wrote no good configuration: {good.stdout}{good.stderr}")
    return text


def scan_ended_and_then_everything(bench):
    """Ctrl-C ends the scan, Ctrl-D at the next question ends init: it once asked an input that had ended for ever."""
    ours, theirs = bench.folder / "a", bench.folder / "b"
    bench.start("socat", ["socat", f"pty,raw,echo=0,link={ours}", f"pty,raw,echo=0,link={theirs}"])
    wait_for("socat's pseudo-terminals", lambda: ours.exists() and theirs.exists())
    terminal, child_end = pty.openpty()
    config = bench.folder / "home.toml"
    child = subprocess.Popen(
        [str(bench.binary), "init", "--output", str(config), "--language", "en", "--id", "zs-1", "--timezone", "Asia/Shanghai",
         "--board", "simulated", "--port", str(ours), "--scan"],
        stdin=child_end, stdout=child_end, stderr=child_end, env={**places(bench), "NO_COLOR": "1"}, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(child_end)
    text = ""

    def said(*words):
        nonlocal text
        if select.select([terminal], [], [], 0.05)[0]:
            try:
                text += os.read(terminal, 4096).decode(errors="replace")
            except OSError:
                return True
        return any(word in text for word in words)

    wait_for("the scan", lambda: said("looking on"))
    os.write(terminal, b"\x03")
    wait_for("the next question", lambda: said("by hand"))
    os.write(terminal, b"\x04")
    wait_for("its end", lambda: said("\0") or child.poll() is not None, seconds=10)
    os.close(terminal)
    check(child.wait(10) == 4 and not config.exists(), f"exit code {child.returncode}: {text}")


def options_instead_of_a_person(bench):
    """The same by options; what is missing is named, and nothing is replaced without being told to."""
    config = bench.folder / "home.toml"
    nothing = bench.run("init", "--output", config, env=places(bench))
    check(nothing.returncode == 2 and "--timezone" in nothing.stderr and "--yes" in nothing.stderr, f"{nothing.returncode}: {nothing.stderr}")
    options = ["init", "--output", config, "--id", "h-1", "--timezone", "Asia/Shanghai", "--board", "raspberry-pi-5", "--port", "/dev/ttyUSB0",
               "--meter", "power=6,eastron-sdm120", "--input", "panic", "--input", "smoke.kitchen=GPIO27", "--alarm", "siren",
               "--broker", "mqtt://127.0.0.1", "--user", "none", "--heartbeat", "5min"]
    done = bench.run(*options, "--json", env=places(bench))
    check(done.returncode == 0 and json.loads(done.stdout)["ok"], f"{done.returncode}: {done.stdout}{done.stderr}")
    first = config.read_text()
    check('line = "GPIO18"  # pin 12' in first, f"wrote {first}")
    again = bench.run(*options, env=places(bench))
    check(again.returncode == 2 and "--overwrite" in again.stderr, f"{again.returncode}: {again.stderr}")
    chinese = bench.run(*options, "--overwrite", "--language", "zh", env=places(bench))
    check(chinese.returncode == 0 and "接下来" in chinese.stderr, f"{chinese.returncode}: {chinese.stderr}")
    check((bench.folder / "home.toml.bak").read_text() == first and "针脚 12" in config.read_text(), "the old one is not kept")
    wrong = bench.run("init", "--output", "-", "--yes", "--id", "Mrs Li", env=places(bench))
    check(wrong.returncode == 2 and "name" in wrong.stderr and not wrong.stdout, f"{wrong.returncode}: {wrong.stderr}")
    nowhere = bench.run("init", "--output", bench.folder / "none" / "home.toml", "--yes", env=places(bench))
    check(nowhere.returncode == 4 and "--output" in nowhere.stderr, f"{nowhere.returncode}: {nowhere.stderr}")
    shown = bench.run("init", "--output", "-", "--yes", "--no-scan", "--root", bench.folder, env=places(bench))
    check(shown.returncode == 0 and "[home]" in shown.stdout, f"{shown.returncode}: {shown.stderr}")


# Faults


def passes(world):
    """Siren and all: a person is there and hears it."""
    code, text, out = by_ear(world, "y")
    result = json.loads(out)
    found = checks(result)
    bad = {name: found[name] for name in found if found[name][0] != "pass" and found[name][1] != "storageSlow"}
    check(not bad, f"not good: {bad}")
    check({"meter.water.values", "meter.power.total", "line.ok", "power.mains", "output.siren.noticed", "broker.test-alert",
           "broker.tls", "configuration.running"} <= set(found), f"not checked: {sorted(found)}")
    return len(found)


def by_ear(world, answer):
    bench = world.bench
    return typed(
        bench, [bench.binary, "self-test", "--config", world.config, "--state", bench.folder / "state", "--format", "json", "--language", "en",
                "--answer", "40"], {"Did you hear it?": [answer]}, stdout=subprocess.PIPE)


def beside_the_daemon(world):
    """Faults that come and go under a running daemon."""
    bench = world.bench

    def lines(name, level):
        wait_for(name, lambda: next(i for i in bench.ask("lines")["inputs"] if i["name"] == name).get("isActive") is level)

    def moved(name, restore):
        bench.ask(f"line {name} 1")
        lines(name, True)
        result = world.self_test(world.config)
        if restore:
            bench.ask(f"line {name} 0")
            lines(name, False)
        return result

    def noise():
        world.line.child.send_signal(signal.SIGUSR1)
        wait_for("the noise to be counted", lambda: bench.status()["buses"][0]["strayBytes"] > 64)
        return world.self_test(world.config)

    def edited():
        text = world.config.read_text()
        world.config.write_text(text.replace('heartbeat = "1min"', 'heartbeat = "2min"'))
        result = world.self_test(world.config)
        world.config.write_text(text)
        return result

    yield "siren that nobody hears", lambda: json.loads(by_ear(world, "n")[2])
    yield "mains lost", lambda: moved("mains", True)
    yield "battery low", lambda: moved("battery", True)
    yield "edited and not restarted", edited
    yield "second master on the line", noise


def beside_another_daemon(world):
    """Homes that are wired wrong from the start, each with a daemon of its own."""
    bench = world.bench

    def input(name, wiring, happens=lambda: None):
        section = next(s for s in world.text("[[input").split("\n\n") if f'name = "{name}"' in s)
        config = world.home(world.text("[nothing") + "\n" + section + "\n" + wiring)
        agent = bench.agent(config, name="another")
        wait_for("the daemon", lambda: (s := bench.status()) and s["signals"])
        happens()
        result = world.self_test(config)
        agent.end()
        return result

    def chatter():
        def flickers():
            for level in (1, 0) * 20:
                bench.ask(f"line motion.bedroom {level}")
            return any(line["chatters"] for line in bench.status()["lines"])

        wait_for("the chatter", flickers)

    # A simulated line that nothing drives goes where its bias pulls it.
    yield "inverted line", lambda: input("panic", 'active = "low"\nbias = "pull-down"\n')
    yield "broken wire", lambda: input("smoke.kitchen", 'active = "high"\nbias = "pull-up"\n')
    yield "chattering line", lambda: input("motion.bedroom", "", chatter)


def on_the_line(world):
    """Without a daemon."""
    bench = world.bench
    tty = f'port = "{world.tty}"'

    def locked():
        port = os.open(world.tty, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        fcntl.flock(port, fcntl.LOCK_EX)
        try:
            return world.bus(lambda text: text)
        finally:
            os.close(port)

    gateway = homes.tcp_bus(free_port()).replace("meters", "gateway")
    yield "wrong baud rate", lambda: world.bus(lambda text: text.replace("baud = 9600", "baud = 4800"))
    yield "wrong unit id", lambda: world.bus(lambda text: text.replace("unit = 5", "unit = 15"))
    yield "swapped words", lambda: world.water('"ABCD"', '"CDAB"')
    yield "wrong scale", lambda: world.water('"0.001"', '"1000"')
    yield "wrong register", lambda: world.water("address = 0", "address = 100")
    yield "wrong type", lambda: world.bus(lambda text: text.replace('profile = "eastron-sdm120"', (
        '[[meter.register]]\nsignal = "voltage"\nquantity = "voltage"\ntable = "input"\naddress = 0\ntype = "u32"\nunit = "V"')))
    yield "another model's profile", lambda: world.bus(lambda text: text.replace("eastron-sdm120", "carlo-gavazzi-em111"))
    yield "port that is not there", lambda: world.bus(lambda text: text.replace(tty, f'port = "{bench.folder}/ttyNone"'))
    yield "port of another program", locked
    yield "port that is no serial port", lambda: world.bus(lambda text: text.replace(tty, f'port = "{bench.write("file", "")}"'))
    yield "gateway that cannot be reached", lambda: world.self_test(world.home(
        world.text("[nothing") + gateway + homes.METERS.replace('"meters"', '"gateway"')))


def on_the_other_line(world):
    """What takes long, at the same time."""

    def colliding():
        world.other_line.child.send_signal(signal.SIGUSR2)
        return world.bus(lambda text: text.replace(str(world.tty), str(world.other_tty)))

    yield "two devices with one unit id", colliding


def elsewhere(world):
    """Without a daemon, and without the line."""
    bench, made = world.bench, world.authority

    def disk(state):
        return world.self_test(world.home(world.text("[nothing")), state=state)

    def full():
        (bench.folder / "full").mkdir()
        (bench.folder / "full" / "self-test.tmp").symlink_to("/dev/full")
        return disk(bench.folder / "full")

    def mute_daemon():
        folder = bench.folder / "mute"
        folder.mkdir()
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(folder / "control.sock"))
            server.listen()
            threading.Thread(target=lambda: server.accept()[0].sendall(b"{}\n"), daemon=True).start()
            return world.self_test(world.config, env={"RUNTIME_DIRECTORY": str(folder)})

    def web_server():
        server = socket.create_server(("127.0.0.1", 0))

        def serve():
            while True:
                try:
                    client = server.accept()[0]
                except OSError:
                    return
                with client, contextlib.suppress(OSError):
                    client.recv(4096)
                    client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=serve, daemon=True).start()
        with server:
            return world.at(f"mqtt://127.0.0.1:{server.getsockname()[1]}")

    authority = f'ca-file = "{made.ca}"\n'
    user = lambda name: lambda text: text.replace('user = "hub"', f'user = "{name}"').replace('"broker-password"', f'"{name}.password"')
    other = bench.folder / "other"

    def strangers_ca():
        return world.at(world.url, f'ca-file = "{Authority(other).ca}"\n')

    def revoked():
        return world.at(f"mqtts://localhost:{world.strict}", authority + (
            f'certificate-file = "{made.revoked}"\nkey-file = "{made.revoked.with_suffix(".key")}"\n'))

    yield "full disk", full
    yield "no state folder", lambda: disk(bench.folder / "none")
    yield "configuration with an error", lambda: world.broker(lambda text: text.replace("mqtts", "mqttt"))
    yield "configuration that is not there", lambda: world.self_test(bench.folder / "none.toml")
    yield "daemon that does not answer", mute_daemon
    yield "broker's name wrong", lambda: world.at("mqtt://no-such-host.invalid")
    yield "broker's port closed", lambda: world.at(f"mqtt://127.0.0.1:{free_port()}")
    yield "port that speaks no MQTT", web_server
    yield "TLS port without TLS", lambda: world.at(f"mqtt://127.0.0.1:{world.port}")
    yield "wrong authority", strangers_ca
    yield "certificate for another name", lambda: world.at(f"mqtts://127.0.0.1:{world.port}", authority)
    yield "expired certificate", lambda: world.at(f"mqtts://localhost:{world.stale}", authority)
    yield "client certificate missing", lambda: world.at(f"mqtts://localhost:{world.strict}", authority)
    yield "client certificate revoked", revoked
    yield "wrong password", lambda: world.broker(lambda text: text.replace('"broker-password"', '"desk.password"'))
    yield "unknown user", lambda: world.broker(lambda text: text.replace('user = "hub"', 'user = "nobody"'))
    yield "access list without this hub", lambda: world.broker(user("mute"))
    yield "nobody accepts", lambda: world.broker(lambda text: text + 'topic-prefix = "elsewhere"\n')


def judge(fault, result, expected):
    """What is wrong with what was found; None: the right check found it, no other, and its advice names the cause."""
    name, code, word = expected
    failed = [c for c in result["checks"] if c["verdict"] == "fail" and not c["name"].startswith(OF_THE_MACHINE) and c["code"] != "storageSlow"]
    said = [(c["name"], c["code"], c.get("advice")) for c in failed]
    if not failed:
        return f"{fault}: nothing failed"
    if not all(fnmatch.fnmatchcase(c["name"], name) and fnmatch.fnmatchcase(c["code"], code) for c in failed):
        return f"{fault}: {name} should have said {code}, not {said}"
    if not any(word.lower() in c["advice"].lower() for c in failed):
        return f"{fault}: no advice speaks of '{word}': {said}"
    return None


def an_installers_hour(bench):
    """From init to a passing self-test, and every fault of the table found by its check."""
    expected, count = table()
    world = World(bench)
    type_init(world)
    bench.listener(world.url, "--acknowledge", "--ca-file", world.authority.ca, "--user", "desk", "--password-file",
                   bench.folder / "desk.password")
    agent = bench.agent(world.config)
    wait_for("a first reading and the link", lambda: (s := bench.status()) and s["upstream"]["isConnected"] and any(
        s["name"] == "power.energy" and s.get("value") for s in s["signals"]))
    good = passes(world)
    problems, slow = [], []

    def run(part):
        for fault, broken in part(world):
            check(fault in expected, f"{fault} is not in {TABLE.name}")
            began = time.monotonic()
            problem = judge(fault, broken(), expected.pop(fault))
            slow.append((time.monotonic() - began, fault))
            problems.extend([problem] if problem else [])

    run(beside_the_daemon)
    agent.end()
    run(beside_another_daemon)
    with ThreadPoolExecutor() as pool:
        list(pool.map(run, [on_the_line, on_the_other_line, elsewhere]))
    found = len(slow)
    check(not problems, "\n  ".join(["not as the table says:", *problems]))
    check(not expected, f"nobody tries {sorted(expected)}")
    longest = ", ".join(f"{fault} {seconds:.1f} s" for seconds, fault in sorted(slow, reverse=True)[:6])
    return f"{good} checks pass; {found} of {found} faults found here, {count - found} by FaultTests; slowest: {longest}"


TESTS = [an_installers_hour, scan_ended_and_then_everything, options_instead_of_a_person]
