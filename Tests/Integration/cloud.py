"""The other side: a private PostgreSQL, the reference receiver, and clients that speak MQTT by hand."""
import glob
import json
import os
import pathlib
import pwd
import queue
import signal
import subprocess
import sys
import tempfile

import paho.mqtt.client as mqtt
import psycopg

from peers import Failed, free_port, wait_for

CONTRACT = pathlib.Path(__file__).parent.parent.parent / "contract"
EXAMPLES = CONTRACT / "examples/messages"


class Postgres:
    """A server of our own with the contract's tables. It can be stopped and started; its data stay."""

    def __init__(self, bench):
        self.bench, self.port, self.child = bench, free_port(), None
        tools = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
        self.tools = tools[-1] if tools else ""
        # A server refuses to run as root, and another user may not look into root's folders.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="edge-pg-"))
        bench.elsewhere.append(self.folder)
        self.prefix = []
        if os.getuid() == 0:
            user = next(u for u in ("postgres", "nobody") if any(u == entry.pw_name for entry in pwd.getpwall()))
            entry = pwd.getpwnam(user)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
            self.prefix = ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
        subprocess.run([*self.prefix, f"{self.tools}/initdb", "-D", self.folder / "data", "-U", "edge", "-A", "trust", "-N",
                        "--locale=C", "-E", "UTF8"], check=True, capture_output=True, cwd="/")
        self.start()
        for _ in range(2):  # the file says that it may be run again
            with psycopg.connect(self.url, autocommit=True) as db:
                db.execute((CONTRACT / "postgresql.sql").read_text())

    @property
    def url(self):
        return f"host=127.0.0.1 port={self.port} user=edge dbname=postgres"

    def start(self):
        self.child = self.bench.start("postgres", [
            *self.prefix, f"{self.tools}/postgres", "-D", self.folder / "data", "-p", self.port, "-h", "127.0.0.1",
            "-k", self.folder])
        wait_for("PostgreSQL", self.answers)

    def answers(self):
        try:
            psycopg.connect(self.url, connect_timeout=5).close()
            return True
        except psycopg.OperationalError:
            return False

    def crash(self):
        """At once and without a farewell, as a machine that is reset."""
        self.child.end(signal.SIGQUIT, seconds=20)

    def rows(self, query, *values):
        with psycopg.connect(self.url) as db:
            return db.execute(query, values).fetchall()

    def one(self, query, *values):
        return self.rows(query, *values)[0][0]


def receiver(bench, postgres, broker, *options, name="receiver"):
    return bench.start(name, [sys.executable, CONTRACT / "examples/receiver.py", "--broker", f"mqtt://127.0.0.1:{broker.port}",
                              "--database", postgres.url, "--client-id", name, *options], env={"PYTHONUNBUFFERED": "1"})


class Client:
    """Somebody with an MQTT client: keeps what arrives, and how each publish was answered."""

    def __init__(self, broker, user=None, secret=None, topics=()):
        self.seen, self.answers, self.ready, self.refused = [], queue.Queue(), queue.Queue(), None
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        if user:
            self.client.username_pw_set(user, secret)
        self.client.on_message = lambda client, userdata, message: self.seen.append((message.topic, message.payload))
        self.client.on_publish = lambda client, userdata, mid, reason, properties: self.answers.put(reason.value)
        self.client.on_subscribe = lambda client, userdata, mid, reasons, properties: self.ready.put(reasons)
        self.client.on_connect = self.connected
        self.topics = [(topic, 1) for topic in topics]
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        try:
            self.ready.get(timeout=30)
        except queue.Empty:
            raise Failed(f"{user} could not connect or subscribe within 30 s") from None

    def connected(self, client, userdata, flags, reason, properties):
        if reason.is_failure or not self.topics:
            self.refused = reason.is_failure
            self.ready.put(None)
        else:
            client.subscribe(self.topics)

    def publish(self, topic, payload):
        """The broker's answer: 0, or why not (MQTT 5 reason code)."""
        self.client.publish(topic, payload, qos=1)
        return self.answers.get(timeout=30)

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


def example(name):
    return json.loads((EXAMPLES / f"{name}.json").read_text())
