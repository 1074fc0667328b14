"""The contract's documents say the same: edge.proto, its JSON schema, asyncapi.yaml, the examples, README.md, the SQL."""
import json
import pathlib
import re
import subprocess
import sys

import jsonschema
import yaml
from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor

from edge.v1 import edge_pb2 as edge
from peers import Failed

ROOT = pathlib.Path(__file__).parent.parent.parent
CONTRACT = ROOT / "contract"
MESSAGES = edge.DESCRIPTOR.message_types_by_name
# How asyncapi.yaml and README.md say what a comment of edge.proto says: "// Topic `alerts`."
TOPIC = re.compile(r"// Topic `(\w+)`(.*)\n(?://.*\n)*message (\w+) ")


def check(condition, message):
    if not condition:
        raise Failed(message)


def topics():
    """Topic → (message, whether it is to the hub, whether it is retained), as edge.proto says."""
    found = TOPIC.findall((CONTRACT / "edge/v1/edge.proto").read_text())
    return {topic: (name, "to the hub" in rest, "retained" in rest and "Never" not in rest) for topic, rest, name in found}


def resolve(reference, document, folder):
    """What a $ref means; KeyError if nothing."""
    file, _, path = reference.partition("#")
    if file:
        document = json.loads((folder / file).read_text())
    for part in path.strip("/").split("/"):
        document = document[part.replace("~1", "/").replace("~0", "~")]
    return resolve(document["$ref"], document, folder) if "$ref" in document and not file else document


def references(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def asyncapi_has_every_topic_and_message(bench):
    document = yaml.safe_load((CONTRACT / "asyncapi.yaml").read_text())
    for reference in references(document):
        try:
            resolve(reference, document, CONTRACT)
        except (KeyError, OSError) as error:
            raise Failed(f"asyncapi.yaml: {reference} leads nowhere ({error!r})") from None
    check(set(document["channels"]) == set(topics()), f"channels {sorted(document['channels'])}, topics {sorted(topics())}")
    operations = {o["channel"]["$ref"].split("/")[-1]: o for o in document["operations"].values()}
    check(set(operations) == set(topics()), "not one operation for each channel")
    for topic, (name, is_to_hub, is_retained) in topics().items():
        check(document["channels"][topic]["address"] == "{prefix}/{home}/" + topic, f"{topic}: address")
        low = name[0].lower() + name[1:]
        check(set(document["channels"][topic]["messages"]) == {low, f"{low}Json"}, f"{topic}: messages")
        binary, text = document["components"]["messages"][low], document["components"]["messages"][f"{low}Json"]
        check(f'messageType="edge.v1.{name}"' in binary["contentType"], f"{topic}: content type of the binary form")
        check(text["payload"]["$ref"].endswith(f"#/definitions/{name}"), f"{topic}: payload of the JSON form")
        operation = operations[topic]
        check(operation["action"] == ("receive" if is_to_hub else "send"), f"{topic}: direction")
        binding = resolve(operation["bindings"]["$ref"], document, CONTRACT)["mqtt"]
        check(binding["retain"] == is_retained and binding["qos"] == 1, f"{topic}: QoS or retained")
    return f"{len(topics())} topics, {sum(1 for _ in references(document))} references"


def the_schema_is_what_the_proto_says(bench):
    done = subprocess.run([sys.executable, ROOT / "scripts/contract-schema", "--check"], capture_output=True, text=True)
    check(done.returncode == 0, done.stderr.strip() + " (and the examples, if a field is new)")


def enum_values(descriptor, seen):
    """Every (enum, value) that can stand in a message."""
    for field in descriptor.fields:
        if field.enum_type:
            yield from ((field.enum_type.full_name, value.name) for value in field.enum_type.values if value.number)
        elif field.message_type and field.message_type.full_name not in seen:
            yield from enum_values(field.message_type, seen | {field.message_type.full_name})


def used(message):
    """Every field, and every enum value, that a message of the examples shows."""
    for field, value in message.ListFields():
        yield field.full_name
        for one in value if field.label == FieldDescriptor.LABEL_REPEATED else [value]:
            if field.enum_type and one in field.enum_type.values_by_number:
                yield field.enum_type.full_name, field.enum_type.values_by_number[one].name
            elif field.message_type:
                yield from used(one)


def every_field_has_an_example(bench):
    """Each example fits the schema and the proto; each message, field and severity, step, state, level is shown."""
    schema = json.loads((CONTRACT / "edge/v1/edge.schema.json").read_text())
    shown, count = set(), 0
    for path in sorted((CONTRACT / "examples/messages").glob("*.json")):
        name = topics()[re.split("[-.]", path.name)[0]][0]
        example = json.loads(path.read_text())
        jsonschema.validate(example, {**schema, "$ref": f"#/definitions/{name}"}, jsonschema.Draft7Validator)
        shown |= set(used(json_format.Parse(path.read_text(), getattr(edge, name)())))
        count += 1
    missing = {field.full_name for name in MESSAGES for field in MESSAGES[name].fields} - shown
    nested = [message for name in MESSAGES for message in MESSAGES[name].nested_types]
    missing |= {field.full_name for message in nested for field in message.fields} - shown
    check(not missing, f"no example shows {sorted(missing)}")
    wanted = {"Alert.Event", "Alert.Severity", "Status.State", "Ack.Level", "Reply.Outcome", "Readings.Quantity"}
    values = {value for message in MESSAGES.values() for value in enum_values(message, set())}
    absent = {value for value in values if value[0].removeprefix("edge.v1.") in wanted} - shown
    absent -= {("edge.v1.Readings.Quantity", name) for name in ("energy", "voltage", "current", "frequency", "humidity", "flow")}
    check(not absent, f"no example shows {sorted(absent)}")
    return f"{count} examples"


def the_page_names_only_what_there_is(bench):
    page = (CONTRACT / "README.md").read_text()
    for topic in topics():
        check(f"| `{topic}` |" in page, f"README.md: no row for the topic {topic}")
    names = set()

    def collect(descriptor):
        names.update(field.name for field in descriptor.fields)
        names.update(value.name for enum in descriptor.enum_types for value in enum.values)
        for nested in descriptor.nested_types:
            collect(nested)
    for message in MESSAGES.values():
        collect(message)
    names |= set(re.findall(r"\w+", (CONTRACT / "postgresql.sql").read_text()))
    # `header.id` and `next_due_seconds`; not paths, topics, options of other programs or words of one part.
    for word in re.findall(r"`([a-z]+(?:[_.][a-z0-9]+)+)`", page):
        if word.endswith((".py", ".sql", ".yaml", ".proto", ".json", ".acl", ".conf")) or word in OF_OTHERS:
            continue
        unknown = [part for part in word.split(".") if part not in names]
        check(not unknown, f"README.md: {word}: the contract has no {', '.join(unknown)}")


# Settings of mosquitto that the page names.
OF_OTHERS = {"set_tcp_nodelay", "max_queued_messages", "max_inflight_messages", "use_identity_as_username", "persistent_client_expiration",
             "acl_file", "hash_clientid", "mosquitto_sub", "mosquitto_pub", "allow_anonymous"}

TESTS = [
    asyncapi_has_every_topic_and_message,
    the_schema_is_what_the_proto_says,
    every_field_has_an_example,
    the_page_names_only_what_there_is,
]
