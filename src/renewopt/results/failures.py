"""Why there is no plan, or none that may be written."""

from __future__ import annotations

from collections.abc import Iterable

from renewopt.disk import OutputError, OutputExistsError
from renewopt.errors import RenewoptError
from renewopt.wording import words

__all__ = [
    "AuditError",
    "InterruptedPlanError",
    "NoPlanInTimeError",
    "OutputError",
    "OutputExistsError",
    "PlanFileError",
    "TemplateFileError",
]


class AuditError(RenewoptError):
    """The ledger refused a plan: a fault of renewopt, never of the scenario. Such a plan is not returned.

    Parameters
    ----------
    violations
        The rules that were broken, each with its place, as the audit tells them.
    """

    def __init__(self, violations: Iterable[object]) -> None:
        self.violations = list(violations)
        shown = "\n".join(f"  {violation}" for violation in self.violations[:20])
        more = f"\n  ... and {len(self.violations) - 20} more" if len(self.violations) > 20 else ""
        super().__init__(
            words(
                "internal error: the plan that was found breaks rules and is withheld; please report this\n{broken}",
                broken=shown + more,
            )
        )


class NoPlanInTimeError(RenewoptError):
    """No plan was found within the time limit, and it was not proven that there is none.

    Parameters
    ----------
    seconds
        The time limit.
    money_runs_out
        Month, ``YYYY-MM``, in which the money for fees runs out if nothing is done; None: it does not.
    """

    def __init__(self, seconds: float, money_runs_out: str | None = None) -> None:
        self.seconds, self.money_runs_out = seconds, money_runs_out
        super().__init__(
            words(
                "no plan was found within {seconds:g} s; allow more time (--time-limit) or a wider gap (--gap)",
                seconds=seconds,
            )
            if money_runs_out is None
            else words(
                "no plan was found within {seconds:g} s, and no rule of thumb keeps every rule either: if nothing is "
                "done, the money for fees runs out in {month} (`renewopt check` lists the months); allow more time "
                "(--time-limit), or look for more money",
                seconds=seconds,
                month=money_runs_out,
            )
        )


class InterruptedPlanError(RenewoptError):
    """The search was interrupted before it had found a plan."""

    def __init__(self) -> None:
        super().__init__(words("interrupted before a plan was found; nothing was written"))


class PlanFileError(RenewoptError):
    """A written plan cannot be read: not a plan's folder, incomplete, or changed by hand."""


class TemplateFileError(RenewoptError):
    """A template of the brief cannot be read or filled."""
