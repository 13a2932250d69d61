"""The brief in plain text, for a terminal."""

from __future__ import annotations

from renewopt.results.aligning import align
from renewopt.results.briefing.telling import Brief
from renewopt.wording import visible

__all__ = ["as_text"]


def as_text(brief: Brief) -> str:
    """Write a brief as lines: a line for each sentence, and the table."""
    lines = [brief.title, brief.made]
    for section in brief.sections:
        lines += ["", section.lead, *(f"  {sentence}" for sentence in section.sentences)]
        if section.key == "money" and brief.table is not None:
            lines += align(brief.table.head, brief.table.rows, numbers=brief.table.numbers)
    return visible("\n".join(lines))
