"""Tables lie in the scenario's folder or below, unless the caller allows more; what is no table is not quoted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import renewopt
from renewopt.cli.main import main
from renewopt.comparison.instances import instances_of
from renewopt.comparison.running import district
from renewopt.errors import ScenarioError
from renewopt.scenario.given import as_it_is, in_variant

SMALL = """name: small
start: 2024-01
months: 6
projects:
  - {id: P, moved_out: 2023-01}
fee_policies:
  - {id: f, rate: 10, term: 12}
cash:
  - {id: c, price: 5000}
funds:
  - {id: b, opening: 1亿元}
"""
ROWS = "id,project,area\nH,P,90\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A scenario's folder with tables in it, above it and beside it, and links of all kinds."""
    folder = tmp_path / "home"
    for path in (folder / "below", tmp_path / "beside", tmp_path / "home-too"):
        path.mkdir(parents=True)
        (path / "rows.csv").write_text(ROWS, "utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, "utf-8")
    (folder / "rows.csv").write_text(ROWS, "utf-8")
    (folder / "a..b.csv").write_text(ROWS, "utf-8")
    (folder / "inner.csv").symlink_to("below/rows.csv")
    (folder / "inner").symlink_to("below")
    (folder / "out.csv").symlink_to("../rows.csv")
    (folder / "absolute.csv").symlink_to(tmp_path / "rows.csv")
    (folder / "out").symlink_to(tmp_path / "beside")
    (folder / "chain.csv").symlink_to("out.csv")
    (folder / "circle.csv").symlink_to("circle.csv")
    return folder


def stated(home: Path, file: str) -> Path:
    path = home / "small.yaml"
    path.write_text(f"{SMALL}households: {{file: '{file}'}}\n", "utf-8")
    return path


INSIDE = ["rows.csv", "./rows.csv", "below/rows.csv", "below\\rows.csv", "inner.csv", "inner/rows.csv", "a..b.csv"]
OUTSIDE: dict[str, Callable[[Path], str]] = {
    "above": lambda _: "../rows.csv",
    "above, with strokes of the other kind": lambda _: "..\\rows.csv",
    "a neighbour": lambda _: "../beside/rows.csv",
    "a neighbour whose name begins alike": lambda _: "../home-too/rows.csv",
    "out and in again": lambda _: "../home/rows.csv",
    "in and out": lambda _: "below/../../rows.csv",
    "up inside": lambda _: "below/../rows.csv",
    "an absolute path": lambda home: str(home.parent / "rows.csv"),
    "an absolute path to inside": lambda home: str(home / "rows.csv"),
    "a network's path": lambda _: "\\\\server\\share\\rows.csv",
    "the system's": lambda _: "/etc/passwd",
    "a device": lambda _: "/dev/zero",
    "a link out": lambda _: "out.csv",
    "a link to an absolute path": lambda _: "absolute.csv",
    "a folder that is a link out": lambda _: "out/rows.csv",
    "a link to a link out": lambda _: "chain.csv",
}


@pytest.mark.parametrize("file", INSIDE)
def test_a_table_in_the_folder_or_below_is_read(home: Path, file: str) -> None:
    assert len(renewopt.load(stated(home, file)).households) == 1


@pytest.mark.parametrize("kind", OUTSIDE)
def test_a_table_outside_is_not_read_unless_allowed(home: Path, kind: str) -> None:
    file = OUTSIDE[kind](home)
    path = stated(home, file)
    with pytest.raises(ScenarioError) as refused:
        renewopt.load(path)
    finding = refused.value.errors[0]
    assert (finding.line, finding.key) == (12, "households.file")
    assert "scenario's folder" in finding.message
    assert "--allow-outside" in finding.mend
    if ("rows" in file or file.endswith(".csv")) and "server" not in file:
        assert len(renewopt.load(path, allow_outside=True).households) == 1


def test_nothing_outside_is_looked_for(home: Path) -> None:
    told = set()
    for file in ("../rows.csv", "../no-such-file.csv", "/etc/passwd", "/no/such/file"):
        with pytest.raises(ScenarioError) as refused:
            renewopt.load(stated(home, file))
        told.add(refused.value.errors[0].message.replace(file, "FILE"))
    assert len(told) == 1


@pytest.mark.parametrize(("file", "says"), [("circle.csv", "no file|circle"), ("a\\0b", "no file|called so")])
def test_what_no_path_can_be_is_told(home: Path, file: str, says: str) -> None:
    path = home / "small.yaml"
    path.write_text(f'{SMALL}households: {{file: "{file}"}}\n', "utf-8")
    for allowed in (False, True):
        with pytest.raises(ScenarioError, match=says):
            renewopt.load(path, allow_outside=allowed)


def test_a_variant_and_a_linked_scenario_are_held_to_the_same(home: Path) -> None:
    path = stated(home, "rows.csv")
    path.write_text(path.read_text("utf-8") + "variants:\n  v:\n    households: {file: ../rows.csv}\n", "utf-8")
    assert renewopt.load(path).variant is None
    with pytest.raises(ScenarioError, match="lies outside"):
        renewopt.load(path, variant="v")
    # A link to a scenario lies where the link lies.
    link = home.parent / "beside" / "small.yaml"
    link.symlink_to(path)
    (home.parent / "beside" / "rows.csv").unlink()
    with pytest.raises(ScenarioError, match="there is no file"):
        renewopt.load(link)


def test_what_was_allowed_once_is_allowed_to_who_reads_it_again(home: Path) -> None:
    path = stated(home, "../rows.csv")
    text = path.read_text("utf-8")
    path.write_text(text + "variants:\n  v:\n    months: 7\n", "utf-8")
    scenario = renewopt.load(path, allow_outside=True)
    assert as_it_is(scenario).path == path
    assert in_variant(scenario, "v").months == 7
    for given in (scenario, path):
        [(place, _)] = instances_of([given], None, None, allow_outside=True)
        assert len(district(place).scenario.households) == 1
    with pytest.raises(ScenarioError, match="lies outside"):
        instances_of([path], None, None)
    plan = renewopt.plan(path, allow_outside=True, policy="first-come")
    assert renewopt.audit(path, plan, allow_outside=True) == []
    for refused in (
        lambda: renewopt.plan(path),
        lambda: renewopt.audit(path, plan),
        lambda: renewopt.to_pulp(path),
        lambda: renewopt.compare(path, policies=["first-come"]),
        lambda: renewopt.write_workbook(path, home / "book.xlsx"),
    ):
        with pytest.raises(ScenarioError, match="lies outside"):
            refused()


def test_every_command_has_the_option(home: Path, tmp_path: Path) -> None:
    path = stated(home, "../rows.csv")
    for number, command in enumerate(
        (
            ["check", path],
            ["plan", path, "--policy", "first-come", "--out", tmp_path / "plan"],
            ["compare", path, "--policies", "first-come", "--no-perfect", "--out", tmp_path / "compared"],
            ["init", tmp_path / "book", "--excel", "--from", path],
        )
    ):
        words = [str(word) for word in command]
        refused = CliRunner().invoke(main, words)
        assert (refused.exit_code, "lies outside" in refused.stderr) == (2, True), words
        allowed = CliRunner().invoke(main, [*words, "--allow-outside"])
        assert allowed.exit_code == 0, (number, allowed.output)


def test_a_workbook_takes_the_tables_of_its_variants_with_it(home: Path) -> None:
    path = stated(home, "rows.csv")
    (home / "other.csv").write_text(ROWS.replace("90", "70"), "utf-8")
    path.write_text(path.read_text("utf-8") + "variants:\n  v:\n    households: {file: other.csv}\n", "utf-8")
    book = renewopt.write_workbook(path, home.parent / "book" / "small.xlsx")
    assert renewopt.load(book, variant="v").households["area"].tolist() == [70]
    assert sorted(file.name for file in book.parent.iterdir()) == ["other.csv", "small.xlsx"]
    assert renewopt.write_workbook(path, book) == book
    (book.parent / "other.csv").write_text(ROWS, "utf-8")
    with pytest.raises(ScenarioError, match=r"another file .* lies beside the workbook"):
        renewopt.write_workbook(path, book)
    assert (book.parent / "other.csv").read_text("utf-8") == ROWS
    below = renewopt.write_workbook(path, home / "small.xlsx")
    assert renewopt.load(below, variant="v").households["area"].tolist() == [70]


SECRETS = {
    "passwd": "root:x:0:0:secret:/root:/bin/bash\ndaemon:x:1:1:secret:/:/bin/sh\n",
    "key": "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0,secret,secret\n-----END OPENSSH PRIVATE KEY-----\n",
    "table of others": "login,secret\nalice,secret-1\nbob,secret-2\n",
    "twice the same": "secret,secret\n1,2\n",
    "semicolons": "secret;word\n1;2\n",
    "tabs": "secret\tword\n1\t2\n",
    "ragged": "secret\n1,secret,3\n\nsecret,2\n",
    "no header": ",secret\n1,2\n",
    "an open quote": 'secret,"word\n1,2\n',
    "long": "secret" * 1000 + "\n",
    "settings": "[secret]\npassword = secret\n",
    "json": '{"password": "secret", "user": "secret"}\n',
    "not utf-8": b"secret\xff\xfe,secret\n",
    "zeros": b"secret\0secret\n",
    "wide": ",".join(["secret"] * 600) + "\n",
}


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("households", "secrets.csv"),
        ("households", "secrets.xlsx"),
        ("quotes", "secrets"),
        ("fee_curves", "secrets.txt"),
    ],
)
def test_what_is_no_table_of_ours_is_not_quoted(home: Path, kind: str, table: str, name: str) -> None:
    content = SECRETS[kind]
    (home / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    path = home / "small.yaml"
    inline = "" if table == "households" else "households:\n  - {id: H, project: P, area: 90}\n"
    path.write_text(f"{SMALL}{inline}{table}: {{file: {name}}}\n", "utf-8")
    with pytest.raises(ScenarioError) as refused:
        renewopt.load(path)
    for language in ("en", "zh"):
        told = refused.value.said(language).replace(name, "")
        assert "secret" not in told, told
        assert "root" not in told
        assert "c2Vj" not in told
        assert len(told) < 1500
    assert name in refused.value.errors[0].file


def test_a_table_of_ours_with_slips_is_told_of_in_full(home: Path) -> None:
    (home / "rows.csv").write_text("id,projekt,area,colour\nH,P,90,red\nH,P,-3,red\n", "utf-8")
    with pytest.raises(ScenarioError) as refused:
        renewopt.load(stated(home, "rows.csv"))
    told = str(refused.value)
    for part in ("'colour'", "'projekt'", "did you mean 'project'", "negative", "'H' stands in line 2 already"):
        assert part in told, told


def test_a_workbook_takes_nothing_from_outside_with_it(home: Path) -> None:
    path = stated(home, "rows.csv")
    path.write_text(path.read_text("utf-8") + "variants:\n  v:\n    households: {file: ../rows.csv}\n", "utf-8")
    with pytest.raises(ScenarioError, match="lies outside"):
        renewopt.write_workbook(path, home / "book" / "small.xlsx")
    assert not (home / "book").exists()
    book = renewopt.write_workbook(path, home / "book" / "small.xlsx", allow_outside=True)
    assert len(renewopt.load(book, variant="v").households) == 1
