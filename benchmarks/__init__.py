"""Benchmarks: not part of the package, run from a clone."""
