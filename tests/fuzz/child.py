"""Reads scenarios in a process of its own, so that whatever a file does to it, the tests live on.

``python -m tests.fuzz.child`` reads paths from stdin, one a line (a variant after a tab), and answers each with a line
of JSON: what came of it, the findings in both languages, processor seconds and the most memory so far. A path is
announced before it is read, so that a process that dies says over which one.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import resource
import signal
import sys
import time
import warnings
from pathlib import Path
from typing import Any

__all__ = ["CPU_SECONDS", "MEMORY", "judge"]

CPU_SECONDS = 20
"""Processor seconds that one file may cost: a net below the budget, no stopwatch."""
PATIENCE = 3_600
"""Seconds after which a process that waits for somebody for ever is ended: far more than any machine needs."""
MEMORY = 2_000_000_000
"""Bytes of addresses that a file may take beyond what the libraries took: a net too."""


def judge(path: Path, *, compiled: bool = True) -> dict[str, Any]:
    """Read a scenario as `check` does, and say what came of it.

    Returns
    -------
    dict
        ``outcome``: loaded, refused, or the name of an exception that should not have come out; ``findings``: file,
        line, sheet, key and the sentence in both languages of each.
    """
    from renewopt.errors import ScenarioError
    from renewopt.problem import compile_problem, take_stock
    from renewopt.scenario import load

    said = io.StringIO()
    findings: list[Any] = []
    logging.disable(logging.CRITICAL)
    with warnings.catch_warnings(), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        warnings.simplefilter("error")
        try:
            scenario = load(path)
            findings = list(scenario.warnings)
            if compiled:
                take_stock(compile_problem(scenario), scenario)
            outcome = "loaded"
        except ScenarioError as error:
            outcome, findings = "refused", list(error.findings)
        except Exception as error:  # noqa: BLE001 - whatever comes out is what we are after
            outcome = f"{type(error).__name__}: {error}"[:500]
    logging.disable(logging.NOTSET)
    if said.getvalue():
        outcome = f"printed {said.getvalue()[:200]!r}"
    return {
        "outcome": outcome,
        "findings": [
            {
                "severity": finding.severity,
                "file": finding.file,
                "line": finding.line,
                "sheet": finding.sheet,
                "key": finding.key,
                "en": finding.said("en"),
                "zh": finding.said("zh"),
                "message": str(finding.message),
                "chinese": _in_chinese(finding.message),
            }
            for finding in findings
        ],
    }


def _in_chinese(message: Any) -> bool:
    """Whether a sentence is one of ours, and has its Chinese."""
    from renewopt.wording.chinese import CHINESE

    return message.sentence in CHINESE and bool(message.said("zh").strip())


def _bounded(files: int) -> None:
    """Bound the processor time and the addresses of this process; what is there already is not counted."""
    status = Path("/proc/self/statm")
    taken = int(status.read_text().split()[0]) * resource.getpagesize() if status.exists() else 0
    resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS * files, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(PATIENCE)


def _answer(paths: list[str], out: int) -> None:
    """Judge some files in this process, and write an answer for each."""
    _bounded(len(paths))
    for name in paths:
        before, at = time.process_time(), _most()
        answer = judge(Path(name))
        answer |= {
            "path": name,
            "seconds": round(time.process_time() - before, 3),
            "megabytes": (_most() - at) // 1024,
        }
        os.write(out, json.dumps(answer).encode() + b"\n")


def _most() -> int:
    """Return the most memory that this process has had, in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _forked(paths: list[str]) -> list[dict[str, Any]]:
    """Judge some files in a process of their own; those that it did not come to are left out."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        _answer(paths, write)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        answers = [json.loads(line) for line in pipe]
    _, status = os.waitpid(child, 0)
    if status and len(answers) < len(paths):
        how = signal.Signals(status & 0x7F).name if status & 0x7F else f"code {status >> 8}"
        answers.append({"path": paths[len(answers)], "outcome": f"died: {how}", "findings": []})
    return answers


def main() -> None:
    """Answer each path of stdin, so many in one process as the first argument says."""
    logging.disable(logging.CRITICAL)
    import renewopt.problem.compiling
    import renewopt.scenario.workbook.reading  # noqa: F401

    judge(Path("scenarios/minimal.yaml"))
    together = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    answers = sys.stdout
    waiting = [line.rstrip("\n") for line in sys.stdin] if together > 1 else (line.rstrip("\n") for line in sys.stdin)
    if isinstance(waiting, list):
        while waiting:
            for answer in _forked(waiting[:together]):
                print(json.dumps(answer), file=answers, flush=True)
                waiting.pop(0)
    else:
        for path in waiting:
            print(json.dumps(_forked([path])[0]), file=answers, flush=True)


if __name__ == "__main__":
    main()
