"""Build the documentation site: ``python docs/make_site.py [FOLDER]`` (default: site), warnings as errors.

The pages stand in this repository as Markdown that a code host shows as it is, with links between files. Here they are
laid out as they lie in the repository, with every file that they link to, in a temporary folder; an index with tables
of contents is written from docs/index.md, and the API page from the public names; then Sphinx builds the whole.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md")
API = """# API

The public names; everything else may change. What a scenario may hold is in [scenario.md](docs/scenario.md), with
examples from Python in [library.md](docs/library.md).

```{eval-rst}
.. currentmodule:: renewopt
```

"""


def pages() -> list[Path]:
    """Every page, relative to the repository; notebooks beside the pages are pages too."""
    inside = [path for pattern in ("*.md", "*.ipynb") for path in sorted(HERE.rglob(pattern))]
    return [Path(page) for page in PAGES] + [path.relative_to(ROOT) for path in inside if path.name != "index.md"]


def targets(page: Path) -> Iterator[tuple[str, Path]]:
    """Local links of a page, and the files of the repository that they mean."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for link in re.findall(r"(?:\]\(|src=\")([^)#\s\"]+)", text):
        if "://" not in link:
            yield link, (ROOT / page).parent.joinpath(link).resolve()


def lay_out(page: Path, source: Path) -> None:
    """Copy a page and the files it links to; a link to a folder becomes plain text."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for link, target in targets(page):
        if target.is_dir():
            text = re.sub(rf"\[([^\]]*)\]\({re.escape(link)}\)", r"\1", text)
        elif target.is_file() and target.suffix not in {".md", ".ipynb"}:
            copied = source / target.relative_to(ROOT)
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(target, copied)
    if page.parent.name == "docs":
        text = text.replace("](index.md)", "](../index.md)")
    written = source / page
    written.parent.mkdir(parents=True, exist_ok=True)
    text = _unbroken(text) if page.suffix == ".md" else text
    written.write_text(text.replace("](docs/index.md)", "](index.md)"), encoding="utf-8")


def _unbroken(text: str) -> str:
    """Join lines that are broken between two Chinese signs, where a page would show a space; not those of blocks."""
    parts = re.split(r"(?ms)(^```.*?^```$)", text)
    sign = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
    return "".join(
        part if part.startswith("```") else re.sub(rf"(?<={sign})\n *(?={sign})", "", part) for part in parts
    )


def index() -> str:
    """Write the index: docs/index.md, each part followed by a hidden table of contents of what it names."""
    text = (HERE / "index.md").read_text(encoding="utf-8")
    parts = re.split(r"(?m)^(?=## )", text)
    result = [_moved(parts[0])]
    for part in parts[1:]:
        title = part.partition("\n")[0].removeprefix("## ")
        named = [Path("docs", link).as_posix() for link, _ in LINK.findall(part) if link.endswith((".md", ".ipynb"))]
        entries = [re.sub(r"^docs/\.\./", "", name) for name in named]
        contents = "\n".join(entries + (["api"] if title == "Look up" else []))
        result += [_moved(part), f"```{{toctree}}\n:hidden:\n:caption: {title}\n\n{contents}\n```\n\n"]
    return "".join(result)


def _moved(text: str) -> str:
    """Links of docs/index.md as they are from one folder up."""
    return LINK.sub(lambda link: f"]({Path('docs', link[1]).as_posix().replace('docs/../', '')}{link[2] or ''})", text)


def api() -> str:
    """Write the API page from the public names."""
    import renewopt

    values = {name: getattr(renewopt, name) for name in renewopt.__all__ if not name.startswith("__")}

    def rank(name: str) -> tuple[int, str]:
        """Functions first, then classes, errors last."""
        value = values[name]
        return (0 if not isinstance(value, type) else 2 if issubclass(value, Exception) else 1, name)

    text, listed = [API], set[str]()
    for name in sorted(values, key=rank):
        value = values[name]
        documented = [f"renewopt.{name}"]
        if isinstance(value, type):
            kind, options = "autoclass", "   :members:\n   :exclude-members: model_config, model_post_init\n"
            options = "" if issubclass(value, Exception) else options
            # A record below, which holds the data of the class, or what it has in common with others.
            inside = [base for base in value.__mro__[1:] if is_dataclass(base) or base.__name__ == "Tradeoff"]
            documented += [path for base in inside if (path := f"{base.__module__}.{base.__name__}") not in listed]
            listed |= set(documented)
        else:
            kind, options = "autofunction", ""
        entries = "\n".join(f".. {kind}:: {each}\n{options}" for each in documented)
        text.append(f"## {name}\n\n```{{eval-rst}}\n{entries}```\n\n")
    return "".join(text)


def build(out: Path) -> int:
    """Build the site; return Sphinx's exit code."""
    from sphinx.cmd.build import main as sphinx

    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch, "source")
        source.mkdir()
        for page in [*pages(), Path("docs/index.md")]:
            lay_out(page, source)
        (source / "docs" / "index.md").unlink()
        (source / "index.md").write_text(index(), encoding="utf-8")
        (source / "api.md").write_text(api(), encoding="utf-8")
        shutil.copyfile(HERE / "conf.py", source / "conf.py")
        return int(sphinx(["-q", "-W", "--keep-going", "-b", "html", str(source), str(out)]))


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "site")))
