"""Runs a query over Parquet files: ENGINE SQL-FILE FILES THREADS.

The last line says how many rows it has, and the seconds and CPU seconds that it took; the start of Python and the
import of the engine are not counted.
"""

import json
import os
import resource
import sys
import time


def duckdb_rows(sql, files, threads):
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    return lambda: len(connection.execute(sql.replace("{table}", f"read_parquet('{files}')")).fetchall())


def chdb_rows(sql, files, threads):
    import chdb

    text = sql.replace("{table}", f"file('{files}', Parquet)") + f" SETTINGS max_threads = {threads}"
    return lambda: len(chdb.query(text, "JSONCompactEachRow").bytes().splitlines())


def polars_rows(sql, files, threads):
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    import polars

    events = polars.scan_parquet(files)
    return lambda: polars.SQLContext(events=events).execute(sql.replace("{table}", "events"), eager=True).height


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


engine, sql_file, files, threads = sys.argv[1:]
with open(sql_file, encoding="utf-8") as file:
    run = {"duckdb": duckdb_rows, "chdb": chdb_rows, "polars": polars_rows}[engine](file.read(), files, threads)
before, begin = cpu(), time.perf_counter()
rows = run()
print(json.dumps({"rows": rows, "wall": time.perf_counter() - begin, "cpu": cpu() - before}))
