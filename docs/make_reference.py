"""Write scenario.md, the reference of scenario files, from the models themselves.

    python docs/make_reference.py

Keys, kinds, defaults and words are those of the scenario's dictionary and of `renewopt.scenario.table_specs`; a test
holds the page to them. Only the words around the tables stand here.
"""

from __future__ import annotations

import inspect
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel

from renewopt.scenario.dictionary import Key, Shape, keys
from renewopt.scenario.fields import Section
from renewopt.scenario.models import Scenario
from renewopt.scenario.table_specs import TABLES, Column

PAGE = Path(__file__).with_name("scenario.md")

HEAD = """\
# The scenario file, key by key

This page is written by `docs/make_reference.py` from the models that check a scenario; a test keeps it up to date.
What the keys mean together, rule by rule and with an example each, is in [rules.md](rules.md). `renewopt schema` prints
the same as a JSON Schema, with which an editor completes and checks a file while it is typed.

A scenario is one YAML file, its tables inside it or in CSV or XLSX files beside it; or one workbook with a sheet for
each section ([workbook.md](workbook.md)). Only what a district needs is stated: a key with a default may be left out.

```yaml
name: Smallest
start: 2024-01
months: 12
projects:
  - id: P1
    moved_out: 2023-01
fee_policies:
  - id: standard
    rate: 10
    term: 24
households:
  - id: H1
    project: P1
    area: 80
cash:
  - id: C
    price: 5000
funds:
  - id: budget
    opening: 100万元
```

## How values are written

| kind | written |
| --- | --- |
| money | yuan ≥ 0: a number, or `800万元`, `5亿元`, `1,200元`, `¥1,200.00`, `四十万元整` |
| month | `2024-06`; also `2024/6`, `2024.6`, `2024年6月`, `202406`, a day of it, also as a key; not `2024.1` |
| months | a whole number of months ≥ 0 |
| share, rate | a fraction from 0 to 1 (rate: a year, up to 0.5) or a percentage, `0.3` or `30%` |
| number, multiplier | a finite number ≥ 0 (multiplier: up to 10) |
| count | a whole number ≥ 0 |
| span of months | `2024-03`, `2024-01..2024-06`, or open at one end: `2024-07..` |
| yes/no | `true` or `false` |
| id | a name of your own; numbers are taken as text, so `001` stays `001` |

In a scenario with another [currency](rules-elsewhere.md#your-currency-and-your-words) amounts are written with its
sign, code or name: `£1,200`, `1200 GBP`.

It is YAML 1.2: `yes`, `no`, `on` and `off` are words, not truth values. Anchors, aliases, merge keys, tags (except
`!remove`, below) and keys stated twice are refused, each with its line. Unknown keys are refused with a suggestion.
Everything that is wrong is reported at once.
"""

TAIL = """\
## Variants

`variants` names ways in which the district might be different; `--variant NAME` (in Python
`load(path, variant="NAME")`) lays one over the file. Mappings merge; lists whose items have ids merge by id; other
lists replace the one in the file; `!remove` deletes a key, or the item of that id. The name of the scenario stays.

```yaml
variants:
  low-funds:
    funds:
      - id: budget
        opening: 60万元     # the other keys of this fund stay as they are
  no-cash:
    cash:
      - !remove C
```

## From Python

`renewopt.Scenario.from_tables(name=..., start=..., projects=[...], households=frame, ...)` takes the same keys as
plain dicts and lists, or as objects of `renewopt.scenario.models`; tables may be pandas DataFrames. Findings are
collected and raised together, as from a file. See [library.md](library.md).
"""

TABLES_HEAD = """\
Rows stand in the file (a list of mappings with the columns below as keys), or beside it: `file: households.csv` (for a
workbook also `sheet: …`; `header_row: 12` where the headers are not found). A header may be the column's name or any of
the others; case and spaces do not matter, but the unit counts: `总价（万元）` is read in 万元, `过渡费（元/季）` by the
quarter, and one that the column cannot be in is refused. Several ids in a cell are joined by `;`. Registers may be read
as offices keep them: titles above the headers, rows of totals (小计, 合计, total), columns that no plan needs
(序号, 电话, 备注 …), merged cells, hidden rows (they count like all others) and placeholders (—, 无, 待定) are
understood, and each is told once."""

TABLE_WORDS = {
    "households": (
        "One row for each household, or for each cohort of `count` households that are alike. An empty cell falls back "
        "on the project, where the project states it."
    ),
    "quotes": (
        "Offers given directly: the way to plug in a rule that renewopt does not know. They join the offers that the "
        "rules give; state `routes: []` on the project to have the quotes alone. `price_by_month`: "
        "`2024-06:100;2024-07:90`, the price when chosen in that month (in others it is not open). `instalments`: "
        "`0:30%;6:70%`, or amounts in yuan. `stock`: `E1/90:1;E2/60:1`. `stream`: `100;100;50`, yuan of fee in the "
        "month of choice and after."
    ),
    "fee_curves": (
        "Fees given directly, as steps: from this month on, so many yuan a month for one household. A household with "
        "rows here has no other fee."
    ),
    "fee_parts": (
        "Further parts of a household's fee, such as its shop's: they add up with what its own row gives. An empty "
        "policy, month or term is the household's."
    ),
    "homes": (
        "Homes one by one, for [the home roster](roster.md). A plan never reads them: it counts homes by type. No more "
        "of a type may be listed than the estate has at the time, and a phase delivers."
    ),
    "home_wishes": (
        "What a household needs and wishes of the home itself, for [the home roster](roster.md), and its place in the "
        "order of signing. Words of a home: `ground_floor` (底层), `barrier_free` (无障碍), `floor<=3`, `floor>=5` "
        "(楼层>=5), a building, an orientation or a tag as the table of homes writes it."
    ),
    "pins": (
        "Signed contracts, which every plan keeps: [contracts](replan.md#contracts). A row is of a household or of a "
        "phase. State `month`, or `not_before` and `not_after`."
    ),
    "actuals": (
        "What happened since the plan began, for [planning anew](replan.md). A plan does not read it. The folder of "
        "each plan holds it filled in as if all went as planned, `actuals.csv`."
    ),
}


def page(model: type[BaseModel] = Scenario) -> str:
    """Return the text of the page."""
    parts = [HEAD, _sections(model), _tables(), TAIL]
    return "\n".join(part.strip() + "\n" for part in parts)


def _sections(model: type[BaseModel]) -> str:
    """The top level, then each section in the order in which the top level leads to it."""
    order = [model]
    for section in order:
        for key in keys(section).values():
            order += [found for found in _mentioned(key) if found not in order]
    top = [
        "## The top level",
        "",
        *_table(model),
        f"| `variants` | by name | | {'see [variants](#variants)'} |",
        "",
        "## The sections",
    ]
    blocks = ["\n".join(top)]
    for section in order[1:]:
        words = inspect.getdoc(section) or ""
        blocks.append("\n".join([f"### {section.__name__}", "", words.strip(), "", *_table(section)]))
    return "\n\n".join(blocks)


def _mentioned(key: Key) -> list[type[BaseModel]]:
    models = [model for shape in key.shapes for model in (shape.model, *(item.model for item in shape.items))]
    return list(dict.fromkeys(model for model in models if model is not None))


def _table(section: type[BaseModel]) -> list[str]:
    lines = ["| key | kind | default | |", "| --- | --- | --- | --- |"]
    for name, key in keys(section).items():
        kind = " or ".join(map(_kind, key.shapes))
        lines.append(f"| `{name}` | {kind} | {_default(key)} | {_words(key)} |")
    return lines


def _words(key: Key) -> str:
    if key.meaning:
        return key.meaning.replace("|", "\\|")
    line = (inspect.getdoc(_mentioned(key)[0]) or "").splitlines()[0].rstrip(".")
    return line[0].lower() + line[1:]


def _default(key: Key) -> str:
    value = key.default
    if key.required:
        return "**required**"
    if value is None or value in ([], {}, "") or isinstance(value, Section):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value.normalize() if isinstance(value, Decimal) else value}`"


def _kind(shape: Shape) -> str:
    """Say in words what a value may be."""
    if shape.kind is not None:
        return shape.kind.word
    if shape.model is not None:
        return f"[{shape.model.__name__}](#{shape.model.__name__.lower()})"
    if shape.items:
        return f"list of {' or '.join(map(_kind, shape.items))}"
    if shape.pairs is not None:
        return ": ".join(map(_kind, shape.pairs))
    return _choices(shape.choices)


def _choices(values: object) -> str:
    words = values if isinstance(values, tuple) else (values,)
    return " · ".join(f"`{word}`" for word in words)


def _tables() -> str:
    blocks = [
        "## Tables",
        TABLES_HEAD,
    ]
    for name, columns in TABLES.items():
        lines = ["| column | kind | | | other headers |", "| --- | --- | --- | --- | --- |"]
        lines += [_column(column) for column in columns.values()]
        blocks += [f"### `{name}`", TABLE_WORDS[name], "\n".join(lines)]
    return "\n\n".join(blocks)


def _column(column: Column) -> str:
    words = ["**required**"] * column.required + ["unique"] * column.unique
    if column.default is not None:
        words.append(f"default {column.default:g}")
    if column.choices:
        words.append(_choices(column.choices))
    if column.likely:
        words.append("warned of outside {:g} to {:g}".format(*column.likely))
    kind = {
        "ids": "ids, joined by `;`",
        "terms": "pairs, joined by `;`",
        "dated_terms": "pairs of a month and a value, joined by `;`",
        "boolean": "yes/no",
    }.get(column.kind, column.kind)
    meaning = column.description.replace("|", "\\|")
    return f"| `{column.name}` | {kind} | {', '.join(words)} | {meaning} | {', '.join(column.headers)} |"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
