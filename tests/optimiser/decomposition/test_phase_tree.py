"""Parts of all schedules: what is nearly sure is fixed, else a phase is split at a month."""

import numpy as np

from renewopt.optimiser.decomposition.phase_tree import (
    PhaseTree,
    ever_or_never,
    fractionality,
    nearly_sure,
    two_parts,
)
from renewopt.optimiser.decomposition.relaxation import StabilityCentre

MONTHS = 48


def free() -> tuple[np.ndarray, np.ndarray]:
    return np.zeros((2, MONTHS)), np.ones((2, MONTHS))


def plateau(share: float) -> np.ndarray:
    """The second phase stands whole in the last months, and a share of it for years before."""
    state = np.zeros((2, MONTHS))
    state[1, 4:44] = np.linspace(share, share + 0.1, 40)
    state[1, 44:] = 1.0
    return state


def test_what_is_nearly_sure_is_fixed_and_all_else_is_left() -> None:
    lower, upper = free()
    ((low, high),) = nearly_sure(plateau(0.85), lower, upper)
    assert low[1, 4:].all()
    assert not low[1, :4].any()
    assert np.array_equal(high, upper)
    assert nearly_sure(plateau(0.4), lower, upper) == []


def test_where_no_month_is_decisive_the_months_are_halved() -> None:
    lower, upper = free()
    state = plateau(0.05)  # hardly begun, never decided
    for halving, most in ((False, 40), (True, 24)):
        parts = two_parts(state, lower, upper, halving=halving)
        left = [int((low[1, 4:44] < high[1, 4:44]).sum()) for low, high in parts]
        # One of the two excludes what the other one asks for.
        assert sum(left) == 39
        assert max(left) <= most
        assert all(np.array_equal(low[0], lower[0]) and np.array_equal(high[0], upper[0]) for low, high in parts)
    assert min(left) >= 15


def test_a_phase_in_doubt_at_the_end_is_built_by_then_or_never() -> None:
    lower, upper = free()
    state = plateau(0.3)
    assert ever_or_never(state, lower, upper) == []
    for share, likelier in ((0.3, "never"), (0.7, "built")):
        state[0, 20:] = share
        parts = ever_or_never(state, lower, upper)
        names = ["built" if low[0, -1] else "never" for low, _ in parts]
        assert names == [likelier, *({"built", "never"} - {likelier})]
        built, never = (parts[names.index(name)] for name in ("built", "never"))
        assert built[0].sum() == 1.0
        assert np.array_equal(built[1], upper)
        assert not never[1][0].any()
        assert never[1][1].all()
        assert not never[0].any()


def test_what_is_fixed_is_whole_whatever_the_tolerance() -> None:
    lower, upper = free()
    lower[1, 10:] = 1.0
    state = np.zeros((2, MONTHS))
    state[1, 10:] = 0.99  # an interior point's idea of a lower bound
    assert fractionality(state).any()
    tree = PhaseTree(lower, upper)
    assert not tree.add(1.0, state, lower, upper, StabilityCentre(np.zeros(0), 0.0))
