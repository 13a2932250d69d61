"""Parts of all schedules: what is nearly sure is fixed, else a phase is split at a month."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from renewopt.optimiser.decomposition.phase_tree import (
    Node,
    PhaseTree,
    all_at_once,
    ever_or_never,
    fractionality,
    nearly_sure,
    two_parts,
    wanted_in_a_month,
)
from renewopt.optimiser.decomposition.relaxation import StabilityCentre

MONTHS = 48
NOWHERE = StabilityCentre(np.zeros(0), 0.0)


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


@given(st.integers(0, 2**32 - 1))
def test_all_phases_rounded_at_once_are_two_whole_schedules_within_the_bounds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lower, upper = free()
    for phase in range(2):
        # Built from some month on at the latest, and not before another one.
        latest, earliest = rng.integers(0, MONTHS + 1, 2)
        lower[phase, max(latest, earliest) :] = 1.0
        upper[phase, : min(latest, earliest)] = 0.0
    rising = np.sort(rng.choice([rng.random(), 0.3, 0.5, 1.0], (2, MONTHS)), axis=1)
    state = np.clip(rising + rng.uniform(-1e-8, 1e-8, rising.shape), lower, upper)
    early, late = (low for low, high in all_at_once(state, lower, upper) if np.array_equal(low, high))
    for whole in (early, late):
        assert np.isin(whole, (0.0, 1.0)).all()
        assert (np.diff(whole, axis=1) >= 0.0).all()
        assert ((lower <= whole) & (whole <= upper)).all()
        assert all(np.array_equal(low, whole) for low, _ in all_at_once(whole, lower, upper))
    assert (early >= late).all()
    # A phase that is wanted from a month on stands by then, and one that hardly is does not.
    assert (late[state >= 0.9] == 1.0).all()
    assert (early[state < 0.1] == 0.0).all()


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


def test_a_phase_is_split_at_the_month_in_which_a_large_part_of_it_is_wanted() -> None:
    lower, upper = free()
    state = plateau(0.05)
    assert wanted_in_a_month(state, lower, upper) == [], "no month has a large part of a phase"
    for share, likelier in ((0.3, "later"), (0.6, "by then")):
        # The first phase is wanted in month 20; after it ever more of it, which decides nothing.
        state[0, 20:] = share + np.linspace(0.0, 0.3, MONTHS - 20)
        parts = wanted_in_a_month(state, lower, upper)
        names = ["by then" if low[0, 20:].all() else "later" for low, _ in parts]
        assert names == [likelier, *({"by then", "later"} - {likelier})]
        (by_low, by_high), (later_low, later_high) = (parts[names.index(name)] for name in ("by then", "later"))
        assert not by_low[0, :20].any()
        assert by_high.all()
        assert not later_low.any()
        assert not later_high[0, :21].any()
        assert later_high[0, 21:].all()
        assert later_high[1].all()
        # Both ways are on offer: the phase is in doubt at the end as well.
        node = Node(1.0, 1, state, lower, upper, NOWHERE)
        ways = PhaseTree.splits(node)
        assert [len(way) for way in ways] == [2, 2]
        assert any((low[0, 20], low[0, 19]) == (1.0, 0.0) for low, _ in ways[1])
        assert any(not high[0].any() for _, high in ways[0])


def test_many_ways_each_have_every_schedule_in_one_of_two_parts_that_are_narrower() -> None:
    generator = np.random.default_rng(0)
    several = 0
    for _ in range(50):
        lower, upper = np.zeros((4, MONTHS)), np.ones((4, MONTHS))
        upper[:, :3] = 0.0
        state = np.sort(np.clip(generator.normal(0.5, 0.6, (4, MONTHS)), 0.0, 1.0), axis=1) * upper
        ways = PhaseTree.many_splits(Node(1.0, 1, state, lower, upper, NOWHERE))
        several += len(ways) > 2
        for way in ways:
            assert all((state < low - 1e-6).any() or (state > high + 1e-6).any() for low, high in way)
            for month in generator.integers(3, MONTHS + 1, (20, 4)):
                whole = (np.arange(MONTHS) >= month[:, None]).astype(np.float64)
                assert sum(bool((low <= whole).all() and (whole <= high).all()) for low, high in way) == 1
    assert several


def test_a_node_whose_bound_was_raised_takes_its_new_place() -> None:
    lower, upper = free()
    tree = PhaseTree(lower, upper)
    for value in (1.0, 2.0, 3.0):
        assert tree.add(value, plateau(0.5), lower, upper, NOWHERE, dive=value > 2.0)
    first = tree.next(10.0)
    assert first is not None
    assert (first.value, tree.diving) == (3.0, True)
    least = tree.next(10.0)
    assert least is not None
    assert (least.value, tree.diving) == (1.0, False)
    tree.put_back(least, 2.5, NOWHERE)
    assert tree.least() == 2.0
    values = []
    while (node := tree.next(10.0)) is not None:
        values.append(node.value)
    assert values == [2.0, 2.5]


def test_what_is_fixed_is_whole_whatever_the_tolerance() -> None:
    lower, upper = free()
    lower[1, 10:] = 1.0
    state = np.zeros((2, MONTHS))
    state[1, 10:] = 0.99  # an interior point's idea of a lower bound
    assert fractionality(state).any()
    tree = PhaseTree(lower, upper)
    assert not tree.add(1.0, state, lower, upper, StabilityCentre(np.zeros(0), 0.0))
