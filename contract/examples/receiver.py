"""A reference receiver, written from contract/README.md alone: takes what hubs send from an MQTT broker, stores it in
PostgreSQL (contract/postgresql.sql) once, answers, accepts alarms, and names the hubs that are lost.

    pip install 'paho-mqtt>=2.1' 'psycopg[binary]>=3.1' 'protobuf>=4.25,<5'
    protoc --proto_path=contract --python_out=. edge/v1/edge.proto
    psql -f contract/postgresql.sql DATABASE
    python3 contract/examples/receiver.py --broker mqtt://localhost:1883 --database dbname=edge --accept-as "Mei"

Without --accept-as a person accepts: insert into acceptance (home, alert_id, accepted_by) values (...).
More than one may run: give each a --client-id and all the same --share.
"""
import argparse
import datetime
import json
import pathlib
import queue
import ssl
import sys
import time
import urllib.parse

import paho.mqtt.client as mqtt
import psycopg
from google.protobuf import json_format
from google.protobuf.message import DecodeError
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from edge.v1 import edge_pb2 as edge

MESSAGES = {"status": edge.Status, "heartbeat": edge.Heartbeat, "alerts": edge.Alert, "events": edge.Event,
            "readings": edge.Readings}
SESSION_SECONDS = 86_400  # the broker keeps what is not confirmed while the receiver is away
CALLS = (edge.Alert.raised, edge.Alert.escalated)
UNKNOWN_DUE_SECONDS = 3600  # of a hub that has a status and never had a heartbeat


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def say(text):
    """Names come from hubs: on one line, whatever they hold."""
    print(f"{now():%H:%M:%S} {''.join(c if c.isprintable() else '?' for c in text)}", flush=True)


def decode(kind, payload):
    """A payload whose first byte is `{` is JSON; no binary message begins so."""
    message = MESSAGES[kind]()
    if payload[:1] == b"{":
        return json_format.Parse(payload, message, ignore_unknown_fields=True)
    message.ParseFromString(payload)
    return message


def word(enum, number):
    """A value's name; the number where this side is older than the hub, whose word must be kept all the same."""
    value = enum.DESCRIPTOR.values_by_number.get(number)
    return value.name if value else str(number)


def points(series):
    """(time, value, quality) of each point: the first in full, then differences."""
    at, value = series.base_unix_ms, series.base_value
    steps = [seconds * 1000 for seconds in series.time_deltas_s] or list(series.time_deltas_ms)
    for i, (later, more) in enumerate([(0, 0), *zip(steps, series.value_deltas)]):
        at, value = at + later, value + more
        yield at, value, word(edge.Readings.Quality, series.qualities[i]) if i < len(series.qualities) else "good"


class Store:
    """What is in PostgreSQL. Each method is called within one transaction."""

    def __init__(self, connection, accept_as):
        self.db, self.accept_as = connection, accept_as

    def status(self, home, message, arrived):
        """Statuses of one hub come in order; the last one to arrive is the truth."""
        self.db.execute(
            "insert into hub (home, status, agent_version, configuration_hash) values (%s, %s, %s, %s) on conflict (home)"
            " do update set status = excluded.status, agent_version = excluded.agent_version,"
            " configuration_hash = excluded.configuration_hash",
            (home, word(edge.Status.State, message.state), message.agent_version, message.configuration_hash))

    def heartbeat(self, home, message, arrived):
        """Alive, whatever it says; a brief one is spelled out with the lists that it names, if they are known."""
        if message.HasField("brief"):
            rules, signals = self.spelled_out(home, message.brief)
        else:
            rules = [{"name": r.name, "kind": r.kind, "verdict": word(edge.Heartbeat.Verdict, r.verdict), "reason": r.reason}
                     for r in message.rules]
            signals = [{"name": s.name, "missing": s.missing, "age_s": s.age_ms // 1000 if s.HasField("age_ms") else None}
                       for s in message.signals]
            if message.number:
                self.db.execute(
                    "insert into heartbeat_lists values (%s, %s, %s, %s, %s) on conflict do nothing",
                    (home, message.number, arrived, json.dumps(rules), json.dumps(signals)))
                # Two, because with shared subscriptions an older brief one may come after a newer list.
                self.db.execute(
                    "delete from heartbeat_lists where home = %s and number not in (select number from heartbeat_lists"
                    " where home = %s order by received_at desc limit 2)", (home, home))
        self.db.execute(
            "insert into hub (home, heartbeat_at, next_due_seconds, clock_trust, mode, heartbeat, rules, signals)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict (home) do update set heartbeat_at = excluded.heartbeat_at,"
            " next_due_seconds = excluded.next_due_seconds, clock_trust = excluded.clock_trust, mode = excluded.mode,"
            " heartbeat = excluded.heartbeat, rules = excluded.rules, signals = excluded.signals"
            " where hub.heartbeat_at is null or hub.heartbeat_at <= excluded.heartbeat_at",
            (home, arrived, message.next_due_seconds, word(edge.Header.ClockTrust, message.clock_trust),
             word(edge.HomeMode, message.mode), json_format.MessageToJson(message, preserving_proto_field_name=True),
             json.dumps(rules), json.dumps(signals)))
        if self.db.execute("update hub set lost_since = null where home = %s and lost_since is not null and heartbeat_at = %s",
                           (home, arrived)).rowcount:
            self.db.execute("update outage set ended = %s where home = %s and ended is null", (arrived, home))
            say(f"back: {home}")

    def spelled_out(self, home, brief):
        row = self.db.execute(
            "select rules, signals from heartbeat_lists where home = %s and number = %s", (home, brief.number)).fetchone()
        if not row:
            return None, None
        rules = [{"name": r["name"], "kind": r["kind"], "verdict": word(edge.Heartbeat.Verdict, v)}
                 for r, v in zip(row[0], brief.verdicts)]
        signals = [{"name": s["name"], "missing": s["missing"], "age_s": None if s["age_s"] is None else age}
                   for s, age in zip(row[1], brief.ages_s)]
        return rules, signals

    def record(self, home, topic, message):
        """Stores what was not seen before, and returns the answer that is due now: (home, id, level, by)."""
        header = message.header
        fresh = self.db.execute(
            "insert into record (id, home, sequence, topic, boot_id, wall_ms, clock_trust, late)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            (header.id, home, header.sequence, topic, header.boot_id, header.wall_unix_ms, word(edge.Header.ClockTrust,
             header.clock_trust), header.late)).rowcount
        if fresh:
            {"alerts": self.alert, "events": self.event, "readings": self.readings}[topic](home, message)
        if topic != "alerts" or message.event not in CALLS or message.severity == edge.Alert.technical:
            return home, header.id, "received", "receiver"
        row = self.db.execute("update acceptance set told_at = now() where home = %s and alert_id = %s returning accepted_by",
                              (home, message.alert_id)).fetchone()
        # By the alert's id: that answers its other steps as well.
        return (home, message.alert_id, "accepted", row[0]) if row else (home, header.id, "received", "receiver")

    def alert(self, home, a):
        event, severity = word(edge.Alert.Event, a.event), word(edge.Alert.Severity, a.severity)
        self.db.execute("insert into alert_step values (%s, %s, %s, %s, %s, %s, %s, %s)",
                        (a.header.id, home, a.alert_id, event, severity, list(a.reasons), a.at_unix_ms, a.header.sequence))
        # More severe than what somebody took on: a person is asked again.
        self.db.execute("delete from acceptance p using alert a where (p.home, p.alert_id) = (a.home, a.alert_id) and p.home = %s"
                        " and p.alert_id = %s and a.severity <> %s and %s", (home, a.alert_id, severity, event == "escalated"))
        # A step that arrives behind a later one changes nothing.
        self.db.execute(
            "insert into alert values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (home, alert_id)"
            " do update set severity = excluded.severity, state = excluded.state, reasons = excluded.reasons,"
            " test = excluded.test, raised_ms = excluded.raised_ms, at_ms = excluded.at_ms, sequence = excluded.sequence"
            " where (alert.at_ms, alert.sequence) < (excluded.at_ms, excluded.sequence)",
            (home, a.alert_id, a.rule, a.kind, severity, event, list(a.signals), list(a.reasons), a.test, a.began_unix_ms,
             a.raised_unix_ms, a.at_unix_ms, a.header.sequence))
        marks = ("late " if a.header.late else "") + ("test " if a.test else "")
        say(f"{marks}{severity} {event}: {home} {a.alert_id}: {'; '.join(a.reasons)}")
        if self.accept_as and a.event in CALLS and severity != "technical":
            self.db.execute("insert into acceptance values (%s, %s, %s) on conflict do nothing", (home, a.alert_id, self.accept_as))

    def event(self, home, e):
        self.db.execute("insert into event values (%s, %s, %s, %s, %s, %s)",
                        (e.header.id, home, e.code, list(e.signals), e.text, e.at_unix_ms))
        say(f"event: {home} {e.code}: {e.text}")

    def readings(self, home, message):
        rows = [(home, s.signal, at, value, word(edge.Readings.Quantity, s.quantity), quality)
                for s in message.series for at, value, quality in points(s)]
        self.db.cursor().executemany("insert into reading values (%s, %s, %s, %s, %s, %s) on conflict do nothing", rows)

    def untold(self):
        """Alerts that somebody has accepted and whose hub has not been told yet."""
        return self.db.execute(
            "update acceptance set told_at = now() where (home, alert_id) in (select home, alert_id from acceptance"
            " where told_at is null for update skip locked) returning home, alert_id, accepted_by").fetchall()

    def newly_lost(self, moment, listening_since, tolerance):
        """Hubs that are overdue at that moment. What came while nobody listened is not held against them."""
        lost = self.db.execute(
            "update hub set lost_since = %s where lost_since is null and greatest(heartbeat_at, %s)"
            " + make_interval(secs => coalesce(next_due_seconds, %s) * %s) < %s returning home, heartbeat_at, status",
            (moment, listening_since, UNKNOWN_DUE_SECONDS, tolerance, moment)).fetchall()
        for home, seen, status in lost:
            self.db.execute("insert into outage values (%s, %s, null)", (home, moment))
            say(f"lost: {home}: last heartbeat {f'{seen:%Y-%m-%d %H:%M:%S}' if seen else 'never'}, status {status or 'not known'}")


class Receiver:
    def __init__(self, options):
        self.options, self.waiting, self.db, self.connection, self.listening_since = options, queue.Queue(), None, 0, None
        url = urllib.parse.urlsplit(options.broker)
        # Confirmed to the broker by hand, after storing: what is not, comes again.
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, options.client_id, protocol=mqtt.MQTTv5, manual_ack=True)
        self.client.on_connect, self.client.on_disconnect, self.client.on_message = self.connected, self.gone, self.arrived
        self.client.on_connect_fail = lambda *_: say(f"no broker: {sys.exc_info()[1]}")  # called while it is handled
        if options.user:
            self.client.username_pw_set(options.user, pathlib.Path(options.password_file).read_text().strip())
        if url.scheme == "mqtts":
            self.client.tls_set(ca_certs=options.ca_file, tls_version=ssl.PROTOCOL_TLS_CLIENT)
        session = Properties(PacketTypes.CONNECT)
        session.SessionExpiryInterval = SESSION_SECONDS
        port = url.port or (8883 if url.scheme == "mqtts" else 1883)
        self.client.connect_async(url.hostname, port, clean_start=False, properties=session)

    # connected, gone and arrived are called on paho's thread, everything else on the main one.

    def connected(self, client, userdata, flags, reason, properties):
        if reason.is_failure:
            return say(f"the broker refuses: {reason}")
        prefix = self.options.topic_prefix
        shared = f"$share/{self.options.share}/{prefix}" if self.options.share else prefix
        # Retained messages do not come through shared subscriptions, and an old heartbeat (kept at QoS 1) proves nothing.
        topics = [(f"{prefix}/+/status", 1), (f"{shared}/+/heartbeat", 0)]
        topics += [(f"{shared}/+/{name}", 1) for name in ("alerts", "events", "readings")]
        client.subscribe([(topic, mqtt.SubscribeOptions(qos=qos)) for topic, qos in topics])
        self.connection, self.listening_since = self.connection + 1, now()
        say("connected")

    def gone(self, client, userdata, flags, reason, properties):
        self.listening_since = None
        say(f"disconnected: {reason}")

    def arrived(self, client, userdata, message):
        self.waiting.put((message, now(), self.connection))

    def run(self):
        self.client.loop_start()
        looked = 0
        while True:
            try:
                message, arrived, connection = self.waiting.get(timeout=1)
            except queue.Empty:
                message, arrived = None, now()
            if message:
                self.lasting(lambda store: self.take(store, message, arrived))
                # Another connection numbers anew; there the broker sends the message again.
                if connection == self.connection:
                    self.client.ack(message.mid, message.qos)
            if time.monotonic() - looked >= 1:
                looked = time.monotonic()
                # As of `arrived`: heartbeats that came later still wait to be stored.
                self.lasting(lambda store: self.look_around(store, arrived))

    def lasting(self, work):
        """Carries `work` out in a transaction, and again when the database was away; then sends the answers it returns."""
        while True:
            try:
                if self.db is None or self.db.closed:
                    self.db = psycopg.connect(self.options.database, connect_timeout=10)
                with self.db.transaction():
                    answers = work(Store(self.db, self.options.accept_as))
                break
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                say(f"the database is away: {str(error).splitlines()[0]}")
                if self.db:
                    self.db.close()
                time.sleep(1)
        for home, about, level, by in answers or []:
            ack = edge.Ack(id=about, level=level, by=by, at_unix_ms=int(time.time() * 1000))
            self.client.publish(f"{self.options.topic_prefix}/{home}/acks", ack.SerializeToString(), qos=1)

    def take(self, store, message, arrived):
        home, kind = message.topic.split("/")[-2:]
        try:
            content = decode(kind, message.payload)
            # The home is the topic's: that is what the broker's access list guards.
            with store.db.transaction():
                if kind in ("status", "heartbeat"):
                    return getattr(store, kind)(home, content, arrived)
                return [store.record(home, kind, content)]
        except (DecodeError, json_format.ParseError, ValueError, psycopg.DataError, psycopg.IntegrityError) as error:
            # Not answered: the hub keeps it, and this side can be mended.
            say(f"cannot be stored: {message.topic}, {len(message.payload)} bytes: {str(error).splitlines()[0]}")

    def look_around(self, store, moment):
        since = self.listening_since
        if since:
            store.newly_lost(moment, since, self.options.tolerance)
        return [(home, alert, "accepted", by) for home, alert, by in store.untold()] if since else []


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", required=True, help="as libpq takes it: dbname=edge, or a URL")
    parser.add_argument("--client-id", default="receiver", help="one for each process; the broker keeps its messages under it")
    parser.add_argument("--share", help="a group of receivers that share the work")
    parser.add_argument("--accept-as", help="accept every alarm in this name, at once")
    parser.add_argument("--tolerance", type=float, default=1.5, help="how many times next_due_seconds a hub may be silent")
    for option, default in {"--broker": "mqtt://localhost:1883", "--topic-prefix": "homes", "--user": None,
                            "--password-file": None, "--ca-file": None}.items():
        parser.add_argument(option, default=default)
    Receiver(parser.parse_args()).run()


if __name__ == "__main__":
    main()
