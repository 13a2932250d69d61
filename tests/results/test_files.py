"""Plans on disk: all at once or not at all, and back again."""

import gc
import json
import re
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import full_count
from tests.scheduling.scenarios import programme

from renewopt.disk import IncompleteOutputError
from renewopt.optimiser.warm_start import WarmStart
from renewopt.results import contents, workbook
from renewopt.results.failures import OutputExistsError, PlanFileError
from renewopt.results.files import FILES, write_plan
from renewopt.results.planned import Plan
from renewopt.results.reading import read_plan
from renewopt.results.record import Remark, Savings, Shortage, TierResult
from renewopt.results.replanned import Replanned

from .made import frame, random_plan, tiny
from .programmes import MAY, planned

WORDS = {"en": "short", "zh": "不足"}
finite = st.floats(allow_nan=False, allow_infinity=False)
optional = st.none() | finite
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    plan = random_plan(
        draw(st.integers(0, 60)),
        name=draw(texts),
        variant=draw(st.none() | texts),
        status=draw(st.sampled_from(["optimal", "feasible", "time_limit", "interrupted"])),
        bound=draw(optional),
        gap=draw(optional),
        options=draw(st.dictionaries(texts, st.none() | texts | finite, max_size=3)),
        tiers=tuple(draw(st.lists(st.builds(TierResult, texts, finite, optional, optional), max_size=2))),
        findings=tuple(draw(st.lists(st.builds(Remark, texts, st.just(WORDS)), max_size=2))),
        savings=draw(st.none() | st.builds(Savings, finite, finite, finite, finite)),
    )
    renamed = plan.allocation.assign(household="=" + plan.allocation["household"]).astype({"household": object})
    prices = pd.DataFrame(
        {"price": pd.Series(["=fund", "住房"], dtype=object), "yuan": [0.1 + 0.2, np.nan], "left": [1, 2]}
    )
    return replace(plan, allocation=renamed, prices=draw(st.sampled_from([prices, pd.DataFrame()])))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=full_count(10, 500)
)
@given(plans())
@pytest.mark.slow
def test_what_is_written_is_read(tmp_path: Path, plan: Plan) -> None:
    folder = write_plan(plan, tmp_path / "plan", force=True, report=False)
    assert read_plan(folder) == plan
    assert read_plan(folder / "plan.json") == plan


def test_two_plans_differ() -> None:
    plan = random_plan(3)
    assert plan == replace(plan)
    assert plan != replace(plan, allocation=plan.allocation.iloc[:-1])
    assert plan != replace(plan, gap=0.5)
    assert plan != "plan"


def test_the_scenario_is_found_from_the_folder(tmp_path: Path) -> None:
    scenario = tmp_path / "scenarios" / "a.yaml"
    plan = random_plan(1, scenario_path=scenario)
    folder = plan.write(tmp_path / "out" / "plan")
    assert json.loads((folder / "plan.json").read_text("utf-8"))["scenario"] == "../../scenarios/a.yaml"
    (tmp_path / "out").rename(tmp_path / "moved")
    assert read_plan(tmp_path / "moved" / "plan").scenario_path == scenario.resolve()


def test_a_plan_is_not_overwritten_unasked(tmp_path: Path) -> None:
    first, second = random_plan(1), random_plan(2)
    folder = first.write(tmp_path / "plan")
    with pytest.raises(OutputExistsError, match="--force"):
        second.write(folder)
    assert read_plan(folder) == first
    second.write(folder, force=True)
    assert read_plan(folder) == second


def test_an_empty_folder_is_taken_and_a_file_is_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    random_plan(1).write(tmp_path / "empty")
    (tmp_path / "file").write_text("mine")
    for force in (False, True):
        with pytest.raises(OutputExistsError):
            random_plan(1).write(tmp_path / "file", force=force)
    assert (tmp_path / "file").read_text() == "mine"


def test_force_leaves_none_of_ours_behind(tmp_path: Path) -> None:
    folder = random_plan(1).write(tmp_path / "plan")
    short = (Shortage("money", "fees/P", "2024-01", 5.0, WORDS),)
    infeasible = frame(tiny(1), status="infeasible", shortages=short)
    infeasible.write(folder, force=True)
    assert sorted(path.name for path in folder.iterdir()) == ["brief.docx", "plan.json", "report.html"]
    assert read_plan(folder) == infeasible
    record = json.loads((folder / "plan.json").read_text("utf-8"))
    assert record["objective"] is None
    assert record["shortfalls"][0]["where"] == "fees/P"


def test_a_failure_while_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = random_plan(1)
    folder = old.write(tmp_path / "old", report=False)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(contents, "table_bytes", fail)
    for target in (tmp_path / "new", folder):
        with pytest.raises(OSError, match="No space"):
            random_plan(2).write(target, force=True, report=False)
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert read_plan(folder) == old


TOLD = {
    "report.html": (contents, "_report"),
    "plan.xlsx": (contents, "workbook_bytes"),
    "work-summary.md": (contents, "_work_summary"),
    "work-summary.docx": (contents, "_word_summary"),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_only_tells_of_a_plan_loses_none(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError("not today")

    for each, (where, what) in TOLD.items():
        made = "" if each in ("report.html", "work-summary.md") else b""
        monkeypatch.setattr(where, what, fail if each == name else lambda *_, made=made: made)
    plan = random_plan(2)
    with pytest.raises(IncompleteOutputError, match=f"{name} could not be made .*not today") as told:
        plan.write(tmp_path / "plan")
    assert isinstance(told.value.__cause__, RuntimeError)
    assert read_plan(tmp_path / "plan") == plan
    assert set(TOLD) - {path.name for path in (tmp_path / "plan").iterdir()} == {name}


def test_no_room_for_temporaries_loses_no_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """XlsxWriter keeps the rows of a large sheet in a temporary file."""
    monkeypatch.setattr(workbook, "FEW_ROWS", 0)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "mkstemp", full)
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    plan = random_plan(2)
    with pytest.raises(
        IncompleteOutputError, match=r"^plan\.xlsx could not be made: the disk is full; everything else"
    ):
        plan.write(tmp_path / "plan", report=False)
    monkeypatch.undo()
    gc.collect()  # an archive that XlsxWriter had left open would complain now
    assert read_plan(tmp_path / "plan") == plan


def test_a_plan_knows_its_files_again(tmp_path: Path) -> None:
    folder = random_plan(1).write(tmp_path / "plan", report=False)
    record = json.loads((folder / "plan.json").read_text("utf-8"))
    assert set(record["files"]) == {path.name for path in folder.iterdir()}
    for path in sorted(folder.iterdir()):
        kept = path.read_bytes()
        path.write_bytes(kept + b" " if path.name != "plan.json" else kept.replace(b'"tiny"', b'"mine"'))
        with pytest.raises(OutputExistsError, match=re.escape(path.name) if path.name != "plan.json" else "csv"):
            random_plan(2).write(folder, force=True, report=False)
        path.write_bytes(kept)
    random_plan(2).write(folder, force=True, report=False)


def test_a_plan_of_an_earlier_version_is_not_known_again(tmp_path: Path) -> None:
    plan = random_plan(1)
    folder = plan.write(tmp_path / "plan", report=False)
    change(folder, files=...)
    assert read_plan(folder) == plan
    with pytest.raises(OutputExistsError, match="did not write"):
        random_plan(2).write(folder, force=True, report=False)


def test_a_plan_never_goes_where_its_scenario_lies(tmp_path: Path) -> None:
    first = random_plan(1)
    folder = first.write(tmp_path / "plan", report=False)
    plan = random_plan(2, scenario_files=(tmp_path / "a.yaml", folder / "allocation.csv"))
    for force in (False, True):
        with pytest.raises(OutputExistsError, match=r"the scenario reads: 'allocation\.csv'"):
            plan.write(folder, force=force, report=False)
    again = read_plan(plan.write(tmp_path / "other", report=False))
    assert again.scenario_files == ((tmp_path / "a.yaml").resolve(), (folder / "allocation.csv").resolve())
    assert read_plan(folder) == first


def test_the_report_is_in_the_language_asked_for_or_left_out(tmp_path: Path) -> None:
    plan = random_plan(2)
    assert '<html lang="en">' in (plan.write(tmp_path / "en") / "report.html").read_text("utf-8")
    assert '<html lang="zh-Hans">' in (plan.write(tmp_path / "zh", lang="zh") / "report.html").read_text("utf-8")
    assert not (plan.write(tmp_path / "none", report=False) / "report.html").exists()


def test_every_file_is_one_of_ours(tmp_path: Path) -> None:
    prices = pd.DataFrame({"kind": ["money"], "id": ["budget"], "month": ["2024-01"], "price_yuan": [1.5]})
    no_names, nothing = np.array([], dtype=object), np.array([], dtype=np.int64)
    learnt = {"need": {("fees", 24288): 0.5}}
    warm = WarmStart("transition_fees", no_names, no_names, nothing, learnt, {}, nothing.reshape(0, 2), {"A": 24300})
    plan = replace(planned(programme(**MAY), {}), prices=prices, warm=warm, replanned=Replanned("2024-02"))
    assert {path.name for path in plan.write(tmp_path / "plan").iterdir()} == set(FILES)
    read = read_plan(tmp_path / "plan").warm
    assert read is not None
    assert (read.goal, read.prices, read.schedule) == (warm.goal, warm.prices, warm.schedule)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda folder: (folder / "plan.json").unlink(), "holds no plan.json"),
        (lambda folder: (folder / "plan.json").write_text("{"), "not readable"),
        (lambda folder: (folder / "plan.json").write_bytes(b"\xff\xfe"), "not readable"),
        (lambda folder: (folder / "plan.json").write_text("[]"), "incomplete or changed"),
        (lambda folder: change(folder, format=99), "format 99"),
        (lambda folder: change(folder, status="perfect"), "unknown status 'perfect'"),
        (lambda folder: change(folder, tiers=[{"name": "a"}]), "incomplete or changed"),
        (lambda folder: change(folder, settled=...), "incomplete or changed"),
        (lambda folder: (folder / "fees.csv").unlink(), "fees.csv is missing"),
        (lambda folder: (folder / "funds.csv").write_text("a,b\n"), "expected the columns"),
    ],
)
@pytest.mark.slow
def test_a_spoilt_plan_is_refused_in_words(tmp_path: Path, spoil, says: str) -> None:
    folder = random_plan(1).write(tmp_path / "plan")
    spoil(folder)
    with pytest.raises(PlanFileError, match=says):
        read_plan(folder)


def change(folder: Path, **keys: object) -> None:
    record = json.loads((folder / "plan.json").read_text("utf-8"))
    for key, value in keys.items():
        if value is ...:
            del record[key]
        else:
            record[key] = value
    (folder / "plan.json").write_text(json.dumps(record), "utf-8")
