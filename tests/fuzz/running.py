"""Inputs by number, and what must hold of each whatever it holds.

An input is drawn from its kind and number alone, so that one which failed is made again by
``python -m tests.fuzz.running KIND NUMBER FOLDER``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from json import loads
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.child import judge
from tests.fuzz.csv_mutations import write_table
from tests.fuzz.xlsx_mutations import write_book, write_sheet
from tests.fuzz.yaml_mutations import write_text, write_tree

__all__ = ["APART", "KINDS", "complaints", "judged", "judged_apart", "made"]

KINDS: dict[str, Callable[[Random, Path], Path]] = {
    "yaml trees": write_tree,
    "yaml texts": write_text,
    "csv": write_table,
    "scenario workbooks": write_book,
    "table workbooks": write_sheet,
}
APART = ("scenario workbooks", "table workbooks")
"""Kinds that are read in a process of their own: the reader of workbooks is no Python and might end it."""
TOGETHER = 40
"""Inputs that one process reads."""


def made(kind: str, number: int, folder: Path) -> Path:
    """Make an input; its folder is made too."""
    folder.mkdir(parents=True, exist_ok=True)
    return KINDS[kind](Random(f"{kind} {number}"), folder)


def judged(kind: str, numbers: Iterable[int]) -> list[dict[str, Any]]:
    """Read inputs in this process."""
    answers = []
    with tempfile.TemporaryDirectory() as name:
        for number in numbers:
            path = made(kind, number, Path(name) / str(number))
            answers.append({**judge(path), "number": number})
    return answers


def judged_apart(kind: str, numbers: Iterable[int]) -> list[dict[str, Any]]:
    """Read inputs in processes of their own."""
    with tempfile.TemporaryDirectory() as name:
        paths = {str(made(kind, number, Path(name) / str(number))): number for number in numbers}
        command = [sys.executable, "-m", "tests.fuzz.child", str(TOGETHER)]
        done = subprocess.run(command, input="\n".join(paths) + "\n", capture_output=True, text=True, check=True)
    return [{**answer, "number": paths[answer["path"]]} for answer in map(loads, done.stdout.splitlines())]


def complaints(answer: dict[str, Any]) -> list[str]:
    """Return what is wrong with an answer, in words; nothing, if it is as it must be."""
    wrong = []
    findings = answer["findings"]
    if answer["outcome"] not in {"loaded", "refused"}:
        wrong.append(answer["outcome"])
    if answer["outcome"] == "refused" and not any(finding["severity"] == "error" for finding in findings):
        wrong.append("refused without an error")
    for finding in findings:
        wrong += [f"{word}: {finding['en'][:200]!a}" for word in _faults(finding)]
    return wrong


def _faults(finding: dict[str, Any]) -> Iterable[str]:
    if not finding["file"] or not finding["message"].strip():
        yield "no file or no message"
    if not finding["chinese"]:
        yield "no Chinese"
    for language in ("en", "zh"):
        said = finding[language]
        if any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for sign in said):
            yield f"invisible characters ({language})"
        if len(said) > 4_000:
            yield f"{len(said)} characters ({language})"
        if "object at 0x" in said or "Traceback" in said or "pydantic" in said:
            yield f"words of Python ({language})"
    if finding["line"] is not None and finding["line"] < 1:
        yield "no line of a file"


def main(kind: str, number: str, folder: str) -> None:
    """Make an input again, and print what comes of it."""
    path = made(kind, int(number), Path(folder))
    answer = judge(path)
    print(path, answer["outcome"], *complaints(answer), *(finding["en"] for finding in answer["findings"]), sep="\n")  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])


def tally(answers: Iterable[dict[str, Any]]) -> Counter[str]:
    """Count outcomes."""
    return Counter(answer["outcome"] if answer["outcome"] in {"loaded", "refused"} else "wrong" for answer in answers)
