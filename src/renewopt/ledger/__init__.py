"""The ledger: a second, independent account of the world, in whole fen (``docs/accounts.md``)."""

from renewopt.ledger.audit import CHECKS, audit_decisions
from renewopt.ledger.books import Books
from renewopt.ledger.replay import replay
from renewopt.ledger.violations import Violation

__all__ = ["CHECKS", "Books", "Violation", "audit_decisions", "replay"]
