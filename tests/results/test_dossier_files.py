"""The dossier as a file."""

import os
from pathlib import Path

import pandas as pd
import pytest
from tests.problem.dossiers.stating import stated

import renewopt
from renewopt.problem import compile_problem
from renewopt.problem.dossiers import Dossier, open_dossier
from renewopt.results import dossier_files
from renewopt.results.dossier_files import KINDS, refuse_file, write_dossier
from renewopt.results.failures import OutputError, OutputExistsError
from renewopt.results.spreadsheets import read_table
from renewopt.scenario.opening import open_workbook
from renewopt.wording import Language

CHANGE = """
projects: [{id: P}, {id: "=SUM(A1)", moved_out: 2022-01}]
households:
  - {id: A, homes: 2, area: 80.25}
  - {id: "B, \\"big\\"", project: P, area: 70, routes: [own_unit]}
  - {id: "-C", project: "=SUM(A1)", area: 33.33, routes: [cash], count: 12}
vouchers: [{id: V, price: 3333.33, projects: [P]}]
"""


@pytest.fixture
def scenario(tmp_path: Path) -> renewopt.Scenario:
    return stated(CHANGE, tmp_path)


@pytest.fixture
def dossier(scenario: renewopt.Scenario) -> Dossier:
    return open_dossier(scenario, compile_problem(scenario))


def test_csv_reads_back_to_the_table(dossier: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # However few households are written at a time.
    monkeypatch.setattr(dossier_files, "_CLAIMS", 2)
    path = write_dossier(dossier, tmp_path / "new" / "households.csv", title="Case")
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfhousehold,part,project,count,fee_now,")
    assert content.count(b"\r\n") == 1 + int(dossier.start[-1]) == 5
    assert b"'=SUM(A1)" in content
    assert b'"B, ""big"""' in content
    pd.testing.assert_frame_equal(read_table(path, KINDS), dossier.frame(), check_exact=True)


def test_csv_and_python_know_what_is_not_known(dossier: Dossier, tmp_path: Path) -> None:
    table = pd.read_csv(write_dossier(dossier, tmp_path / "a.csv", title=""), encoding="utf-8-sig")
    assert table["given_m2"].isna().all()
    assert table["price"].isna().tolist() == [False, False, True, True]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_workbook(dossier: Dossier, tmp_path: Path, lang: Language) -> None:
    path = write_dossier(dossier, tmp_path / "households.XLSX", title="Case", lang=lang)
    book = open_workbook(path.read_bytes(), path.name)
    assert list(book.titles) == [{"en": "households", "zh": "住户"}[lang]]
    head, first, *rest = book.rows(book.titles[0])
    assert len(head) == len(KINDS)
    assert head[0] == {"en": "household", "zh": "户号"}[lang]
    assert first[head.index({"en": "route", "zh": "安置方式"}[lang])] == {"en": "voucher", "zh": "购房凭证"}[lang]
    assert first[head.index({"en": "price", "zh": "政府支付（元）"}[lang])] == pytest.approx(40.125 * 3333.33, abs=0.01)
    assert len(rest) == 3
    table = renewopt.read_tables(path)["dossier"]
    assert table["household"].tolist() == ["A", "A", 'B, "big"', "-C"]
    assert table["route"].tolist() == ["voucher", "voucher", "", ""]
    assert table["first"].tolist() == ["2024-01", "2024-01", "", ""]


def test_more_rows_than_a_sheet_holds(dossier: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dossier_files, "MOST_SHEET_ROWS", 3)
    with pytest.raises(OutputError, match=r"4 rows are more than a sheet holds; name a file that ends in \.csv"):
        write_dossier(dossier, tmp_path / "a.xlsx", title="")
    assert not (tmp_path / "a.xlsx").exists()


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_only_a_dossier_is_replaced_and_only_when_asked(dossier: Dossier, tmp_path: Path, name: str) -> None:
    path = write_dossier(dossier, tmp_path / name, title="")
    before = path.read_bytes()
    with pytest.raises(OutputExistsError, match="exists already"):
        write_dossier(dossier, path, title="")
    write_dossier(dossier, path, title="", force=True)
    assert path.read_bytes() == before
    path.write_text("mine")
    with pytest.raises(OutputExistsError, match="--force replaces a dossier, and nothing else"):
        write_dossier(dossier, path, title="", force=True)
    assert path.read_text() == "mine"


def test_what_the_scenario_reads_stays(dossier: Dossier, scenario: renewopt.Scenario, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    write_dossier(dossier, other, title="")
    os.link(other, tmp_path / "households.csv")
    with pytest.raises(OutputExistsError, match="the scenario reads"):
        refuse_file(other, [tmp_path / "households.csv", tmp_path / "gone.csv"], force=True)
    assert scenario.path is not None
    with pytest.raises(OutputExistsError, match="the scenario reads"):
        write_dossier(dossier, scenario.path, title="", reads=scenario.read_paths, force=True)
    with pytest.raises(OutputExistsError, match="is a folder"):
        refuse_file(tmp_path, [], force=True)
    (tmp_path / "link.csv").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputExistsError):
        refuse_file(tmp_path / "link.csv", [], force=True)
