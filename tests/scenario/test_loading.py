import hashlib
import logging
import shutil
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from renewopt.errors import ScenarioError
from renewopt.scenario import load

BASE = Path(__file__).resolve().parent / "bad_inputs"
TEXT = (BASE / "base.yaml").read_text("utf-8")

SMALL = """\
name: Small
start: 2024-01
months: 12
projects:
  - {id: P, moved_out: 2021-01}
fee_policies:
  - {id: F, rate: 10, term: 24}
funds:
  - {id: tax, inflow: {monthly: 800万元}}
"""
ROWS = "households:\n  - {id: H, project: P, area: 90}\n"


@pytest.fixture
def folder(tmp_path):
    for name in ("base.yaml", "households.csv"):
        shutil.copy(BASE / name, tmp_path / name)
    return tmp_path


def write(folder, text, name="small.yaml"):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def refusal(path, **options):
    with pytest.raises(ScenarioError) as raised:
        load(path, **options)
    return [str(finding) for finding in raised.value.findings]


def test_a_scenario_knows_where_it_came_from(folder):
    scenario = load(folder / "base.yaml")
    assert scenario.files == ("base.yaml", "households.csv")
    assert scenario.path == folder / "base.yaml"
    assert (scenario.variant, scenario.variants) == (None, ("poor",))
    assert load(folder / "base.yaml", variant="poor").variant == "poor"


def test_the_hash_is_of_every_file_read(folder):
    before = load(folder / "base.yaml").sha256
    assert len(before) == len(hashlib.sha256().hexdigest())
    assert load(folder / "base.yaml").sha256 == before
    rows = folder / "households.csv"
    rows.write_text(rows.read_text("utf-8") + "\n", "utf-8")
    assert load(folder / "base.yaml").sha256 != before


def test_the_hash_does_not_depend_on_the_place(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(folder, other / "copy")
    assert load(folder / "base.yaml").sha256 == load(other / "copy" / "base.yaml").sha256


def test_a_folder_with_one_file_is_a_scenario(folder):
    assert load(folder).name == "Base"
    write(folder, SMALL)
    assert "the folder holds 2 YAML files" in refusal(folder)[0]
    assert "the folder holds no YAML file" in refusal(write(folder, "x", "empty/x.txt").parent)[0]


def test_a_missing_file(tmp_path):
    assert "there is no such file" in refusal(tmp_path / "none.yaml")[0]


def test_all_findings_are_said_together(folder):
    text = TEXT.replace("price: 6000", "price: lots").replace("fee_policy: by-area", "fee_policy: x")
    path = write(folder, text, "base.yaml")
    rows = folder / "households.csv"
    rows.write_text(rows.read_text("utf-8").replace("North,1,90", "Nord,1,x"), "utf-8")
    keys = [(finding.file, finding.key) for finding in _error(path).findings]
    assert keys == [
        ("base.yaml", "projects.North.fee_policy"),
        ("base.yaml", "vouchers.ticket.price"),
        ("households.csv", "column 面积(㎡)"),
        ("households.csv", "column 项目"),
    ]


def _error(path):
    with pytest.raises(ScenarioError) as raised:
        load(path)
    return raised.value


def test_warnings_are_kept_and_logged(tmp_path, caplog):
    path = write(tmp_path, SMALL.replace("800万元", "800") + ROWS)
    with caplog.at_level(logging.WARNING, "renewopt"):
        scenario = load(path)
    assert [finding.key for finding in scenario.warnings] == ["funds.tax.inflow.monthly"]
    assert "if 800 万元 was meant, write 800万元" in caplog.text


def test_numbers_are_ids_as_they_are_written(tmp_path):
    text = SMALL.replace("id: F", "id: 1.0").replace("id: tax", "id: 007").replace("name: Small", "name: 2024")
    scenario = load(write(tmp_path, text + ROWS))
    assert (scenario.fee_policies[0].id, scenario.funds[0].id, scenario.name) == ("1.0", "007", "2024")


def test_a_table_in_a_folder_below_and_in_a_workbook(tmp_path):
    write(tmp_path, "id,project,area\nH,P,90\n", "tables/rows.csv")
    one = load(write(tmp_path, SMALL + "households: {file: tables/rows.csv}\n"))
    assert one.files == ("small.yaml", "tables/rows.csv")
    with xlsxwriter.Workbook(tmp_path / "rows.xlsx") as book:
        sheet = book.add_worksheet("户")
        sheet.write_row(0, 0, ["户号", "项目", "面积"])
        sheet.write_row(1, 0, ["H", "P", 90])
    two = load(write(tmp_path, SMALL + "households: {file: rows.xlsx, sheet: 户}\n"))
    assert one.households.equals(two.households)
    three = load(write(tmp_path, SMALL + ROWS))
    assert one.households.equals(three.households)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("{file: rows.cvs}", "small.yaml:10  households.file: there is no file 'rows.cvs' beside the scenario"),
        ("{file: rows.cvs}", "did you mean 'rows.csv'?"),
        ("{file: zzz}", "tables beside it: rows.csv"),
        ("{file: rows.csv, sheet: a}", "households.sheet: a CSV file has no sheets ('a'); delete the key"),
        ("{file: 7}", "households.file: 7 stands where a text was expected"),
        ("rows.csv", "households: 'rows.csv' stands where a mapping of keys to values was expected"),
        ("[]", "the table has no rows"),
        ("", "households: nothing stands where"),
        ("{file: /nowhere/rows.csv}", "households.file: '/nowhere/rows.csv' lies outside of the scenario's folder"),
        ("{file: ''}", "there is no file ''"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path, table, says):
    write(tmp_path, "id,project,area\nH,P,90\n", "rows.csv")
    found = refusal(write(tmp_path, f"{SMALL}households: {table}\n"))
    assert any(says in finding for finding in found), found


def test_no_table_of_households_at_all(tmp_path):
    assert refusal(write(tmp_path, SMALL)) == [
        "small.yaml:1  households: the key `households` is missing; add it: households, or cohorts of alike ones"
    ]


def test_tables_that_are_not_stated_are_none(tmp_path):
    scenario = load(write(tmp_path, SMALL + ROWS + "quotes:\n"))
    assert scenario.quotes is None
    assert scenario.fee_curves is None


def test_other_variants_are_checked_too(tmp_path):
    path = write(tmp_path, SMALL + ROWS + "variants:\n  a:\n    months: lots\n  b:\n    months: 6\n")
    assert "small.yaml:14  months: 'lots' stands where" in refusal(path)[0]
    assert "small.yaml:14" in refusal(path, variant="b")[0]


def test_a_variant_may_bring_its_own_table(tmp_path):
    write(tmp_path, "id,project,area\nH,P,90\nI,P,60\n", "rows.csv")
    path = write(tmp_path, SMALL + ROWS + "variants:\n  more:\n    households: {file: rows.csv}\n")
    assert load(path).files == ("small.yaml",)
    assert len(load(path, variant="more").households) == 2


lines = TEXT.splitlines(keepends=True)


@given(st.data())
@pytest.mark.slow
def test_no_mutation_gives_more_than_findings(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("mutated")
    changed = list(lines)
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.integers(0, len(changed) - 1))
        line = changed[row]
        cut = data.draw(st.integers(0, len(line)))
        junk = data.draw(
            st.sampled_from(["", ":", "-", "[", "}", "  ", "'", "x", "-1", "0", "true", "~", "：", "1e9", "\n"])
        )
        changed[row] = line[:cut] + junk + line[cut + data.draw(st.integers(0, 3)) :]
    shutil.copy(BASE / "households.csv", folder / "households.csv")
    try:
        load(write(folder, "".join(changed)))
    except ScenarioError as error:
        assert error.errors, error  # noqa: PT017 - a sound mutation is no failure
