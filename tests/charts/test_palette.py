"""Colours: the same for the same thing, and not alike."""

import pandas as pd

from renewopt.charts.palette import PROJECTS, colours, leading, pale
from renewopt.vocabulary import TERMS


def people(sizes: dict[str, int]) -> pd.DataFrame:
    rows = [(month, name, 0, size, 0) for month in ("2024-01", "2024-02") for name, size in sizes.items()]
    return pd.DataFrame(rows, columns=["month", "project", "housed", "waiting", "overdue"])


def test_every_project_has_a_colour_of_its_own() -> None:
    few = leading(people({"B": 5, "A": 7, "C": 1}))
    assert few.shown == ("B", "A", "C")  # as the scenario has them
    assert few.others == 0
    assert [few.colour[name] for name in few.shown] == list(PROJECTS[:3])
    assert len(set(PROJECTS)) == len(PROJECTS)


def test_of_many_projects_the_largest_are_shown() -> None:
    many = leading(people({f"P{n}": n for n in range(40)}))
    assert many.shown == tuple(f"P{n}" for n in range(28, 40))
    assert many.others == 28
    grouped = many.group(pd.Series(["P39", "P3"]))
    assert grouped.tolist() == ["P39", ""]
    assert many.colour[""] not in PROJECTS


def test_routes_stand_out_beside_projects() -> None:
    assert not {term.colour for term in TERMS["route"].values()} & set(PROJECTS)


def test_colours_come_round_again_and_pale() -> None:
    names = [str(n) for n in range(len(PROJECTS) + 1)]
    assert colours(names)[names[-1]] == PROJECTS[0]
    assert pale("#000000") == "#a6a6a6"
    assert pale("#ffffff") == "#ffffff"
