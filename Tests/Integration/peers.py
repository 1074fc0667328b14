"""The real peers of the integration test, each started on loopback and ended by its own handle."""
import json
import os
import pathlib
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

PATIENCE = 30  # seconds that anything awaited may take on a busy machine


class Failed(Exception):
    pass


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, condition, seconds=PATIENCE):
    """Polls a condition of another process, which gives us nothing to wait on; returns its first true value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise Failed(f"waited {seconds} s in vain for {what}")


def listens(port):
    with socket.socket() as s:
        s.settimeout(0.2)
        return s.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A child with its output in a file; ended when the test ends, however it ends."""

    def __init__(self, name, command, folder, env=None, stdout_lines=False):
        self.name = name
        self.log = folder / f"{name}.log"
        self.lines = queue.Queue()
        self.file = open(self.log, "ab")
        self.child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stderr=self.file,
            stdout=subprocess.PIPE if stdout_lines else self.file,
            env={**os.environ, **(env or {})},
        )
        if stdout_lines:
            threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.child.stdout:
            self.lines.put(line.decode())

    def text(self):
        return self.log.read_text(errors="replace")

    def end(self, how=signal.SIGTERM, seconds=5):
        if self.child.poll() is None:
            self.child.send_signal(how)
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
                raise Failed(f"{self.name} did not end within {seconds} s")
        return self.child.returncode


class Bench:
    """One test's folder and children."""

    def __init__(self, binary, folder):
        self.binary, self.folder, self.children, self.elsewhere = binary, pathlib.Path(folder), [], []
        self.folder.mkdir(parents=True)
        (self.folder / "run").mkdir()
        (self.folder / "state").mkdir()

    def start(self, name, command, **options):
        child = Process(name, [str(part) for part in command], self.folder, **options)
        self.children.append(child)
        return child

    def close(self):
        for child in reversed(self.children):
            if child.child.poll() is None:
                child.child.kill()
                child.child.wait()
            child.file.close()
        for folder in self.elsewhere:
            shutil.rmtree(folder, ignore_errors=True)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    # Peers

    def meters_tcp(self):
        port = free_port()
        self.start("meters", [sys.executable, pathlib.Path(__file__).with_name("meters.py"), "tcp", port, self.person])
        wait_for("the TCP meters", lambda: listens(port))
        return port

    def meters_rtu(self):
        ours, theirs = self.folder / "tty-agent", self.folder / "tty-meters"
        self.start("socat", ["socat", f"pty,raw,echo=0,link={ours}", f"pty,raw,echo=0,link={theirs}"])
        wait_for("socat's pseudo-terminals", lambda: ours.exists() and theirs.exists())
        self.start("meters", [sys.executable, pathlib.Path(__file__).with_name("meters.py"), "rtu", theirs, self.person])
        return ours

    @property
    def person(self):
        """The file by which a test moves the meters' registers."""
        return self.folder / "person"

    def moves(self, *lines):
        """Somebody in the home: "unit function address word word…" each. Replaced whole, so that nobody reads half of it."""
        draft = self.folder / "person.new"
        draft.write_text("".join(f"{line}\n" for line in lines))
        draft.rename(self.person)

    def broker(self, port=None, tls=None, password=None, logins=None, acl=None):
        """A private mosquitto; persistence off, as a PUBACK of its is no promise. `logins`: user → password."""
        port = port or free_port()
        lines = [f"listener {port} 127.0.0.1", "persistence false", "log_type all", "connection_messages true"]
        logins = dict([password]) if password else logins
        lines += [f"allow_anonymous {'false' if logins else 'true'}"]
        if logins:
            file = self.folder / "passwords"
            file.touch()
            for user, secret in logins.items():
                subprocess.run(["mosquitto_passwd", "-b", file, user, secret], check=True, capture_output=True)
            lines.append(f"password_file {file}")
        if acl:
            lines.append(f"acl_file {acl}")
        if tls:
            lines += [f"cafile {tls.ca}", f"certfile {tls.server}", f"keyfile {tls.server_key}", "require_certificate true"]
        lines.append("user root" if os.getuid() == 0 else "")
        config = self.write("mosquitto.conf", "\n".join(lines) + "\n")
        child = self.start("mosquitto", [mosquitto(), "-c", config])
        wait_for("mosquitto", lambda: listens(port))
        child.port = port
        return child

    def network(self, port, broker):
        """What lies between hub and broker; ending it cuts the hub off."""
        child = self.start("network", ["socat", f"TCP-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr", f"TCP:127.0.0.1:{broker.port}"])
        wait_for("the network", lambda: listens(port))
        return child

    def agent(self, config, *options, name="agent", env=None):
        places = {"STATE_DIRECTORY": str(self.folder / "state"), "RUNTIME_DIRECTORY": str(self.folder / "run")}
        return self.start(name, [self.binary, "run", "--config", config, *options], env={**places, **(env or {})})

    def listener(self, url, *options):
        child = self.start("listen", [self.binary, "listen", "--broker", url, "--json", *options], stdout_lines=True)
        return Listener(child)

    def ask(self, question):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(5)
            s.connect(str(self.folder / "run" / "control.sock"))
            s.sendall((question + "\n").encode())
            answer = b""
            while chunk := s.recv(65536):
                answer += chunk
        return json.loads(answer)

    def status(self):
        try:
            return self.ask("status")
        except OSError:
            return None

    def run(self, *arguments, **options):
        return subprocess.run(
            [str(self.binary), *map(str, arguments)], capture_output=True, text=True, timeout=60, **options)


class Listener:
    """What `listen --json` says, kept in order."""

    def __init__(self, child):
        self.child, self.seen = child, []

    def take(self):
        while True:
            try:
                self.seen.append(json.loads(self.child.lines.get_nowait()))
            except queue.Empty:
                return self.seen

    def first(self, what, condition, seconds=PATIENCE):
        return wait_for(what, lambda: next((m for m in self.take() if condition(m)), None), seconds)


class Certificates:
    """An authority of our own, a broker's certificate for localhost, and a hub's."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.ca, ca_key = folder / "ca.pem", folder / "ca.key"
        self.server, self.server_key = folder / "server.pem", folder / "server.key"
        self.client, self.client_key = folder / "client.pem", folder / "client.key"
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=edge-agent test CA",
                "-keyout", ca_key, "-out", self.ca)
        for name, pem, key, names in [
            ("localhost", self.server, self.server_key, "subjectAltName=DNS:localhost"),
            ("hub", self.client, self.client_key, "extendedKeyUsage=clientAuth"),
        ]:
            request, extension = folder / f"{name}.csr", folder / f"{name}.ext"
            extension.write_text(names)
            openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", key, "-out", request)
            openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", ca_key, "-CAcreateserial", "-days", "2",
                    "-extfile", extension, "-out", pem)
        os.chmod(self.server_key, 0o644)


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def mosquitto():
    return shutil.which("mosquitto") or "/usr/sbin/mosquitto"
