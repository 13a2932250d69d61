"""Replanning: what happened is frozen, the rest planned anew, and what was announced kept as far as it is worth it."""
