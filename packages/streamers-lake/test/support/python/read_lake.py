"""Reads a lake as people do who have nothing of ours: by pyarrow and by DuckDB. Takes its folder, or its bucket with an endpoint of S3; answers with the rows of each as JSON."""

import json
import sys

import duckdb
import pyarrow.dataset
from pyarrow.fs import S3FileSystem

COLUMNS = ["streamer", "topic", "partition", "position", "id", "type", "version", "key", "body", "data", "headers"]
TIMES = ["time", "recorded_at"]


def plain(name, value):
    if value is None:
        return None
    if name == "body":
        return bytes(value).hex()
    if name in TIMES:
        return str(value)
    if name == "headers":
        return sorted(value.items() if isinstance(value, dict) else value)
    return value


def by_pyarrow(folder, filesystem=None):
    segments = pyarrow.dataset.dataset(folder + "/segments", format="parquet", filesystem=filesystem)
    table = segments.to_table(columns=COLUMNS + TIMES)
    for name in TIMES:
        at = table.column_names.index(name)
        table = table.set_column(at, name, table.column(name).cast("int64"))
    return [[plain(name, row[name]) for name in COLUMNS + TIMES] for row in table.to_pylist()]


def by_duckdb(folder):
    names = ", ".join([f'"{name}"' for name in COLUMNS] + [f"epoch_us({name})" for name in TIMES])
    rows = duckdb.sql(f"SELECT {names} FROM read_parquet('{folder}/segments/*/*.parquet')").fetchall()
    return [[plain(name, value) for name, value in zip(COLUMNS + TIMES, row)] for row in rows]


def bucket(endpoint):
    scheme, _, host = endpoint.partition("://")
    return S3FileSystem(
        access_key="test", secret_key="test", region="eu-west-1", scheme=scheme, endpoint_override=host
    )


place, *endpoint = sys.argv[1:]
if endpoint:
    print(json.dumps({"pyarrow": by_pyarrow(place, bucket(endpoint[0]))}))
else:
    print(json.dumps({"pyarrow": by_pyarrow(place), "duckdb": by_duckdb(place)}))
