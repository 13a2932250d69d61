"""Nothing from a file reaches the terminal raw: one place writes to it, and ids hold nothing that is not seen."""

from __future__ import annotations

import ast
import logging
import unicodedata
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import renewopt
import renewopt.cli
from renewopt.cli.comparing import StepShower
from renewopt.cli.main import main
from renewopt.cli.showing import LiveShower, line
from renewopt.comparison import Step
from renewopt.comparison.agenda import Failed
from renewopt.wording import all_seen, visible

HOSTILE = {
    "escape": "\x1b]0;owned\x07\x1b[2J",
    "newline": "a\nNo problem found",
    "return": "a\rb",
    "backspace": "a\b\b",
    "c1": "a\x9b31mb",
    "delete": "a\x7f",
    "nul": "a\0",
    "tab": "a\tb",
    "right to left": "a\u202eb",
    "isolate": "a\u2066b",
    "zero width": "a\u200bb",
    "joiner": "a\u200db",
    "mark of order": "\ufeffa",
    "line separator": "a\u2028b",
    "soft hyphen": "a\u00adb",
    "filler": "a\u3164b",
    "braille blank": "\u2800",
    "tag": "a\U000e0041",
}
UNSEEN = set("".join(HOSTILE.values())) - set("abNo problem found]0;owned[2J31m\n\t")
BLANK = [" ", "   ", "\u3000", "\u00a0", "\u2003"]
PLACES = {
    "a project": "projects:\n  - id: {}\n",
    "a fund": "funds:\n  - id: {}\n",
    "a future": "futures:\n  - id: {}\n",
    "a policy": "policies:\n  - {{id: {}, policy: first-come}}\n",
    "a policy's name": "policies:\n  - {{id: a, policy: {}}}\n",
    "a parameter": "policies:\n  - {{id: a, policy: first-come, parameters: {{{}: 1}}}}\n",
    "a type of homes": "estates:\n  - {{id: E, units: [{{type: {}}}]}}\n",
    "a tag": "estates:\n  - {{id: E, tags: [{}], units: [{{type: a}}]}}\n",
    "a tier": "objective: {{tiers: [{{name: {}}}]}}\n",
    "a household": "households:\n  - {{id: {}, project: P}}\n",
    "a household's project": "households:\n  - {{id: a, project: {}}}\n",
    "a household's tag": "households:\n  - {{id: a, project: P, tags: {}}}\n",
    "a household's class": "households:\n  - {{id: a, project: P, term_class: {}}}\n",
    "a quote's label": "quotes:\n  - {{household: a, route: cash, label: {}}}\n",
    "a quote's stock": "quotes:\n  - {{household: a, route: cash, stock: {}}}\n",
    "a variant": "variants:\n  {}: {{months: 3}}\n",
    "the district's name": "name: {}\n",
    "a fund's name": "funds:\n  - {{id: a, name: {}}}\n",
    "an unknown key": "{}: 1\n",
    "an unknown value": "objective: {{minimise: {}}}\n",
    "a month": "start: {}\n",
    "a table's file": "households: {{file: {}}}\n",
    "an unknown column": "households:\n  - {{{}: 1}}\n",
    "a tag of YAML": "name: !{} x\n",
}
FREE = {"a table's file"}


def quoted(text: str) -> str:
    """Text as YAML writes it in double quotes."""
    return '"' + "".join(f"\\U{ord(sign):08x}" if not sign.isalnum() else sign for sign in text) + '"'


@pytest.mark.parametrize("place", PLACES)
def test_what_is_not_seen_is_refused_and_told_as_it_is_seen(place: str, tmp_path: Path) -> None:
    for kind, text in HOSTILE.items():
        if place == "a tag of YAML" or (place in {"the district's name", "a fund's name"} and not text.strip()):
            continue
        path = tmp_path / "scenario.yaml"
        path.write_text(PLACES[place].format(quoted(text)), "utf-8")
        result = CliRunner().invoke(main, ["check", str(path)])
        assert result.exit_code == 2, (kind, result.output)
        assert not UNSEEN & set(result.output), (kind, result.output)
        assert "\nNo problem found" not in result.output
        if place not in {"an unknown key", "an unknown column", "an unknown value", "a month"} | FREE:
            # Tables take several texts in one cell, and strip what stands around one.
            with pytest.raises(renewopt.ScenarioError, match=r"invisible|blank|not a pair"):
                renewopt.load(path)


@pytest.mark.parametrize("place", [name for name in PLACES if name in {"a project", "a fund", "a policy", "a variant"}])
@pytest.mark.parametrize("text", BLANK)
def test_no_id_is_blank(place: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(PLACES[place].format(quoted(text)), "utf-8")
    with pytest.raises(renewopt.ScenarioError, match=r"is blank|invisible"):
        renewopt.load(path)


def test_chinese_and_rare_signs_are_ids(repository: Path, tmp_path: Path) -> None:
    text = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    for name in ("河东·一期（甲）", "𠮷野", "a b", "№1", "Ø", "\U00030edd", "龍\U000e0100"):
        path = tmp_path / "scenario.yaml"
        path.write_text(text.replace("North", f'"{name}"').replace('""', '"'), "utf-8")
        assert renewopt.load(path).projects[0].id == name


def test_one_place_writes_to_the_terminal() -> None:
    """No command prints by itself; what `rich` shows is made visible first."""
    found = []
    for path in sorted(Path(renewopt.cli.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                if name in {"print", "click.echo", "click.secho", "sys.stdout.write", "sys.stderr.write"}:
                    found.append((path.name, name))
    assert found == [("speaking.py", "click.echo")]


def test_progress_and_live_lines_are_visible(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[str] = []
    shower = LiveShower("en")
    monkeypatch.setattr(
        shower,
        "_status",
        SimpleNamespace(update=lambda text: shown.append(text.plain), start=lambda: None, stop=lambda: None),
    )
    shower.show("x", 0.0, HOSTILE["escape"])
    told = SimpleNamespace(step=HOSTILE["escape"], best=None, bound=None, gap=None, elapsed=0.0, limit=1.0)
    shower._last = 0.0
    shower.show("x", 0.0, line(told, "en", 0.0))
    assert len(shown) == 2
    assert not UNSEEN & set("".join(shown))
    steps = StepShower("en", quiet=False)
    failed = Failed(HOSTILE["escape"], HOSTILE["c1"], f"{HOSTILE['right to left']}.py:3")
    steps(Step(1, 1, HOSTILE["right to left"], None, failed))
    assert not UNSEEN & set(capsys.readouterr().err)


def test_summary_log_and_errors_are_visible(
    repository: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = renewopt.plan(repository / "scenarios" / "minimal.yaml", policy="first-come")
    from dataclasses import replace

    told = replace(plan, name=HOSTILE["escape"] + HOSTILE["right to left"], policy=HOSTILE["c1"]).summary()
    assert not UNSEEN & set(told)
    finding = renewopt.Finding("warning", "a\x1b.yaml", 3, HOSTILE["escape"], HOSTILE["newline"], HOSTILE["c1"])
    with caplog.at_level(logging.WARNING, "renewopt"):
        logging.getLogger("renewopt").warning("%s", finding)
    assert not (UNSEEN | {"\n"}) & set(caplog.messages[0])
    for language in ("en", "zh"):
        assert not (UNSEEN | {"\n"}) & set(finding.said(language))


@given(st.text())
def test_visible_shows_everything_and_loses_nothing(text: str) -> None:
    seen = visible(text, keep="")
    assert all_seen(seen)
    if all_seen(text):
        assert seen == text
    assert visible(seen, keep="") == seen
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for sign in seen)


@pytest.mark.parametrize(
    "markup", ["[red]x[/red]", "[/]", "[link=http://a.b]x", "\\[x]", "{0.__class__}", "{x!r}", "%s"]
)
def test_markup_and_templates_stay_text(markup: str, tmp_path: Path, repository: Path) -> None:
    text = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    path = tmp_path / "scenario.yaml"
    path.write_text(text.replace("North", quoted(markup)).replace("name: Minimal", f"name: {quoted(markup)}"), "utf-8")
    ask: Callable[..., object] = CliRunner().invoke(main, ["check", str(path)])
    assert ask.exit_code == 0, ask.output
    assert markup in ask.output
    assert markup in renewopt.plan(path, policy="first-come").summary()
