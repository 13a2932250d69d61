"""The work summary (工作总结): a paragraph and a table for each year, in the form in which such offices report."""

from renewopt.results.work_summary.telling import tell_work

__all__ = ["tell_work"]
