"""Phrases say the same in both languages, are all used, and none is missing."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import renewopt
from renewopt.charts.labels import Locale
from renewopt.results.workbook_words import CODES
from renewopt.wording import LANGUAGES
from renewopt.wording.phrases import PHRASES, TABLES, known, say, word

PACKAGE = Path(renewopt.__file__).parent


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", PHRASES)
def test_both_languages_say_the_same(key: str) -> None:
    english, chinese = PHRASES[key]
    assert fields(english) == fields(chinese)
    assert not re.search("[一-鿿]", english)
    assert re.search("[一-鿿]", chinese) or chinese == "×" or not re.sub(r"\{\w+\}|[；，、。（）]", "", chinese).strip()


def test_no_key_stands_twice() -> None:
    assert sum(len(table.PHRASES) for table in TABLES) == len({key for table in TABLES for key in table.PHRASES})


def said() -> tuple[set[str], set[str], set[str]]:
    """Texts of the package that may be keys, how keys that are put together begin, and keys that are said for sure."""
    texts: set[str] = set()
    heads = {f"{column}." for column in CODES}
    sure: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name in {"phrases", "chinese"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                heads.add(str(node.values[0].value))
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"word", "say.word"}:
                heads |= {f"{part.value}." for part in node.args if isinstance(part, ast.Constant)}
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "say":
                sure |= {str(part.value) for part in node.args[:2] if isinstance(part, ast.Constant)}
    for path in PACKAGE.rglob("*.j2"):
        called = re.findall(r"""words\(["']([^"']+)["'](.?)""", path.read_text(encoding="utf-8"))
        heads |= {key for key, after in called if after == " "}
        sure |= {key for key, after in called if after != " "}
    return texts | sure, heads, sure


TEXTS, HEADS, SURE = said()


def test_every_phrase_is_said_somewhere() -> None:
    assert len(SURE) > 200
    keys = {key for table in TABLES for key in table.PHRASES}
    idle = {key for key in keys - TEXTS if not any(head and "." in head and key.startswith(head) for head in HEADS)}
    assert idle == set()


def test_every_key_that_is_said_is_known() -> None:
    assert {key for key in SURE if key not in PHRASES} == set()


def test_every_step_that_a_search_tells_has_a_name_in_both_languages() -> None:
    source = PACKAGE / "optimiser"
    told = {
        step for file in source.rglob("*.py") for step in re.findall(r'\.report\(\s*"([^"]+)"', file.read_text("utf-8"))
    }
    assert "branching on phases" in told
    assert {step for step in told if not known(f"step.{step}")} == set()


def test_unknown_phrases_are_errors() -> None:
    assert known("title")
    assert not known("titel")
    with pytest.raises(KeyError):
        say("en", "titel")


def test_what_is_no_word_of_a_vocabulary_stays() -> None:
    assert [word(lang, "route", "transfer;walk") for lang in LANGUAGES] == ["transfer;walk", "调安;walk"]
    assert Locale("zh").word("route", "walk") == "walk"
