"""A small estate: seven homes due, six on hand or in a phase, in tables as an office keeps them."""

from __future__ import annotations

import functools
from pathlib import Path

import renewopt

SCENARIO = """\
name: Riverside
start: 2024-01
months: 12
projects: [{id: P, moved_out: 2023-01}]
fee_policies: [{id: f, rate: 10, term: 6}]
households:
  - {id: H1, project: P, area: 80, unit_types: flat}
  - {id: H2, project: P, area: 85, unit_types: flat}
  - {id: H3, project: P, area: 90, unit_types: flat}
  - {id: H10, project: P, area: 70, unit_types: flat}
  - {id: H5, project: P, area: 75, count: 2, unit_types: flat}
  - {id: H6, project: P, area: 90, homes: 2, unit_types: studio}
estates:
  - id: E
    projects: [P]
    units: [{type: flat, area: 80, on_hand: 4}, {type: studio, area: 45, on_hand: 2}]
    phases: [{id: E1, cost: 10万元, delivers: {flat: 2}}]
funds: [{id: b, opening: 1万元, inflow: {monthly: 2万元}, uses: all}]
"""

HOMES = """\
房号,小区,户型,分期,楼栋,楼层,面积,朝向,无障碍,标签
1-101,E,flat,,1,1,79.5,南,是,
1-201,E,flat,,1,2,79.5,南,,
1-301,E,flat,,1,3,84,北,,
2-101,E,flat,,2,1,80,北,,
3-101,E,flat,E1,3,1,80,南,,
3-201,E,flat,E1,3,2,80,南,,电梯
"""
WISHES = """\
户号,签约序号,必要条件,最高楼层,选房意向
H1,2,,,南:10
H2,1,,,底层:5;南:6
H10,3,无障碍,,
H5,,,2,电梯:5
"""
WISHES_EN = """\
household,signed,needs,max_floor,wishes
H1,2,,,南:10
H2,1,,,ground_floor:5;南:6
H10,3,barrier_free,,
H5,,,2,电梯:5
"""
HOMES_EN = """\
home,estate,unit_type,phase,building,floor,area_m2,orientation,barrier_free,tags
""" + HOMES.split("\n", 1)[1].replace(",是,", ",yes,")


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "riverside.yaml").write_text(SCENARIO, encoding="utf-8")
    return folder


@functools.cache
def loaded(folder: Path) -> renewopt.Scenario:
    return renewopt.load(folder / "riverside.yaml")


@functools.cache
def planned(folder: Path) -> renewopt.Plan:
    return renewopt.plan(write(folder) / "riverside.yaml", gap=0)
