"""Scans EVTX files as Zircolite does: EVTX-FOLDER RULE-FOLDER...

Records go into a SQLite table in memory with Zircolite's names of fields, Sigma rules become SQL by pySigma, and each
query runs over the table. The last line says how many matches there are, and the seconds and CPU seconds of all that.
"""

import json
import pathlib
import resource
import sys
import time

from evtx import PyEvtxParser
from sigma.backends.sqlite import sqlite
from sigma.collection import SigmaCollection
from sigma.pipelines.sysmon import sysmon_pipeline
from sigma.pipelines.windows import windows_logsource_pipeline
from zargunlite.core import ZargunCore
from zargunlite.model import ZircoliteRule
from zargunlite.preprocess import flatten_json, mapping_field


def rules(folders):
    """The SQL of each rule; rules that the backend refuses are counted."""
    backend = sqlite.sqliteBackend(sysmon_pipeline() + windows_logsource_pipeline())
    queries, refused = [], 0
    for path in sorted(path for folder in folders for path in pathlib.Path(folder).rglob("*.yml")):
        try:
            for rule in SigmaCollection.from_yaml(path.read_text(encoding="utf-8")).rules:
                sql = backend.convert_rule(rule)
                queries.append(ZircoliteRule(title=rule.title or "", rule=[str(it) for it in sql]))
        except Exception:  # What a backend of others refuses has no common class.
            refused += 1
    return queries, refused


def events(folder):
    for path in sorted(pathlib.Path(folder).glob("*.evtx")):
        for record in PyEvtxParser(str(path)).records_json():
            yield mapping_field(flatten_json(json.loads(record["data"])))


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


before, begin = cpu(), time.perf_counter()
queries, refused = rules(sys.argv[2:])
core = ZargunCore()
core.load_data(list(events(sys.argv[1])), strict_field_name=False)
matches, failed = 0, 0
for query in queries:
    try:
        matches += core.execute_zircolite_rule(query).count
    except Exception:  # SQL that SQLite refuses.
        failed += 1
print(f"{len(queries)} rules, {refused} refused, {failed} failed")
print(json.dumps({"rows": matches, "wall": time.perf_counter() - begin, "cpu": cpu() - before}))
