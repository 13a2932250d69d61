"""A pad for the checks: findings noted at a path of the scenario."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from renewopt.errors import Finding
from renewopt.scenario.limits import MAX_FINDINGS
from renewopt.scenario.nodes import Mapping, dotted, find
from renewopt.wording import NOTHING, Wording, words

__all__ = ["Notes", "first_of"]


def first_of(findings: Iterable[Finding], root: Mapping) -> list[Finding]:
    """Return the first findings of a kind; where there are more, a last one says so.

    Parameters
    ----------
    findings : iterable of Finding
        Not asked for more than are told.
    root : Mapping
        The scenario's tree, for the file's name.
    """
    told = list(islice(findings, MAX_FINDINGS + 1))
    if len(told) <= MAX_FINDINGS:
        return told
    return [*told[:MAX_FINDINGS], _more(root)]


def _more(root: Mapping) -> Finding:
    message = words("more than {count:,} problems of one kind; the rest is not told", count=MAX_FINDINGS)
    return Finding("error", root.mark.file, None, "", message, words("mend these first"))


class Notes:
    """Collects findings at paths of a scenario's tree.

    Parameters
    ----------
    root : Mapping
        The scenario, its variant merged.
    """

    def __init__(self, root: Mapping) -> None:
        self.root = root
        self.findings: list[Finding] = []

    def error(self, path: tuple[str | int, ...], message: Wording, mend: Wording = NOTHING) -> None:
        """Note what cannot be right."""
        self._note("error", path, message, mend)

    def warn(self, path: tuple[str | int, ...], message: Wording, mend: Wording = NOTHING) -> None:
        """Note what is unlikely to be right."""
        self._note("warning", path, message, mend)

    def _note(self, severity: str, path: tuple[str | int, ...], message: Wording, mend: Wording) -> None:
        if len(self.findings) > MAX_FINDINGS:
            return
        if len(self.findings) == MAX_FINDINGS:
            self.findings.append(_more(self.root))
            return
        _, mark, _ = find(self.root, path)
        key = dotted(self.root, path)
        self.findings.append(Finding(severity, mark.file, mark.line, key, message, mend))  # type: ignore[arg-type]
