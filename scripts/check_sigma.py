"""Converts Sigma rules with pySigma's backends; fails when one cannot say a rule, but for what it lacks as a whole."""

import pathlib
import sys

from sigma.backends.elasticsearch import LuceneBackend
from sigma.backends.kusto import KustoBackend
from sigma.backends.splunk import SplunkBackend
from sigma.collection import SigmaCollection
from sigma.exceptions import SigmaError
from sigma.pipelines.azuremonitor import azure_monitor_pipeline
from sigma.pipelines.elasticsearch.windows import ecs_windows
from sigma.pipelines.microsoftxdr import microsoft_xdr_pipeline
from sigma.pipelines.splunk import splunk_windows_pipeline
from sigma.pipelines.sysmon import sysmon_pipeline
from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
from sigma.processing.transformations import WildcardPlaceholderTransformation

# Each backend with its pipelines, the first that knows the log source and its fields counts.
TARGETS = {
    "splunk": (SplunkBackend, [lambda: sysmon_pipeline() + splunk_windows_pipeline()]),
    "elasticsearch": (LuceneBackend, [ecs_windows]),
    "kusto": (KustoBackend, [microsoft_xdr_pipeline, azure_monitor_pipeline, ProcessingPipeline]),
}
# What a backend has not at all, in the words of its error.
LACKS = {
    # Of a rule that has nothing but several regular expressions it makes no query.
    "splunk": ["no query"],
    "elasticsearch": ["does not support correlation", "Regular expression template is not supported"],
    "kusto": ["does not support correlation"],
}


def placeholders() -> ProcessingPipeline:
    """What `%name%` stands for differs from site to site; here it is anything."""
    return ProcessingPipeline(items=[ProcessingItem(WildcardPlaceholderTransformation())])


def convert(backend, pipelines, text: str) -> list[str]:
    """The queries of the rules in a file; the error of the last pipeline when none takes them."""
    error = None
    for pipeline in pipelines:
        try:
            return backend(placeholders() + pipeline()).convert(SigmaCollection.from_yaml(text))
        except Exception as problem:  # Pipelines have faults of their own, such as taking every EventID for a number.
            error = problem
    raise error


def main(folder: str) -> int:
    files = sorted(pathlib.Path(folder).glob("*.yml"))
    failed = 0
    for target, (backend, pipelines) in TARGETS.items():
        converted, lacking = 0, 0
        for file in files:
            try:
                queries = convert(backend, pipelines, file.read_text(encoding="utf-8"))
                if not queries or not all(queries):
                    raise SigmaError("no query")
                converted += 1
            except Exception as problem:
                if any(words in str(problem) for words in LACKS.get(target, [])):
                    lacking += 1
                    continue
                failed += 1
                print(f"{target}: {file.name}: {problem}")
        print(f"{target}: {converted} of {len(files)} files converted, {lacking} ask for what the backend lacks")
    if not files:
        print(f"no rule in {folder}")
    return 1 if failed or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
