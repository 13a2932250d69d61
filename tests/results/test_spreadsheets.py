"""CSV that spreadsheets open safely and that comes back the same."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renewopt.results.failures import PlanFileError
from renewopt.results.spreadsheets import arm, defuse, read_table, table_bytes

KINDS = {"name": "text", "count": "count", "amount": "money", "price": "number"}
DANGER = "=+-@\t\r\n＝＋－＠"

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12) | st.builds(
    lambda quotes, sign, rest: "'" * quotes + sign + rest,
    st.integers(0, 3),
    st.sampled_from(DANGER),
    st.text("A1(\",'=", max_size=5),
)
rows = st.tuples(
    texts,
    st.integers(-(2**62), 2**62),
    st.integers(-(10**15), 10**15).map(lambda fen: fen / 100),
    st.floats(allow_infinity=False),
)


def table(entries: list[tuple[str, int, float, float]]) -> pd.DataFrame:
    columns = list(zip(*entries, strict=True)) if entries else [(), (), (), ()]
    kinds = (object, np.int64, np.float64, np.float64)
    return pd.DataFrame(
        {
            name: pd.Series(np.array(column, dtype=kind), dtype=kind)
            for name, column, kind in zip(KINDS, columns, kinds, strict=True)
        }
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rows, max_size=5))
def test_a_table_comes_back_the_same(tmp_path: Path, entries: list[tuple[str, int, float, float]]) -> None:
    frame = table(entries)
    (tmp_path / "table.csv").write_bytes(table_bytes(frame, KINDS))
    pd.testing.assert_frame_equal(read_table(tmp_path / "table.csv", KINDS), frame)


@given(texts)
def test_no_text_is_run_as_a_formula(text: str) -> None:
    shown = defuse(text)
    assert not shown or shown[0] not in DANGER
    assert arm(shown) == text


def test_the_file_is_what_the_contract_says(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(table_bytes(table([("=1+1", 3, 1234.5, 0.125), ("户，1", -1, -0.05, float("nan"))]), KINDS))
    assert path.read_bytes().startswith("\ufeffname,count,amount,price\r\n".encode())
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1:] == [["'=1+1", "3", "1234.50", "0.125"], ["户，1", "-1", "-0.05", ""]]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "is missing"),
        (b"", "not a table written by renewopt"),
        ("名称,数量\n".encode("gb18030"), "not a table written by renewopt"),
        (b"name,count\n", "expected the columns name, count, amount, price, found name, count"),
        (b"name,count,amount,price\na,x,1,1\n", "column count"),
        (b"name,count,amount,price\na,1,1x,1\n", "column amount"),
        (b"name,count,amount,price\na,1,1,1,1,1\n", "not a table written by renewopt"),
    ],
)
def test_what_is_not_such_a_table_is_refused(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "table.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PlanFileError, match=says):
        read_table(path, KINDS)
