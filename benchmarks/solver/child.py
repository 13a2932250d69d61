"""One run in a process of its own: ``python -m benchmarks.solver.child JOB`` (a JSON file), or ``--check PATH``."""

import importlib
import importlib.metadata
import importlib.util
import json
import sys
from pathlib import Path

from benchmarks.solver.paths import PATHS
from benchmarks.solver.task import Ask, Task
from benchmarks.solver.telling import Teller

__all__ = ["main"]

REPORTED = ("renewopt", "highspy", "pulp", "ortools", "numpy")


def unavailable(name: str) -> str | None:
    """Why a path cannot run in this interpreter, or None."""
    path = PATHS[name]
    lacking = [module for module in path.needs if importlib.util.find_spec(module) is None]
    if lacking:
        return f"not installed: {', '.join(lacking)}"
    return path.unavailable()


def versions() -> dict[str, str]:
    """Versions of what takes part."""
    found = {"python": sys.version.split()[0]}
    for package in REPORTED:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def run(job: Path) -> None:
    """Load, compile, and go the job's path."""
    stated = json.loads(job.read_text(encoding="utf-8"))
    with Path(stated["events"]).open("a", encoding="utf-8") as file:
        tell = Teller(file)
        tell.step("start")
        path = PATHS[stated["path"]]
        for module in path.needs:
            importlib.import_module(module)
        import renewopt
        import renewopt.optimiser
        from renewopt.problem import compile_problem

        tell.step("load")
        scenario = renewopt.load(stated["scenario"])
        tell.step("compile")
        problem = compile_problem(scenario)
        del scenario
        task = Task(problem, Ask(stated["gap"], stated["time_limit"], stated["threads"]), tell)
        del problem
        tell.begin()
        path.run(task)


def main(words: list[str]) -> int:
    """Do what the words ask for; `--check` prints the reason why a path is not available, and what is installed."""
    if words[0] == "--check":
        sys.stdout.write(json.dumps({"unavailable": unavailable(words[1]), "versions": versions()}) + "\n")
        return 0
    run(Path(words[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
