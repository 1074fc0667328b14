"""The smallest receiver that keeps the rules of contract/README.md: stores each record once, then answers; accepts alarms.
Usage: minimal.py BROKER-HOST PORT FILE.db   (pip install 'paho-mqtt>=2.1' 'protobuf>=4.25,<5'; protoc as receiver.py says)"""
import sqlite3
import sys
import time

import paho.mqtt.client as mqtt
from google.protobuf import json_format

from edge.v1 import edge_pb2 as edge

KINDS = {"alerts": edge.Alert, "events": edge.Event, "readings": edge.Readings}
db = sqlite3.connect(sys.argv[3], check_same_thread=False, isolation_level=None)  # each statement is on disk when it returns
db.execute("create table if not exists record (id text primary key, topic text, message text)")


def arrived(client, userdata, incoming):
    prefix, home, kind = incoming.topic.rsplit("/", 2)
    message = KINDS[kind]()
    if incoming.payload[:1] == b"{":
        json_format.Parse(incoming.payload, message, ignore_unknown_fields=True)
    else:
        message.ParseFromString(incoming.payload)
    db.execute("insert or ignore into record values (?, ?, ?)",
               (message.header.id, incoming.topic, json_format.MessageToJson(message)))
    calls = (kind == "alerts" and message.event in (edge.Alert.raised, edge.Alert.escalated)
             and message.severity != edge.Alert.technical)
    ack = edge.Ack(id=message.header.id, level="accepted" if calls else "received", by="minimal.py",
                   at_unix_ms=int(time.time() * 1000))
    client.publish(f"{prefix}/{home}/acks", ack.SerializeToString(), qos=1)


def connected(client, *_):
    client.subscribe([(f"homes/+/{kind}", 1) for kind in KINDS])
    print("listening", flush=True)


client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
client.on_connect, client.on_message = connected, arrived
client.connect(sys.argv[1], int(sys.argv[2]))
client.loop_forever()
