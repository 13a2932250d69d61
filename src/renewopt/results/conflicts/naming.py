"""What rules name: words of closed lists, and things by the names that the planner gave them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from renewopt.scenario import Scenario
from renewopt.scenario.models import Estate, Fund, Project
from renewopt.wording import Language, Names
from renewopt.wording.phrases import word

__all__ = ["Called", "Codes", "called", "named"]


class Codes(Names):
    """Words of a closed list in a row: in English as the scenario states them, in Chinese as they are said.

    Examples
    --------
    >>> uses = Codes("use", ["construction", "fees"])
    >>> str(uses), uses.said("zh")
    ('construction, fees', '建设、过渡费')
    """

    __slots__ = ("kind",)
    kind: str

    def __new__(cls, kind: str, codes: Iterable[str]) -> Self:
        """Join the codes in English."""
        self = super().__new__(cls, codes)
        self.kind = kind
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.kind, self.items)

    def said(self, language: Language) -> str:
        """Join the codes, or their Chinese."""
        return (
            super().said(language)
            if language == "en"
            else "、".join(word("zh", self.kind, code) for code in self.items)
        )


class Called(Names):
    """Things by their ids, and by the names that the planner gave them: in Chinese by these alone.

    Examples
    --------
    >>> funds = Called({"bond": "专项债券", "budget": None})
    >>> str(funds), funds.said("zh")
    ('bond 专项债券, budget', '专项债券、budget')
    """

    __slots__ = ("names",)
    names: dict[str, str | None]

    def __new__(cls, names: Mapping[str, str | None]) -> Self:
        """Join ids and names in English."""
        self = super().__new__(cls, (f"{key} {name}" if name and name != key else key for key, name in names.items()))
        self.names = dict(names)
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.names,)

    def said(self, language: Language) -> str:
        """Join ids and names, or names."""
        return (
            super().said(language) if language == "en" else "、".join(name or key for key, name in self.names.items())
        )


def called(*things: Fund | Project | Estate) -> Called:
    """Call things by id and name."""
    return Called({thing.id: thing.name for thing in things})


def named(scenario: Scenario, key: str, stated: Iterable[str]) -> Names:
    """Uses, projects or estates as they are called."""
    if key == "uses":
        return Codes("use", stated)
    listed = set(stated)
    return called(*(thing for thing in getattr(scenario, key) if thing.id in listed))
