"""docs/scenario.md is what its script writes, and its example loads, with each of its variants."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import renewopt
from renewopt.scenario.models import Scenario
from renewopt.scenario.table_specs import TABLES


@pytest.fixture(scope="module")
def script(repository: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", repository / "docs" / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "scenario.md").read_text(encoding="utf-8")


def test_the_page_is_up_to_date(script: ModuleType, page: str) -> None:
    assert page == script.page(), "run: python docs/make_reference.py"


def test_every_key_is_on_the_page_and_has_words(page: str) -> None:
    top = page.split("## The top level")[1].split("## The sections", maxsplit=1)[0]
    rows = re.findall(r"^\| `(\w+)` \|.*\| *(.*?) *\|$", top, re.MULTILINE)
    assert [key for key, _ in rows] == [*Scenario.model_fields, "variants"]
    assert [key for key, words in rows if not words] == []
    for name, columns in TABLES.items():
        table = page.split(f"### `{name}`")[1].split("###", maxsplit=1)[0]
        assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(columns)


def test_every_section_is_there_once_and_every_link_leads_to_one(page: str) -> None:
    heads = [head.strip("`").lower() for head in re.findall(r"^##+ (.+)$", page, re.MULTILINE)]
    assert len(heads) == len(set(heads))
    assert set(re.findall(r"\]\(#([\w-]+)\)", page)) <= {head.replace(" ", "-") for head in heads}


@pytest.mark.parametrize("variant", [None, "low-funds", "no-cash"])
def test_the_example_loads(page: str, tmp_path: Path, variant: str | None) -> None:
    example = tmp_path / "smallest.yaml"
    example.write_text("\n".join(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)), encoding="utf-8")
    scenario = renewopt.load(example, variant=variant)
    assert scenario.variants == ("low-funds", "no-cash")
    assert len(scenario.cash) == (0 if variant == "no-cash" else 1)
    assert scenario.funds[0].opening == (600_000 if variant == "low-funds" else 1_000_000)
