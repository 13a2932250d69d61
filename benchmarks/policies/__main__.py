"""Policies against each other, in several ways.

python -m benchmarks.policies fair --problems 10000 --jobs 2
python -m benchmarks.policies tardiness --jobs 2
python -m benchmarks.policies speed
python -m benchmarks.policies district --jobs 2 --out out/district
python -m benchmarks.policies shipped --seeds 20 --jobs 2 --out out/policies
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.policies import district, fair, report, speed, tardiness

__all__ = ["main"]

PAGE = "page in which the figures are renewed, docs/benchmarks/policies.md"


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.policies", description=__doc__.splitlines()[0])
    kinds = parser.add_subparsers(dest="kind", required=True)
    one = kinds.add_parser("fair", help="tiny random problems: no rule broken, no bound beaten")
    one.add_argument("--problems", type=int, default=10_000)
    one.add_argument("--jobs", type=int, default=1)
    one.add_argument("--page", type=Path, default=None, help=PAGE)
    one.add_argument("--record", type=Path, default=None, help="file of what is done already; the rest is added")
    two = kinds.add_parser("tardiness", help="published instances of weighted tardiness")
    two.add_argument("--every", type=int, default=1, help="every n-th instance")
    two.add_argument("--jobs", type=int, default=1)
    two.add_argument("--page", type=Path, default=None, help=PAGE)
    four = kinds.add_parser("speed", help="CPU seconds of a run of each rule on the district")
    four.add_argument("--scenario", default=speed.DISTRICT)
    four.add_argument("--repeats", type=int, default=3)
    four.add_argument("--page", type=Path, default=None, help=PAGE)
    three = kinds.add_parser("shipped", help="the shipped scenarios, tables for docs/benchmarks/policies.md")
    three.add_argument("--scenarios", nargs="+", default=report.SCENARIOS)
    three.add_argument("--policies", default=None, help="separated by commas; default: all")
    three.add_argument("--seeds", type=int, default=20)
    three.add_argument("--optimising-seeds", type=int, default=None)
    three.add_argument("--jobs", type=int, default=1)
    three.add_argument("--out", type=Path, default=Path("out/policies"))
    three.add_argument("--page", type=Path, default=None, help=PAGE)
    five = kinds.add_parser("district", help="the district and its variants, all policies, in many futures; resumes")
    five.add_argument("--parts", nargs="+", choices=list(district.PARTS), default=list(district.PARTS))
    five.add_argument("--scenario", default=district.DISTRICT)
    five.add_argument("--policies", default=None, help="separated by commas; default: all")
    five.add_argument("--variants", default=None, help="of the part `variants`, separated by commas; default: all")
    five.add_argument("--seeds", type=int, default=None, help="default: 20 of the district, 5 of each variant")
    five.add_argument("--optimising-seeds", type=int, default=None, help="default: 5 and 1")
    five.add_argument("--gap", type=float, default=0.01)
    five.add_argument("--no-perfect", action="store_true", help="without the bounds of who knows the future")
    five.add_argument("--jobs", type=int, default=2)
    five.add_argument("--out", type=Path, default=Path("out/district"))
    five.add_argument("--page", type=Path, default=None, help=PAGE)
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; 1 if play was not fair."""
    asked = arguments(words)
    since = time.perf_counter()
    unfair: list[fair.Outcome] = []
    if asked.kind == "fair":
        counts, unfair = fair.play(asked.problems, asked.jobs, asked.record, lambda what: print(what, file=sys.stderr))
        text, name = fair.told(counts, unfair), "fair"
    elif asked.kind == "tardiness":
        try:
            found = tardiness.excess(asked.every, asked.jobs)
        except FileNotFoundError as error:
            print(f"{error.filename} is not there; RENEWOPT_DATA names the folder of the data", file=sys.stderr)
            return 2
        text, name = tardiness.markdown(found), "tardiness"
    elif asked.kind == "speed":
        text, name = speed.markdown(speed.timed(asked.scenario, asked.repeats)), "speed"
    elif asked.kind == "district":
        text, name = _district(asked), "district"
    else:
        text, name = _shipped(asked), report.TABLES
    print(text)
    print(f"{time.perf_counter() - since:.0f} s", file=sys.stderr)
    if asked.page is not None:
        report.renew(asked.page, text, name)
    return int(bool(unfair))


def _district(asked: argparse.Namespace) -> str:
    found = []
    for name in asked.parts:
        part = district.PARTS[name]
        if part.variants is None and asked.variants is not None:
            part = replace(part, variants=tuple(asked.variants.split(",")))
        seeds = part.seeds if asked.seeds is None else asked.seeds
        few = min(part.optimising_seeds, seeds) if asked.optimising_seeds is None else asked.optimising_seeds
        found.append(
            district.played(
                replace(part, seeds=seeds, optimising_seeds=few),
                asked.out,
                jobs=asked.jobs,
                gap=asked.gap,
                policies=None if asked.policies is None else asked.policies.split(","),
                perfect=not asked.no_perfect,
                scenario=asked.scenario,
                tell=report.tell,
            )
        )
    return "\n\n".join([*(report.markdown(each) for each in found), district.seconds(found)])


def _shipped(asked: argparse.Namespace) -> str:
    return report.tables(
        asked.scenarios,
        None if asked.policies is None else asked.policies.split(","),
        seeds=asked.seeds,
        optimising_seeds=asked.optimising_seeds,
        jobs=asked.jobs,
        out=asked.out,
    )


if __name__ == "__main__":
    sys.exit(main())
