"""Changes that come whole or not at all: they have no price for a little of them, and are solved for instead."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

import numpy as np

from renewopt.problem import Problem
from renewopt.vocabulary import Use

__all__ = ["DiscreteChange", "PhaseSooner", "UsePermitted", "changes_of"]

LOAN_SERVICE = (Use.INTEREST, Use.PRINCIPAL)


class DiscreteChange(ABC):
    """A change of the problem."""

    @abstractmethod
    def changed(self, problem: Problem) -> Problem:
        """The problem with it."""


@dataclass(frozen=True, slots=True)
class PhaseSooner(DiscreteChange):
    """A phase that is handed over a month sooner: at the earliest, and after its last payment."""

    phase: int

    def changed(self, problem: Problem) -> Problem:
        """The problem with it."""
        phases = problem.phases
        earliest, lag = phases.earliest.copy(), phases.lag.copy()
        earliest[self.phase] = max(earliest[self.phase] - 1, 0)
        lag[self.phase] = max(lag[self.phase] - 1, 0)
        return replace(problem, phases=replace(phases, earliest=earliest, lag=lag))


@dataclass(frozen=True, slots=True)
class UsePermitted(DiscreteChange):
    """A fund that may pay a use of money, for every project."""

    fund: int
    use: str

    def changed(self, problem: Problem) -> Problem:
        """The problem with it."""
        payable = problem.needs.payable_by.copy()
        payable[problem.needs.use == self.use, self.fund] = True
        return replace(problem, needs=replace(problem.needs, payable_by=payable))


def changes_of(problem: Problem) -> list[DiscreteChange]:
    """List the changes of this problem: phases that can come sooner, and uses (no loan's service) that are closed."""
    phases, needs = problem.phases, problem.needs
    sooner: list[DiscreteChange] = [
        PhaseSooner(phase) for phase in np.flatnonzero((phases.earliest > 0) | (phases.lag > 0)).tolist()
    ]
    uses = [use for use in dict.fromkeys(map(str, needs.use)) if use not in LOAN_SERVICE]
    permitted: list[DiscreteChange] = [
        UsePermitted(fund, use)
        for fund in range(len(problem.funds))
        for use in uses
        if not needs.payable_by[needs.use == use, fund].any()
    ]
    return [*sooner, *permitted]
