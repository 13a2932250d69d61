"""The hash of a policy: another one where it would decide otherwise, the same one in every process."""

import importlib
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

import renewopt
from renewopt.comparison import digests
from renewopt.comparison.digests import own_code, policy_words
from renewopt.policies import Hedged, Policy, PriorityRule, Rolling
from renewopt.policies.rules import FirstCome, UnitsFirst

MODULE = """
import helping
from helping import helped
from renewopt.policies import PriorityRule

SIGN = 1


def local(fee):
    return 1 * fee


class Base(PriorityRule):
    def order(self, candidates):
        return [SIGN * local(helped(candidates.fee))]


class Mine(Base):
    name = "mine"
"""
HELPING = "def helped(fee):\n    return 1 * fee\n"


def words_of(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, helping: str = HELPING) -> str:
    """The words of `Mine` in a module with that text."""
    (folder / "ruling.py").write_text(text, encoding="utf-8")
    (folder / "helping.py").write_text(helping, encoding="utf-8")
    with monkeypatch.context() as here:
        here.syspath_prepend(folder)
        here.setattr(sys, "dont_write_bytecode", True)
        try:
            return policy_words(importlib.import_module("ruling").Mine())
        finally:
            del sys.modules["ruling"], sys.modules["helping"]


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("SIGN = 1", "SIGN = -1"),
        ("1 * fee", "-1 * fee"),
        ("SIGN * local", "-SIGN * local"),
        ('"mine"', '"other"'),
    ],
)
def test_all_that_the_module_says_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, changed: str
) -> None:
    before = words_of(tmp_path, monkeypatch, MODULE)
    assert words_of(tmp_path, monkeypatch, MODULE) == before
    assert words_of(tmp_path, monkeypatch, MODULE.replace(said, changed)) != before


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("SIGN = 1\n", "SIGN = 1  # of the fee\n\n\n"),
        ("SIGN = 1\n", 'SIGN = 1\n"""Of the fee."""\n'),
        ("(fee):\n", '(fee):\n    """Give the fee."""\n'),
        ("class Mine(Base):\n", 'class Mine(Base):\n    """Another\n\n    rule."""\n\n'),
        ("return [SIGN * local(helped(candidates.fee))]", "return [(SIGN * local(helped(candidates.fee)))]"),
        ("import helping\n", '"""Rules."""\nimport helping\n'),
    ],
)
def test_what_is_said_about_it_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, changed: str
) -> None:
    before = words_of(tmp_path, monkeypatch, MODULE)
    assert said in MODULE
    assert words_of(tmp_path, monkeypatch, MODULE.replace(said, changed)) == before
    assert words_of(tmp_path, monkeypatch, MODULE, '"""Help."""\n' + HELPING + "# done\n") == before


def test_so_does_the_module_of_a_function_that_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = words_of(tmp_path, monkeypatch, MODULE)
    assert words_of(tmp_path, monkeypatch, MODULE, HELPING.replace("1", "-1")) != before


def rule(factor: int, called: str = "rule") -> PriorityRule:
    class Rule(PriorityRule):
        name = called

        def order(self, candidates: Any) -> list[Any]:
            return [factor * candidates.fee]

    return Rule()


def test_what_a_function_closes_over_counts() -> None:
    assert policy_words(rule(1)) == policy_words(rule(1)) != policy_words(rule(-1))


def test_the_name_counts() -> None:
    assert policy_words(rule(1)) != policy_words(rule(1, "ruler"))


def test_two_of_one_factory_are_two(repository: Path) -> None:
    both = [rule(1, "up"), rule(-1, "down")]
    runs = renewopt.compare(repository / "scenarios" / "minimal.yaml", policies=both, perfect=False).runs
    objective = runs.set_index("policy")["objective"]
    assert objective["up"] != objective["down"]


def written(text: str) -> Policy:
    """A policy of a text that stands in no file, as in a notebook or on standard input."""
    around = {"__name__": "__main__", "PriorityRule": PriorityRule}
    exec(text, around)
    policy: Policy = around["Mine"]()
    return policy


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("SIGN = 1", "SIGN = -1"),
        ("return fee", "return -fee"),
        ("candidates.fee", "-candidates.fee"),
        ("[1]", "[0]"),
    ],
)
def test_without_a_text_code_and_the_names_in_it_count(
    monkeypatch: pytest.MonkeyPatch, said: str, changed: str
) -> None:
    monkeypatch.delattr(sys.modules["__main__"], "__file__", raising=False)
    text = (
        "SIGN = 1\n"
        "def helped(fee): return fee\n"
        "class Mine(PriorityRule):\n"
        "    name = 'mine'\n"
        "    def order(self, candidates):\n"
        "        return [SIGN * helped(candidates.fee), [1]]\n"
    )
    before = policy_words(written(text))
    assert policy_words(written("# A rule.\n\n" + text)) == before
    assert policy_words(written(text.replace("(fee): ", "(fee):\n    'The fee.'\n    "))) == before
    assert policy_words(written(text.replace(said, changed))) != before


class Own(PriorityRule):
    """Sets what is no field."""

    name = "own"

    def __init__(self, factor: int) -> None:
        object.__setattr__(self, "factor", factor)


class Helper:
    """Has nothing to be shown but an address."""

    def __init__(self, factor: int) -> None:
        self.factor, self.lock, self.itself = factor, threading.Lock(), self


class Helped:
    name = "helped"

    def __init__(self, factor: int) -> None:
        self.helper = Helper(factor)


@dataclass(frozen=True)
class Stated(PriorityRule):
    name: ClassVar[str] = "stated"

    wishes: frozenset[str] = frozenset({"a", "b", "c"})


@pytest.mark.parametrize("kind", [Own, Helped])
def test_attributes_count_and_addresses_do_not(kind: type[Any]) -> None:
    assert policy_words(kind(1)) == policy_words(kind(1)) != policy_words(kind(-1))


def test_parameters_count_but_not_what_a_comparison_hands_over() -> None:
    assert policy_words(FirstCome()) == policy_words(FirstCome()) != policy_words(FirstCome(hold_months=3))
    assert policy_words(FirstCome()) != policy_words(UnitsFirst())
    assert policy_words(Hedged()) == policy_words(Hedged(futures=lambda _problem, _count: []))
    assert policy_words(Rolling(every=3)) != policy_words(Rolling())


@pytest.mark.slow
def test_the_hash_is_the_same_in_every_process(repository: Path) -> None:
    code = (
        "from tests.comparison.test_digests import *\n"
        "for one in (FirstCome(), Stated(), Own(2), Helped(2), rule(2)): print(policy_words(one))\n"
        "print(own_code())\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=repository, env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(repository)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1


def test_edited_words_keep_the_runs_of_the_package_and_edited_logic_does_not(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = shutil.copytree(repository / "src" / "renewopt", tmp_path / "renewopt")
    monkeypatch.setattr(digests, "__file__", str(package / "comparison" / "digests.py"))
    before = own_code()

    def edited(part: str, said: str, changed: str) -> str:
        own_code.cache_clear()
        text = (package / part).read_text("utf-8")
        assert said in text
        (package / part).write_text(text.replace(said, changed), "utf-8")
        code = own_code()
        (package / part).write_text(text, "utf-8")
        return code

    try:
        assert edited("units.py", "PPM = ", "# Parts of a million.\nPPM = ") == before
        assert edited("ledger/books.py", '"""Books: everything', '"""Books: really everything') == before
        assert edited("ledger/books.py", "int(self.problem.claims", "int(1 + self.problem.claims") != before
        assert edited("units.py", "PPM = ", "PPM = 1 + ") != before
        assert edited("results/savings.py", "ASSUMED_BUILD_MONTHS = 36", "ASSUMED_BUILD_MONTHS = 35") != before
    finally:
        own_code.cache_clear()


def test_another_state_of_the_package_resumes_nothing(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from renewopt.comparison import agenda, comparing

    done: list[str] = []
    real = agenda.run
    monkeypatch.setattr(agenda, "run", lambda task: done.append(task.policy.name) or real(task))
    asked = {"policies": ["first-come"], "perfect": False, "out": tmp_path / "out"}
    renewopt.compare(repository / "scenarios" / "minimal.yaml", **asked)
    renewopt.compare(repository / "scenarios" / "minimal.yaml", **asked)
    assert len(done) == 2
    monkeypatch.setattr(comparing, "own_code", lambda: own_code() + "changed")
    renewopt.compare(repository / "scenarios" / "minimal.yaml", **asked)
    assert len(done) == 4
