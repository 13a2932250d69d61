"""docs/model.md is what its script writes from the code, and its formulas speak of what the code declares."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from renewopt.optimiser.model.fairness import means
from renewopt.optimiser.model.rules import BLOCKS
from renewopt.optimiser.model.start_rules import START_BLOCKS


@pytest.fixture(scope="module")
def script(repository: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_model", repository / "docs" / "make_model.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(script: ModuleType) -> None:
    assert script.PAGE.read_text(encoding="utf-8") == script.page(), "run python docs/make_model.py"


def test_every_column_says_what_it_means(script: ModuleType) -> None:
    assert all(meaning for _, meaning in script.COLUMNS.values())


@pytest.mark.parametrize("name", [*BLOCKS, *START_BLOCKS, "equal waits"])
def test_every_block_states_its_formula_in_known_names(script: ModuleType, name: str) -> None:
    sentence, formulas, _ = script.block((BLOCKS | START_BLOCKS | {"equal waits": means})[name])
    assert sentence.endswith(".")
    assert formulas
    used = {word.replace("\\_", "_") for each in formulas for word in re.findall(r"\\mathit\{([^}]+)\}", each)}
    assert used & set(script.COLUMNS)
    assert used - set(script.COLUMNS) - set(script.GIVEN) == set()


def test_no_name_is_explained_that_no_formula_uses(script: ModuleType) -> None:
    used = set(re.findall(r"\\mathit\{([^}]+)\}", script.page()))
    assert set(script.GIVEN) - used == set()
