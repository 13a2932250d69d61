"""A pad for the checks: findings noted at a path of the scenario."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from renewopt.errors import Finding, Severity
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
    worst: Severity = "error" if any(finding.severity == "error" for finding in told) else "warning"
    return [*told[:MAX_FINDINGS], _more(root, worst)]


def _more(root: Mapping, severity: Severity) -> Finding:
    message = words(
        "more than {count:,} {count:problem|problems} of one kind; the rest is not told", count=MAX_FINDINGS
    )
    return Finding(severity, root.mark.file, None, "", message, words("mend these first"))


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
        self.noted: dict[Severity, int] = {"error": 0, "warning": 0}

    def error(self, path: tuple[str | int, ...], message: Wording, mend: Wording = NOTHING) -> None:
        """Note what cannot be right."""
        self._note("error", path, message, mend)

    def warn(self, path: tuple[str | int, ...], message: Wording, mend: Wording = NOTHING) -> None:
        """Note what is unlikely to be right."""
        self._note("warning", path, message, mend)

    def _note(self, severity: Severity, path: tuple[str | int, ...], message: Wording, mend: Wording) -> None:
        self.noted[severity] += 1
        if self.noted[severity] > MAX_FINDINGS:
            # Warnings never become an error by their number.
            if self.noted[severity] == MAX_FINDINGS + 1:
                self.findings.append(_more(self.root, severity))
            return
        _, mark, _ = find(self.root, path)
        key = dotted(self.root, path)
        self.findings.append(Finding(severity, mark.file, mark.line, key, message, mend))
