"""Policies against each other: fair play on random districts, known optima, the shipped scenarios."""
