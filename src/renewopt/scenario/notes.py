"""A pad for the checks: findings noted at a path of the scenario."""

from __future__ import annotations

from renewopt.errors import Finding
from renewopt.scenario.nodes import Mapping, dotted, find
from renewopt.wording import NOTHING, Wording

__all__ = ["Notes"]


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
        _, mark, _ = find(self.root, path)
        key = dotted(self.root, path)
        self.findings.append(Finding(severity, mark.file, mark.line, key, message, mend))  # type: ignore[arg-type]
