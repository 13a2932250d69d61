"""Bounds of what is read: stated once, told in the guide, and kept without changing what is right."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from renewopt.errors import Finding, ScenarioError
from renewopt.scenario import limits, load
from renewopt.scenario.limits import MAX_FINDINGS
from renewopt.scenario.nodes import Mapping, Mark
from renewopt.scenario.notes import Notes, first_of
from renewopt.scenario.reading import read_bytes, read_text
from renewopt.units import parse_money, parse_share
from renewopt.wording import words

HEAD = "name: n\nstart: 2024-01\nmonths: 12\nprojects: [{id: P}]\nhouseholds: [{id: H, project: P, area: 80}]\n"
FUNDS = "funds: [{id: B, opening: 100万元}]\n"


def refused(text: str) -> list[Finding]:
    with pytest.raises(ScenarioError) as error:
        read_text(text, "a.yaml")
    return error.value.findings


def test_every_bound_stands_in_the_guide(repository: Path) -> None:
    page = (repository / "docs" / "limits.md").read_text(encoding="utf-8")
    assert [name for name in limits.__all__ if f"`{name}`" not in page] == []
    assert set(limits.__all__) == {name for name in vars(limits) if name.isupper()}


@pytest.mark.parametrize(
    ("bound", "value", "text", "says"),
    [
        ("MAX_VALUES", 50, "x: [" + "1, " * 60 + "]\n", "about 61 values; at most 50 are read"),
        ("MAX_SCALAR", 50, "x: 1\nname: " + "y" * 120 + "\n", "more than 50 characters without a new value"),
    ],
)
def test_a_text_is_measured_before_it_is_parsed(
    monkeypatch: pytest.MonkeyPatch, bound: str, value: int, text: str, says: str
) -> None:
    monkeypatch.setattr(f"renewopt.scenario.reading.{bound}", value)
    (finding,) = refused(text)
    assert says in finding.message


def test_comments_are_no_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("renewopt.scenario.reading.MAX_VALUES", 50)
    read_text("x: 1  # " + "a, b: c - " * 40 + "\n" + "# a, b\n" * 60, "a.yaml")


@pytest.mark.parametrize(
    ("bound", "value", "text", "line", "says"),
    [
        ("MAX_VALUES", 10, "x:\n" + "- 1\n" * 60, 17, "more than 10 values up to here"),
        ("MAX_ITEMS", 5, "x:\n" + "- 1\n" * 9, 7, "more than 5 entries stand here"),
        ("MAX_ITEMS", 5, "".join(f"k{i}: 1\n" for i in range(9)), 6, "more than 5 entries stand here"),
        ("MAX_ITEMS", 5, "variants:\n  v:\n    estates:\n" + "    - 1\n" * 9, 9, "more than 5 entries"),
        ("MAX_FINDINGS", 3, "x:\n" + "- !a 1\n" * 9, 4, "3 problems up to here; what follows was not read"),
    ],
)
def test_reading_stops_where_there_is_too_much(
    monkeypatch: pytest.MonkeyPatch, bound: str, value: int, text: str, line: int, says: str
) -> None:
    monkeypatch.setattr("renewopt.scenario.events.MAX_FUNDS", 4)
    monkeypatch.setattr(f"renewopt.scenario.events.{bound}", value)
    (finding,) = (finding for finding in refused(text) if says in finding.message)
    assert finding.line == line


def test_funds_have_a_bound_of_their_own_and_tables_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("renewopt.scenario.events.MAX_FUNDS", 4)
    monkeypatch.setattr("renewopt.scenario.events.MAX_ITEMS", 10)
    rows = "- {id: a}\n" * 9
    assert "more than 4 entries" in refused(f"funds:\n{rows}")[-1].message
    read_text(f"estates:\n{rows}", "a.yaml")
    for section in ("households", "quotes", "fee_curves"):
        read_text(f"{section}:\n{rows * 3}", "a.yaml")


@pytest.mark.parametrize("kind", ["scenario.yaml", "scenario.xlsx"])
def test_what_is_no_file_is_not_read(tmp_path: Path, kind: str) -> None:
    pipe = tmp_path / kind
    os.mkfifo(pipe)
    device = tmp_path / f"zero-{kind}"
    device.symlink_to("/dev/zero")
    for path in (pipe, device):
        with pytest.raises(ScenarioError) as error:
            load(path)
        (finding,) = error.value.findings
        assert finding.message == "this is no plain file (a device, a pipe or a socket)"
        assert finding.mend


def test_a_socket_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("a.yaml")
    with pytest.raises(ScenarioError, match="no plain file"):
        load("a.yaml")


def test_a_number_of_many_decimals_is_told() -> None:
    (finding,) = refused("x: 0." + "1" * 400 + "\n")
    assert finding.message == "a number of 402 digits is not plausible"


@pytest.mark.parametrize("read", [parse_money, parse_share])
def test_an_amount_of_many_digits_is_told_however_it_is_written(read: Callable[[str], object]) -> None:
    for text in ("9" * 400, "0." + "1" * 400, "1" * 400 + "%"):
        with pytest.raises(ValueError, match=r"a number of \d+ digits is not plausible"):
            read(text)


def test_rows_that_are_none_are_told_up_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("renewopt.scenario.rows.MAX_FINDINGS", 3)
    with pytest.raises(ScenarioError) as error:
        load(with_variants(tmp_path, "quotes: [" + "1, " * 20 + "]\n"))
    assert sum(finding.key.startswith("quotes.") for finding in error.value.findings) == 4


def test_a_file_is_read_as_far_as_it_was_long_when_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" * 100)
    assert len(read_bytes(path, 100)) == 100
    with pytest.raises(ScenarioError, match="larger than 0 MB; leave out rows"):
        read_bytes(path, 99)
    made_up = Path("/proc/self/environ")
    if made_up.exists():
        assert read_bytes(made_up) == b""


def test_findings_of_one_kind_are_told_up_to_a_bound() -> None:
    root = Mapping(Mark("a.yaml", 1))
    notes = Notes(root)
    for number in range(MAX_FINDINGS + 50):
        notes.warn((str(number),), words("add it"))
    assert len(notes.findings) == MAX_FINDINGS + 1
    # Warnings never become an error by their number.
    assert {finding.severity for finding in notes.findings} == {"warning"}
    notes.error(("x",), words("add it"))
    assert notes.findings[-1].severity == "error"
    many = [Finding("error", "a.yaml", number, "", words("add it")) for number in range(MAX_FINDINGS + 50)]
    assert len(first_of(many, root)) == MAX_FINDINGS + 1
    assert first_of(many[:3], root) == many[:3]
    soft = [Finding("warning", "a.yaml", number, "", words("add it")) for number in range(MAX_FINDINGS + 50)]
    assert first_of(soft, root)[-1].severity == "warning"


def with_variants(tmp_path: Path, variants: str, base: str = HEAD + FUNDS) -> Path:
    path = tmp_path / "a.yaml"
    path.write_text(base + variants, encoding="utf-8")
    return path


def test_more_variants_than_are_checked_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = with_variants(tmp_path, "variants:\n" + "".join(f"  v{i}: {{months: {i + 1}}}\n" for i in range(20)))
    assert len(load(path).variants) == 20
    monkeypatch.setattr("renewopt.scenario.loading.MAX_VARIANT_VALUES", 60)
    with pytest.raises(ScenarioError, match=r"20 variants of \d+ values; at most \d+ variants"):
        load(path)


def test_faults_of_variants_are_told_up_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("renewopt.scenario.loading.MAX_FINDINGS", 3)
    path = with_variants(tmp_path, "variants:\n" + "".join(f"  v{i}: {{months: 0}}\n" for i in range(20)))
    with pytest.raises(ScenarioError) as error:
        load(path)
    assert len(error.value.findings) == 4


def test_what_a_variant_leaves_as_it_is_is_not_checked_again(tmp_path: Path) -> None:
    """Sections and items that a variant does not change stand as they were validated; what it changes is checked."""
    variants = (
        "variants:\n  good: {funds: [{id: B, opening: 5万元}]}\n  bad: {funds: [{id: C, opening: x}]}\n"
        "  gone: {funds: !remove}\n"
    )
    with pytest.raises(ScenarioError) as error:
        load(with_variants(tmp_path, variants))
    told = {(finding.key, finding.line) for finding in error.value.errors}
    assert ("funds.C.opening", 9) in told
    assert any(key == "funds" for key, _ in told)
    # The scenario itself being wrong, its variants are checked all the same.
    with pytest.raises(ScenarioError) as error:
        load(with_variants(tmp_path, variants, (HEAD + FUNDS).replace("months: 12", "months: 0")))
    assert {"months", "funds.C.opening"} <= {finding.key for finding in error.value.errors}


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("price: 1, stream: '99999999999999999999'", "99999999999999999999 is too large; 1e+13 or less was expected"),
        ("price: 1, stream: '5;-1'", "-1 is negative"),
        ("price_by_month: '2024-02:9999999亿元'", "9999999亿元 is too large"),
        ("price_by_month: '2024-02:-5'", "-5 is negative"),
        ("price_by_month: '2024-02:30%'", "is not an amount of money"),
        ("instalments: '0:99999999999999999999'", "99999999999999999999 is too large"),
        ("price: 5, instalments: '0:-30%;6:130%'", "-30% is negative"),
        ("price: 1, stock: 'E/A:99999999999999'", "99999999999999 is too large; 1e+12 or less was expected"),
        ("price: 1, stock: 'E/A:0'", "is not a number above 0"),
    ],
)
def test_amounts_in_terms_have_the_bounds_of_amounts_elsewhere(tmp_path: Path, cell: str, says: str) -> None:
    estates = "estates: [{id: E, units: [{type: A}]}]\n"
    path = with_variants(tmp_path, estates + f"quotes: [{{household: H, route: transfer, {cell}}}]\n")
    with pytest.raises(ScenarioError) as error:
        load(path)
    assert any(says in finding.message for finding in error.value.errors)
