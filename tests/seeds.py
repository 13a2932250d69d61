"""Random problems by their seeds: a few of them in the fast suite, all with the slow tests."""

from collections.abc import Iterable
from typing import Any

import pytest


def seeds(every: Iterable[int], fast: int) -> list[Any]:
    """Seeds to parametrize a test with, of which the first `fast` are not slow."""
    return [pytest.param(seed, marks=pytest.mark.slow if n >= fast else ()) for n, seed in enumerate(every)]
