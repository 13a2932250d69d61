"""What every test shares: Hypothesis profiles and the instances with known optima."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from tests.waiting import UNHURRIED

if TYPE_CHECKING:
    from renewopt import Plan

# Tests read English, whatever the machine speaks.
os.environ["RENEWOPT_LANG"] = "en"
# Where Python is told to keep no bytecode, as containers often are, each process that a test starts would compile all
# of renewopt anew: more than a second of the processor, some hundred times.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Threads of linear algebra wait for each other at full load: with problems as small as here that is half of all work.
for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
REPOSITORY = Path(__file__).resolve().parents[1]

# A solver's first call is slow and machines differ: time is no property of ours to test.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, database=None, print_blob=True)
settings.register_profile("night", settings.get_profile("default"), max_examples=2_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))


NIGHT = "RENEWOPT_NIGHT"
"""Set by .ci/night: random tests take as many inputs as a night has room for."""


def full_count(ci: int, night: int) -> int:
    """How many inputs a random test takes: few in CI, always the same ones; more of them, and others, at night."""
    return night if os.environ.get(NIGHT) else ci


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: one core would wait for the other, if it were begun last."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the repository, for tests that run shipped scenarios or read the README."""
    return REPOSITORY


@pytest.fixture(scope="session")
def planned_district(repository: Path) -> "Plan":
    """The shipped district within one per cent of its bound: a minute of a processor, for whoever looks at it."""
    import renewopt

    return renewopt.plan(repository / "scenarios" / "district" / "district.yaml", gap=0.01, time_limit=UNHURRIED)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Processes that the test starts hear Ctrl-C, even if the tests run in the background, where it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def known_optima() -> Path:
    """Folder of OR-Library instances with known optima (assign, cap, gap, mknap, wt).

    They are read where they lie, never copied into the project.
    """
    stated = os.environ.get("RENEWOPT_DATA")
    folder = Path(stated).expanduser() if stated else REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(
            f"instances with known optima not found at {folder}: set RENEWOPT_DATA to the folder that "
            "holds assign/, cap/, gap/, mknap/ and wt/"
        )
    return folder
