"""Reads a lake as people do who have nothing of ours: by pyarrow and by DuckDB. Takes its folder; answers with the rows of each as JSON."""

import json
import sys

import duckdb
import pyarrow.dataset

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


def by_pyarrow(folder):
    table = pyarrow.dataset.dataset(folder + "/segments", format="parquet").to_table(columns=COLUMNS + TIMES)
    for name in TIMES:
        at = table.column_names.index(name)
        table = table.set_column(at, name, table.column(name).cast("int64"))
    return [[plain(name, row[name]) for name in COLUMNS + TIMES] for row in table.to_pylist()]


def by_duckdb(folder):
    names = ", ".join([f'"{name}"' for name in COLUMNS] + [f"epoch_us({name})" for name in TIMES])
    rows = duckdb.sql(f"SELECT {names} FROM read_parquet('{folder}/segments/*/*.parquet')").fetchall()
    return [[plain(name, value) for name, value in zip(COLUMNS + TIMES, row)] for row in rows]


folder = sys.argv[1]
print(json.dumps({"pyarrow": by_pyarrow(folder), "duckdb": by_duckdb(folder)}))
