"""Scenarios written from quotes and fee curves alone, as files that a planner could have written.

For instances whose optimum is known from elsewhere: one project, no rules, every offer a quote. Figures are 万元.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from renewopt.units import Month

START = Month.parse("2025-01")
Rows = Sequence[dict[str, object]]


@dataclass(frozen=True)
class Written:
    """A scenario to be written.

    Attributes
    ----------
    months, minimise
        Horizon, and the objective's name. Nothing is valued after the horizon.
    households, quotes, curves
        Rows of the three tables, by column; households of project ``P1``.
    sections
        Further YAML: estates and funds.
    """

    months: int
    minimise: str
    households: Rows
    quotes: Rows
    curves: Rows
    sections: str

    def write(self, folder: Path) -> Path:
        """Write the scenario into a folder and return the path of its YAML file."""
        _write_table(folder / "households.csv", self.households)
        _write_table(folder / "quotes.csv", self.quotes)
        _write_table(folder / "curves.csv", self.curves)
        path = folder / "written.yaml"
        path.write_text(
            f"""\
name: Written
start: {START}
months: {self.months}
projects:
  - id: P1
    routes: []
households:
  file: households.csv
quotes:
  file: quotes.csv
fee_curves:
  file: curves.csv
objective:
  minimise: {self.minimise}
  after_horizon_months: 0
{self.sections}""",
            encoding="utf-8",
        )
        return path


def number(value: float) -> str:
    """Write a number with up to eight decimals, never with an exponent."""
    text = f"{value:.8f}"
    return text.rstrip("0").rstrip(".")


def wan(value: float) -> str:
    """Write an amount of money in 万元, as YAML takes it."""
    return f"{number(value)}万元"


def yuan(value: float) -> str:
    """Write an amount of 万元 in yuan, as tables take it."""
    return number(value * 10_000)


def month(index: int) -> str:
    """Write a month, counted from the scenario's start."""
    return str(START + index)


def _write_table(path: Path, rows: Rows) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
