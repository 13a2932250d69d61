"""What does not fit into memory is refused before it begins."""

from pathlib import Path

import pytest

from renewopt.optimiser import memory, optimise
from renewopt.optimiser.memory import GIB, OutOfMemoryError, needed
from renewopt.testing.tiny import tiny_problem


def test_more_choices_need_more_and_the_structured_path_needs_less_of_them() -> None:
    problem = tiny_problem(1)
    more = max((tiny_problem(seed) for seed in range(20)), key=memory.choices)
    assert needed(more, "exact") > needed(problem, "exact") > 0
    assert memory.EXACT_CHOICE > memory.STRUCTURED_OFFER


@pytest.mark.parametrize(("free", "words"), [(0.5 * GIB, "larger machine"), (0.7 * GIB, "structured")])
def test_a_search_that_does_not_fit_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, free: float, words: str
) -> None:
    monkeypatch.setattr(memory, "free", lambda: free)
    monkeypatch.setattr(memory, "EXACT_BASE", 2.0 * GIB)
    with pytest.raises(OutOfMemoryError, match=words) as caught:
        optimise(tiny_problem(1), method="exact")
    assert "2.0 GiB" in str(caught.value)


def test_the_structured_path_is_named_only_where_it_can_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free", lambda: 0.7 * GIB)
    monkeypatch.setattr(memory, "EXACT_BASE", 2.0 * GIB)
    with pytest.raises(OutOfMemoryError, match="larger machine"):
        optimise(tiny_problem(1), solver="pulp:cbc")


def test_nothing_is_refused_where_the_system_does_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free", lambda: None)
    monkeypatch.setattr(memory, "EXACT_BASE", 1e6 * GIB)
    assert optimise(tiny_problem(1), method="exact").objective is not None


def test_free_memory_is_that_of_the_machine_and_of_the_group(tmp_path: Path) -> None:
    there = memory.free()
    assert there is None or 1e6 < there < 1e14
    assert memory._of_group(tmp_path) is None
    (tmp_path / "memory.max").write_text("3000000000\n", encoding="ascii")
    (tmp_path / "memory.current").write_text("1000000000\n", encoding="ascii")
    assert memory._of_group(tmp_path) == 2e9
    (tmp_path / "memory.max").write_text("max\n", encoding="ascii")
    assert memory._of_group(tmp_path) is None
