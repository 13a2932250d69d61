"""Sound scenarios that the mutations begin with."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from tests.problem.conftest import base_scenario

from renewopt import write_workbook

__all__ = ["TABLE", "books", "texts"]

ROOT = Path(__file__).resolve().parents[2]
BAD = ROOT / "tests" / "scenario" / "bad_inputs"
TABLE = (BAD / "households.csv").read_bytes()
"""Households of the first text."""
QUOTES = (
    b"household,route,price,instalments,stock,first,last,stream,price_by_month\n"
    b'N1,cash,400000,"0:30%;6:70%",,2024-02,2024-09,100;100;50,\nN2,transfer,0,,Garden/A:1,,,,\n'
    b"S1,voucher,,,,,,,2024-06:100;2024-07:90\n"
)
CURVES = b"household,from,fee,overdue\nS2,2024-01,900,\nS2,2024-06,1800,true\nN1,,100,no\n"
FILES = {"households": TABLE, "quotes": QUOTES, "fee_curves": CURVES}
"""Tables by section; each fits the first text."""


@functools.cache
def texts() -> tuple[str, ...]:
    """Scenarios in YAML; the first reads ``households.csv`` and uses most sections."""
    return (
        (BAD / "base.yaml").read_text(encoding="utf-8"),
        (ROOT / "scenarios" / "minimal.yaml").read_text(encoding="utf-8"),
        base_scenario(),
    )


@functools.cache
def books() -> tuple[bytes, ...]:
    """Scenarios as workbooks, in both languages."""
    made = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "households.csv").write_bytes(TABLE)
        for number, (text, lang) in enumerate(zip(texts()[:2], ("en", "zh"), strict=True)):
            source = folder / f"{number}.yaml"
            source.write_text(text, encoding="utf-8")
            made.append(write_workbook(source, folder / f"{number}.xlsx", lang=lang).read_bytes())  # type: ignore[arg-type]
    return tuple(made)
