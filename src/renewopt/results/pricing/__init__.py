"""Prices of a plan: what a little more or less of what is scarce is worth, as a table, a page and sentences."""
