"""A plan's folder is data: whatever lies in it is read as what it should be, or refused in words; nothing is run."""

from __future__ import annotations

import io
import json
import os
import pickle
import sys
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.lib import format as npy

import renewopt
from renewopt.optimiser.warm_start import ARRAYS, OF_STARTS, WarmStart
from renewopt.results.failures import PlanFileError
from renewopt.results.reading import read_plan

from .made import random_plan

SECRET = "root:x:0:0:very-secret"


class Payload:
    """Runs when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.target,)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a plan with everything that one may hold."""
    prices = pd.DataFrame({"kind": ["money"], "id": ["budget"], "month": ["2024-01"], "price_yuan": [1.5]})
    names, classes = np.array(["H1", "H2"], dtype=object), np.array([0, 1], dtype=np.int64)
    opened = {(0, 1, "E1", 0): np.array([24288, 24289], dtype=np.int64)}
    taken = np.array([[0, 24289], [-1, 0]], dtype=np.int64)
    learnt = {"need": {("fees", 24288): 0.5}}
    told = {"need": {("fees", 24288): np.array([0.5, 0.25])}}
    begun = {"W": 24290, "X": -1}
    warm = WarmStart("transition_fees", names, names, classes, learnt, opened, taken, {"A": 24300}, begun, told)
    plan = replace(random_plan(1), prices=prices, warm=warm)
    return plan.write(tmp_path_factory.mktemp("written") / "plan", report=False)


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "plan"
    copy.mkdir()
    for path in written.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    return copy


def arrays(folder: Path) -> dict[str, Any]:
    with np.load(folder / "warm-start.npz", allow_pickle=False) as found:
        return {name: found[name] for name in found.files}


def member(header: str, data: bytes = b"") -> bytes:
    """An array's bytes with a header of one's own."""
    text = header.encode("latin-1") + b"\n"
    return npy.magic(1, 0) + len(text).to_bytes(2, "little") + text + data


def packed(folder: Path, members: dict[str, bytes], **settings: Any) -> None:
    """Write a warm start, some of its members replaced."""
    whole: dict[str, bytes] = {}
    with zipfile.ZipFile(folder / "warm-start.npz") as file:
        whole = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(folder / "warm-start.npz", "w", zipfile.ZIP_DEFLATED, **settings) as file:
        for name, data in {**whole, **members}.items():
            file.writestr(name, data)


def save(folder: Path, **changed: Any) -> None:
    np.savez(folder / "warm-start.npz", **{**arrays(folder), **changed})


def lies(folder: Path) -> None:
    """State in the archive's directory that an array is small."""
    data = (folder / "warm-start.npz").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        size = file.getinfo("household.npy").file_size
    (folder / "warm-start.npz").write_bytes(data.replace(size.to_bytes(4, "little"), (8).to_bytes(4, "little")))


OBJECTS = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"


def pickled(folder: Path) -> bytes:
    return pickle.dumps(Payload(folder / "PWNED"))


def at(folder: Path) -> Path:
    return folder / "warm-start.npz"


WARM: dict[str, Callable[[Path], object]] = {
    "empty": lambda folder: at(folder).write_bytes(b""),
    "text": lambda folder: at(folder).write_text(SECRET),
    "pickle": lambda folder: at(folder).write_bytes(pickled(folder)),
    "array of objects": lambda folder: save(folder, household=np.array([Payload(folder / "PWNED")] * 2, dtype=object)),
    "objects in a header": lambda folder: packed(folder, {"price.npy": member(OBJECTS, pickled(folder))}),
    "one array, no archive": lambda folder: np.save(at(folder).open("wb"), np.zeros(3)),
    "half an archive": lambda folder: at(folder).write_bytes(at(folder).read_bytes()[:-60]),
    "a damaged array": lambda folder: at(folder).write_bytes(
        at(folder).read_bytes().replace(b"PK\x03\x04", b"PK\x03\x05", 1)
    ),
    "arrays missing": lambda folder: np.savez(at(folder), goal=np.array("x")),
    "arrays too many": lambda folder: save(folder, more=np.zeros(1)),
    "the same twice": lambda folder: zipfile.ZipFile(at(folder), "a").writestr("goal.npy", b""),
    "a path": lambda folder: zipfile.ZipFile(at(folder), "a").writestr("../../goal.npy", b""),
    "a bomb": lambda folder: save_bomb(folder),  # noqa: PLW0108 - defined below
    "a huge shape": lambda folder: packed(
        folder, {"price.npy": member("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }", b"x" * 8)}
    ),
    "an impossible shape": lambda folder: packed(
        folder, {"opened.npy": member("{'descr': '<i8', 'fortran_order': False, 'shape': (0, " + "9" * 400 + "), }")}
    ),
    "a negative shape": lambda folder: packed(
        folder, {"price.npy": member("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", b"x" * 8)}
    ),
    "a text of no end": lambda folder: packed(
        folder, {"goal.npy": member("{'descr': '<U999999999', 'fortran_order': False, 'shape': (), }", b"x" * 8)}
    ),
    "a structure": lambda folder: packed(
        folder, {"price.npy": member("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", b"x" * 8)}
    ),
    "code in the header": lambda folder: packed(
        folder, {"price.npy": member("__import__('pathlib').Path('PWNED').touch()")}
    ),
    "brackets without end": lambda folder: packed(folder, {"price.npy": member("(" * 9000)}),
    "no header": lambda folder: packed(folder, {"price.npy": b"\x93NUMPY"}),
    "nothing": lambda folder: packed(folder, {"price.npy": b""}),
    "lengths that differ": lambda folder: save(folder, part=np.array(["a"])),
    "other dimensions": lambda folder: save(folder, opened=np.zeros(6, dtype=np.int64)),
    "other numbers": lambda folder: save(folder, of_claim=np.zeros(2)),
    "numbers for texts": lambda folder: save(folder, household=np.zeros(2)),
    "classes below nothing": lambda folder: save(folder, of_claim=np.array([-1, 0])),
    "a choice that is not listed": lambda folder: save(folder, taken=np.array([1, 0])),
    "offsets that run back": lambda folder: save(folder, opened_start=np.array([2, 0])),
    "offsets beyond the end": lambda folder: save(folder, opened_start=np.array([0, 99])),
    "no number": lambda folder: save(folder, price=np.array([np.nan])),
    "an outline of other lengths": lambda folder: save(folder, outline_price=np.zeros((2, 2))),
    "an outline that is flat": lambda folder: save(folder, outline_price=np.zeros(1)),
    "prices of an outline that are none": lambda folder: save(folder, outline_price=np.array([[np.inf, 0.0]])),
    "starts without a month": lambda folder: save(folder, activity_month=np.zeros(3, dtype=np.int64)),
    "months of no calendar": lambda folder: save(folder, phase_month=np.array([2**62])),
}  # fmt: skip


def save_bomb(folder: Path) -> None:
    """Three gigabytes in three megabytes: sizes are read before anything is unpacked."""
    size = 70_000_000
    data = member(f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({size // 8},), }}", bytes(size))
    packed(folder, {"price.npy": data})


@pytest.mark.parametrize("kind", WARM)
def test_a_hostile_warm_start_is_refused_in_words(
    folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.chdir(folder)
    assert read_plan(folder).warm is not None
    with warnings.catch_warnings(action="ignore"):
        WARM[kind](folder)
    with pytest.raises(
        PlanFileError, match=r"warm-start.npz: not what a search has learnt \(.*\); delete it"
    ) as refused:
        read_plan(folder)
    assert SECRET not in str(refused.value)
    assert not list(folder.rglob("PWNED"))
    assert not list(recwarn)


def test_a_directory_that_lies_about_a_size_unpacks_no_more_than_it_says(folder: Path) -> None:
    lies(folder)
    with pytest.raises(PlanFileError, match="not what a search has learnt"):
        read_plan(folder)


def test_a_warm_start_of_an_earlier_version_knows_no_starts(folder: Path) -> None:
    new = read_plan(folder).warm
    assert new is not None
    assert new.starts == {"W": 24290, "X": -1}
    np.savez(at(folder), **{name: each for name, each in arrays(folder).items() if name not in OF_STARTS})
    old = read_plan(folder).warm
    assert old is not None
    assert (old.starts, old.outline, old.schedule) == ({}, {}, new.schedule)
    some = {name: each for name, each in arrays(folder).items() if name not in OF_STARTS}
    np.savez(at(folder), **some, activity=np.array(["W"]))
    with pytest.raises(PlanFileError, match="not what a search has learnt"):
        read_plan(folder)


def test_every_array_is_asked_for(folder: Path) -> None:
    assert set(arrays(folder)) == set(ARRAYS)


def record(folder: Path, **keys: Any) -> None:
    found = json.loads((folder / "plan.json").read_text("utf-8"))
    (folder / "plan.json").write_text(json.dumps({**found, **keys}), "utf-8")


WRONG = {
    "name": [None, 3, ["x"], {"a": 1}],
    "scenario_sha256": [None, 3],
    "variant": [3, ["x"]],
    "policy": [None, {}],
    "start": ["soon", 2024, None, "2024-01\n", "2024-01-01"],
    "months": ["5", 0, -1, 1.5, 10**9, None, True],
    "status": [3, None, ["optimal"], "x" * 9000],
    "objective": ["5", [], float("nan"), float("inf"), True],
    "bound": ["5"],
    "households": ["5", -1, 2.5, None, 10**30],
    "settled": ["5", -1],
    "clear_month": [5, "later"],
    "scenario": [3, "a\0b", ["x"]],
    "options": [None, [], {"gap": []}, {"gap": {"a": 1}}],
    "seconds": [None, {"load": "1"}, {"load": float("nan")}],
    "tiers": [None, [3], [{"name": 3, "value": 1.0, "bound": None, "gap": None}], [{"name": "a", "more": 1}], {}],
    "savings": [3, {}, {"waiting_fees": "1"}],
    "shortfalls": [None, [{"what": "money"}], [3]],
    "findings": [[{"code": "x", "text": "plain"}], [{"code": "x", "text": {"fr": "non"}}]],
    "stated": [None, [], {"funds": []}, {"funds": {"a": 3}}],
    "price_columns": [None, [], {"kind": "pickle"}, {"kind": 3}],
    "format": [None, "1", 99, [1], {"a": SECRET * 99}],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in WRONG.items() for value in values])
def test_a_record_of_another_form_is_refused_in_words(folder: Path, key: str, value: Any) -> None:
    record(folder, **{key: value})
    with pytest.raises(PlanFileError, match=r"plan\.json: (incomplete or changed|format|unknown status)") as refused:
        read_plan(folder)
    assert len(str(refused.value)) < len(str(folder)) + 300


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"[", b"[" * 100_000, b"{}", b"3", b"null", b'"x"', b"9" * 9000),
        *(b"\x80\x04K\x03.", b'{"format": 1}', b'{"__reduce__": []}'),
    ],
)
def test_what_is_no_record_is_refused_in_words(folder: Path, content: bytes) -> None:
    (folder / "plan.json").write_bytes(content)
    with pytest.raises(PlanFileError, match=r"not readable|incomplete or changed"):
        read_plan(folder)


@pytest.mark.parametrize("name", ["plan.json", "allocation.csv", "decisions.csv", "prices.csv", "warm-start.npz"])
@pytest.mark.parametrize("kind", ["link to another file", "link in a circle", "folder", "pipe"])
def test_what_is_no_file_of_ours_is_refused_and_not_quoted(folder: Path, tmp_path: Path, name: str, kind: str) -> None:
    foreign = tmp_path / "passwd"
    foreign.write_text(f"{SECRET}\n{SECRET}\n", "utf-8")
    path = folder / name
    path.unlink()
    match kind:
        case "link to another file":
            path.symlink_to(foreign)
        case "link in a circle":
            path.symlink_to(path)
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
    if kind == "link in a circle" and name in {"decisions.csv", "warm-start.npz"}:
        assert read_plan(folder).feasible
        return
    with pytest.raises(PlanFileError) as refused:
        read_plan(folder)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("cell", ["1e999", "x", "9" * 40, "", "0x10", "__import__('os')", "-inf"])
def test_figures_that_are_none_are_refused_in_words(folder: Path, cell: str) -> None:
    text = (folder / "decisions.csv").read_text("utf-8-sig").splitlines()
    (folder / "decisions.csv").write_text("\n".join([text[0], f"settle,0,0,0,{cell}"]), "utf-8")
    with pytest.raises(PlanFileError, match=r"decisions\.csv column amount"):
        read_plan(folder)
    (folder / "decisions.csv").unlink()
    text = (folder / "fees.csv").read_text("utf-8-sig").splitlines()
    (folder / "fees.csv").write_text("\n".join([text[0], ",".join([cell or "x"] * len(text[0].split(",")))]), "utf-8")
    if cell != "9" * 40:
        with pytest.raises(PlanFileError, match=r"fees\.csv column"):
            read_plan(folder)


def test_nothing_in_the_folder_is_imported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sitecustomize", "plan", "decisions", "hostile_plugin", "conftest", "__init__"):
        (folder / f"{name}.py").write_text(f"open({str(folder / 'PWNED')!r}, 'w').close()", "utf-8")
        (folder / f"{name}.pyc").write_bytes(b"\0" * 64)
        (folder / f"{name}.pkl").write_bytes(pickle.dumps(Payload(folder / "PWNED")))
    monkeypatch.chdir(folder)
    record(folder, policy="hostile_plugin:Rule", options={"policy_modules": "hostile_plugin"})
    plan = renewopt.read_plan(folder)
    assert plan.summary()
    assert plan.policy == "hostile_plugin:Rule"
    assert "hostile_plugin" not in sys.modules
    assert not (folder / "PWNED").exists()
