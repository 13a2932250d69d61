"""Messages say the same in both languages."""

import re
from pathlib import Path
from string import Formatter

import pytest

import renewopt
from renewopt.results.texts import _MESSAGES, LANGUAGES, known, say, yuan


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", _MESSAGES)
def test_both_languages_fill_in_the_same(key: str) -> None:
    texts = _MESSAGES[key]
    assert len(texts) == len(LANGUAGES)
    assert len({frozenset(fields(text)) for text in texts}) == 1


@pytest.mark.parametrize("key", [key for key, (_, chinese) in _MESSAGES.items() if fields(chinese) != {"text"}])
def test_the_chinese_is_chinese(key: str) -> None:
    assert re.search("[一-鿿]", _MESSAGES[key][1])
    assert not re.search("[一-鿿]", _MESSAGES[key][0])


def test_every_step_that_a_search_tells_has_a_name_in_both_languages() -> None:
    source = Path(renewopt.__file__).parent / "optimiser"
    told = {
        step for file in source.rglob("*.py") for step in re.findall(r'\.tell\(\s*"([^"]+)"', file.read_text("utf-8"))
    }
    assert "branching on phases" in told
    assert {step for step in told if not known(f"step.{step}")} == set()


def test_unknown_messages_are_errors() -> None:
    assert known("title")
    assert not known("titel")
    with pytest.raises(KeyError):
        say("en", "titel")


@pytest.mark.parametrize(
    ("language", "amount", "shown"),
    [("en", 0, "0 yuan"), ("en", -1234.5, "-1,234 yuan"), ("zh", 1e8, "10,000.00万元"), ("zh", 0, "0.00万元")],
)
def test_amounts(language: str, amount: float, shown: str) -> None:
    assert yuan(language, amount) == shown  # type: ignore[arg-type]
