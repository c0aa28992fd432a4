"""Reads bodies of Avro as fastavro does: standard input has a list of {writer, reader, body}; answers a list of {value} or {error}."""

import io
import json
import sys

from fastavro import parse_schema, schemaless_reader


def told(value):
    """What JSON has no place for, as an object with one member."""
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": value.hex()}
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"bigint": str(value)}
    if isinstance(value, float):
        return {"double": value.hex()} if value != value or value in (float("inf"), float("-inf")) else value
    if isinstance(value, dict):
        return {"map": {name: told(inner) for name, inner in value.items()}}
    return [told(inner) for inner in value]


def answer(pair):
    try:
        writer, reader = parse_schema(pair["writer"]), parse_schema(pair["reader"])
        return {"value": told(schemaless_reader(io.BytesIO(bytes.fromhex(pair["body"])), writer, reader))}
    except Exception as error:
        return {"error": type(error).__name__ + ": " + str(error)[:200]}


json.dump([answer(pair) for pair in json.load(sys.stdin)], sys.stdout)
