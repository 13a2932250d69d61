"""An explanation: its data, and what it tells when it is asked to."""

from __future__ import annotations

from renewopt.asked import a_language
from renewopt.results.explanations.record import ExplanationRecord, NextRecord
from renewopt.wording import Language

__all__ = ["Explanation", "NextInLine"]


class Explanation(ExplanationRecord):
    """Why a household is settled when and as it is, what else it could have, and what that would cost the district.

    Its data is that of `renewopt.results.explanations.record.ExplanationRecord`.
    """

    def summary(self, lang: Language = "en") -> str:
        """Tell it in plain text, short enough to be read over a counter.

        Parameters
        ----------
        lang : {'en', 'zh'}
        """
        from renewopt.results.explanations.telling import summarise

        a_language(lang)
        return summarise(self, lang)

    def page(self, lang: Language = "en") -> str:
        """Write it as one HTML page for the family: a sheet of A4 that tells of no other household.

        Parameters
        ----------
        lang : {'en', 'zh'}
        """
        from renewopt.results.explanations.family import family_page

        a_language(lang)
        return family_page(self, lang)

    def __str__(self) -> str:
        return self.summary()


class NextInLine(NextRecord):
    """Who should have one more home, or more money.

    Its data is that of `renewopt.results.explanations.record.NextRecord`.
    """

    def summary(self, lang: Language = "en") -> str:
        """Tell it in plain text.

        Parameters
        ----------
        lang : {'en', 'zh'}
        """
        from renewopt.results.explanations.queueing import summarise_next

        a_language(lang)
        return summarise_next(self, lang)

    def __str__(self) -> str:
        return self.summary()
