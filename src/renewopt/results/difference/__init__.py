"""Plan beside plan: what changed between any two plans, from their tables alone."""
