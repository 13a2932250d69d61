"""The optimiser: a problem in, a whole plan with a proven bound out."""

from renewopt.optimiser.payments.tidying import tidied
from renewopt.optimiser.progress import Progress
from renewopt.optimiser.shortfall import plan_with_shortfall
from renewopt.optimiser.solving import Solution, TierOutcome, optimise

__all__ = ["Progress", "Solution", "TierOutcome", "optimise", "plan_with_shortfall", "tidied"]
