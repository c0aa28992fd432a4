"""Writes confluent-kafka-python.json: bodies as Confluent's Python serializer writes them, and what they say.

    python3 -m venv venv && venv/bin/pip install 'confluent-kafka[avro]==2.16.0'
    venv/bin/python make.py http://127.0.0.1:8080/apis/ccompat/v7 > confluent-kafka-python.json

The registry may be empty; the ids are its own. What a value is expected to be read as is made here, by Python alone.
"""

import json
import sys
import uuid
from base64 import b64encode
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

client = SchemaRegistryClient({"url": sys.argv[1]})
vectors = []


def vector(name, schema, value, expected=None):
    serialize = AvroSerializer(client, json.dumps(schema), conf={"auto.register.schemas": True})
    body = serialize(value, SerializationContext(f"golden-{name}", MessageField.VALUE))
    vectors.append(
        {
            "name": name,
            "schema": schema,
            "id": int.from_bytes(body[1:5], "big"),
            "body": b64encode(body).decode(),
            "expected": value if expected is None else expected,
        }
    )


def record(name, **fields):
    return {
        "type": "record",
        "name": name,
        "namespace": "com.acme.blog",
        "fields": [{"name": field, "type": kind} for field, kind in fields.items()],
    }


def logical(beneath, name, **more):
    return {"type": beneath, "logicalType": name, **more}


def big(value):
    return {"bigint": str(value)}


vector(
    "primitives",
    record("Primitives", yes="boolean", whole="int", single="float", double="double", text="string"),
    {"yes": True, "whole": -(2**31), "single": 0.5, "double": 1e300, "text": "zoë 🎉"},
)

longs = [0, -1, 1, 2**31, 2**52, 2**53 - 1, -(2**53 - 1), 2**53, -(2**53), 2**53 + 1, 2**63 - 1, -(2**63)]
vector(
    "longs",
    record("Longs", all={"type": "array", "items": "long"}),
    {"all": longs},
    {"all": [n if abs(n) <= 2**53 - 1 else big(n) for n in longs]},
)

money = {"small": "123.40", "owed": "-0.01", "nothing": "0.00", "large": "12345678901234567890123456.789"}
vector(
    "decimals",
    record(
        "Money",
        small=logical("bytes", "decimal", precision=9, scale=2),
        owed=logical("bytes", "decimal", precision=4, scale=2),
        nothing=logical("bytes", "decimal", precision=4, scale=2),
        large={"type": "fixed", "name": "Large", "size": 16, "logicalType": "decimal", "precision": 29, "scale": 3},
    ),
    {name: Decimal(text) for name, text in money.items()},
    money,
)

instants = [
    datetime(1970, 1, 1, tzinfo=timezone.utc),
    datetime(2026, 11, 21, 8, 25, 35, 123456, tzinfo=timezone.utc),
    datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=timezone.utc),
    datetime(2026, 11, 21, 8, 25, 35, 5000, tzinfo=timezone(timedelta(hours=-5))),
]


def iso(moment, unit):
    utc = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return utc.isoformat(timespec=unit)


for unit in ("milliseconds", "microseconds"):
    short = {"milliseconds": "millis", "microseconds": "micros"}[unit]
    vector(
        f"timestamp-{short}",
        record("Instants", all={"type": "array", "items": logical("long", f"timestamp-{short}")}),
        {"all": instants},
        {"all": [iso(one, unit) + "Z" for one in instants]},
    )
    vector(
        f"local-timestamp-{short}",
        record("Locals", at=logical("long", f"local-timestamp-{short}")),
        {"at": instants[1].replace(tzinfo=None)},
        {"at": iso(instants[1], unit)},
    )

vector(
    "dates-and-times",
    record(
        "Dates",
        born=logical("int", "date"),
        before=logical("int", "date"),
        millis=logical("int", "time-millis"),
        micros=logical("long", "time-micros"),
    ),
    {"born": date(2024, 2, 29), "before": date(1901, 1, 1), "millis": time(8, 25, 35, 1000), "micros": time(23, 59, 59, 999999)},
    {"born": "2024-02-29", "before": "1901-01-01", "millis": "08:25:35.001", "micros": "23:59:59.999999"},
)

name = uuid.UUID("0190b6f5-7c1e-7b7a-8f63-0123456789ab")
vector("uuid", record("Named", id=logical("string", "uuid")), {"id": name}, {"id": str(name)})

vector(
    "unions",
    record(
        "Unions",
        nothing=["null", "string"],
        something=["null", "string"],
        price=["null", logical("bytes", "decimal", precision=6, scale=2)],
        count=["null", "long"],
    ),
    {"nothing": None, "something": "yes", "price": Decimal("9.90"), "count": 2**60},
    {"nothing": None, "something": "yes", "price": "9.90", "count": big(2**60)},
)

card = record("Card", number="string")
cash = record("Cash", coins="int")
vector(
    "named-unions",
    record("Paid", by={"type": "array", "items": [card, cash]}),
    {"by": [("com.acme.blog.Cash", {"coins": 3}), ("com.acme.blog.Card", {"number": "42"})]},
    {"by": [{"com.acme.blog.Cash": {"coins": 3}}, {"com.acme.blog.Card": {"number": "42"}}]},
)

tree = record("Tree", value="int", leaves={"type": "array", "items": "Tree"})
vector(
    "nested",
    record(
        "Nested",
        kind={"type": "enum", "name": "Kind", "symbols": ["DRAFT", "PUBLIC"]},
        tree=tree,
        tags={"type": "map", "values": "int"},
        empty={"type": "array", "items": "string"},
        raw="bytes",
        hash={"type": "fixed", "name": "Hash", "size": 4},
    ),
    {
        "kind": "PUBLIC",
        "tree": {"value": 1, "leaves": [{"value": 2, "leaves": []}]},
        "tags": {"toString": 1},
        "empty": [],
        "raw": b"\x00\xff",
        "hash": b"abcd",
    },
    {
        "kind": "PUBLIC",
        "tree": {"value": 1, "leaves": [{"value": 2, "leaves": []}]},
        "tags": {"toString": 1},
        "empty": [],
        "raw": {"bytes": "00ff"},
        "hash": {"bytes": "61626364"},
    },
)

vector("no-record", {"type": "string"}, "only text")

json.dump(vectors, sys.stdout, indent=2, ensure_ascii=False)
sys.stdout.write("\n")
