"""The optimiser: a problem in, a whole plan with a proven bound out."""

from renewopt.optimiser.progress import Progress
from renewopt.optimiser.solving import Solution, TierOutcome, optimise

__all__ = ["Progress", "Solution", "TierOutcome", "optimise"]
