"""Marginal values: what the relaxation's optimum gains or loses by a little more or less of what is scarce."""
