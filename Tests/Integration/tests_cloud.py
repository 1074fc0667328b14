"""The reference receiver (contract/examples) between a real broker, a real PostgreSQL and the real agent."""
import itertools
import json
import signal
import sys
import uuid

import homes
from cloud import CONTRACT, Client, Postgres, example, receiver
from edge.v1 import edge_pb2 as edge
from peers import Failed, wait_for

LOGINS = {"platform": "p", "test-home": "t", "home-b": "b"}
KINDS = {"alerts": edge.Alert, "events": edge.Event, "readings": edge.Readings}
DENIED = 135  # MQTT 5: not authorised


def check(condition, message):
    if not condition:
        raise Failed(message)


def topic_of(name):
    return name.split("-")[0].split(".")[0]


def points_of(readings):
    """(signal, time, value) of each point."""
    for series in readings.series:
        at, value = series.base_unix_ms, series.base_value
        yield series.signal, at, value
        deltas = (series.time_deltas_s, series.time_deltas_ms, series.value_deltas)
        for seconds, milliseconds, more in itertools.zip_longest(*deltas, fillvalue=0):
            at, value = at + 1000 * seconds + milliseconds, value + more
            yield series.signal, at, value


def an_alarm_is_accepted_and_nothing_is_lost_or_doubled(bench):
    """Receiver and database die in between; records come again; the hub is killed and comes back."""
    broker = bench.broker(logins=LOGINS, acl=CONTRACT / "mosquitto.acl")
    database = Postgres(bench)
    secret = bench.write("secret", "p\n")
    # The agent's time runs 30 times as fast: a heartbeat every 2 s says "within 60 s", and 18 s is late.
    options = ["--tolerance", "0.3", "--user", "platform", "--password-file", secret]
    first = receiver(bench, database, broker, *options, "--accept-as", "Mei")
    wait_for("the receiver", lambda: "connected" in first.text())
    spy = Client(broker, "platform", "p", ["homes/#"])
    more = "".join(f'\n[[input]]\nname = "smoke.{place}"\nkind = "smoke"\nline = "SMOKE-{place}"\n' for place in ("bath", "hall"))
    login = f'user = "test-home"\npassword-file = "{bench.write("hub-secret", "t")}"\n'
    config = bench.write("home.toml", homes.home(
        homes.tcp_bus(bench.meters_tcp()), homes.METERS, homes.RULES + more,
        homes.upstream(f"mqtt://127.0.0.1:{broker.port}", login)))
    agent = bench.agent(config, "--speed", "30")
    wait_for("a heartbeat spelled out from a brief one", lambda: database.rows(
        "select 1 from hub where heartbeat ? 'brief' and rules @> '[{\"name\": \"no-water\"}]' and status = 'online'"))
    wait_for("a reading of water", lambda: database.rows(
        "select 1 from reading where signal = 'water.volume' and value = 412345000 and quality = 'good' and quantity = 'volume'"))

    def accepted(rule):
        return database.rows(
            "select 1 from alert a join acceptance p using (home, alert_id) join alert_step s using (home, alert_id)"
            " where a.rule = %s and p.told_at is not null and s.event = 'acknowledged' and 'Mei' = p.accepted_by", rule)

    def press(line):
        bench.ask(f"line {line} 1")
        bench.ask(f"line {line} 0")

    def desk_accepts(rule):
        """A person's screen: a row, as soon as the alert is there."""
        wait_for(f"{rule} on the desk's screen", lambda: database.rows(
            "insert into acceptance (home, alert_id, accepted_by) select home, alert_id, 'Mei' from alert where rule = %s"
            " on conflict do nothing returning 1", rule), seconds=90)
        wait_for(f"{rule} to be accepted", lambda: accepted(rule), seconds=90)

    press("PANIC")
    wait_for("the panic alarm to be accepted", lambda: accepted("panic"))

    first.end(signal.SIGKILL)
    press("SMOKE")
    database.crash()
    second = receiver(bench, database, broker, *options)
    wait_for("the receiver to find no database", lambda: "the database is away" in second.text() or "connected" in second.text())
    database.start()
    desk_accepts("smoke.kitchen")

    database.crash()
    press("SMOKE-bath")
    wait_for("the receiver to miss its database", lambda: "the database is away" in second.text())
    press("SMOKE-hall")
    database.start()
    desk_accepts("smoke.bath")
    desk_accepts("smoke.hall")

    # Everything that left the hub so far, once more, by hand; and a record that was thinned, which brings points again.
    sent = [(topic, KINDS[topic.split("/")[-1]].FromString(payload)) for topic, payload in list(spy.seen)
            if topic.split("/")[-1] in KINDS]
    hub = Client(broker, "test-home", "t")
    for topic, message in sent:
        check(hub.publish(topic, message.SerializeToString()) == 0, f"{topic} was refused")
    ids, points = {message.header.id for _, message in sent}, {}
    for topic, message in sent:
        if topic.endswith("/readings"):
            for point in points_of(message):
                points.setdefault(point[:2], point[2])
            message.header.id, message.thinned_to_s = uuid.uuid4().hex, 900
            hub.publish(topic, message.SerializeToString())
    marker = edge.Event(header=edge.Header(id=uuid.uuid4().hex, home="test-home"), code="marker")
    hub.publish("homes/test-home/events", marker.SerializeToString())
    wait_for("the marker behind the repetitions", lambda: database.rows("select 1 from event where code = 'marker'"), seconds=60)
    in_table = {row[:2]: row[2] for row in database.rows("select signal, at_ms, value from reading")}
    wrong = {key for key, value in points.items() if in_table.get(key) != value}
    check(points and not wrong, f"{len(wrong)} of {len(points)} points are missing or not what was sent: {sorted(wrong)[:3]}")
    doubled = database.rows("select alert_id, event, at_ms from alert_step group by 1, 2, 3 having count(*) > 1")
    check(not doubled, f"doubled: {doubled}")
    stored = {row[0] for row in database.rows("select id from record")}
    check(ids <= stored, f"{len(ids - stored)} of {len(ids)} records were lost")
    raised = {step["alert"] for step in bench.status()["steps"] if step["event"] == "raised"}
    alerts = {row[0] for row in database.rows("select alert_id from alert where state <> 'pre_alarm'")}
    check(alerts >= raised, f"missing alerts: {raised - alerts}")
    wait_for("an empty alarm lane", lambda: bench.status()["upstream"]["waiting"].get("alarm", 0) == 0, seconds=90)

    wait_for("the hub to count as alive", lambda: database.rows("select 1 from hub where lost_since is null"))
    agent.end(signal.SIGKILL)
    wait_for("the hub to be named lost", lambda: "lost: test-home" in second.text(), seconds=60)
    check(database.rows("select 1 from hub where lost_since is not null and status = 'lost'"), "the table has it as not lost")
    bench.agent(config, "--speed", "30", name="agent-again")
    wait_for("the hub to be back", lambda: "back: test-home" in second.text())
    check(database.rows("select 1 from outage where ended is not null"), "the outage has no end")
    hub.close()
    spy.close()
    return f"{len(ids)} records with {len(points)} points, all repeated by hand"


def receivers_share_the_work_and_take_every_example(bench):
    """All examples of the contract go in, for many homes; two receivers share them; each is stored once."""
    broker = bench.broker()
    database = Postgres(bench)
    both = [receiver(bench, database, broker, "--share", "city", name=name) for name in ("receiver-1", "receiver-2")]
    for one in both:
        wait_for("the receiver", lambda: "connected" in one.text())
    hub = Client(broker)
    desk = Client(broker, topics=["homes/+/acks"])
    names = [path.stem for path in (CONTRACT / "examples/messages").glob("*.json")]
    records, homes_count = [], 5
    for number in range(homes_count):
        home = f"home-{number}"
        for name in names:
            kind, message = topic_of(name), example(name)
            if kind in ("acks", "commands", "replies"):
                continue
            if "header" in message:
                message["header"] |= {"id": uuid.uuid4().hex, "home": home}
                records.append(message["header"]["id"])
            # Twice, as a hub does whose answer was lost.
            for _ in range(2 if "header" in message else 1):
                hub.publish(f"homes/{home}/{kind}", json.dumps(message))
    hub.publish("homes/home-0/alerts", b"{nonsense")
    hub.publish("homes/home-0/alerts", b"\xff\xff")
    hub.publish("homes/home-0/events", json.dumps({"header": {"id": "nul"}, "code": "a\u0000b"}))
    newer = edge.Alert(header=edge.Header(id="newer", home="home-0"), alert_id="new/1", event=9, severity=9)
    hub.publish("homes/home-0/alerts", newer.SerializeToString())
    marker = example("events-meter-replaced")
    for number in range(20):
        marker["header"]["id"] = f"marker-{number}"
        hub.publish("homes/home-0/events", json.dumps(marker))
    wait_for("every record", lambda: database.one("select count(*) from record") == len(records) + 21, seconds=60)
    check(database.one("select severity || state from alert where alert_id = 'new/1'") == "99", "an unknown word was not kept")
    check({row[0] for row in database.rows("select id from record")} >= set(records), "other records than were sent")
    check(database.one("select count(*) from hub") == homes_count, "not one row a hub")
    check(all("event:" in one.text() for one in both), "one receiver did all the work")
    wait_for("three complaints", lambda: sum(one.text().count("cannot be stored") for one in both) == 3)
    # Nobody accepts by himself: a desk does, by a row.
    alert = "no-water/2026-01-01T05:22:00Z"

    def answers(level):
        acks = [(topic, edge.Ack.FromString(payload)) for topic, payload in list(desk.seen)]
        return [(topic, ack) for topic, ack in acks if ack.level == level]
    check(not answers(edge.Ack.accepted), "accepted by nobody")
    database.rows("insert into acceptance (home, alert_id, accepted_by) values ('home-3', %s, 'Mei') returning 1", alert)
    topic, ack = wait_for("the acceptance", lambda: answers(edge.Ack.accepted))[0]
    check((topic, ack.id, ack.by) == ("homes/home-3/acks", alert, "Mei"), f"another answer: {topic} {ack}")
    # More severe than what Mei took on: she is asked again.
    worse = example("alerts-escalated") | {"alertId": alert, "severity": "red", "atUnixMs": "1767999999999"}
    worse["header"] |= {"id": "worse", "home": "home-3"}
    hub.publish("homes/home-3/alerts", json.dumps(worse))
    wait_for("an answer to what is more severe", lambda: [ack for _, ack in answers(edge.Ack.received) if ack.id == "worse"])
    check(database.one("select count(*) from acceptance where home = 'home-3' and alert_id = %s", alert) == 0, "not asked again")
    wait_for("an answer for each record", lambda: {ack.id for _, ack in answers(edge.Ack.received)} >= set(records))
    # A broker that has forgotten every session.
    hub.close()
    broker.end(signal.SIGKILL)
    broker = bench.broker(port=broker.port)
    for one in both:
        wait_for("the receiver's next connection", lambda: one.text().count(" connected") == 2)
    hub = Client(broker)
    for number in range(20, 40):
        marker["header"]["id"] = f"marker-{number}"
        hub.publish("homes/home-0/events", json.dumps(marker))
    wait_for("every record behind the broker's restart", lambda: database.one("select count(*) from record") == len(records) + 42)
    hub.close()
    desk.close()
    return f"{len(records)} records of {homes_count} homes"


def a_hub_may_only_use_its_own_topics(bench):
    """contract/mosquitto.acl at a real mosquitto."""
    broker = bench.broker(logins=LOGINS, acl=CONTRACT / "mosquitto.acl")
    platform = Client(broker, "platform", "p", ["homes/#", "$share/g/homes/+/alerts"])
    own = ["homes/test-home/acks", "homes/test-home/commands"]
    hub = Client(broker, "test-home", "t", ["homes/#", "homes/home-b/acks", *own])
    for name in ("status", "heartbeat", "alerts", "events", "readings", "replies"):
        check(hub.publish(f"homes/test-home/{name}", b"own") == 0, f"a hub may not write its own {name}")
        check(hub.publish(f"homes/home-b/{name}", b"forged") == DENIED, f"a hub may write another one's {name}")
    for name in ("acks", "commands"):
        check(hub.publish(f"homes/test-home/{name}", b"forged") == DENIED, f"a hub may write its own {name}")
        check(hub.publish(f"homes/home-b/{name}", b"forged") == DENIED, f"a hub may write another one's {name}")
        check(platform.publish(f"homes/home-b/{name}", b"not yours") == 0, f"the platform may not write {name}")
        check(platform.publish(f"homes/test-home/{name}", b"yours") == 0, f"the platform may not write {name}")
    check(platform.publish("homes/test-home/alerts", b"forged") == DENIED, "the platform may speak for a hub")
    # Its own six, four by the platform, and alerts once more through the shared subscription.
    wait_for("everything for the platform", lambda: len(platform.seen) == 11)
    check(all(payload != b"forged" for _, payload in platform.seen), f"forged messages arrived: {platform.seen}")
    wait_for("everything for the hub", lambda: len({topic for topic, _ in hub.seen}) == 2)
    check({payload for _, payload in hub.seen} == {b"yours"}, f"the hub has heard others: {hub.seen}")
    check(Client(broker).refused, "somebody without a name was let in")
    hub.close()
    platform.close()


def the_smallest_receiver_closes_the_loop(bench):
    """contract/examples/minimal.py: the 30 lines of the page."""
    broker = bench.broker()
    minimal = bench.start("minimal", [sys.executable, CONTRACT / "examples/minimal.py", "127.0.0.1", broker.port,
                                      bench.folder / "records.db"])
    wait_for("the receiver", lambda: "listening" in minimal.text())
    spy = Client(broker, topics=["homes/+/alerts"])
    config = bench.write("home.toml", homes.home(up=homes.upstream(f"mqtt://127.0.0.1:{broker.port}")))
    bench.agent(config)
    wait_for("the connection", lambda: (s := bench.status()) and s["upstream"]["isConnected"])
    bench.ask("line PANIC 1")
    bench.ask("line PANIC 0")
    wait_for("the acknowledged step", lambda: edge.Alert.acknowledged in [
        edge.Alert.FromString(payload).event for _, payload in list(spy.seen)])
    wait_for("nothing to wait", lambda: not any(bench.status()["upstream"]["waiting"].values()))
    spy.close()


def listen_tells_when_a_hub_is_overdue(bench):
    broker = bench.broker()
    listener = bench.listener(f"mqtt://127.0.0.1:{broker.port}", "--table")
    wait_for("the listener", lambda: "listening to" in listener.child.text())
    hub = Client(broker)
    hub.publish("homes/home-a/status", json.dumps({"home": "home-a", "state": "online"}))
    hub.publish("homes/home-a/heartbeat", json.dumps({"home": "home-a", "nextDueSeconds": "3600"}))
    listener.first("the hub", lambda m: m == {"home": "home-a", "before": "", "state": "alive"})
    hub.publish("homes/home-a/heartbeat", json.dumps({"home": "home-a", "nextDueSeconds": "2"}))
    listener.first("the hub to be overdue", lambda m: m == {"home": "home-a", "before": "alive", "state": "overdue"})
    hub.publish("homes/home-a/heartbeat", json.dumps({"home": "home-a", "nextDueSeconds": "3600"}))
    listener.first("the hub to be back", lambda m: m == {"home": "home-a", "before": "overdue", "state": "alive"})
    hub.close()


TESTS = [
    the_smallest_receiver_closes_the_loop,
    listen_tells_when_a_hub_is_overdue,
    a_hub_may_only_use_its_own_topics,
    receivers_share_the_work_and_take_every_example,
    an_alarm_is_accepted_and_nothing_is_lost_or_doubled,
]
