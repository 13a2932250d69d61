"""The tables, in Markdown; nothing in them is typed by hand."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.registry import SPECS
from benchmarks.solver.comparing import (
    Instance,
    Known,
    Spread,
    Timed,
    best_known,
    gap_after,
    growth,
    memory,
    ratios,
    spread,
    to_bound,
    to_gap,
)
from benchmarks.solver.paths import OURS, PATHS
from benchmarks.solver.records import Record

__all__ = ["TIMES", "markdown", "write"]

TIMES = (1.0, 10.0, 60.0, 300.0)
"""Seconds after which the gap is told."""
FITTED = (2_500, 250_000)
"""Households between which growth is fitted, where there are runs at two sizes or more."""
GIB = 2**30
NONE = "–"


def write(folder: Path, records: Sequence[Record]) -> list[Path]:
    """Write ``solver.md`` and the figures; returns their paths."""
    from benchmarks.solver.drawing import draw

    folder.mkdir(parents=True, exist_ok=True)
    figures = draw(folder, records)
    page = folder / "solver.md"
    page.write_text(markdown(records, [figure.name for figure in figures]), encoding="utf-8")
    return [page, *figures]


def markdown(records: Sequence[Record], figures: Sequence[str] = ()) -> str:
    """Return the page; `figures` are shown below the first table."""
    lines = ["# Time to a proven bound, and memory", "", *_head(records), "## Time and memory", ""]
    lines += [*_table(*_times(records)), ""]
    lines += [line for figure in figures for line in (f"![{_title(figure)}]({figure})", "")]
    lines += ["## Gap after so many seconds", "", ANYTIME, "", *_table(*_anytime(records)), ""]
    lines += ["## Steps", "", "Seconds, median of the runs.", "", *_table(*_steps(records)), ""]
    lines += ["## Growth with households", "", GROWTH, "", *_table(*_growth(records)), ""]
    failed = [_failure(record) for record in records if record.status == "failed"]
    lines += ["## Runs that failed", "", *failed] if failed else []
    return "\n".join(lines).rstrip() + "\n"


ANYTIME = (
    "Between whole plan and proven bound, median of the runs. Peers have no plan at any time; their bounds over time "
    "stand in the figure."
)
GROWTH = (
    "Seconds ≈ c · households^exponent, fitted to the runs that got there, with the 95 % interval. Where a path was "
    "stopped at a size, its exponent speaks of the smaller ones only."
)
COMPARED = """\
- **To the gap**: ours, until a whole plan, audited to the fen, and its proven bound are within the asked gap of each
  other; a peer, until it ends within its tolerance. Peers solve the linear relaxation and give no whole plan: what
  rounding to whole households, phases and fen would take is not charged to them.
- **Bound to LP, bound to plan**: until the bound alone is within the asked gap of the relaxation's value (the least
  that a peer gave), or of the best whole plan that any run found. Of simplex and IPX it is read off their own logs,
  known to be right only in hindsight; the other peers state it at their end.
- **× time**: peer's seconds to the gap ÷ ours to the gap; **× bound**: peer's seconds to the gap ÷ ours until *bound to
  LP*, or until *bound to plan* where no peer gave a value, which asks more of ours; **× memory** likewise. Geometric
  mean of the pairs (same district, same repeat, run one after the other), in brackets the least and the most. **≥**:
  the peer was stopped, or ran out of memory, and counts as the limit; **≤**: ours did.
- **Seconds** count from the compiled problem: ours everything until then, a peer's building of the model, handing it
  over and solving. **Memory** is the most that the process and its children held: ours from the compiled problem on, a
  peer while it receives the model and solves (what renewopt's own builder takes to make the model is not charged to it,
  unless it ended there).
- **Off**: a peer's value against the least one: how exact its tolerance left it.
"""


def _head(records: Sequence[Record]) -> Iterator[str]:
    first = records[0]
    gap, limit, threads = first.asked
    days = sorted(record.started[:10] for record in records)
    versions = sorted({f"{name} {version}" for record in records for name, version in record.versions.items()})
    yield f"{len(records)} runs, {days[0]} to {days[-1]}, on {'; '.join(sorted({r.machine for r in records}))}."
    yield f"Asked gap {gap:.2%}; {limit:,.0f} s each; peers on {threads} threads. {', '.join(versions)}."
    states = sorted({record.code for record in records})
    if len(states) > 1:
        yield f"**renewopt changed between these runs** ({len(states)} states of its code): ratios mix them."
    yield from ("", "Districts (`renewopt.synth`, by seed):", "")
    for name in _ordered((record.spec for record in records), SPECS):
        seeds = sorted({record.seed for record in records if record.spec == name})
        yield f"- **{name}**: {SPECS[name].words}; seeds {', '.join(map(str, seeds))}"
    yield from ("", "Paths, and what each is asked for:", "")
    for name in _ordered((record.path for record in records), PATHS):
        yield f"- **{name}**: {PATHS[name].words}; {PATHS[name].tolerance.format(gap=f'{gap:.2%}')}"
    yield from ("", COMPARED)


def _groups(records: Sequence[Record]) -> dict[tuple[str, int, str], list[Record]]:
    """Runs by spec, size and path, in the order of the tables."""
    specs, paths = list(SPECS), list(PATHS)
    groups: dict[tuple[str, int, str], list[Record]] = {}
    for record in sorted(records, key=lambda r: (specs.index(r.spec), r.size, paths.index(r.path), r.seed, r.repeat)):
        groups.setdefault((record.spec, record.size, record.path), []).append(record)
    return groups


def _times(records: Sequence[Record]) -> tuple[list[str], list[list[str]]]:
    known = best_known(records)

    def bound_to(record: Record, what: Callable[[Known], float | None]) -> Timed | None:
        return to_bound(record, what(known[_instance(record)]))

    def to_relaxation(record: Record) -> Timed | None:
        return bound_to(record, lambda k: k.relaxation)

    def to_plan(record: Record) -> Timed | None:
        return bound_to(record, lambda k: k.plan)

    def to_known(record: Record) -> Timed | None:
        return bound_to(record, lambda k: k.plan if k.relaxation is None else k.relaxation)

    by_gap = ratios(records, to_gap, to_gap)
    by_bound = ratios(records, to_gap, to_known)
    by_memory = ratios(records, _memory, _memory)
    head = ["district", "households", "path", "runs", "to the gap, s", "bound to LP, s", "bound to plan, s",
            "memory, GB", "× time", "× bound", "× memory", "off", "ended"]  # fmt: skip
    rows = []
    for (spec, size, path), runs in _groups(records).items():
        shown = f"**{path}**" if path == OURS else path
        place = (spec, size, path)
        rows.append(
            [
                spec,
                f"{size:,}",
                shown,
                str(len(runs)),
                *(_seconds(runs, timed) for timed in (to_gap, to_relaxation, to_plan)),
                _spread(spread([memory(run) / GIB for run in runs]), 2),
                *(_ratio(of.get(place, [])) for of in (by_gap, by_bound, by_memory)),
                _off(runs, known),
                ", ".join(dict.fromkeys(_ended(run) for run in runs)),
            ]
        )
    return head, rows


def _memory(record: Record) -> Timed | None:
    """Bytes, as if they were seconds; at least so many where it did not come to its end."""
    held = memory(record)
    short = record.status in ("stopped", "out of memory")
    return Timed(float(held), at_least=short) if held and record.status != "failed" else None


def _instance(record: Record) -> Instance:
    return record.spec, record.size, record.seed


def _ended(record: Record) -> str:
    if record.status in ("solved", "infeasible"):
        return record.status
    where = "" if PATHS[record.path].ours else f" ({record.last.replace('_', ' ')})"
    return record.status + where


def _failure(record: Record) -> str:
    words = (record.message.splitlines() or ["without a word"])[-1]
    where = f"{record.spec}, {record.size:,} households, seed {record.seed}, repeat {record.repeat}"
    return f"- {where}: {record.path} in {record.last.replace('_', ' ')}: {words}"


def _off(runs: Iterable[Record], known: dict[Instance, Known]) -> str:
    """Most by which the values of a peer differ from the least one."""
    found = []
    for run in runs:
        least = known[_instance(run)].relaxation
        if not PATHS[run.path].ours and run.status == "solved" and run.objective is not None and least is not None:
            found.append((run.objective - least) / max(abs(least), 1.0))
    return f"{max(found):.3%}" if found else NONE


def _seconds(runs: Sequence[Record], timed: Callable[[Record], Timed | None]) -> str:
    times = [found for run in runs if (found := timed(run)) is not None]
    one = spread([each.seconds for each in times], ["≥" if each.at_least else "" for each in times])
    return _spread(one, None)


def _ratio(pairs: Sequence[tuple[float, str]]) -> str:
    one = spread([value for value, _ in pairs], [sign for _, sign in pairs], geometric=True)
    if one is None or one.sign == "?":
        return NONE
    return _spread(one, None)


def _spread(one: Spread | None, digits: int | None) -> str:
    if one is None:
        return NONE

    def shown(value: float) -> str:
        return f"{value:.{digits}f}" if digits is not None else _three(value)

    # The runs that were stopped stand in the middle as limits: it is one itself.
    sign = f"{one.sign} " if one.sign in ("≥", "≤") else ""
    spans = one.number > 1 and shown(one.low) != shown(one.high)
    return f"{sign}{shown(one.middle)}" + (f" ({shown(one.low)}–{shown(one.high)})" if spans else "")


def _three(value: float) -> str:
    """Three figures that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _anytime(records: Sequence[Record]) -> tuple[list[str], list[list[str]]]:
    head = ["district", "households", "path", *(f"{seconds:.0f} s" for seconds in TIMES), "at the end"]
    rows = []
    for (spec, size, path), runs in _groups(records).items():
        if not PATHS[path].ours:
            continue
        cells = []
        for seconds in (*TIMES, float("inf")):
            gaps = [gap_after(run, seconds) for run in runs]
            reached = [gap for gap in gaps if gap is not None]
            one = spread(reached)
            some = "" if len(reached) == len(gaps) else f" ({len(reached)} of {len(gaps)})"
            cells.append(NONE if one is None else f"{one.middle:.3%}{some}")
        rows.append([spec, f"{size:,}", path, *cells])
    return head, rows


def _steps(records: Sequence[Record]) -> tuple[list[str], list[list[str]]]:
    rows = []
    for (spec, size, path), runs in _groups(records).items():
        names = dict.fromkeys(name for run in runs for name in run.seconds)
        cells = []
        for name in names:
            one = spread([run.seconds[name] for run in runs if name in run.seconds])
            assert one is not None
            cells.append(f"{name.replace('_', ' ')} {_three(one.middle)}")
        shape = runs[0].shape
        size_of = NONE if shape is None else " × ".join(f"{n:,}" for n in shape[:2]) + f", {shape[2]:,}"
        rows.append([spec, f"{size:,}", path, "; ".join(cells), size_of])
    return ["district", "households", "path", "steps", "rows × columns, nonzeros"], rows


def _growth(records: Sequence[Record]) -> tuple[list[str], list[list[str]]]:
    known = best_known(records)
    measures: dict[str, Callable[[Record], Timed | None]] = {
        "to the gap": to_gap,
        "bound to LP": lambda r: to_bound(r, known[_instance(r)].relaxation),
        "bound to plan": lambda r: to_bound(r, known[_instance(r)].plan),
    }
    rows = []
    for spec in _ordered((record.spec for record in records), SPECS):
        for path in _ordered((record.path for record in records if record.spec == spec), PATHS):
            for name, timed in measures.items():
                if name != "to the gap" and not PATHS[path].ours:
                    continue
                times = [(r.size, timed(r)) for r in records if (r.spec, r.path) == (spec, path)]
                got = [(size, t.seconds) for size, t in times if t is not None and not t.at_least and t.seconds > 0]
                inside = [(size, t) for size, t in got if FITTED[0] <= size <= FITTED[1]]
                fit = growth(inside) or growth(got)
                stopped = sorted({size for size, t in times if t is not None and t.at_least})
                if fit is not None:
                    rows.append(
                        [
                            spec, path, name,
                            f"{fit.exponent:.2f}" + (f" ± {fit.half_width:.2f}" if fit.number > 2 else ""),
                            ", ".join(f"{size:,}" for size in fit.sizes), str(fit.number),
                            ", ".join(f"{size:,}" for size in stopped) or NONE,
                        ]
                    )  # fmt: skip
    return ["district", "path", "seconds", "exponent", "households", "runs", "stopped at"], rows


def _ordered(names: Iterable[str], order: Iterable[str]) -> list[str]:
    present = set(names)
    return [name for name in order if name in present]


def _title(figure: str) -> str:
    return Path(figure).stem.replace("-", " ")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return ["Nothing to tell yet."]
    return [
        f"| {' | '.join(head)} |",
        f"|{'|'.join(' --- ' for _ in head)}|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
