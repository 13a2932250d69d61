"""What commands write on a terminal of some width, and into a pipe."""

import fcntl
import io
import os
import pty
import struct
import sys
import termios
from collections.abc import Sequence
from pathlib import Path

import click

__all__ = ["WAYS", "commands", "screen"]

WAYS: dict[str, int | None] = {"80": 80, "200": 200, "pipe": None}
"""Columns; None: no terminal."""


def commands(scenarios: Path, made: Path, lang: str) -> dict[str, list[str]]:
    """Command lines by name, in an order in which each finds what it reads.

    Parameters
    ----------
    scenarios
        Those that ship.
    made
        Folder for what they write.
    lang
        ``en`` or ``zh``.
    """
    minimal, district = str(scenarios / "minimal.yaml"), str(scenarios / "district" / "district.yaml")
    own = str(made / "own" / "district.yaml")
    plan, wait, short = (str(made / name) for name in ("plan", "wait", "short"))
    lines = {
        "init": ["init", str(made / "own")],
        "check-minimal": ["check", minimal],
        "check-own": ["check", own],
        "check-households": ["check", own, "--households"],
        "check-district": ["check", district],
        "check-short": ["check", district, "--variant", "runs-short"],
        "check-programme": ["check", str(scenarios / "programme" / "programme.yaml")],
        "plan-minimal": ["plan", minimal, "--out", plan],
        "plan-wait": ["plan", minimal, "--policy", "wait-for-build", "--out", wait],
        "plan-own": ["plan", own, "--gap", "0.02", "--out", str(made / "starter")],
        "plan-short": ["plan", str(made / "short.yaml"), "--time-limit", "20", "--out", short],
        "brief": ["brief", plan],
        "brief-short": ["brief", short],
        "diff": ["diff", wait, plan, "--out", str(made / "d")],
        "explain": ["explain", plan, "N1"],
        "explain-page": ["explain", plan, "N1", "--page", "--out", str(made / "family.html")],
        "explain-money": ["explain", plan, "--money", "100000@2024-03"],
        "prices": ["prices", plan, "--out", str(made / "p")],
        "compare": [
            "compare",
            minimal,
            "--policies",
            "optimal,wait-for-build,costliest-first",
            "--out",
            str(made / "c"),
        ],
        "sweep": [
            "sweep",
            minimal,
            "--set",
            "funds.budget.opening=100000..300000",
            "--points",
            "3",
            "--out",
            str(made / "s"),
        ],
        "frontier": [
            "frontier",
            own,
            "--x",
            "longest_wait",
            "--points",
            "3",
            "--gap",
            "0.05",
            "--out",
            str(made / "f"),
        ],
        "alternatives": ["alternatives", plan, "--out", str(made / "a")],
        "replan": ["replan", plan, "--month", "2024-02", "--out", str(made / "r")],
        "roster": ["roster", str(made / "starter"), "--out", str(made / "ro")],
        "help": ["--help"],
        "help-plan": ["plan", "--help"],
        "schema-fault": ["check", "missing.yaml"],
    }
    return {name: [*line, "--lang", lang] for name, line in lines.items()}


def screen(arguments: Sequence[str], columns: int | None) -> tuple[str, str, int]:
    """Run a command in a process forked from this one.

    Returns
    -------
    str, str, int
        What it wrote on the screen (without colours), what on stderr (a pipe), and its exit code.
    """
    main_end, its_end = pty.openpty() if columns else os.pipe()
    if columns:
        fcntl.ioctl(its_end, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    told, telling = os.pipe()
    child = os.fork()
    if not child:
        _run(arguments, its_end, telling, columns)
    os.close(its_end)
    os.close(telling)
    with os.fdopen(told, "rb") as stderr:
        shown = _all(main_end)
        said = stderr.read()
    _, status = os.waitpid(child, 0)
    text = click.unstyle(shown.decode("utf-8", "replace").replace("\r\n", "\n"))
    return text, said.decode("utf-8", "replace"), os.waitstatus_to_exitcode(status)


def _run(arguments: Sequence[str], out: int, err: int, columns: int | None) -> None:
    """Be the command."""
    code: object = 70
    try:
        os.dup2(out, 1)
        os.dup2(err, 2)
        sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb", closefd=False), "utf-8", write_through=True)
        sys.stderr = io.TextIOWrapper(os.fdopen(2, "wb", closefd=False), "utf-8", write_through=True)
        os.environ.pop("COLUMNS", None)
        os.environ["TERM"] = "xterm-256color" if columns else "dumb"
        from renewopt.cli.main import main

        main(list(arguments))
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def _all(end: int) -> bytes:
    """Everything that comes; a terminal whose other end is gone gives an error."""
    parts = []
    while True:
        try:
            part = os.read(end, 65536)
        except OSError:
            part = b""
        if not part:
            os.close(end)
            return b"".join(parts)
        parts.append(part)
