"""The Chinese of every sentence, by the English one; a test holds both to the same names and finds what lacks."""

from renewopt.wording.chinese import (
    assumptions,
    cells,
    commands,
    conflicts,
    difference,
    dossiers,
    explanations,
    guarding,
    helps,
    limits,
    meaning,
    pricing,
    refusals,
    replanning,
    rosters,
    sections,
    starting,
    tradeoffs,
    workbooks,
)

__all__ = ["CHINESE"]

CHINESE: dict[str, str] = {
    **assumptions.SENTENCES,
    **cells.SENTENCES,
    **sections.SENTENCES,
    **meaning.SENTENCES,
    **refusals.SENTENCES,
    **commands.SENTENCES,
    **helps.SENTENCES,
    **workbooks.SENTENCES,
    **guarding.SENTENCES,
    **conflicts.SENTENCES,
    **difference.SENTENCES,
    **limits.SENTENCES,
    **dossiers.SENTENCES,
    **rosters.SENTENCES,
    **pricing.SENTENCES,
    **explanations.SENTENCES,
    **replanning.SENTENCES,
    **starting.SENTENCES,
    **tradeoffs.SENTENCES,
}
"""English sentence to the Chinese one, with the same names in braces."""
