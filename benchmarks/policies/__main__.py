"""Policies against each other, in three ways.

python -m benchmarks.policies fair --problems 10000 --jobs 2
python -m benchmarks.policies tardiness --jobs 2
python -m benchmarks.policies shipped --seeds 20 --jobs 2 --out out/policies
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.policies import fair, report, tardiness

__all__ = ["main"]


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.policies", description=__doc__.splitlines()[0])
    kinds = parser.add_subparsers(dest="kind", required=True)
    one = kinds.add_parser("fair", help="tiny random problems: no rule broken, no bound beaten")
    one.add_argument("--problems", type=int, default=10_000)
    one.add_argument("--jobs", type=int, default=1)
    two = kinds.add_parser("tardiness", help="published instances of weighted tardiness")
    two.add_argument("--every", type=int, default=1, help="every n-th instance")
    two.add_argument("--jobs", type=int, default=1)
    three = kinds.add_parser("shipped", help="the shipped scenarios, tables for docs/policies.md")
    three.add_argument("--scenarios", nargs="+", default=report.SCENARIOS)
    three.add_argument("--policies", default=None, help="separated by commas; default: all")
    three.add_argument("--seeds", type=int, default=20)
    three.add_argument("--optimising-seeds", type=int, default=None)
    three.add_argument("--jobs", type=int, default=1)
    three.add_argument("--out", type=Path, default=Path("out/policies"))
    three.add_argument("--page", type=Path, default=None, help="page whose tables are renewed, docs/policies.md")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; 1 if play was not fair."""
    asked = arguments(words)
    since = time.perf_counter()
    if asked.kind == "fair":
        counts, unfair = fair.play(asked.problems, asked.jobs)
        print(f"{asked.problems:,} problems, " + ", ".join(f"{count:,} {what}" for what, count in counts.items()))
        for outcome in unfair[:20]:
            print(outcome)
        print(f"{len(unfair)} unfair; {time.perf_counter() - since:.0f} s")
        return int(bool(unfair))
    if asked.kind == "tardiness":
        try:
            found = tardiness.excess(asked.every, asked.jobs)
        except FileNotFoundError as error:
            print(f"{error.filename} is not there; RENEWOPT_DATA names the folder of the data", file=sys.stderr)
            return 2
        for name, (share, solved, size) in sorted(found.items(), key=lambda item: item[1]):
            print(f"{name:34}  {share:8.2%} above the optima, {solved} of {size} solved")
        print(f"{time.perf_counter() - since:.0f} s")
        return 0
    text = report.tables(
        asked.scenarios,
        None if asked.policies is None else asked.policies.split(","),
        seeds=asked.seeds,
        optimising_seeds=asked.optimising_seeds,
        jobs=asked.jobs,
        out=asked.out,
    )
    print(text)
    if asked.page is not None:
        report.renew(asked.page, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
